/**
 * A simulation of what runs today held against what was recorded of it: replicas over time, latencies, invoices. Errors on
 * the last part of the traffic are judged; the part before, which settings may have been fitted to, stands beside.
 */
import { type Mistake, UserError } from '../../base/errors.ts';
import { count, seconds } from '../../base/numbers.ts';
import { US_PER_S } from '../../base/units.ts';
import type { Span } from '../../engine/scenario.ts';
import type { Bound } from '../bind.ts';
import type { Interval, Result } from '../document.ts';
import { measuredIn, runBound } from '../run-bound.ts';
import type { Calibrated, CalibratedPart, Calibration } from './calibration-document.ts';
import { compared, type Found, type Thresholds } from './compared.ts';
import type { Invoice, Recorded, RecordedLatencies } from './recorded.ts';
import { gridOf, type ReplicaGrid, seriesMeans, timelineMeans } from './replica-series.ts';

export interface CalibrationOptions {
  readonly name: string;
  /** The last share of the traffic, by time: above 0, at most 1. */
  readonly holdout: number;
  readonly thresholds: Thresholds;
  readonly fitted: readonly string[];
  /** What the recorded counts count: every replica, or those that had started. */
  readonly counts: 'all' | 'ready';
}

export function calibrationOf(
  bound: Bound,
  recorded: Recorded,
  options: CalibrationOptions,
): Calibration {
  const { period } = bound.scenario;
  refuseStrangers(bound, recorded, period);
  const cutUs = Math.round(period.toUs - options.holdout * (period.toUs - period.fromUs));
  const held: Span = { fromUs: cutUs, toUs: period.toUs };
  const before: Span | null = cutUs > period.fromUs ? { ...period, toUs: cutUs } : null;
  const notes: string[] = [...circular(bound, recorded)];
  const run = simulations(bound, options.name);
  const grid = recorded.replicas && gridOf(recorded.replicas, period);
  const part = (span: Span): CalibratedPart => {
    const invoices = recorded.invoices.filter((one) => isWithin(one, span));
    const figures = [
      ...costFigures(invoices, run),
      ...(grid === null
        ? []
        : replicaFigures(grid, recorded, { span, period }, options.counts, run)),
      ...latencyFigures(recorded.latencies, span, run, notes),
    ];
    return partOf(span, figures, options.thresholds);
  };
  const heldOut = part(held);
  const beforeIt = before && part(before);
  const across = before && acrossOf(recorded.invoices, before, held, run, options.thresholds);
  if (across !== null && options.fitted.length > 0) {
    notes.push('the invoice covers both parts: what was fitted to the first is in its error');
  }
  const judged = [...heldOut.figures, ...(across?.figures ?? [])];
  if (judged.length === 0) notes.push('nothing was recorded in the part that is judged');
  return {
    schema: 'coldfront.calibration.v1',
    name: options.name,
    within: judged.length > 0 && judged.every(({ within }) => within),
    heldOut,
    before: beforeIt,
    across,
    fitted: options.fitted,
    notes: [...new Set(notes)],
  };
}

