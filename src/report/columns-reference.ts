/** docs/columns.md: every column of the tables that coldfront writes. */
import { columnReference } from './columns.ts';

const INTRODUCTION = `# Columns

\`sweep --out\` and \`simulate --out\` write \`results.csv\` and \`results.parquet\`, with \`--timeline\` and \`--hours\` also
\`timeline\` and \`hours\`. \`coldfront export DIR --what TABLE --format csv|json|parquet\` writes any of the tables below.

Names are paths of a result's JSON; units are in them or beside them. CSV is RFC 4180 with LF, null is nothing between two commas, an
empty text is \`""\`; a text that a spreadsheet would take for a formula has an apostrophe before it. JSON is an array of flat objects.
In Parquet an integer is INT32, a number DOUBLE, a time a TIMESTAMP in UTC; every column may be null. A figure over no requests is
null. Warnings, advice, pools and endpoints are lists, and in results.json alone.`;

export function columnsMarkdown(): string {
  const sections = columnReference().map(({ table, row, columns }) =>
    [
      `## ${table}`,
      `A row is ${row}.`,
      [
        '| column | type | unit | what it says |',
        '|---|---|---|---|',
        ...columns.map(
          ({ name, type, unit, about }) => `| \`${name}\` | ${type} | ${unit ?? ''} | ${about} |`,
        ),
      ].join('\n'),
    ].join('\n\n'),
  );
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}
