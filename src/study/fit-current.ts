/**
 * Service times from a log and what served it: today's configuration is simulated, and what each request waits there, for a
 * slot or for a replica to start, is taken from its logged duration.
 *
 * The durations that the simulation needs are the ones sought: service(i) = duration(i) - wait(i, service of others), a
 * fixed point. A wait depends on earlier beginnings only, so one run finds it exactly: each service is decided as it begins,
 * when its wait is known, to end when the log says. A second run with what was found shows whether it stays.
 */
import { type Mistake, UserError } from '../base/errors.ts';
import { Pool } from '../engine/pool.ts';
import type { Scenario } from '../engine/scenario.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import { fitService, type ServiceFit } from '../workload/fit/fit-service.ts';
import { ownServiceUs } from '../workload/own-durations.ts';
import type { Trace } from '../workload/trace.ts';
import { AS_STUDIED, bind } from './bind.ts';
import { type Compiled, isCompiled } from './compile.ts';
import { type Finding, isFindings, parseStudy } from './findings.ts';
import { compileStudy } from './fleet-section.ts';
import { splitFlag } from './grid.ts';
import { isMap, type Json } from './json.ts';
import { formatKeyPath } from './key-path.ts';
import { withOverrides } from './load.ts';
import type { LoadedStudy } from './study.ts';
import { parseValue } from './values.ts';

export interface CurrentWaits {
  /** What is left of each duration; NaN where the log has none, or where a start was drawn that is not the logged one. */
  readonly serviceUs: Float64Array;
  readonly requests: number;
  /** Requests that wait in the simulation, and those of them that wait for a start. */
  readonly waited: number;
  readonly cold: number;
  /** Over all requests with a duration. */
  readonly meanWaitUs: number;
  /** No service is made shorter than this: the shortest that the log shows, less overheads. */
  readonly floorUs: number;
  /** Requests that would be shorter: the simulation makes them wait longer than they took. */
  readonly atFloor: number;
  /** Those of them that wait for a start. */
  readonly coldAtFloor: number;
  /** The largest change of a service in a second run, over those above the floor: 0 at the fixed point. */
  readonly residualUs: number;
  /** Whether starts are drawn: then cold requests are left out, for nobody knows how long theirs took. */
  readonly isDrawn: boolean;
}

export interface CurrentFit {
  readonly fit: ServiceFit;
  readonly waits: CurrentWaits;
  /** What the log alone says, for comparison. */
  readonly plain: ServiceFit;
  /** Whether what was found may be believed. */
  readonly holds: boolean;
  /** One sentence each, without full stops. */
  readonly warnings: readonly string[];
}

/** More of those that wait at the floor, and what is simulated is not what served the log. */
const MOST_AT_FLOOR = 0.05;

/**
 * @param scenario what served the log: its client tries once and stays, and its queue has no end, for what the log has
 *   was served
 * @throws UserError if the trace has no durations
 */
function serviceUnder(scenario: Scenario, trace: Trace): CurrentWaits {
  const { count, arrivalUs, serviceUs } = trace;
  const durationUs = ownServiceUs(trace);
  const isKnown = (row: number) => !Number.isNaN(serviceUs![row]!);
  const known = durationUs.filter((_, row) => isKnown(row));
  const { overheadUs, slotOverheadUs } = scenario;
  const addedUs = overheadUs + slotOverheadUs;
  const floorUs = Math.max(0, known.reduce((a, b) => Math.min(a, b)) - addedUs);
  const found = new Float64Array(count);
  const waitUs = new Float64Array(count);
  const atFloor = new Uint8Array(count);
  const isCold = new Uint8Array(count);
  const asLogged = (row: number, waitedUs: number, cold: number): number => {
    const left = durationUs[row]! - addedUs - waitedUs;
    atFloor[row] = left < floorUs ? 1 : 0;
    waitUs[row] = waitedUs;
    isCold[row] = cold;
    return (found[row] = Math.max(left, floorUs));
  };
  const { inputTokens, outputTokens } = trace;
  const chunk = {
    count,
    arrivalUs,
    serviceUs: durationUs,
    inputTokens,
    // Who counts tokens alone has no output: a bill, which is not looked at here.
    outputTokens: outputTokens ?? new Float64Array(count),
  };
  const served = servedUnder(scenario);
  const pool = new Pool(served, false, asLogged);
  pool.advance(chunk);
  pool.finish();

  let residualUs = 0;
  const again = new Pool(served, false, (row, waitedUs) => {
    const change = Math.abs(waitedUs - waitUs[row]!);
    if (atFloor[row] === 0) residualUs = Math.max(residualUs, change);
    return found[row]!;
  });
  again.advance(chunk);
  again.finish();

  const isDrawn = scenario.startPhases.some(({ time }) => time.uniformsPerDraw > 0);
  let waited = 0;
  let floored = 0;
  let coldFloored = 0;
  let cold = 0;
  let sumUs = 0;
  for (let row = 0; row < count; row++) {
    if (!isKnown(row)) {
      found[row] = Number.NaN;
      continue;
    }
    if (waitUs[row]! > 0) waited++;
    cold += isCold[row]!;
    sumUs += waitUs[row]!;
    if (isDrawn && isCold[row] === 1) found[row] = Number.NaN;
    else {
      floored += atFloor[row]!;
      coldFloored += atFloor[row]! * isCold[row]!;
    }
  }
  return {
    serviceUs: found,
    requests: known.length,
    waited,
    cold,
    meanWaitUs: sumUs / known.length,
    floorUs,
    atFloor: floored,
    coldAtFloor: coldFloored,
    residualUs,
    isDrawn,
  };
}

