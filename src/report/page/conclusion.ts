/** The answer of a sweep in a sentence or two, and the rows that stand next to it. */
import type { RowFigures, SweepSummary } from '../../study/row-figures.ts';
import { counted, dollars, percent, relative, seconds } from '../numbers.ts';
import { REFUSED_HOW } from '../optimize-screen.ts';
import { byTraffic, distinct, type Ranking, rankingOf } from '../sweep-answer.ts';
import { harmless } from '../text.ts';
import { rowName } from '../varied.ts';
import type { Conclusion, Grid } from './page-document.ts';

const MOST_CHEAPER = 2;
const MOST_TRAFFICS = 12;
const MOST_CLOSEST = 3;

type Row = Conclusion['rows'][number];

export function conclusionOf(document: SweepSummary, grid: Grid): Conclusion {
  const { results, cheapestWithinSlo } = document;
  const ranking = rankingOf(results);
  const places = new Map(results.map((result, index) => [result, index]));
  const references = new Set(document.found?.references);
  const sorted = distinct(document)
    .filter((result) => !references.has(places.get(result)!))
    .sort((a, b) => ranking.by(a) - ranking.by(b));
  const nameOf = (result: RowFigures) =>
    document.found?.names?.[places.get(result)!] ?? rowName(result.vary);
  const rowOf = (label: string, result: RowFigures, base: RowFigures | null): Row => ({
    label,
    index: places.get(result)!,
    change: base === null ? null : relative(ranking.by(result), ranking.by(base)),
    breaks: (result.slo?.failed ?? []).map((objective) => harmless(objective)),
  });
  const context: Context = { document, grid, ranking, sorted, rowOf, nameOf };
  if (sorted.length === 0) {
    return { ...EMPTY, headline: 'No configuration was left to run', tone: 'bad' };
  }
  if (results.every(({ slo }) => slo === null)) return withoutObjectives(context);
  if (cheapestWithinSlo === null) return noneMeets(context);
  const traffics = byTraffic(sorted);
  return traffics.length > 1
    ? forEachTraffic(traffics, context)
    : cheapest(results[cheapestWithinSlo]!, context);
}

const EMPTY: Conclusion = {
  tone: 'plain',
  headline: '',
  sentences: [],
  rows: [],
  refused: [],
  changes: [],
};

interface Context {
  readonly document: SweepSummary;
  readonly grid: Grid;
  readonly ranking: Ranking;
  /** Each run once, cheapest first. */
  readonly sorted: readonly RowFigures[];
  readonly rowOf: (label: string, result: RowFigures, base: RowFigures | null) => Row;
  readonly nameOf: (result: RowFigures) => string;
}

function cheapest(best: RowFigures, context: Context): Conclusion {
  const { document, grid, ranking, sorted, rowOf, nameOf } = context;
  const { results, current } = document;
  const cheaper = sorted.filter((result) => ranking.by(result) < ranking.by(best)).reverse();
  const next = sorted.find(
    (result) => result !== best && result.slo?.met && ranking.by(result) >= ranking.by(best),
  );
  const today = current === null ? null : results[current]!;
  const isKept = today !== null && (today === best || ranking.by(today) === ranking.by(best));
  const name = nameOf(best);
  const verb = isKept ? 'Keep what you have' : today === null ? 'Run' : 'Change to';
  return {
    tone: 'good',
    headline: isKept ? `${verb}: ${name}` : `${verb} ${name}`,
    sentences: [
      `${costText(best, ranking)}, p99 ${seconds(best.latencyS.p99)}, ${percent(best.coldStarts.fraction)} of requests cold: the cheapest of ${outOf(document)} that meets ${list(grid.objectives)}.`,
      ...cheaperReferences(best, context),
      ...(today === null || isKept ? [] : [againstToday(best, today, ranking)]),
      ...confirmed(document),
      ...(document.found?.certainty ? [harmless(document.found.certainty, 500)] : []),
    ],
    rows: [
      rowOf('the answer', best, null),
      ...(next === undefined ? [] : [rowOf('next best', next, best)]),
      ...(today === null || today === best ? [] : [rowOf('today', today, best)]),
      ...cheaper.slice(0, MOST_CHEAPER).map((result) => refused(result, best, context)),
      ...(document.found?.cheaperReferences ?? []).map((index) =>
        rowOf('reference, cheaper', results[index]!, best),
      ),
    ],
    refused: refusedOf(document, best),
    changes: today === null || isKept ? [] : changesOf(context),
  };
}

/** `18 configurations, 5 reference rows apart`: a reference row is never the answer, whatever it costs. */
function outOf({ results, found }: SweepSummary): string {
  const all = counted(found?.configurations ?? results.length, 'configuration');
  const apart = found?.references.length ?? 0;
  return apart === 0 ? all : `${all} (${counted(apart, 'reference row')} apart)`;
}

function cheaperReferences(
  best: RowFigures,
  { document: { results, found }, ranking, nameOf }: Context,
): readonly string[] {
  const cheaper = (found?.cheaperReferences ?? []).map((index) => results[index]!);
  if (cheaper.length === 0) return [];
  const texts = cheaper.map((result) => {
    const change = relative(ranking.by(result), ranking.by(best));
    return `${nameOf(result)} at ${costText(result, ranking)}${change === null ? '' : `, ${change}`}`;
  });
  return [`Worth a look, since cheaper within the objectives: ${texts.join('; ')}.`];
}

/** Of a search, whose refused configurations were not all run whole. */
function refusedOf({ found }: SweepSummary, best: RowFigures): Conclusion['refused'] {
  const base = best.cost?.usdPerHour ?? null;
  return (found?.refused ?? []).map(({ vary, usdPerHour, breaks, how }) => ({
    row: rowName(vary),
    usdPerHour,
    change: usdPerHour === null || base === null ? null : relative(usdPerHour, base),
    breaks: breaks.map((objective) => `${harmless(objective)}${REFUSED_HOW[how]}`),
  }));
}

