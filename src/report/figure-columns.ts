/** The figures of a result that have a column each, named by their path in its JSON. */
import { REFUSALS } from '../engine/gate.ts';
import type { ColumnHead } from './column.ts';

export interface FigureColumn extends Omit<ColumnHead, 'name'> {
  readonly path: string;
}

type Given = readonly [path: string, type: ColumnHead['type'], unit: string | null, about: string];

const TIMES: readonly (readonly [key: string, about: string])[] = [
  ['mean', 'mean'],
  ['p50', 'median'],
  ['p90', '90 % took at most as long'],
  ['p95', '95 %'],
  ['p99', '99 %'],
  ['p999', '99.9 %'],
  ['max', 'longest of all replications'],
];

const timesOf = (path: string, of: string): readonly Given[] =>
  TIMES.map(([key, about]) => [`${path}.${key}`, 'number', 's', `${about}, ${of}`]);

const GIVEN: readonly Given[] = [
  ['name', 'text', null, "the study's name"],
  ['seed', 'text', null, 'of every draw'],
  ['replications', 'integer', null, 'runs that the figures are means or merged quantiles of'],
  [
    'provedEqualTo',
    'integer',
    null,
    'index of the row that was run in its stead; null: it was run',
  ],
  ['requests.arrived', 'number', 'requests', 'that arrived'],
  ['requests.completed', 'number', 'requests', 'completed'],
  ['requests.rejected', 'number', 'requests', 'refused'],
  ['requests.timedOut', 'number', 'requests', 'given up on while they waited, or cut'],
  ['requests.late', 'number', 'requests', 'completed, for nobody: the client had gone'],
  ['requests.retries', 'number', 'attempts', 'made again'],
  ['requests.failedFraction', 'number', 'fraction', 'rejected, timed out or late, of arrived'],
  ['coldStarts.starts', 'number', 'replicas', 'started on demand'],
  [
    'coldStarts.requests',
    'number',
    'requests',
    'completed ones whose replica was not ready when they came',
  ],
  ['coldStarts.fraction', 'number', 'fraction', 'of completed requests'],
  ...timesOf('latencyS', 'arrival to completion of completed requests'),
  ...timesOf('waitS', 'arrival to start of service'),
  ['waitS.sum', 'number', 's', 'all waiting, summed'],
  ['waitS.forStart', 'number', 's', 'of it, for a start that was under way'],
  ['waitS.forLimit', 'number', 's', 'of it, for a limit'],
  ['waitS.why.start', 'number', 's', 'of waiting for a start: for its phases'],
  ['waitS.why.shortage', 'number', 's', 'of waiting for a start: for capacity'],
  ['waitS.why.max', 'number', 's', 'of waiting for a limit: the most replicas'],
  ['waitS.why.startRate', 'number', 's', 'the start rate'],
  ['waitS.why.target', 'number', 's', 'a controller that wanted no more'],
  ['waitS.why.accountGpus', 'number', 's', "the account's GPUs"],
  ['waitS.why.accountConcurrency', 'number', 's', 'requests that the account lets in at once'],
  ['replicas.mean', 'number', 'replicas', 'mean over the run'],
  ['replicas.peak', 'number', 'replicas', 'most at once, starting ones among them'],
  ['replicas.starts', 'number', 'replicas', 'started on demand'],
  ['replicas.scheduledStarts', 'number', 'replicas', 'started by schedule'],
  ['replicas.unusedStarts', 'number', 'replicas', 'started and never served'],
  ['replicaTimeS.starting', 'number', 'replica s', 'starting'],
  ['replicaTimeS.idle', 'number', 'replica s', 'idle'],
  ['replicaTimeS.idleKept', 'number', 'replica s', 'of idle: what the minimum asks for'],
  ['replicaTimeS.busy', 'number', 'replica s', 'with a request in service'],
  ['replicaTimeS.draining', 'number', 'replica s', 'draining'],
  ['replicaTimeS.total', 'number', 'replica s', 'all four'],
  ['utilization', 'number', 'fraction', 'busy, of all replica time'],
  [
    'horizonS',
    'number',
    's',
    'until the last request has ended and the pool is down to its minimum',
  ],
  ['observedS', 'number', 's', "the workload's own period: what costs an hour are over"],
  ['cost.usd', 'number', '$', 'the invoice of the whole run'],
  ['cost.tailUsd', 'number', '$', 'of it, what accrued after the observed period'],
  ['cost.usdPerHour', 'number', '$/h', 'within the observed period'],
  ['cost.usdPerMonth', 'number', '$/month', '730 hours like these'],
  ['cost.usdPerThousandRequests', 'number', '$', 'for 1,000 completed requests'],
  ['slo.met', 'boolean', null, 'whether every objective is met'],
  ['slo.failed', 'text', null, 'those that are not'],
];

/** Null where results have no such block: nothing was refused, nothing can fail. */
const HAPPENINGS: readonly Given[] = [
  ['slotUtilization', 'number', 'fraction', 'with several slots: requests in service over slots'],
  ['stranded', 'number', 'requests', 'timed out when nothing was to come that could serve them'],
  ['mishaps.failedStarts', 'number', 'replicas', 'starts that failed'],
  ['mishaps.preemptions', 'number', 'replicas', 'taken back by the platform'],
  ['mishaps.crashes', 'number', 'replicas', 'crashed'],
  ['mishaps.interrupted', 'number', 'attempts', 'that a replica did not finish'],
  ['pings.sent', 'number', 'requests', 'pings sent'],
  ['pings.completed', 'number', 'requests', 'pings completed'],
  ['pings.cold', 'number', 'requests', 'pings that found no ready replica'],
  ['pings.failed', 'number', 'requests', 'pings refused or given up on'],
  ...REFUSALS.map(
    (why): Given => [`refusals.${why}`, 'number', 'attempts', 'refused for this reason'],
  ),
];

const FIGURES = [...GIVEN, ...HAPPENINGS];

export const FIGURE_COLUMNS: readonly FigureColumn[] = FIGURES.map(([path, type, unit, about]) => ({
  path,
  type,
  unit,
  about,
}));

/** Largest values, lengths and counts of mishaps have no interval. */
const NO_INTERVAL =
  /^(?:name|seed|slo|mishaps|pings|refusals|stranded)|^(?:replicas\.peak|horizonS|observedS)$|\.max$/;

/** Figures that have one where luck was drawn over several replications. */
export const INTERVAL_PATHS: readonly string[] = FIGURES.flatMap(([path, type]) =>
  type === 'number' && (!NO_INTERVAL.test(path) || path === 'waitS.why.max') ? [path] : [],
);
