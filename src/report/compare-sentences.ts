/** What a comparison says in sentences beside its conclusion. */
import { listed } from '../base/counts.ts';
import type {
  CompareDocument,
  CompareRow,
  Conclusion,
  DeploymentKind,
} from '../study/compare-document.ts';
import { gateOf, parseGates } from '../study/comparison/gates.ts';
import { costChange, costText, type NameOf } from './compare-names.ts';
import { intervalText, SHOWN } from './difference-text.ts';
import { counted, significant } from './numbers.ts';
import { harmless } from './text.ts';
import { valueText } from './varied.ts';

/** Each without an end of line; empty where there is nothing to say. */
export function compareSentences(document: CompareDocument, nameOf: NameOf): readonly string[] {
  return [
    speedSentence(document),
    kindSentence(document, nameOf),
    disputeSentence(document, nameOf),
    confirmationSentence(document.conclusion),
    confidenceSentence(document),
    gateSentence(document, nameOf),
    recommendedGateSentence(document, nameOf),
  ].filter((line) => line !== '');
}

/** What stands right under the conclusion, because it may turn it. */
export function underHeadline(document: CompareDocument, nameOf: NameOf): readonly string[] {
  return [referenceSentence(document, nameOf), notComparedSentence(document)].filter(
    (line) => line !== '',
  );
}

const KIND_WORDS: Readonly<Record<DeploymentKind, string>> = {
  serverless: 'serverless',
  dedicated: 'dedicated',
  hybrid: 'hybrid',
  api: 'a per-token API',
};

/** What is doubtful about the answer itself stands beside it. */
function speedSentence({ conclusion: { recommended }, rows }: CompareDocument): string {
  if (recommended === null) return '';
  const caveat = rows[recommended]!.caveats.find(({ code }) => code === 'speed' || code === 'api');
  return caveat === undefined ? '' : `Check first: ${caveat.text}.`;
}

function kindSentence(
  { kinds: { rows, sure }, rows: all, conclusion }: CompareDocument,
  nameOf: NameOf,
): string {
  const [first, second, ...others] = rows;
  if (first === undefined || all[first.index]!.result.cost === null) return '';
  const asked = conclusion.verdict === 'unasked' ? '' : ' within the objectives';
  const named = (index: number) => `${nameOf(all[index]!)}, ${costText(all[index]!)}`;
  const lead = `Serverless, dedicated or hybrid: ${KIND_WORDS[first.kind]} (${named(first.index)})`;
  if (second === undefined) return `${lead}; nothing else${asked} was tried.`;
  const beside = [second, ...others].map(({ kind, index, difference }) => {
    const dearer = costChange(all[index]!, all[first.index]!) ?? 'at the same cost';
    const interval = difference === null ? '' : intervalText(difference, SHOWN[0]![2]);
    return `${KIND_WORDS[kind]} ${dearer} (${[named(index), interval].filter((part) => part !== '').join('; ')})`;
  });
  const how = sure === null ? '' : sure ? ' Sure at 95 %.' : ' Not sure: the interval has 0 in it.';
  return `${lead}; ${beside.join('; ')}.${how}`;
}

function referenceSentence({ conclusion, rows }: CompareDocument, nameOf: NameOf): string {
  const [index] = conclusion.cheaperReferences;
  if (index === undefined) return '';
  const row = rows[index]!;
  const best = conclusion.recommended === null ? null : rows[conclusion.recommended]!;
  const change = best === null ? null : costChange(row, best);
  return `Worth a look, a reference row that meets the objectives too: ${nameOf(row)}, ${costText(row)}${change === null ? '' : ` (${change})`}.`;
}

/** `Not compared: runpod-flex (no a10g).` */
function notComparedSentence({ leftOut }: CompareDocument): string {
  const named = leftOut.flatMap(({ vary, reason }) => {
    const platform = vary['deployment.platform'];
    if (typeof platform !== 'string') return [];
    const [, gpu] = /^deployment\.gpu (\S+) has no price/.exec(reason) ?? [];
    return gpu === undefined ? [] : [`${harmless(platform, 40)} (no ${harmless(gpu, 30)})`];
  });
  return named.length === 0 ? '' : `Not compared: ${listed([...new Set(named)], 8)}.`;
}

