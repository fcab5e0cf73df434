import { describe, expect, it } from 'vitest';
import { bar, sparkline } from '../../../src/report/bars.ts';
import { type ScatterOptions, scatter } from '../../../src/report/scatter.ts';

const OPTIONS: ScatterOptions = {
  title: 'p99 s',
  xLabel: '$/h',
  width: 20,
  height: 5,
  line: { y: 5, label: 'SLO' },
  formatX: String,
  formatY: (value) => value.toFixed(1),
};

describe('a scatter of points', () => {
  it('has cost to the right, latency upwards and the objective as a line', () => {
    const lines = scatter(
      [
        { x: 1, y: 9, mark: '*' },
        { x: 3, y: 1, mark: '<' },
      ],
      OPTIONS,
    );
    expect(lines).toEqual([
      'p99 s',
      '9.0 ┤*',
      '7.0 ┤',
      '5.0 ┤- - - - - - - - - -   SLO',
      '3.0 ┤',
      '1.0 ┤                   <',
      '    └1────── $/h ───────3',
    ]);
  });

  it('never draws what breaks the objective on or below its line', () => {
    const lines = scatter(
      [
        { x: 1, y: 5.01, mark: 'x' },
        { x: 2, y: 5, mark: 'o' },
        { x: 3, y: 9, mark: '*' },
        { x: 3, y: 1, mark: '*' },
      ],
      OPTIONS,
    );
    expect(lines[2]).toMatch(/^7\.0 ┤x/);
    expect(lines[3]).toMatch(/^5\.0 ┤- .*o.*SLO$/);
  });

  it('names an objective far beyond all points and gives them the rows', () => {
    const points = [
      { x: 1, y: 9, mark: '*' },
      { x: 3, y: 8, mark: '<' },
    ];
    const lines = scatter(points, { ...OPTIONS, line: { y: 100, label: 'SLO' } });
    expect(lines[0]).toBe('p99 s    SLO 100.0 lies far above');
    expect([lines[1], lines[5]]).toEqual(['9.0 ┤*', '8.0 ┤                   <']);
    const below = scatter(points, { ...OPTIONS, line: { y: 0.1, label: 'SLO' } });
    expect(below[0]).toBe('p99 s    SLO 0.1 lies far below');
  });

  it('is of any number of points', () => {
    const points = Array.from({ length: 200_000 }, (_, i) => ({ x: i, y: i, mark: '.' }));
    expect(scatter(points, OPTIONS)).toHaveLength(7);
  });

  it('is left out where there is nothing to compare', () => {
    expect(scatter([{ x: 1, y: 1, mark: '*' }], OPTIONS)).toEqual([]);
    expect(scatter([], { ...OPTIONS, line: null })).toEqual([]);
  });

  it('takes a logarithmic scale for latencies far apart, and leaves out what is infinite', () => {
    const lines = scatter(
      [
        { x: 1, y: 100, mark: 'a' },
        { x: 2, y: 10, mark: 'b' },
        { x: 3, y: 1, mark: 'c' },
        { x: 4, y: Number.NaN, mark: 'd' },
      ],
      { ...OPTIONS, line: null },
    );
    expect(lines[3]).toMatch(/^ 10\.0 ┤ +b/);
    expect(lines.join('')).not.toContain('d');
  });
});

describe('charts of one line', () => {
  it('show means of buckets by height', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([1, 1, 3, 3], 2)).toBe('▃█');
    expect(sparkline([0, 0])).toBe('▁▁');
  });

  it('show shares to an eighth of a character', () => {
    expect(bar(0.5, 4)).toBe('██');
    expect(bar(1 / 32, 4)).toBe('▏');
    expect(bar(0, 4)).toBe('');
    expect(bar(2, 4)).toBe('████');
  });
});
