/** One configuration's result over all its replications: the document of document.ts, key by key. */
import { US_PER_S } from '../base/units.ts';
import { LIMITS, type Limit, type RunTotals } from '../engine/totals.ts';
import { adviceOf } from './advice.ts';
import type { Bound } from './bind.ts';
import type { HoursS, Interval, QuantilesS, Result, Varied } from './document.ts';
import { type Estimate, interval95, meanOf } from './estimate.ts';
import {
  costEstimates,
  costsOf,
  curvesOf,
  maxTime,
  mean,
  meanRequests,
  meanSeconds,
  meanTime,
  QUANTILES,
  quantile,
  type Replicates,
  ratio,
  replicatesOf,
  replicaUs,
  secondsOf,
  type Timed,
} from './figures.ts';
import { happeningsOf, timelineOf } from './happenings.ts';
import { attainmentOf, hoursOf } from './hours.ts';
import { allArrivedQuantileS, type FigureTable, type Judged, judge, sloOf } from './judge.ts';
import { monthOf } from './month.ts';
import { reachedOf } from './reached.ts';
import type { Objective } from './slo.ts';
import type { Outcome } from './task.ts';
import { trafficIntervals } from './traffic-blocks.ts';

/** Figures that have an interval; the others are largest values or follow from these. */
const NO_INTERVAL = ['replicas.peak', 'horizonS'];

/** Figures that comparisons pair, replication by replication. */
const PAIRED = [
  'cost.usdPerHour',
  'cost.usdPerMonth',
  'cost.usdPerThousandRequests',
  'latencyS.mean',
  'latencyS.p50',
  'latencyS.p95',
  'latencyS.p99',
  'waitS.mean',
  'waitS.p99',
  'coldStarts.fraction',
  'requests.failedFraction',
  'replicas.mean',
];

function pairedOf(path: string, figures: FigureTable): [string, readonly (number | null)[]][] {
  const estimate = figures.get(path);
  return estimate === undefined ? [] : [[path, estimate.each]];
}

const LIMIT_KEYS: Readonly<Record<Limit, keyof Result['waitS']['why']>> = {
  max: 'max',
  rate: 'startRate',
  target: 'target',
  'account-gpus': 'accountGpus',
  'account-concurrency': 'accountConcurrency',
};

export interface Identity {
  readonly index: number;
  readonly name: string;
  readonly vary: Varied;
}

/** Seconds of the event loop, and the requests that went through it. */
export interface EngineWork {
  readonly seconds: number;
  readonly requests: number;
}

/**
 * @param runs one for each replication, of the run that the configuration may share with others
 * @param firstMeter where its meters begin among the run's
 */
export function outcomeOf(
  identity: Identity,
  bound: Bound,
  runs: readonly RunTotals[],
  firstMeter: number,
  engine: EngineWork,
): Outcome {
  const replicates = replicatesOf(runs, costsOf(bound.plan, runs, firstMeter));
  const whole = { replicates, figures: figuresOf(replicates, bound) };
  const judged = bound.compiled.objectives.map((objective) => judgeOf(objective, whole, bound));
  return outcomeWith(identity, bound, whole, judged, engine, (figured) => ({
    ...figured,
    advice: adviceOf(bound, runs, firstMeter, figured),
  }));
}

/** What objectives are held against: all requests, or those of one endpoint. */
export interface Scope {
  readonly replicates: Replicates;
  readonly figures: FigureTable;
}

export function judgeOf(
  objective: Objective,
  { replicates, figures }: Scope,
  { compiled }: Bound,
): Judged {
  const { latencyThresholdsUs: latencyS, waitThresholdsUs: waitS } = compiled.pool;
  return judge(objective, replicates, { latencyS, waitS }, figures);
}

/** @param completed adds what a result has beside its figures */
export function outcomeWith(
  identity: Identity,
  bound: Bound,
  { replicates, figures }: Scope,
  judged: readonly Judged[],
  engine: EngineWork,
  completed: (figured: Omit<Result, 'advice'>) => Result,
): Outcome {
  const { runs, costs } = replicates;
  const { intervals, why } = intervalsOf(figures, bound);
  const value = (path: string) => figures.get(path)?.all ?? null;
  const number = (path: string) => figures.get(path)?.all ?? 0;
  const timeline = timelineOf(runs, bound.workload.startAtEpochUs, bound.shiftUs);
  const hours = hoursOf(replicates, judged, bound);
  const observedS = meanOf(runs.map(({ observedUs }) => observedUs)) / US_PER_S;
  const figured: Omit<Result, 'advice'> = {
    schema: 'coldfront.result.v1',
    name: identity.name,
    vary: identity.vary,
    seed: bound.scenario.seed,
    replications: runs.length,
    provedEqualTo: null,
    ...partOf({ replicates, figures }),
    ...(figures.has('slotUtilization') && { slotUtilization: value('slotUtilization') }),
    horizonS: number('horizonS'),
    observedS,
    cost: costs?.all ?? null,
    ...monthOf(hours, bound, observedS),
    ci95: intervals,
    ci95Why: why,
    ...trafficOf(hours, bound),
    slo: sloOf(judged.map((one) => withHours(one, bound))),
    ...(timeline && { timeline, curves: curvesOf(replicates) }),
    ...(hours !== null && bound.keepsHours && { hours }),
    ...happeningsOf(runs, bound),
    warnings: bound.warnings,
    engine: {
      events: runs.reduce((sum, { events }) => sum + events, 0),
      seconds: engine.seconds,
      requestsPerSecond: engine.seconds > 0 ? engine.requests / engine.seconds : null,
    },
  };
  return {
    index: identity.index,
    result: completed(figured),
    reached: reachedOf(runs, bound.scenario),
    p99AllArrivedS: allArrivedQuantileS(replicates, 'latency', 0.99),
    perReplication: judged.map(({ estimate }) => estimate.each),
    each: Object.fromEntries(PAIRED.flatMap((path) => pairedOf(path, figures))),
  };
}