/** Cheaper than the answer: it breaks an objective, or it gave way on fresh luck, or nobody asked for it. */
function refused(result: RowFigures, best: RowFigures, { document, rowOf }: Context): Row {
  const row = rowOf('cheaper, but', result, best);
  if (row.breaks.length > 0) return row;
  const gave = document.confirmations?.some(({ index, holds }) => index === row.index && !holds);
  return gave
    ? { ...row, breaks: ['not sure to keep them on fresh luck'] }
    : { ...row, label: 'cheaper, no candidate' };
}

function costText({ cost, replicas }: RowFigures, ranking: Ranking): string {
  if (!ranking.priced || cost === null) return `${replicas.mean?.toPrecision(3)} replicas`;
  const month = cost.usdPerMonth === null ? '' : ` (${dollars(cost.usdPerMonth)} a month)`;
  return `${dollars(cost.usdPerHour)}/h${month}`;
}

function againstToday(best: RowFigures, today: RowFigures, ranking: Ranking): string {
  const change = relative(ranking.by(best), ranking.by(today));
  const [from, to] = [seconds(today.latencyS.p99), seconds(best.latencyS.p99)];
  const broken = today.slo?.failed ?? [];
  const why = broken.length === 0 ? 'meets the objectives too' : `breaks ${list(broken)}`;
  return `What runs today costs ${costText(today, ranking)} and ${why}; the change is ${change ?? 'from nothing'} in cost, p99 from ${from} to ${to}.`;
}

function changesOf({ document, grid }: Context): Conclusion['changes'] {
  const { current, cheapestWithinSlo } = document;
  return grid.axes.flatMap(({ path, values, at }) => {
    const [from, to] = [values[at[current!]!]!, values[at[cheapestWithinSlo!]!]!];
    return from === to ? [] : [{ key: harmless(path), from, to }];
  });
}

/** What fresh seeds said of the answer. */
function confirmed({ confirmations, cheapestWithinSlo }: SweepSummary): string[] {
  const held = confirmations?.find(({ index }) => index === cheapestWithinSlo);
  const gave = (confirmations ?? []).filter(({ holds }) => !holds).length;
  const before =
    gave === 0 ? '' : `; ${counted(gave, 'cheaper one')} gave way, not sure to keep them`;
  return held?.holds
    ? [`Confirmed on ${counted(held.replications, 'fresh seed')} that no search saw${before}.`]
    : [];
}

function noneMeets({ document, grid, sorted, rowOf }: Context): Conclusion {
  const failures = (result: RowFigures): number => result.slo?.failed.length ?? 0;
  const closest = [...sorted].sort(
    (a, b) =>
      failures(a) - failures(b) ||
      (a.latencyS.p99 ?? Number.POSITIVE_INFINITY) - (b.latencyS.p99 ?? Number.POSITIVE_INFINITY),
  );
  return {
    ...EMPTY,
    tone: 'bad',
    headline: `No configuration meets ${list(grid.objectives)}`,
    sentences: [
      `${outOf(document)} ${grid.rows === 1 ? 'was' : 'were'} tried. The closest are below; more replicas kept warm, a longer idle window or a shorter cold start come nearer.`,
    ],
    rows: closest.slice(0, MOST_CLOSEST).map((result) => rowOf('closest', result, null)),
  };
}

function withoutObjectives({ sorted, ranking, rowOf, nameOf }: Context): Conclusion {
  const [first] = sorted;
  if (sorted.length === 1) {
    const { latencyS, coldStarts } = first!;
    return {
      ...EMPTY,
      headline: `${costText(first!, ranking)}, p99 ${seconds(latencyS.p99)}, ${percent(coldStarts.fraction)} of requests cold`,
      sentences: [
        `That is what one configuration comes to: ${nameOf(first!)}. Nothing was compared and no objective was given, so nothing is recommended: --vary tries others, --slo 'latencyS.p99 <= 5' says what is good enough.`,
      ],
      rows: [rowOf('as it is', first!, null)],
    };
  }
  const p99 = ({ latencyS }: RowFigures) => latencyS.p99 ?? Number.POSITIVE_INFINITY;
  const fastest = sorted.toSorted((a, b) => p99(a) - p99(b))[0]!;
  return {
    ...EMPTY,
    headline: `From ${costText(first!, ranking)} to ${costText(sorted.at(-1)!, ranking)}: no objective says which`,
    sentences: [
      'No objective was given, so no row is the answer. The front below has every trade between cost and latency; an objective such as latencyS.p99 <= 5 picks one of them.',
    ],
    rows:
      fastest === first
        ? [rowOf('cheapest and fastest', first, null)]
        : [rowOf('cheapest', first!, null), rowOf('fastest', fastest, first!)],
  };
}

function forEachTraffic(
  traffics: readonly (readonly RowFigures[])[],
  { grid, rowOf }: Context,
): Conclusion {
  return {
    ...EMPTY,
    headline: 'The rows carry different traffic: one answer for each',
    sentences: [`Cheapest within ${list(grid.objectives)} for each traffic.`],
    rows: traffics.slice(0, MOST_TRAFFICS).map((results) => {
      const met = results.find(({ slo }) => slo?.met);
      return met === undefined
        ? rowOf('none; closest', results.at(-1)!, null)
        : rowOf('the answer', met, null);
    }),
  };
}

function list(objectives: readonly string[]): string {
  return objectives.map((objective) => harmless(objective)).join(' and ');
}
