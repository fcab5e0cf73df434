/** A simulation beside what was recorded: whether it may be trusted, and where it leans. */
import {
  CALIBRATED,
  type CalibratedFigure,
  type CalibratedPart,
  type Calibration,
} from '../study/calibration/calibration-document.ts';
import { GOOD_TO } from '../study/calibration/compared.ts';
import { dollars, percent, seconds, short, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, type Surroundings, wrapped } from './text.ts';

const COLUMNS: readonly Column[] = [
  { head: '', align: 'left' },
  { head: 'recorded' },
  { head: 'simulated' },
  { head: 'error' },
  { head: 'allowed' },
  { head: '', align: 'left' },
  { head: '', align: 'left' },
];

const LABELS: Readonly<Record<CalibratedFigure['figure'], string>> = {
  cost: 'cost',
  replicas: 'replicas, mean',
  replicasOverTime: 'replicas over time',
  'latencyS.mean': 'mean latency',
  'latencyS.p50': 'p50 latency',
  'latencyS.p95': 'p95 latency',
  'latencyS.p99': 'p99 latency',
};

const BARS = CALIBRATED.map((figure) => `${LABELS[figure]} ${short(100 * GOOD_TO[figure])} %`).join(
  ', ',
);

export function calibrateScreen(
  calibration: Calibration,
  { style = PLAIN, traffic = [] }: Surroundings = {},
): string {
  const { name, heldOut, before, across, fitted, notes } = calibration;
  const judged = [...heldOut.figures, ...(across?.figures ?? [])];
  const isAcrossAlone =
    across !== null && heldOut.figures.length === 0 && (before?.figures.length ?? 0) === 0;
  const blocks = [
    [style.bold(harmless(name)), ...traffic],
    verdict(calibration, judged, style),
    // An invoice is of both parts: nothing of either by itself is nothing to tell.
    isAcrossAlone ? [] : partLines(before === null ? 'All of it' : 'Held out', heldOut, style),
    across === null ? [] : partLines('Over both parts', across, style),
    before === null || isAcrossAlone ? [] : partLines('Before it', before, style, false),
    [
      ...(fitted.length === 0
        ? ['Nothing was fitted by coldfront, and --fitted names nothing that you fitted.']
        : [wrapped(`Fitted to what comes before, as you say: ${fitted.join(', ')}`, 2)]),
      ...notes.map((note) => wrapped(`! ${note}`, 2)),
      wrapped(
        `good: as near as the best published simulators come (${BARS}; of replicas none is published); fair: up to twice that`,
        2,
      ),
    ],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function verdict(
  { within }: Calibration,
  judged: readonly CalibratedFigure[],
  style: Style,
): string[] {
  if (judged.length === 0) return [style.bad('Nothing to judge')];
  const off = judged.filter((figure) => !figure.within);
  const head = within
    ? style.good('Reproduces what was recorded, every figure within its threshold:')
    : style.bad(
        judged.length === 1
          ? '1 of 1 figure past its threshold:'
          : `${off.length} of ${judged.length} figures past their thresholds:`,
      );
  const said = (within ? judged : off).map(({ says }) => `  ${says}`);
  return [head, ...said];
}

function partLines(
  label: string,
  { fromS, toS, figures }: CalibratedPart,
  style: Style,
  isJudged = true,
): string[] {
  const head = `${label}: ${seconds(fromS)} .. ${seconds(toS)}`;
  if (figures.length === 0) return [head, '  nothing was recorded in it'];
  const rows = figures.map((figure) => [
    `  ${LABELS[figure.figure]}`,
    shown(figure, figure.recorded),
    `${shown(figure, figure.simulated)}${plusMinus(figure)}`,
    percent(figure.error),
    isJudged ? percent(figure.threshold) : '',
    figure.quality,
    directionOf(figure),
  ]);
  const [heads, ...body] = table(COLUMNS, rows);
  return [
    head,
    style.dim(heads!),
    ...body.map((text, i) => (isJudged && !figures[i]!.within ? style.bad(text) : text)),
  ];
}

function plusMinus({ simulatedCi95, simulated, ...figure }: CalibratedFigure): string {
  if (simulatedCi95 === null) return '';
  const half = Math.max(simulated - simulatedCi95[0], simulatedCi95[1] - simulated);
  return ` ± ${shown(figure, half)}`;
}

function shown({ unit }: Pick<CalibratedFigure, 'unit'>, value: number): string {
  if (unit === 'USD') return dollars(value);
  return unit === 's' ? seconds(value) : significant(value);
}

/** `too many`: the last words of what is said, where there is a difference. */
function directionOf({ says }: CalibratedFigure): string {
  return /too \w+$/.exec(says)?.[0] ?? '';
}
