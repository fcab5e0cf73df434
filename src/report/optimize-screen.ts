/** The screen of `optimize`: the answer, what is next to it, how sure it is, how far it holds, what it took. */
import type { Result } from '../study/document.ts';
import type { OptimizeDocument, Refused } from '../study/optimize-document.ts';
import { basisOf } from './basis.ts';
import { endLines } from './grid-ends.ts';
import { headroomBreaks, headroomGains, headroomText } from './headroom-lines.ts';
import { isOfWeeks, monthLines, monthUsd } from './month.ts';
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
    ...monthBasis(shown),
    ...certainty(document, style),
    '',
    ...headroom(document),
    work(document),
    ...basisOf(best === null ? shown : [best], style),
    ...prices,
  ].join('\n');
}

/** From a week on, other screens may show a month of whole weeks: a search does not count by the hour, and says what its is. */
function monthBasis(shown: readonly Result[]): string[] {
  const long = shown.find(({ observedS, cost }) => cost !== null && observedS >= S_PER_WEEK);
  if (long === undefined || long.monthFrom === null) return [];
  const lines = isOfWeeks(long) ? monthLines([long]) : [`month: ${long.monthFrom}`];
  return lines.map((line) => `  ${line}`);
}

const S_PER_WEEK = 7 * 86_400;

function answer(
  document: OptimizeDocument,
  best: Result,
  ranking: Ranking,
  style: Style,
): string[] {
  const { runnersUp, refused, current, ends } = document;
  const head = best.slo === null ? 'Cheapest:' : 'Cheapest within the SLO:';
  const today =
    document.configurations > 1 && current !== null && !isSame(current, best) ? current : null;
  const next = runnersUp.filter((result) => today === null || !isSame(result, today));
  const isKnown = ({ usdPerHour, meanReplicas }: Refused) =>
    (ranking.priced ? usdPerHour : meanReplicas) !== null;
  const cheaper = refused.filter(isKnown);
  const others = refused.filter((one) => !isKnown(one));
  const rows = [
    ...(today === null ? [] : [row('  today', today, best, ranking)]),
    ...next.map((result, i) => row(i === 0 ? '  next' : '', result, best, ranking)),
    ...cheaper.map((one, i) => refusedRow(i === 0 ? '  cheaper, but' : '', one, best, ranking)),
    ...others.map((one, i) => refusedRow(i === 0 ? '  breaks too' : '', one, best, ranking)),
  ];
  return [
    style.good(style.bold(wrappedParts([head, ...row('', best, null, ranking)], '  ', 2))),
    ...table(ROWS, rows).map((line) => wrapped(line, 4)),
    ...roomier(document),
    ...interval(best, ranking),
    ...endLines(ends).map((line) => style.warn(line)),
    ...unasked(document, best),
  ];
}

/** Hardly dearer than the answer, and further from the edge: what it holds for, and what for less. */
function roomier({
  roomier: place,
  runnersUp,
  headroom: [own, ...others],
}: OptimizeDocument): string[] {
  const result = place === null ? undefined : runnersUp[place];
  const room = place === null ? undefined : others[place];
  if (result === undefined || room === undefined || own === undefined) return [];
  const { more, less } = headroomGains(room, own);
  const cost = result.cost === null ? '' : dollarsPerHour(result.cost.usdPerHour);
  const parts = [
    `  within 1 %, roomier: ${rowName(result.vary)}`,
    cost,
    `holds ${more.join(', ')}${less.length === 0 ? '' : `; less room for ${less.join(', ')}`}`,
  ];
  return [wrapped(parts.filter((part) => part !== '').join('  '), 4)];
}

/** What a search was not given. */
function unasked({ configurations, current }: OptimizeDocument, best: Result): string[] {
  const isAlone = configurations <= (current === null ? 1 : 2);
  const isBare = [best, current].some((one) => one !== null && Object.keys(one.vary).length === 0);
  return [
    ...(isAlone && isBare
      ? ['! nothing is varied, so nothing was searched: add --vary deployment.replicas.min=0..8']
      : []),
    ...(best.slo === null
      ? [
          "! No SLO was given, so the cheapest is the answer: add --slo 'latencyS.p99 <= 5' for one.",
        ]
      : []),
  ];
}

function isSame(a: Result, b: Result): boolean {
  return JSON.stringify(a.vary) === JSON.stringify(b.vary);
}

function row(lead: string, result: Result, base: Result | null, ranking: Ranking): string[] {
  const change = base === null ? null : relative(ranking.by(result), ranking.by(base));
  const month = monthUsd(result);
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

export const REFUSED_HOW: Readonly<Record<Refused['how'], string>> = {
  run: '',
  beginning: '',
  confirmation: ' on fresh luck',
  order: ' (not run: so does one that keeps no less)',
};

function refusedRow(
  lead: string,
  { vary, usdPerHour, meanReplicas, p99S, breaks, how }: Refused,
  best: Result,
  { priced, by }: Ranking,
): string[] {
  const own = priced ? usdPerHour : meanReplicas;
  const change = own === null ? null : relative(own, by(best));
  const replicas = meanReplicas === null ? '' : `${significant(meanReplicas)} replicas`;
  return [
    lead,
    rowName(vary),
    priced ? (usdPerHour === null ? '' : dollarsPerHour(usdPerHour)) : replicas,
    change === null ? '' : `(${change})`,
    p99S === null ? '' : `p99 ${seconds(p99S)}`,
    `breaks ${breaks.map((text) => harmless(text)).join(', ')}${REFUSED_HOW[how]}`,
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

function noneMeets(
  { nearest, certain }: OptimizeDocument,
  ranking: Ranking,
  style: Style,
): string[] {
  const words = certain
    ? 'No configuration meets the SLO.'
    : 'None found so far that meets the SLO.';
  const head = style.bad(style.bold(words));
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
  const lines = all.slice(0, 2).flatMap((one, i) => {
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
