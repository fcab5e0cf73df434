/** Which input moves the answer most: a tornado of bars about today's cost, the widest first. */
import type {
  NoCurve,
  SensitivityBar,
  SensitivityDocument,
  SensitivityEnd,
} from '../study/curves-document.ts';
import { bar } from './bars.ts';
import { configurationName } from './curve-names.ts';
import { dollars, dollarsPerHour, NOTHING, seconds, short, significant } from './numbers.ts';
import { PLAIN, type Style, wrapped } from './text.ts';

const HALF_WIDTH = 16;

export function sensitivityScreen(
  found: SensitivityDocument | NoCurve,
  style: Style = PLAIN,
): string {
  const title = style.bold('Sensitivity');
  if ('why' in found) return wrapped(`${title}   none: ${found.why}`, 2);
  const shown = found.bars.filter(({ why }) => why === null);
  const most = Math.max(0, ...shown.map(({ swingUsdPerHour }) => swingUsdPerHour ?? 0));
  const step = share(found.step);
  return [
    title,
    wrapped(
      `  ${configurationName(found.rows[found.recommended]!.vary)}: ${dollarsPerHour(found.usdPerHour)}, p99 ${seconds(found.p99S)}; each input ${step} down and up.`,
      2,
    ),
    ...sensitivitySentences(found).map((line) => wrapped(`  ${line}`, 2)),
    '',
    style.dim(
      ` ${'input'.padEnd(NAME_WIDTH)}${`-${step}`.padStart(10)} ${' '.repeat(2 * HALF_WIDTH + 1)} ${`+${step}`.padEnd(10)}p99 s, down .. up`,
    ),
    ...shown.flatMap((one) => barLines(one, most)),
    ...found.bars
      .filter(({ why }) => why !== null)
      .map((one) =>
        style.dim(wrapped(` ${inputName(one).padEnd(NAME_WIDTH)}left out: ${one.why}`, 4)),
      ),
    ...intervalLine(found, style),
  ].join('\n');
}

const NAME_WIDTH = 22;
const INPUTS: Readonly<Record<SensitivityBar['input'], string>> = {
  price: 'price',
  loadTime: 'load time',
  traffic: 'traffic',
  burstiness: 'burstiness',
  service: 'service time',
};

/** Of a step that someone chose. */
function share(of: number): string {
  return `${short(100 * of)} %`;
}

function inputName({ input, platform }: Pick<SensitivityBar, 'input' | 'platform'>): string {
  return platform === null ? INPUTS[input] : `${INPUTS[input]} of ${platform}`;
}

/** What moves the cost most, and what turns the recommendation. */
export function sensitivitySentences(found: SensitivityDocument): readonly string[] {
  const [first] = found.bars;
  if (first === undefined || first.swingUsdPerHour === null) return [];
  const { down, up } = first;
  const most = `${inputName(first)} moves the cost most: ${changeText(down)} to ${changeText(up)} an hour.`;
  const turning = found.bars.flatMap((one) =>
    [one.down, one.up].flatMap((end) =>
      end === null || end.recommended === found.recommended ? [] : [turnText(found, one, end)],
    ),
  );
  return [
    `${most.charAt(0).toUpperCase()}${most.slice(1)}`,
    ...(turning.length === 0
      ? ['The recommended configuration stays the one in every case.']
      : turning),
  ];
}

function turnText(found: SensitivityDocument, one: SensitivityBar, end: SensitivityEnd): string {
  const where = `${end.factor < 1 ? '-' : '+'}${share(Math.abs(end.factor - 1))} ${inputName(one)}`;
  if (end.recommended === null) return `At ${where} no configuration meets the objectives.`;
  const name = configurationName(found.rows[end.recommended]!.vary);
  const why =
    end.met === false ? 'it no longer meets the objectives' : 'it is no longer the cheapest';
  return `At ${where} ${why}: ${name} at ${dollarsPerHour(end.recommendedUsdPerHour)}.`;
}

function changeText(end: SensitivityEnd | null): string {
  const change = end?.changeUsdPerHour ?? null;
  if (change === null) return NOTHING;
  if (change === 0) return '$0';
  return `${change < 0 ? '' : '+'}${dollars(change)}`;
}

/** What lowers the cost to the left, what raises it to the right, by whichever end of the input does. */
function barLines(one: SensitivityBar, most: number): readonly string[] {
  const part = (end: SensitivityEnd | null, sign: 1 | -1) => {
    const change = sign * (end?.changeUsdPerHour ?? 0);
    return most === 0 ? 0 : Math.max(0, change / most);
  };
  const left = Math.max(part(one.down, -1), part(one.up, -1));
  const right = Math.max(part(one.down, 1), part(one.up, 1));
  const p99 = `${significant(one.down?.p99S ?? null)} .. ${significant(one.up?.p99S ?? null)}`;
  const marks = one.turns ? '  turns' : '';
  const text = `${fromRight(left)}│${bar(right, HALF_WIDTH).padEnd(HALF_WIDTH)}`;
  return [
    ` ${inputName(one)
      .slice(0, NAME_WIDTH - 1)
      .padEnd(
        NAME_WIDTH,
      )}${changeText(one.down).padStart(10)} ${text} ${changeText(one.up).padEnd(10)}${p99}${marks}`,
  ];
}

/** Whole characters: blocks have no eighths from the right. */
function fromRight(share: number): string {
  return '█'.repeat(Math.round(Math.min(1, share) * HALF_WIDTH)).padStart(HALF_WIDTH);
}

function intervalLine({ bars, intervalKind, intervalWhy }: SensitivityDocument, style: Style) {
  if (intervalWhy !== null) return [style.dim(wrapped(` No intervals: ${intervalWhy}.`, 4))];
  const unsure = bars.filter(({ down, up }) =>
    [down, up].some((end) => {
      const ends = end?.ci95ChangeUsdPerHour ?? null;
      return ends !== null && ends[0] < 0 && ends[1] > 0;
    }),
  );
  const of = intervalKind === 'traffic' ? 'which traffic came' : 'the luck drawn';
  const names = unsure.map(inputName).join(', ');
  return unsure.length === 0
    ? []
    : [style.dim(wrapped(` Not told from nothing at 95 % (${of}): what ${names} moves.`, 4))];
}
