import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chosenSeconds,
  count,
  counted,
  dollars,
  dollarsBare,
  percent,
  percentBare,
  rate,
  relative,
  rough,
  seconds,
  short,
  significant,
} from '../../../src/report/numbers.ts';

describe('numbers as a planner reads them', () => {
  it('have three significant digits and separated thousands', () => {
    expect(
      [4.5149, 13.46, 353_896.2, 0.001_684, 0, 99.96].map((value) => significant(value)),
    ).toEqual(['4.51', '13.5', '353,896', '0.00168', '0', '100']);
    expect(short(5)).toBe('5');
    expect(short(0.5)).toBe('0.5');
    expect(count(77_812)).toBe('77,812');
  });

  it('say nothing where there is no figure', () => {
    expect([significant(null), dollars(null), percent(null), seconds(null), count(null)]).toEqual(
      Array.from({ length: 5 }, () => '-'),
    );
  });

  it('are dollars with cents below 100, whole above, finer below 1', () => {
    expect([3.42, 2497.3, 99.99, 100, 1, 0.42, 0.00168, 0].map(dollars)).toEqual([
      '$3.42',
      '$2,497',
      '$99.99',
      '$100',
      '$1.00',
      '$0.42',
      '$0.00168',
      '$0.00',
    ]);
    expect(dollars(-3)).toBe('-$3.00');
    expect(dollarsBare(0.9999)).toBe('1.00');
  });

  it('never round a share to 0 or to 100 that is neither', () => {
    expect([0.0042, 0.032, 0.3, 0.218, 0.9999904, 0.9912, 0.0000767].map(percent)).toEqual([
      '0.42 %',
      '3.20 %',
      '30.0 %',
      '21.8 %',
      '>99.99 %',
      '99.12 %',
      '<0.01 %',
    ]);
    expect(percent(1)).toBe('100 %');
    expect(percent(0)).toBe('0 %');
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1 - 1e-8, noNaN: true }), (share) => {
        expect(Number(percentBare(share))).not.toBe(100);
        expect(percentBare(share)).not.toBe('0');
      }),
    );
  });

  it('carry the unit that reads best', () => {
    expect([0, 0.00035, 0.02, 2.6, 60, 119, 600, 9_000, 86_400, 1e6].map(seconds)).toEqual([
      '0 s',
      '350 us',
      '20.0 ms',
      '2.60 s',
      '60.0 s',
      '119 s',
      '10.0 min',
      '2.50 h',
      '24.0 h',
      '11.6 days',
    ]);
    expect([60, 300, 1.5].map(chosenSeconds)).toEqual(['60 s', '5 min', '1.5 s']);
    expect([0.59, 0.05, 0.0001].map(rate)).toEqual(['0.590/s', '3.00/min', '0.360/h']);
    expect([8_130_000, 51_204, 900].map(rough)).toEqual(['8.13 M', '51.2 k', '900']);
  });

  it('count with the right noun and compare with a sign', () => {
    expect(counted(1, 'row')).toBe('1 row');
    expect(counted(2, 'row')).toBe('2 rows');
    expect(relative(4.61, 3.42)).toBe('+35 %');
    expect(relative(2.88, 3.42)).toBe('-16 %');
    expect(relative(1, 0)).toBeNull();
    // Below a percent the sign is what is asked for.
    expect(relative(7.542, 7.531)).toBe('+0.1 %');
    expect(relative(7.518, 7.531)).toBe('-0.2 %');
    expect(relative(0.9999, 1)).toBe('-0.0 %');
    expect(relative(0.1 + 0.2, 0.3)).toBe('+0 %');
    expect(relative(1.0096, 1)).toBe('+1 %');
  });
});