/** Each line of a log is an attempt that was served, to its end: nothing is refused, given up or cut. */
function servedUnder(scenario: Scenario): Scenario {
  return {
    ...scenario,
    gate: null,
    // How long a request took is known, company and all.
    slotSpeed: null,
    pings: null,
    queueLimit: Number.POSITIVE_INFINITY,
    queueTimeoutUs: Number.POSITIVE_INFINITY,
    executionTimeoutUs: Number.POSITIVE_INFINITY,
    client: { retries: null, patienceUs: Number.POSITIVE_INFINITY, cancels: false },
    measure: null,
    meters: [],
    latencyThresholdsUs: [],
    waitThresholdsUs: [],
    timelineUs: 0,
  };
}

/** @throws UserError if the trace has no durations or does not fit the configuration */
export function fitCurrent(compiled: Compiled, trace: Trace): CurrentFit {
  const { workload } = compiled;
  if (workload.kind !== 'replay') {
    const message = 'is made, not logged: a fit needs workload.replay, a log of what was served';
    throw new UserError([{ at: null, path: 'workload.synthesize', message }]);
  }
  const replayed = { ...compiled, workload: { ...workload, service: { kind: 'trace' } as const } };
  const how = { ...AS_STUDIED, replications: 1 };
  const { scenario } = bind(replayed, trace, new Map(), how);
  const waits = serviceUnder({ ...scenario, replication: 0 }, trace);
  const plain = fitService(trace);
  const fit = fitService({ ...trace, serviceUs: waits.serviceUs }, { isPure: true });
  const holds = !overshoots(waits) && waits.residualUs === 0;
  return { fit, waits, plain, holds, warnings: warningsOf(waits, plain, scenario) };
}

/** Many of those that wait, or of those that wait for a start, would have waited longer than they took. */
function overshoots({ atFloor, waited, coldAtFloor, cold }: CurrentWaits): boolean {
  return atFloor > MOST_AT_FLOOR * waited || coldAtFloor > MOST_AT_FLOOR * cold;
}

function warningsOf(
  waits: CurrentWaits,
  plain: ServiceFit,
  { startPhases, slotSpeed }: Pick<Scenario, 'startPhases' | 'slotSpeed'>,
): readonly string[] {
  const { isDrawn, cold, residualUs, waited } = waits;
  const warnings: string[] = [];
  if (overshoots(waits)) {
    warnings.push(
      'cannot tell: the configuration given makes requests wait longer than they took, so it is not what served this log: look at its replicas, idle window and cold start',
    );
  }
  if (slotSpeed !== null) {
    warnings.push(
      'what requests took in company is taken for what they need alone: with deployment.slotSpeed they would be slowed twice',
    );
  }
  if (residualUs > 0) warnings.push('no fixed point: a second run changes what was found');
  if (waited === 0) {
    warnings.push('nobody waits under the configuration given: the durations stand as logged');
  }
  if (isDrawn && cold > 0) {
    warnings.push(
      `starts are drawn, so how long they took in the log is unknown: ${cold} cold requests are left out`,
    );
  }
  const hasStart = startPhases.some(({ time }) => time.meanUs > 0);
  if (plain.coldStart.seen === 'some' && !hasStart) {
    warnings.push(
      'the log shows cold starts, the configuration given has none: give deployment.coldStart, or they stay in the service',
    );
  }
  return warnings;
}

/**
 * What runs today: the study's `current:`, over it the flags; without `current:` the study as it stands.
 * @param flags each `PATH=VALUE`, of --current
 * @returns null where neither says anything
 * @throws UserError with every mistake of the flags
 */
export function currentOf(
  loaded: LoadedStudy,
  flags: readonly string[],
  catalogue: Catalogue,
  hardware: Hardware = NO_HARDWARE,
): Compiled | null {
  const point = loaded.current === null ? undefined : loaded.points[loaded.current];
  if (point === undefined && flags.length === 0) return null;
  const mistakes: Mistake[] = [];
  const own: Record<string, Json> = {};
  for (const flag of flags) {
    const split = splitFlag('--current', flag, mistakes);
    const value = split === null ? undefined : parseValue(split.value);
    if (split !== null && value !== undefined) own[split.path] = value;
  }
  const map = withOverrides(loaded.study, { ...point?.overrides, ...own });
  const study = isMap(map) ? parseStudy(map) : (map as readonly Finding[]);
  const compiled = isFindings(study) ? study : compileStudy(study, catalogue, hardware);
  if (isCompiled(compiled) && compiled.fleet !== null) {
    const message = 'has several pools or endpoints: a fit takes out the waits of one pool';
    throw new UserError([{ at: '--current', path: null, message }]);
  }
  if (isCompiled(compiled) && mistakes.length === 0) return compiled;
  if (!isCompiled(compiled)) {
    const at = flags.length > 0 ? '--current' : null;
    mistakes.push(
      ...compiled.map(({ path, message }) => ({ at, path: formatKeyPath(path), message })),
    );
  }
  throw new UserError(mistakes);
}
