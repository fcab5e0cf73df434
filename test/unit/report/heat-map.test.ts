import { describe, expect, it } from 'vitest';
import { heatMap, pathMeant } from '../../../src/report/heat-map.ts';
import { aRow, aSweep } from './a-result.ts';

const rows = [0, 1, 2].flatMap((min) =>
  ['10s', '60s', '5m'].map((window, i) =>
    aRow(
      { 'deployment.replicas.min': min, 'deployment.idleWindow': window },
      1 + min + i,
      15 - 3 * min - 2 * i,
    ),
  ),
);
const document = aSweep(rows, { cheapestWithinSlo: 5, front: [0, 5] });
const options = { valueAt: () => undefined, keys: null };

describe('a map in characters', () => {
  it('has the cost and p99 of two keys, with what breaks the SLO and the answer', () => {
    // A fifth of the range a shade.
    expect(heatMap(document, options)).toEqual([
      '$/h by idle window (across) and min   x breaks the SLO, < the answer',
      ' min    10 s    60 s   5 min',
      '   0   1.00x ░ 2.00x ▒ 3.00x',
      '   1 ░ 2.00x ▒ 3.00  ▓ 4.00<',
      '   2 ▒ 3.00  ▓ 4.00  █ 5.00',
      '',
      'p99 s by idle window (across) and min   x breaks the SLO, < the answer',
      ' min    10 s    60 s   5 min',
      '   0 █ 15.0x █ 13.0x ▓ 11.0x',
      '   1 ▓ 12.0x ▒ 10.0  ░ 8.00<',
      '   2 ▒ 9.00  ░ 7.00    5.00',
    ]);
  });

  it('is not drawn unasked where a key has two values, or three keys vary', () => {
    expect(heatMap(aSweep(rows.slice(0, 6)), options)).toEqual([]);
    const more = rows.map((row, i) => ({ ...row, vary: { ...row.vary, other: i % 3 } }));
    expect(heatMap(aSweep(more), options)).toEqual([]);
  });

  it('is drawn where asked, other keys at those of the answer, which it says', () => {
    const more = rows.map((row, i) => ({ ...row, vary: { ...row.vary, other: i % 2 } }));
    const keys = ['deployment.replicas.min', 'deployment.idleWindow'] as const;
    const [title] = heatMap(aSweep(more, { cheapestWithinSlo: 5 }), { ...options, keys });
    expect(title).toContain('$/h by min (across) and idle window, at other 1');
  });

  it('takes a key by its path, its end or its word', () => {
    const paths = ['deployment.replicas.min', 'deployment.idleWindow'];
    expect(pathMeant(paths, 'min')).toBe(paths[0]);
    expect(pathMeant(paths, 'idle window')).toBe(paths[1]);
    expect(pathMeant(paths, 'replicas.min')).toBe(paths[0]);
    expect(pathMeant(paths, 'max')).toBeNull();
  });
});
