import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/cli/pace.ts';

describe('the pace of a sweep', () => {
  it('says nothing before two seconds, or while nothing finishes', () => {
    const pace = new Pace();
    pace.note(0, 0);
    pace.note(1_900, 50);
    expect(pace.perSecond()).toBeNull();
    const idle = new Pace();
    for (const ms of [0, 1_000, 5_000]) idle.note(ms, 0);
    expect(idle.perSecond()).toBeNull();
  });

  it('is what finished lately over the time it took', () => {
    const pace = new Pace();
    for (let s = 0; s <= 10; s++) pace.note(s * 1_000, s * 40);
    expect(pace.perSecond()).toBe(40);
  });

  it('follows a grid whose later rows are slower: half a minute counts', () => {
    const pace = new Pace();
    for (let s = 0; s <= 100; s++) pace.note(s * 1_000, s * 100);
    for (let s = 1; s <= 60; s++) pace.note((100 + s) * 1_000, 10_000 + s * 10);
    expect(pace.perSecond()).toBe(10);
  });
});
