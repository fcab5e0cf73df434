/** docs/claims.md as text: the same numbers give the same bytes. */
import { shown, shownCell } from './numbers.mjs';
import { VERDICTS, verdictText } from './verdict.mjs';

const MARKS = new Map([
  [true, 'yes'],
  [false, 'no'],
  ['unclear', 'seeds disagree'],
]);

export function pageText({ summary, sources, sections }) {
  const claims = sections.flatMap((section) => section.claims);
  return `${[
    intro(claims),
    filled(summary, new Map(claims.flatMap(prefixedCells))),
    contents(sections),
    ...sections.flatMap((section) => [
      `## ${section.title}`,
      ...(section.intro ? [section.intro.trim()] : []),
      ...section.claims.map((claim) => claimText(claim, sources)),
    ]),
    sourceList(sources),
  ].join('\n\n')}\n`;
}

function intro(claims) {
  const count = (word) => claims.filter(({ id, verdict }) => id && verdict.word === word).length;
  return `# The guides, tested

What planners read about serverless GPUs comes in numbers: hours, percentages, seconds, dollars. Here each of them meets
the simulator. \`npm run claims\` runs the studies of [examples/claims](../examples/claims) and writes this page; what it
says was measured comes from the run, within the explanations too.

**The verdict** is counted, not judged. Each claim has a rule, printed with it, that is true or false of a row; rows are the
prices, traffic and load times that the guides leave open. True of every row: holds. Of none: does not hold. Of some: holds
if, and the rows say when. A ± is a 95 % interval over the luck that was drawn; where the seeds disagree on a row, it says so.
A month has 730 hours unless the claim counts otherwise, and then it is said.

Of ${claims.filter(({ id }) => id).length} claims ${count(VERDICTS.holds)} hold, ${count(VERDICTS.sometimes)} hold under conditions, ${count(VERDICTS.not)} do not hold, ${count(VERDICTS.inexpressible)} cannot be expressed.`;
}

function contents(sections) {
  const rows = sections.flatMap(({ claims }) =>
    claims
      .filter(({ id }) => id)
      .map(
        ({ id, title, verdict }) =>
          `| ${id} | [${title}](#${anchorOf(id, title)}) | ${verdictText(verdict)} |`,
      ),
  );
  return ['| # | claim | verdict |', '|---|---|---|', ...rows].join('\n');
}

/** `c6.warm2.p99`: the row and column of a claim; c0 is what has no number. */
function prefixedCells({ id = 0, measured }) {
  return [...keyedCells(measured)].map(([name, cell]) => [`c${id}.${name}`, cell]);
}

/** As GitHub makes it of a heading. */
function anchorOf(id, title) {
  return `${id}. ${title}`
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** What is no claim explains its tables before it shows them. */
export function claimText(claim, sources) {
  const { id, title, says, source, measured, learns, missing } = claim;
  const explained = learns === undefined ? [] : [filled(learns, keyedCells(measured))];
  const tables = measured.map(tableText);
  const body =
    id === undefined
      ? [`### ${title}`, ...explained, ...tables]
      : [
          `### ${id}. ${title}`,
          `**Claim** ${says.trim()}${sourceNote(source, sources)}`,
          verdictLine(claim),
          ...tables,
          ...explained,
        ];
  const lacks = missing === undefined ? [] : [`**Missing:** ${missing.trim()}`];
  return [...body, ...lacks, commands(claim)].join('\n\n');
}

/** `if:` speaks of a claim that holds under conditions, and is silent else. */
function verdictLine({ verdict, if: condition }) {
  const when = condition !== undefined && verdict.word === VERDICTS.sometimes;
  return `**Verdict: ${verdictText(verdict)}.**${when ? ` ${condition.trim()}` : ''}`;
}

function sourceNote(source, sources) {
  return ` (${[source]
    .flat()
    .map((one) => sources[one].short)
    .join('; ')})`;
}

/** A brief table leaves out the rows of which the claim is not true, and counts them. */
function tableText({ title, rule, brief, columns, rows: all }) {
  const judged = all.some(({ state }) => state !== null);
  const rows = brief === undefined ? all : all.filter(({ state }) => state !== false);
  const head = [title, ...columns.map((column) => column.title), ...(judged ? ['holds'] : [])];
  const line = head.map((_, i) => (i === 0 ? '---' : '--:'));
  const lines = rows.map(({ label, note, cells, state }) => [
    note === undefined ? label : `${label} (${note})`,
    ...cells.map((cell, i) => shownCell(cell, columns[i].show)),
    ...(judged ? [MARKS.get(state)] : []),
  ]);
  const table = [head, line, ...lines].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return [
    ...(rule === undefined ? [] : [`A row holds if ${rule.trim()}.`]),
    ...(rows.length === 0 ? [] : [table]),
    ...(brief === undefined ? [] : [`${othersOf(rows.length, all.length)}: ${brief}.`]),
  ].join('\n\n');
}

function othersOf(shownRows, all) {
  return shownRows === 0
    ? `None of ${all} rows does`
    : `The other ${all - shownRows} of ${all} rows do not`;
}

/** Every keyed row's cells by `key.column`, with the form of the column. */
function keyedCells(tables) {
  const values = new Map();
  for (const { keyed } of tables) {
    for (const { key, cells } of keyed.rows) {
      if (key === null) continue;
      for (const [i, { name, show }] of keyed.columns.entries()) {
        values.set(`${key}.${name}`, { mean: cells[i].mean, show });
      }
    }
  }
  return values;
}

/** `{{work.day}}` in prose, or `{{work.day usd}}` in another form */
function filled(text, values) {
  return text.trim().replaceAll(/\{\{\s*([\w.-]+)(?:\s+(\w+))?\s*\}\}/g, (_, name, form) => {
    const cell = values.get(name);
    if (cell === undefined) throw new Error(`no row and column is ${name}`);
    return shown(cell.mean, form ?? cell.show);
  });
}

/** What measures the claim again, and what shows its studies by themselves. */
function commands({ id = 0, commands: given = [], tables = [] }) {
  const studies = tables.flatMap(({ study, parts = {}, cases = [], product = [] }) =>
    [{ study }, ...Object.values(parts), ...cases, ...product.flat()].flatMap(
      (one) => one.study ?? [],
    ),
  );
  const runs = [...new Set(studies)].map((study) => `coldfront sweep examples/claims/${study}`);
  return ['```sh', `npm run claims -- ${id}`, ...given, ...runs, '```'].join('\n');
}

function sourceList(sources) {
  const items = Object.values(sources).map(({ short, long }) => `- **${short}**: ${long.trim()}`);
  return `## Sources

Where a guide states a price, the claim is tested at that price; today's are those of [models](../models/README.md), with
source, date and grade.

${items.join('\n')}`;
}
