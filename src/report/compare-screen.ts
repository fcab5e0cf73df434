/** A comparison on a terminal: the conclusion, why nothing cheaper will do, the rows, the paired differences, what it rests on. */
import type { CompareDocument } from '../study/compare-document.ts';
import type { ViewTable } from './compare-table.ts';
import { compareView, type ViewList } from './compare-view.ts';
import { scheduleView } from './schedule-lines.ts';
import { type Column, table } from './table.ts';
import { PLAIN, SCREEN_WIDTH, type Style, type Surroundings, wrapped } from './text.ts';

export interface CompareScreenOptions extends Surroundings {
  /** What was asked for besides: crossover, sensitivity, cliff, schedule. */
  readonly more?: readonly string[];
  /** Where the document lies, if it was kept. */
  readonly folder?: string | null;
}

export function compareScreen(
  document: CompareDocument,
  options: CompareScreenOptions = {},
): string {
  const { style = PLAIN, traffic = [], prices = [], more = [], folder = null } = options;
  const view = compareView(document);
  const tone = view.tone === 'plain' ? style.bold : style[view.tone];
  const blocks = [
    [
      style.bold(tone(wrapped(view.headline, 2))),
      ...view.under.map((line) => wrapped(line, 2)),
      ...listLines(view.changes, style),
    ],
    view.sentences.map((line) => wrapped(line, 2)),
    listLines(view.refused, style),
    tableLines(view.table, style),
    tableLines(view.differences, style),
    scheduleLines(document, style),
    ...more.map((text) => [text]),
    listLines(view.leftOut, style),
    traffic,
    [...view.notes.map((line) => wrapped(line, 2)), ...prices],
    folder === null ? [] : [`Kept: ${folder}`],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function scheduleLines({ schedule }: CompareDocument, style: Style): string[] {
  if (schedule === undefined) return [];
  const { title, sentences, yaml } = scheduleView(schedule);
  return [
    style.bold(title),
    ...sentences.map((line) => wrapped(`  ${line}`, 4)),
    ...(yaml === ''
      ? []
      : [
          '',
          ...yaml
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
        ]),
  ];
}

/** Texts side by side; the last one wraps by itself. */
function listLines({ title, rows }: ViewList, style: Style): string[] {
  if (rows.length === 0) return [];
  const head = title === '' ? [] : [style.bold(title)];
  const columns = rows[0]!.length - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  );
  const indent = widths.reduce((sum, width) => sum + width + 2, 2);
  return [
    ...head,
    ...rows.map((row) => {
      const lead = widths.map((width, column) => row[column]!.padEnd(width)).join('  ');
      return wrapped(`  ${lead}  ${row.at(-1)!}`.trimEnd(), Math.min(indent, 60));
    }),
  ];
}

function tableLines(view: ViewTable, style: Style): string[] {
  const { title, head, rows, spare, strong, legend } = view;
  if (rows.length === 0) return [];
  const columns: Column[] = head.map((text, i) => ({
    head: text,
    align: i === 0 || (i === head.length - 1 && text === '') ? 'left' : 'right',
  }));
  const lines = table(columns, rows);
  const [at, ...others] = spare;
  if (at !== undefined && lines.some(({ length }) => length >= SCREEN_WIDTH)) {
    const without = (cells: readonly string[]) => cells.toSpliced(at, 1);
    const less = { ...view, head: without(head), rows: rows.map(without), spare: others };
    return tableLines(less, style);
  }
  const [heading, ...body] = lines;
  return [
    style.bold(title),
    style.dim(` ${heading}`),
    ...body.map((line, i) => (i === strong ? style.good(` ${line}`) : ` ${line}`)),
    ...legend.map((line) => style.dim(wrapped(` ${line}`, 4))),
  ];
}
