import { describe, expect, it } from 'vitest';
import { endsOf } from '../../../src/study/grid-ends.ts';

const MIN = 'deployment.replicas.min';
const WINDOW = 'deployment.idleWindow';
const all = [0, 3, 6].flatMap((min) =>
  ['5s', '300ms', '1m'].map((window) => ({ [MIN]: min, [WINDOW]: window, 'workload.rate': min })),
);

describe('an answer lies at the end of what was varied', () => {
  it('with the smallest or largest number or duration, in whatever unit', () => {
    expect(endsOf({ [MIN]: 6, [WINDOW]: '300ms' }, all)).toEqual([
      { path: MIN, value: 6, end: 'largest' },
      { path: WINDOW, value: '300ms', end: 'smallest' },
    ]);
  });

  it('but not between others, at nothing, where one value was tried, or by its traffic', () => {
    expect(endsOf({ [MIN]: 3, [WINDOW]: '5s', 'workload.rate': 6 }, all)).toEqual([]);
    expect(endsOf({ [MIN]: 0 }, all)).toEqual([]);
    expect(endsOf({ [MIN]: 6 }, [{ [MIN]: 6 }])).toEqual([]);
    expect(endsOf({ 'deployment.gpu': 'l4' }, [{ 'deployment.gpu': 'h100' }])).toEqual([]);
  });
});