function withHours(judged: Judged, bound: Bound): Judged {
  return { ...judged, result: { ...judged.result, ...attainmentOf(judged, bound) } };
}

/** Which traffic came is luck too, and of a replay one sample. */
function trafficOf(
  hours: HoursS | null,
  { compiled }: Bound,
): Pick<Result, 'ci95Traffic' | 'ci95TrafficWhy' | 'lowConfidence'> {
  const none = (ci95TrafficWhy: string) => {
    return { ci95Traffic: null, ci95TrafficWhy, lowConfidence: [] };
  };
  if (compiled.replay === null) return none('the traffic is drawn: ci95 has its luck');
  if (hours === null)
    return none(
      'not counted in a grid of this size: --hours counts it, and so does simulate of one configuration',
    );
  const found = trafficIntervals(hours);
  if (typeof found === 'string') return none(found);
  const { intervals, lowConfidence, method } = found;
  return { ci95Traffic: intervals, ci95TrafficWhy: method, lowConfidence };
}

/** Figures that pools and endpoints have as the whole has them. */
export type PartOfResult = Pick<
  Result,
  'requests' | 'coldStarts' | 'latencyS' | 'waitS' | 'replicas' | 'replicaTimeS' | 'utilization'
>;

export function partOf({ replicates, figures }: Scope): PartOfResult {
  const value = (path: string) => figures.get(path)?.all ?? null;
  const number = (path: string) => figures.get(path)?.all ?? 0;
  return {
    requests: {
      arrived: number('requests.arrived'),
      completed: number('requests.completed'),
      rejected: number('requests.rejected'),
      timedOut: number('requests.timedOut'),
      late: number('requests.late'),
      retries: number('requests.retries'),
      failedFraction: value('requests.failedFraction'),
    },
    coldStarts: {
      starts: number('coldStarts.starts'),
      requests: number('coldStarts.requests'),
      fraction: value('coldStarts.fraction'),
    },
    latencyS: quantilesOf(figures, 'latencyS', maxTime(replicates, 'latency')),
    waitS: {
      ...quantilesOf(figures, 'waitS', maxTime(replicates, 'wait')),
      sum: number('waitS.sum'),
      forStart: number('waitS.forStart'),
      forLimit: number('waitS.forLimit'),
      why: {
        start: number('waitS.why.start'),
        shortage: number('waitS.why.shortage'),
        max: number('waitS.why.max'),
        startRate: number('waitS.why.startRate'),
        target: number('waitS.why.target'),
        accountGpus: number('waitS.why.accountGpus'),
        accountConcurrency: number('waitS.why.accountConcurrency'),
      },
    },
    replicas: {
      mean: value('replicas.mean'),
      peak: number('replicas.peak'),
      starts: number('replicas.starts'),
      scheduledStarts: number('replicas.scheduledStarts'),
      unusedStarts: number('replicas.unusedStarts'),
    },
    replicaTimeS: {
      starting: number('replicaTimeS.starting'),
      idle: number('replicaTimeS.idle'),
      idleKept: number('replicaTimeS.idleKept'),
      busy: number('replicaTimeS.busy'),
      draining: number('replicaTimeS.draining'),
      total: number('replicaTimeS.total'),
    },
    utilization: value('utilization'),
  };
}