/** What was recorded must be of this traffic, and there must be something to hold it against. */
function refuseStrangers(bound: Bound, recorded: Recorded, period: Span): void {
  const mistakes: Mistake[] = [];
  const refuse = (at: string, message: string) => mistakes.push({ at, path: null, message });
  const { replicas, latencies, invoices } = recorded;
  const traffic = spanText(period);
  if (replicas === null && latencies === null && invoices.length === 0) {
    refuse('--recorded', 'is missing: name what was recorded, or --invoice 1234.56');
  }
  for (const record of [replicas, latencies]) {
    if (record === null) continue;
    const { atUs, name } = record;
    if (atUs.length < 2) refuse(name, 'holds less than two rows');
    else if (atUs.at(-1)! <= period.fromUs || atUs[0]! >= period.toUs) {
      const when = spanText({ fromUs: atUs[0]!, toUs: atUs.at(-1)! });
      refuse(name, `is of ${when} from the traffic's time 0, and the traffic of ${traffic}`);
    }
  }
  const hasPrice = bound.plan !== null || bound.fleet !== null;
  for (const { name, fromUs, toUs } of invoices) {
    if (!hasPrice) refuse(name, 'there is no price to hold it against: name a platform');
    else if (fromUs >= toUs) refuse(name, 'ends before it begins');
    else if (!isWithin({ fromUs, toUs }, period)) {
      refuse(
        name,
        `is for ${spanText({ fromUs, toUs })} from the traffic's time 0, and the traffic is of ${traffic}: an invoice must lie within it`,
      );
    }
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
}

/** Latencies out of which the service times came are no second opinion. */
function circular({ compiled }: Bound, { latencies }: Recorded): readonly string[] {
  const { workload } = compiled;
  if (latencies === null || workload.kind !== 'replay' || workload.service.kind !== 'trace') {
    return [];
  }
  return [
    "service times are the log's own durations, with the waits of their day inside: latencies are not told apart from them, `coldfront inspect --fit` does",
  ];
}

/** The same configuration over all of the traffic, measured within spans: each is run once. */
type Simulations = (span: Span, timelineUs?: number) => Result;

function simulations(bound: Bound, name: string): Simulations {
  const known = new Map<string, Result>();
  return (span, timelineUs = 0) => {
    const key = `${span.fromUs}/${span.toUs}/${timelineUs}`;
    const result = known.get(key) ?? runBound(measuredIn(bound, span, timelineUs), name).result;
    known.set(key, result);
    return result;
  };
}

function partOf(
  { fromUs, toUs }: Span,
  figures: readonly Found[],
  thresholds: Thresholds,
): CalibratedPart {
  return {
    fromS: fromUs / US_PER_S,
    toS: toUs / US_PER_S,
    figures: figures.map((figure) => compared(figure, thresholds)),
  };
}

function found(
  figure: Calibrated,
  unit: string,
  [recorded, simulated]: readonly [recorded: number, simulated: number],
  simulatedCi95: Interval | null,
): Found {
  const bias = recorded === 0 ? (simulated === 0 ? 0 : null) : simulated / recorded - 1;
  const error = bias === null ? null : Math.abs(bias);
  return { figure, unit, recorded, simulated, simulatedCi95, bias, error };
}

const spanText = ({ fromUs, toUs }: Span): string =>
  `${seconds(fromUs / US_PER_S)} .. ${seconds(toUs / US_PER_S)}`;

const isWithin = (one: Span, span: Span): boolean =>
  one.fromUs >= span.fromUs && one.toUs <= span.toUs;

function costFigures(invoices: readonly Invoice[], run: Simulations): Found[] {
  if (invoices.length === 0) return [];
  const costs = invoices.flatMap((invoice) => run(spanOf(invoice)).cost ?? []);
  if (costs.length < invoices.length) return [];
  const sumOf = (values: readonly { readonly usd: number }[]) =>
    values.reduce((sum, { usd }) => sum + usd, 0);
  const [only, ...others] = invoices;
  const ci95 = others.length > 0 ? null : (run(spanOf(only!)).ci95?.['cost.usd'] ?? null);
  return [found('cost', 'USD', [sumOf(invoices), sumOf(costs)], ci95)];
}

const spanOf = ({ fromUs, toUs }: Span): Span => ({ fromUs, toUs });

function acrossOf(
  invoices: readonly Invoice[],
  before: Span,
  held: Span,
  run: Simulations,
  thresholds: Thresholds,
): CalibratedPart | null {
  const both = invoices.filter((one) => !isWithin(one, before) && !isWithin(one, held));
  if (both.length === 0) return null;
  const fromUs = Math.min(...both.map((one) => one.fromUs));
  const toUs = Math.max(...both.map((one) => one.toUs));
  return partOf({ fromUs, toUs }, costFigures(both, run), thresholds);
}

function replicaFigures(
  grid: ReplicaGrid,
  { replicas }: Recorded,
  { span, period }: { readonly span: Span; readonly period: Span },
  counts: CalibrationOptions['counts'],
  run: Simulations,
): Found[] {
  const cells = grid.cellsIn(span);
  if (cells.length === 0) return [];
  const { timeline } = run(period, grid.intervalUs);
  const real = seriesMeans(replicas!, grid, cells);
  const simulated = timelineMeans(timeline!, cells, counts);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / cells.length;
  const distance = mean(real.map((value, i) => Math.abs(simulated[i]! - value)));
  const pair = [mean(real), mean(simulated)] as const;
  const level = found('replicas', 'replicas', pair, null);
  const error = pair[0] === 0 ? (distance === 0 ? 0 : null) : distance / pair[0];
  return [level, { ...level, figure: 'replicasOverTime', error }];
}

const QUANTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

/** With fewer beyond a quantile it rests on next to nothing. */
const FEW_BEYOND = 10;
/** More requests missing among the latencies than this share are worth a word. */
const MISSING = 0.02;

function latencyFigures(
  latencies: RecordedLatencies | null,
  part: Span,
  run: Simulations,
  notes: string[],
): Found[] {
  if (latencies === null) return [];
  const { atUs, latencyUs } = latencies;
  // What was recorded may begin later than the part, or end before it.
  const fromUs = Math.max(part.fromUs, atUs[0]!);
  const toUs = Math.min(part.toUs, atUs.at(-1)! + 1);
  const rows = latencyUs.filter((_, i) => atUs[i]! >= part.fromUs && atUs[i]! < part.toUs).sort();
  if (rows.length === 0 || fromUs >= toUs) return [];
  const { latencyS, requests, ci95 } = run({ fromUs, toUs });
  if (latencyS.mean === null) return [];
  const short = rows.length / requests.completed - 1;
  if (Math.abs(short) > MISSING) {
    const when = spanText({ fromUs, toUs });
    notes.push(
      `${count(rows.length)} latencies were recorded in ${when}, where ${count(requests.completed)} requests are simulated: they may be of other traffic`,
    );
  }
  const beyond = rows.length * 0.01;
  if (beyond < FEW_BEYOND) {
    notes.push(`low confidence: a p99 of ${count(rows.length)} latencies rests on the last few`);
  }
  const quantile = (p: number) => rows[Math.max(0, Math.ceil(p * rows.length) - 1)]! / US_PER_S;
  const mean = rows.reduce((a, b) => a + b, 0) / rows.length / US_PER_S;
  return [
    found('latencyS.mean', 's', [mean, latencyS.mean], ci95?.['latencyS.mean'] ?? null),
    ...QUANTILES.map(([key, p]) =>
      found(
        `latencyS.${key}`,
        's',
        [quantile(p), latencyS[key]!],
        ci95?.[`latencyS.${key}`] ?? null,
      ),
    ),
  ];
}
