/** The answer of a sweep: the cheapest within the SLO, what is next to it, what is cheaper and why it will not do. */
import { groupBy } from '../study/group.ts';
import type { RowFigures, SweepSummary } from '../study/row-figures.ts';
import { endLinesOf } from './grid-ends.ts';
import { monthUsd } from './month.ts';
import {
  counted,
  dollars,
  dollarsPerHour,
  percent,
  relative,
  seconds,
  significant,
} from './numbers.ts';
import { type Column, table } from './table.ts';
import { type Style, wrapped, wrappedParts } from './text.ts';
import { rowName } from './varied.ts';

/** Rows are compared by cost an hour; where nothing has a price, by mean replicas, which is said. */
export interface Ranking {
  readonly priced: boolean;
  readonly by: (result: RowFigures) => number;
  readonly text: (result: RowFigures) => string;
}

export function rankingOf(results: readonly RowFigures[]): Ranking {
  const priced = results.every(({ cost }) => cost !== null);
  return priced
    ? {
        priced,
        by: ({ cost }) => cost?.usdPerHour ?? 0,
        text: ({ cost }) => dollarsPerHour(cost?.usdPerHour ?? null),
      }
    : {
        priced,
        by: ({ replicas }) => replicas.mean ?? 0,
        text: ({ replicas }) => `${significant(replicas.mean)} replicas`,
      };
}

const ANSWER: readonly Column[] = Array.from({ length: 6 }, () => ({ head: '', align: 'left' }));

export function answer(document: SweepSummary, ranking: Ranking, style: Style): string[] {
  const { results, cheapestWithinSlo } = document;
  if (results.length === 0) return [style.bad('No configuration was left to run.')];
  const sorted = distinct(document).sort((a, b) => ranking.by(a) - ranking.by(b));
  if (results.every(({ slo }) => slo === null)) return withoutSlo(sorted, ranking, style);
  const best = cheapestWithinSlo === null ? null : results[cheapestWithinSlo]!;
  if (best === null) return noneMeets(sorted, document, ranking, style);
  const traffics = byTraffic(sorted);
  if (traffics.length > 1) return answerByTraffic(traffics, document, ranking, style);

  const cheaper = sorted.filter((result) => ranking.by(result) < ranking.by(best)).reverse();
  const next = sorted.find(
    (result) => result !== best && result.slo?.met && ranking.by(result) >= ranking.by(best),
  );
  const rows: string[][] = [];
  if (next) rows.push(answerRow('  next', next, best, ranking));
  const current = document.current === null ? null : results[document.current]!;
  if (current && current !== best) rows.push(answerRow('  today', current, best, ranking));
  cheaper.slice(0, 2).forEach((result, i) => {
    rows.push(answerRow(i === 0 ? '  cheaper, but' : '', result, best, ranking));
  });
  const headline = ['Cheapest within the SLO:', ...answerRow('', best, null, ranking)];
  return [
    style.good(style.bold(wrappedParts(headline, '  ', 2))),
    ...table(ANSWER, rows),
    ...confirmation(document),
    ...endLinesOf(best.vary, results).map((line) => style.warn(line)),
  ];
}

/** Results of the same traffic together, as the grid has them: nobody chooses how many requests come. */
export function byTraffic<Row extends Pick<RowFigures, 'vary'>>(
  sorted: readonly Row[],
): (readonly Row[])[] {
  const traffic = ({ vary }: Row) =>
    JSON.stringify(Object.entries(vary).filter(([path]) => path.startsWith('workload.')));
  return [...groupBy(sorted, traffic).values()];
}

const MOST_TRAFFICS = 12;

