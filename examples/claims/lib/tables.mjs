/**
 * A table of claims.yaml, measured. Each case is a row: a configuration of a study, or the place on a sweep where two ways to
 * pay cost the same, or arithmetic alone. Columns are expressions over it; the rule `holds` says whether the claim is true of
 * the row.
 */
import { sourcesOf } from './cases.mjs';
import { parseExpression } from './expression.mjs';
import { meanOf } from './interval.mjs';
import { vocabularyOf } from './vocabulary.mjs';

/**
 * @param keyed the columns of keyed rows of the claim's earlier tables
 * @returns rows of cells, each with a state: true, false, 'unclear' where seeds disagree, null where nothing is claimed
 */
export async function measureTable(table, laboratory, keyed) {
  if (table.across !== undefined) return acrossTable(table, laboratory, keyed);
  const columns = Object.entries(table.columns).map(([name, column]) => ({
    name,
    ...column,
    value: parseExpression(column.is),
  }));
  const rule = table.holds === undefined ? null : parseExpression(table.holds);
  const scope = { ...vocabularyOf(await laboratory.library()), ...keyed };
  const passes = [];
  for (let seed = 0; seed < (table.seeds ?? 1); seed += 1) {
    const sources = await sourcesOf(table, laboratory, seed);
    passes.push(evaluate({ sources, columns, rule, scope }));
  }
  const rows = passes[0].map((_, i) =>
    combined(
      passes.map((pass) => pass[i]),
      columns,
    ),
  );
  const { title, rule: words, brief } = table;
  return { title, rule: words, brief, columns, rows, keyed: { columns, rows } };
}

/** One column under several settings, side by side. */
async function acrossTable({ across, ...table }, laboratory, keyed) {
  const product = [
    ...(table.product ?? [table.cases]),
    across.over.map((one) => ({ ...one, case: '' })),
  ];
  const { cases: _, ...rest } = table;
  const { columns, rows, ...measured } = await measureTable(
    { ...rest, product },
    laboratory,
    keyed,
  );
  const at = columns.findIndex(({ name }) => name === across.column);
  const width = across.over.length;
  const wide = rows
    .filter((_, i) => i % width === 0)
    .map((row, i) => ({
      ...row,
      note: undefined,
      cells: across.over.map((_, j) => rows[i * width + j].cells[at]),
    }));
  const shown = across.over.map(({ case: title }, j) => ({ ...columns[at], name: `${j}`, title }));
  return { ...measured, columns: shown, rows: wide, keyed: { columns, rows } };
}

function evaluate({ sources, columns, rule, scope }) {
  const own = {};
  return sources.map(({ label, key, given, points, share, intervals, note }) => {
    const known = { ...scope, ...own, ...given };
    const ends = points.map((point) => columnsOf(columns, { ...known, ...point }));
    const values = Object.fromEntries(
      columns.map(({ name }) => [
        name,
        between(
          ends.map((end) => end[name]),
          share,
        ),
      ]),
    );
    if (key !== null) own[key] = values;
    const holds = rule === null ? null : rule({ ...known, ...points[0], ...values });
    return { label, key, note, values, intervals, holds };
  });
}

function columnsOf(columns, scope) {
  const values = {};
  for (const { name, value } of columns) values[name] = value({ ...scope, ...values });
  return values;
}

function between([a, b = a], share) {
  if (a === null || b === null) return null;
  return share === 0 ? a : a + share * (b - a);
}

/** A row over all seeds; with one, the intervals of the run itself, where a column is one of its figures. */
function combined(passes, columns) {
  const [{ label, key, note, intervals }] = passes;
  const cells = columns.map(({ name, is }) => {
    const cell = meanOf(passes.map(({ values }) => values[name]));
    const interval = passes.length === 1 ? intervals?.[is] : undefined;
    if (interval === undefined || cell.mean === null) return cell;
    return { ...cell, half: (interval[1] - interval[0]) / 2 };
  });
  const states = new Set(passes.map(({ holds }) => holds));
  const [state] = states;
  const values = Object.fromEntries(columns.map(({ name }, i) => [name, cells[i].mean]));
  return { label, key, note, cells, values, state: states.size === 1 ? state : 'unclear' };
}
