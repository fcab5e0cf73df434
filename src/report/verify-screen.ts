/** Theory beside simulation, a row a case and load. */
import type { VerifyRow } from '../study/verify.ts';
import { counted, rough, short, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { PLAIN, type Style } from './text.ts';

const COLUMNS: readonly Column[] = [
  { head: 'case', align: 'left' },
  { head: 'load' },
  { head: 'quantity', align: 'left' },
  { head: 'theory' },
  { head: 'simulated' },
  { head: '+-' },
  { head: 'requests' },
  { head: '', align: 'left' },
];

export function verifyScreen(rows: readonly VerifyRow[], style: Style = PLAIN): string {
  const failed = rows.filter(({ ok }) => !ok).length;
  const [head, ...body] = table(
    COLUMNS,
    rows.map(({ case: name, load, quantity, theory, simulated, halfWidth, requests, ok }) => [
      name,
      short(load),
      quantity,
      significant(theory, 4),
      significant(simulated, 4),
      significant(halfWidth, 2),
      rough(requests),
      ok ? 'ok' : 'OFF',
    ]),
  );
  const verdict =
    failed === 0
      ? style.good(`${counted(rows.length, 'figure')}: theory lies within every interval.`)
      : style.bad(
          `${counted(failed, 'figure')} of ${rows.length} off: theory lies outside the interval.`,
        );
  return [
    style.bold(verdict),
    `+- is half of a 99.9 % interval over ${rows[0]?.replications ?? 0} replications; requests are those of all together.`,
    '',
    style.dim(head!),
    ...body.map((line, i) => (rows[i]!.ok ? line : style.bad(line))),
  ].join('\n');
}
