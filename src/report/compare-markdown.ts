/** A comparison for a pull request: GitHub's Markdown, no HTML but what folds, text from files as text. */
import type { CompareDocument } from '../study/compare-document.ts';
import type { ViewTable } from './compare-table.ts';
import { compareView, type ViewList } from './compare-view.ts';
import { scheduleView } from './schedule-lines.ts';
import { harmless } from './text.ts';

export interface CompareMarkdownOptions {
  readonly traffic?: readonly string[];
  readonly prices?: readonly string[];
  /** Screens of their own, each shown as it is. */
  readonly more?: readonly string[];
}

export function compareMarkdown(
  document: CompareDocument,
  { traffic = [], prices = [], more = [] }: CompareMarkdownOptions = {},
): string {
  const view = compareView(document);
  const mark = document.gate.passes ? '✅' : '❌';
  const { schedule } = document;
  const blocks = [
    `### ${mark} ${inline(view.headline)}`,
    view.under.map((line) => `- ${inline(line)}`).join('\n'),
    listTable(view.changes, ['', 'from -> to', 'change']),
    view.sentences.map((line) => `- ${inline(line)}`).join('\n'),
    view.refused.rows.length === 0
      ? ''
      : `**${inline(view.refused.title)}**\n\n${listTable(view.refused, ['configuration', 'cost', 'why'])}`,
    tableBlock(view.table),
    folded(inline(view.differences.title), tableBlock({ ...view.differences, title: '' })),
    schedule === undefined ? '' : scheduleBlock(schedule),
    ...more.map((text) => folded(inline(text.split('\n')[0] ?? ''), fenced(text))),
    view.leftOut.rows.length === 0
      ? ''
      : folded(inline(view.leftOut.title), listTable(view.leftOut, ['row', 'reason'])),
    folded(
      'What it rests on',
      [...traffic, ...view.notes, ...prices].map((line) => `- ${inline(oneLine(line))}`).join('\n'),
    ),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function scheduleBlock(schedule: NonNullable<CompareDocument['schedule']>): string {
  const { title, sentences, yaml } = scheduleView(schedule);
  const lines = sentences.map((line) => `- ${inline(line)}`).join('\n');
  return [`**${title}**`, lines, yaml === '' ? '' : fenced(yaml, 'yaml')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableBlock({ title, head, rows, strong, legend }: ViewTable): string {
  if (rows.length === 0) return '';
  const aligned = head.map((text, i) =>
    i === 0 || (i === head.length - 1 && text === '') ? ':--' : '--:',
  );
  const body = rows.map((cells, i) =>
    row(cells.map((cell) => (i === strong && cell !== '' ? `**${inline(cell)}**` : inline(cell)))),
  );
  const table = [row(head.map(inline)), row(aligned), ...body].join('\n');
  const notes = legend.map((line) => `- ${inline(line)}`).join('\n');
  return [title === '' ? '' : `**${inline(title)}**`, table, notes]
    .filter((part) => part !== '')
    .join('\n\n');
}

function listTable({ rows }: ViewList, head: readonly string[]): string {
  if (rows.length === 0) return '';
  return [
    row(head),
    row(head.map(() => ':--')),
    ...rows.map((cells) => row(cells.map(inline))),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The blank lines let GitHub read Markdown inside. */
function folded(summary: string, content: string): string {
  return content === '' ? '' : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A fence that nothing inside can close. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** As it stands, on one line: nothing in it is a tag, a link, a mention, a column or an emphasis. */
export function inline(text: string): string {
  return harmless(text, 1_000)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]|~#]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replace(/\b(https?|www)(:|\.)/gi, '$1\u200b$2');
}