function disputeSentence({ disputed, rows }: CompareDocument, nameOf: NameOf): string {
  if (disputed === null) return '';
  const figures = counted(new Set(disputed.map(({ path }) => path)).size, 'disputed figure');
  const turning = disputed.filter(({ holds }) => !holds);
  if (turning.length === 0) {
    return `The answer holds under each of ${counted(disputed.length, 'other value')} that sources give for ${figures}.`;
  }
  const turns = turning.slice(0, 3).map(({ path, value, recommended }) => {
    const then =
      recommended === null ? 'nothing meets the objectives' : `it is ${nameOf(rows[recommended]!)}`;
    return `with ${harmless(path, 60)} at ${valueText(value)} ${then}`;
  });
  const more = turning.length > turns.length ? `, and ${turning.length - turns.length} more` : '';
  return `The answer turns under ${turning.length} of ${counted(disputed.length, 'value')} of ${figures}: ${turns.join('; ')}${more}.`;
}

function confirmationSentence({ confirmations, recommended }: Conclusion): string {
  const held = confirmations?.find(({ index, holds }) => holds && index === recommended);
  return held === undefined ? '' : `Confirmed on ${counted(held.replications, 'fresh seed')}.`;
}

function confidenceSentence({ conclusion: { differences }, rows }: CompareDocument): string {
  const all = differences === null ? rows.map((row) => row.differences) : [differences];
  const isLow = (path: string) =>
    all.some((one) => {
      const { ci95Traffic, lowConfidence, value } = one?.[path] ?? {};
      return lowConfidence === true && ci95Traffic !== null && value !== 0;
    });
  const low = SHOWN.filter(([name, path]) => name !== '' && isLow(path)).map(([name]) => name);
  return low.length === 0
    ? ''
    : `Low confidence in the intervals of such traffic (${low.join(', ')}): fewer than ten blocks of the log saw what they count.`;
}

function gateSentence(
  { gate: { index, passes, gates }, rows }: CompareDocument,
  nameOf: NameOf,
): string {
  if (gates.length === 0) return '';
  const of = index === null ? '' : ` (${nameOf(rows[index]!)})`;
  const each = gates.map(
    ({ gate, value, holds }) =>
      `${harmless(gate)} ${holds ? 'holds' : 'fails'} at ${significant(value)}`,
  );
  return `Gate${of}: ${passes ? 'passes' : 'fails'}; ${each.join('; ')}.`;
}

/** The gate is held against what runs, or is proposed: what is recommended instead may fail it too. */
function recommendedGateSentence(
  { gate: { index, gates }, conclusion: { recommended }, rows }: CompareDocument,
  nameOf: NameOf,
): string {
  if (gates.length === 0 || index === null || recommended === null || recommended === index)
    return '';
  const asked = parseGates(gates.map(({ gate }) => gate));
  const heldBy = ({ result }: CompareRow) => asked.map((gate) => gateOf(gate, result));
  const holdsAll = (row: CompareRow) => heldBy(row).every(({ holds }) => holds);
  const each = heldBy(rows[recommended]!).map(({ gate, value, holds }, i) => {
    const too = holds === gates[i]!.holds ? ' too' : '';
    return `${harmless(gate)} ${holds ? 'holds' : 'fails'}${too} at ${significant(value)}`;
  });
  const others = rows.filter((row) => row.result.slo?.met !== false && holdsAll(row));
  const [cheapest] = others.toSorted((a, b) => usdOf(a) - usdOf(b));
  const instead = holdsAll(rows[recommended]!)
    ? ''
    : cheapest === undefined
      ? '; no row tried meets it and the objectives'
      : `; ${nameOf(cheapest)}, ${costText(cheapest)}, does`;
  return `Recommended (${nameOf(rows[recommended]!)}): ${each.join('; ')}${instead}.`;
}

function usdOf({ result: { cost } }: CompareRow): number {
  return cost?.usdPerHour ?? Number.POSITIVE_INFINITY;
}
