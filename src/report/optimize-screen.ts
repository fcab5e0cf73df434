/** The screen of `optimize`: the answer, what is next to it, how sure it is, how far it holds, what it took. */
import type { Result } from '../study/document.ts';
import type { OptimizeDocument, Refused } from '../study/optimize-document.ts';
import { basisOf } from './basis.ts';
import { headroomBreaks, headroomText } from './headroom-lines.ts';
import {
  counted,
  dollars,
  dollarsPerHour,
  percent,
  relative,
  seconds,
  short,
  significant,
} from './numbers.ts';
import { type Ranking, rankingOf } from './sweep-answer.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, type Surroundings, wrapped, wrappedParts } from './text.ts';
import { rowName } from './varied.ts';

const ROWS: readonly Column[] = Array.from({ length: 6 }, () => ({ head: '', align: 'left' }));

export function optimizeScreen(
  document: OptimizeDocument,
  { style = PLAIN, traffic = [], prices = [] }: Surroundings = {},
): string {
  const { best, nearest, runnersUp } = document;
  const shown = [best, nearest, ...runnersUp].filter((result) => result !== null);
  const ranking = rankingOf(shown);
  return [
    ...traffic,
    ...(traffic.length > 0 ? [''] : []),
    ...(best === null
      ? noneMeets(document, ranking, style)
      : answer(document, best, ranking, style)),
    ...certainty(document, style),
    '',
    ...headroom(document),
    work(document),
    ...basisOf(best === null ? shown : [best], style),
    ...prices,
  ].join('\n');
}

function answer(
  { runnersUp, refused, current, best: _, ...document }: OptimizeDocument,
  best: Result,
  ranking: Ranking,
  style: Style,
): string[] {
  const head = best.slo === null ? 'Cheapest:' : 'Cheapest within the SLO:';
  const rows = [
    ...(document.configurations > 1 && current !== null && !isSame(current, best)
      ? [row('  today', current, best, ranking)]
      : []),
    ...runnersUp.map((result, i) => row(i === 0 ? '  next' : '', result, best, ranking)),
    ...refused.map((one, i) => refusedRow(i === 0 ? '  cheaper, but' : '', one, best)),
  ];
  return [
    style.good(style.bold(wrappedParts([head, ...row('', best, null, ranking)], '  ', 2))),
    ...table(ROWS, rows),
    ...interval(best, ranking),
  ];
}

function isSame(a: Result, b: Result): boolean {
  return JSON.stringify(a.vary) === JSON.stringify(b.vary);
}

function row(lead: string, result: Result, base: Result | null, ranking: Ranking): string[] {
  const change = base === null ? null : relative(ranking.by(result), ranking.by(base));
  const month = result.cost?.usdPerMonth ?? null;
  const broken = result.slo?.failed ?? [];
  return [
    lead,
    rowName(result.vary),
    ranking.text(result),
    base === null
      ? month === null
        ? ''
        : `${dollars(month)}/month`
      : (change && `(${change})`) || '',
    `p99 ${seconds(result.latencyS.p99)}`,
    broken.length === 0
      ? `${percent(result.coldStarts.fraction)} cold`
      : `breaks ${broken.map((text) => harmless(text)).join(', ')}`,
  ];
}

const HOW: Readonly<Record<Refused['how'], string>> = {
  run: '',
  beginning: '',
  confirmation: ' on fresh luck',
  order: ' (not run: so does one that keeps no less)',
};

function refusedRow(
  lead: string,
  { vary, usdPerHour, breaks, how }: Refused,
  best: Result,
): string[] {
  const base = best.cost?.usdPerHour ?? null;
  const change = usdPerHour === null || base === null ? null : relative(usdPerHour, base);
  return [
    lead,
    rowName(vary),
    usdPerHour === null ? '' : dollarsPerHour(usdPerHour),
    change === null ? '' : `(${change})`,
    '',
    `breaks ${breaks.map((text) => harmless(text)).join(', ')}${HOW[how]}`,
  ];
}

/** Of the luck that was drawn. */
function interval({ ci95 }: Result, ranking: Ranking): string[] {
  const cost = ranking.priced ? ci95?.['cost.usdPerHour'] : undefined;
  const p99 = ci95?.['latencyS.p99'];
  if (cost === undefined || p99 === undefined) return [];
  const text = `  95 % of the luck: ${dollars(cost[0])} to ${dollars(cost[1])}/h, p99 ${seconds(p99[0])} to ${seconds(p99[1])}`;
  return [text];
}

function noneMeets({ nearest }: OptimizeDocument, ranking: Ranking, style: Style): string[] {
  const head = style.bad(style.bold('No configuration meets the SLO.'));
  if (nearest === null) return [head];
  const missed = (nearest.slo?.objectives ?? [])
    .filter(({ met }) => !met)
    .map(({ objective, value, share }) => {
      const got = share === null ? short(value) : `${percent(share)} within it`;
      return `${harmless(objective)}: ${got}`;
    });
  return [
    head,
    ...table(ROWS, [row('  nearest', nearest, null, ranking)]),
    wrapped(`  it misses ${missed.join('; ')}`, 4),
  ];
}

function certainty(
  { certain, why, confirmations, best }: OptimizeDocument,
  style: Style,
): string[] {
  const word = certain ? style.good('Certain') : style.warn('Not certain');
  const last = confirmations?.at(-1);
  const held =
    last?.holds === true
      ? `  It held on ${counted(last.replications, 'fresh seed')}, with ${percent(last.error)} for the chance of a lucky pass.`
      : '';
  const tried = (confirmations ?? []).filter(({ holds }) => !holds).length;
  const gave = tried === 0 ? '' : `  ${counted(tried, 'cheaper candidate')} gave way there.`;
  return [
    wrapped(`${word}: ${harmless(why, 600)}.`, 2),
    ...(best === null ? [] : [held, gave].filter((line) => line !== '')),
  ];
}

function headroom({ headroom: all }: OptimizeDocument): string[] {
  const lines = all.flatMap((one, i) => {
    const lead = i === 0 ? 'Holds up to' : `next, ${rowName(one.vary)}, up to`;
    const breaks = headroomBreaks(one);
    return [
      wrapped(`${i === 0 ? '' : '  '}${lead} ${headroomText(one)}`, 4),
      ...(breaks === '' || i > 0 ? [] : [wrapped(`  ${breaks}`, 4)]),
    ];
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

function work({
  runs,
  work: { search, confirmation, headroom: more },
  configurations,
}: OptimizeDocument): string {
  const share = configurations === 0 ? 0 : search / configurations;
  const parts = [
    `${significant(runs)} runs for ${counted(configurations, 'configuration')}: ${significant(search)} to search (${percent(share)})`,
    confirmation > 0 ? `${significant(confirmation)} to confirm` : '',
    more > 0 ? `${counted(more, 'more')} for the headroom`.replace(/mores? /, 'more ') : '',
  ];
  return wrapped(
    `${parts.filter((part) => part !== '').join(', ')}. A beginning counts as its share.`,
    2,
  );
}
