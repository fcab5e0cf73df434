import { describe, expect, it } from 'vitest';
import { scatter } from '../../../src/report/scatter.ts';

const options = {
  title: 'p99 s',
  xLabel: '$/h',
  width: 20,
  height: 5,
  formatX: String,
  formatY: (y: number) => y.toFixed(2),
};

describe('a scatter with a line', () => {
  it('has what breaks the objective above the line, were it in the highest row', () => {
    const points = [
      { x: 1, y: 14.01, mark: '.' },
      { x: 2, y: 10, mark: '*' },
    ];
    const lines = scatter(points, { ...options, line: { y: 14, label: 'SLO' } });
    const broken = lines.findIndex((line) => line.includes('.') && line.includes('┤.'));
    const slo = lines.findIndex((line) => line.endsWith('SLO'));
    expect(broken).toBeGreaterThan(0);
    expect(slo).toBe(broken + 1);
  });

  it('has what meets it on the line or below, however close', () => {
    const points = [
      { x: 1, y: 20, mark: '.' },
      { x: 2, y: 13.99, mark: '*' },
      { x: 3, y: 10, mark: 'o' },
    ];
    const lines = scatter(points, { ...options, line: { y: 14, label: 'SLO' } });
    const slo = lines.findIndex((line) => line.endsWith('SLO'));
    expect(lines.findIndex((line) => line.includes('*'))).toBeGreaterThanOrEqual(slo);
  });
});