/** @param hasTimes false leaves latencies and waits out, which take long to find */
export function figuresOf(
  replicates: Replicates,
  { scenario }: Pick<Bound, 'scenario'>,
  hasTimes = true,
): ReadonlyMap<string, Estimate> {
  const { runs } = replicates;
  const figures = new Map<string, Estimate>();
  for (const key of ['arrived', 'completed', 'rejected', 'timedOut', 'late', 'retries'] as const) {
    figures.set(`requests.${key}`, meanRequests(replicates, key));
  }
  const starts = mean(runs.map(({ whole }) => whole.starts));
  figures.set(
    'requests.failedFraction',
    ratio(
      replicates,
      ({ requests: r }) => r.rejected + r.timedOut + r.late,
      ({ requests: r }) => r.arrived,
    ),
  );
  figures.set('coldStarts.starts', starts);
  figures.set('coldStarts.requests', meanRequests(replicates, 'cold'));
  figures.set(
    'coldStarts.fraction',
    ratio(
      replicates,
      ({ requests: r }) => r.cold,
      ({ requests: r }) => r.completed,
    ),
  );
  if (hasTimes) {
    addTimes(figures, replicates, 'latencyS', 'latency');
    addTimes(figures, replicates, 'waitS', 'wait');
  }
  figures.set(
    'waitS.sum',
    mean(runs.map(({ whole: w }) => secondsOf(w.waitForStartUs + w.waitForLimitUs))),
  );
  figures.set('waitS.forStart', meanSeconds(replicates, 'waitForStartUs'));
  figures.set('waitS.forLimit', meanSeconds(replicates, 'waitForLimitUs'));
  figures.set('waitS.why.shortage', meanSeconds(replicates, 'shortageUs'));
  figures.set(
    'waitS.why.start',
    mean(runs.map(({ whole: w }) => secondsOf(w.waitForStartUs - w.shortageUs))),
  );
  for (const [i, limit] of LIMITS.entries()) {
    const each = runs.map(({ whole }) => secondsOf(whole.limitUs[i]!));
    figures.set(`waitS.why.${LIMIT_KEYS[limit]}`, mean(each));
  }
  const allUs = ({ whole }: RunTotals) => Number(replicaUs(whole));
  // How long the integrals of a run are: what its means are over.
  const spanUs = (run: RunTotals) => (scenario.measure === null ? run.horizonUs : run.observedUs);
  figures.set('replicas.mean', ratio(replicates, allUs, spanUs));
  const peaks = runs.map(({ peakReplicas }) => peakReplicas);
  figures.set('replicas.peak', { all: Math.max(...peaks), each: peaks });
  figures.set('replicas.starts', starts);
  figures.set('replicas.scheduledStarts', mean(runs.map(({ whole }) => whole.scheduledStarts)));
  figures.set('replicas.unusedStarts', mean(runs.map(({ unusedStarts }) => unusedStarts)));
  for (const key of ['starting', 'idle', 'idleKept', 'busy', 'draining'] as const) {
    figures.set(`replicaTimeS.${key}`, meanSeconds(replicates, `${key}Us`));
  }
  figures.set('replicaTimeS.total', mean(runs.map(({ whole }) => secondsOf(replicaUs(whole)))));
  figures.set(
    'utilization',
    ratio(replicates, ({ whole }) => Number(whole.busyUs), allUs),
  );
  const slots = scenario.concurrency;
  if (slots > 1 && slots < Number.POSITIVE_INFINITY) {
    const inService = ({ whole }: RunTotals) => Number(whole.inServiceUs);
    figures.set(
      'slotUtilization',
      ratio(replicates, inService, (run) => slots * allUs(run)),
    );
  }
  figures.set('horizonS', mean(runs.map(({ horizonUs }) => horizonUs / US_PER_S)));
  for (const [path, estimate] of costEstimates(replicates)) figures.set(path, estimate);
  return figures;
}

function addTimes(
  figures: Map<string, Estimate>,
  replicates: Replicates,
  name: 'latencyS' | 'waitS',
  timed: Timed,
): void {
  figures.set(`${name}.mean`, meanTime(replicates, timed));
  for (const [key, p] of QUANTILES) figures.set(`${name}.${key}`, quantile(replicates, timed, p));
}

function quantilesOf(
  figures: ReadonlyMap<string, Estimate>,
  name: string,
  max: number | null,
): QuantilesS {
  const value = (key: string) => figures.get(`${name}.${key}`)?.all ?? null;
  return {
    mean: value('mean'),
    p50: value('p50'),
    p90: value('p90'),
    p95: value('p95'),
    p99: value('p99'),
    p999: value('p999'),
    max,
  };
}

function intervalsOf(
  figures: ReadonlyMap<string, Estimate>,
  { drawn, replications, compiled }: Bound,
): { readonly intervals: Readonly<Record<string, Interval>> | null; readonly why: string | null } {
  const replayed = compiled.replay !== null;
  if (drawn.length === 0) {
    const why = replayed
      ? 'this replay draws no luck; what another such day may bring, simulate and compare say'
      : 'nothing is drawn';
    return { intervals: null, why };
  }
  if (replications < 2) {
    return {
      intervals: null,
      why: `one replication: --set replications=20 gives intervals of the luck in ${drawn.join(', ')}`,
    };
  }
  const intervals: Record<string, Interval> = {};
  for (const [path, estimate] of figures) {
    const interval = NO_INTERVAL.includes(path) ? null : interval95(estimate);
    if (interval !== null) intervals[path] = interval;
  }
  return { intervals, why: null };
}