function answerByTraffic(
  traffics: readonly (readonly RowFigures[])[],
  document: SweepSummary,
  ranking: Ranking,
  style: Style,
): string[] {
  const rows = traffics.slice(0, MOST_TRAFFICS).map((results) => {
    const met = results.find(({ slo }) => slo?.met);
    return met === undefined
      ? answerRow('  none; closest', results.at(-1)!, null, ranking)
      : answerRow('', met, null, ranking);
  });
  return [
    style.bold('The rows carry different traffic. Cheapest within the SLO for each:'),
    ...table(ANSWER, rows),
    ...(traffics.length > MOST_TRAFFICS ? [`  and ${traffics.length - MOST_TRAFFICS} more`] : []),
    ...confirmation(document),
  ];
}

/** One row for all that were proved equal: the answer, today's or the first of them. */
export function distinct<Row extends RowFigures>({
  results,
  cheapestWithinSlo,
  current,
}: SweepSummary & { readonly results: readonly Row[] }): Row[] {
  const rows = new Map<number, Row>();
  const order = [cheapestWithinSlo, current, ...results.keys()];
  for (const index of order) {
    if (index === null) continue;
    const run = results[index]!.provedEqualTo ?? index;
    if (!rows.has(run)) rows.set(run, results[index]!);
  }
  return [...rows.values()];
}

function answerRow(
  lead: string,
  result: RowFigures,
  base: RowFigures | null,
  ranking: Ranking,
): string[] {
  const change = base === null ? null : relative(ranking.by(result), ranking.by(base));
  const broken = result.slo?.failed ?? [];
  const usdPerMonth = monthUsd(result);
  const month = usdPerMonth === null ? '' : `${dollars(usdPerMonth)}/month`;
  return [
    lead,
    rowName(result.vary),
    ranking.text(result),
    change === null ? month : `(${change})`,
    `p99 ${seconds(result.latencyS.p99)}`,
    broken.length === 0
      ? `${percent(result.coldStarts.fraction)} cold`
      : `breaks ${broken.join(', ')}`,
  ];
}

function withoutSlo(sorted: readonly RowFigures[], ranking: Ranking, style: Style): string[] {
  const cheapest = sorted[0]!;
  const fastest = [...sorted].sort(
    (a, b) => (a.latencyS.p99 ?? Infinity) - (b.latencyS.p99 ?? Infinity),
  )[0]!;
  return [
    style.bold("No SLO was given, so no row is the answer: add --slo 'latencyS.p99 <= 5' for one."),
    ...table(
      ANSWER,
      fastest === cheapest
        ? [answerRow('  cheapest and fastest', cheapest, null, ranking)]
        : [
            answerRow('  cheapest', cheapest, null, ranking),
            answerRow('  fastest', fastest, cheapest, ranking),
          ],
    ),
  ];
}

function noneMeets(
  sorted: readonly RowFigures[],
  document: SweepSummary,
  ranking: Ranking,
  style: Style,
): string[] {
  const failures = (result: RowFigures): number => result.slo?.failed.length ?? 0;
  const closest = [...sorted].sort(
    (a, b) =>
      failures(a) - failures(b) || (a.latencyS.p99 ?? Infinity) - (b.latencyS.p99 ?? Infinity),
  );
  return [
    style.bad(style.bold('No configuration meets the SLO.')),
    ...table(
      ANSWER,
      closest
        .slice(0, 3)
        .map((result, i) => answerRow(i === 0 ? '  closest' : '', result, null, ranking)),
    ),
    ...confirmation(document),
  ];
}

/** What fresh seeds said about the candidates, the last one being the one that held, if any did. */
function confirmation({ confirmations, results }: SweepSummary): string[] {
  if (confirmations === null) return [];
  return confirmations.map(({ index, holds, replications, objectives }) => {
    const name = rowName(results[index]!.vary);
    if (holds) return `  ${name}: confirmed on ${counted(replications, 'fresh seed')}`;
    const broken = objectives.filter((objective) => !objective.holds);
    const which = broken.map(({ objective }) => objective).join(', ');
    const seeds = counted(replications, 'fresh seed');
    return wrapped(`  ${name}: gave way, not sure on ${seeds} to keep ${which}`, 4);
  });
}
