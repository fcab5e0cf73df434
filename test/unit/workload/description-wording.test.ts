import { describe, expect, it } from 'vitest';
import {
  counted,
  listed,
  number,
  percent,
  time,
} from '../../../src/workload/description/wording.ts';

describe('numbers in sentences', () => {
  it('have three digits, thousands apart, and no zeros that say nothing', () => {
    expect([0, 0.01234, 12.849, 402, 999.6, 14_200.4, 1_234_567].map(number)).toEqual([
      '0',
      '0.0123',
      '12.8',
      '402',
      '1,000',
      '14,200',
      '1,234,567',
    ]);
    expect([counted(1, 'line'), counted(9118, 'line')]).toEqual(['1 line', '9,118 lines']);
    expect([0, 0.0001, 0.564, 1].map(percent)).toEqual([
      '0 %',
      'less than 0.1 %',
      '56.4 %',
      '100 %',
    ]);
  });

  it('are times in the unit that reads best', () => {
    const s = 1_000_000;
    expect([250_000, 5 * s, 60 * s, 900 * s, 7200 * s, 86_400 * s, 1e6 * s].map(time)).toEqual([
      '250 ms',
      '5 s',
      '60 s',
      '15 min',
      '2 h',
      '24 h',
      '11.6 days',
    ]);
  });

  it('are listed with an and', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });
});
