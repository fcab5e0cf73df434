import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyed } from '../../../src/base/random.ts';
import { US_PER_H, US_PER_MIN } from '../../../src/base/units.ts';
import { spellMistakes, Weather } from '../../../src/engine/weather.ts';
import { meanOf } from '../../../src/study/estimate.ts';
import { halfWidthOf } from '../../../src/study/verify.ts';

const NEVER = Number.POSITIVE_INFINITY;

function drawn(meanGapUs: number, meanSpellUs: number, seed = 's', replication = 0): Weather {
  return new Weather({ meanGapUs, meanSpellUs }, keyed(seed, replication, 'weather', 0, 0));
}

describe('spells that are given', () => {
  const weather = new Weather(
    [
      { fromUs: 10, toUs: 20 },
      { fromUs: 30, toUs: 35 },
    ],
    keyed('s', 0, 'weather', 0, 0),
  );

  it('a spell holds from its begin to before its end', () => {
    expect([0, 9, 10, 19, 20, 30, 34, 35, 99].map((us) => weather.endOfSpellUs(us))).toEqual([
      0, 9, 20, 20, 20, 35, 35, 35, 99,
    ]);
  });

  it('the next is one that has not begun, Infinity after the last', () => {
    expect([0, 9, 10, 19, 20, 29, 30, 99].map((us) => weather.nextBeginUs(us))).toEqual([
      10,
      10,
      30,
      30,
      30,
      30,
      NEVER,
      NEVER,
    ]);
  });

  it('the time in spells is counted on any stretch', () => {
    expect(weather.shortUs(0, 1000)).toBe(15);
    expect(weather.shortUs(15, 31)).toBe(6);
    expect(weather.shortUs(20, 30)).toBe(0);
  });

  it('spells that meet, overlap or run backwards are mistakes', () => {
    const spells = [
      { fromUs: 10, toUs: 20 },
      { fromUs: 20, toUs: 30 },
      { fromUs: 50, toUs: 40 },
    ];
    expect(spellMistakes(spells)).toEqual([
      'spell 2 must begin after spell 1 has ended; two that meet are one',
      'spell 3 must end after it has begun',
    ]);
  });
});

describe('spells that are drawn', () => {
  it('are the same in whatever order one asks', () => {
    const times = fc.array(fc.nat(1e9), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, fc.nat(), (asked, seed) => {
        const one = drawn(2e6, 1e6, String(seed));
        const answers = asked.map((us) => [one.endOfSpellUs(us), one.nextBeginUs(us)]);
        const other = drawn(2e6, 1e6, String(seed));
        const again = asked.toReversed().map((us) => {
          const nextUs = other.nextBeginUs(us);
          return [other.endOfSpellUs(us), nextUs];
        });
        expect(again.toReversed()).toEqual(answers);
      }),
    );
  });

  it('alternate: after each begin an end, after each end a begin, whole microseconds apart', () => {
    const weather = drawn(3, 2);
    let nowUs = 0;
    for (let n = 0; n < 1000; n++) {
      const beginUs = weather.nextBeginUs(nowUs);
      expect(Number.isSafeInteger(beginUs)).toBe(true);
      expect(beginUs).toBeGreaterThan(nowUs);
      const endUs = weather.endOfSpellUs(beginUs);
      expect(endUs).toBeGreaterThan(beginUs);
      expect(weather.endOfSpellUs(endUs)).toBe(endUs);
      expect(weather.nextBeginUs(beginUs)).toBeGreaterThan(endUs);
      nowUs = endUs;
    }
  });

  // In the long run, and at time 0, a share length / (length + gap) of the time is in spells: a tenth here.
  const [gapUs, spellUs] = [9 * US_PER_H, US_PER_H];
  const share = 0.1;

  it('take their share of time, within the 99.9 % interval of 400 years', () => {
    const years = Array.from({ length: 400 }, (_, year) => {
      const us = 365 * 24 * US_PER_H;
      return drawn(gapUs, spellUs, 'share', year).shortUs(0, us) / us;
    });
    expect(Math.abs(meanOf(years) - share)).toBeLessThan(halfWidthOf(years, 0.999));
  });

  it('are under way at time 0 with that chance, and the first hour is as any other', () => {
    const first = Array.from({ length: 20_000 }, (_, n) => drawn(gapUs, spellUs, 'first', n));
    const now = first.map((weather) => (weather.endOfSpellUs(0) > 0 ? 1 : 0));
    expect(Math.abs(meanOf(now) - share)).toBeLessThan(halfWidthOf(now, 0.999));
    const hour = first.map((weather) => weather.shortUs(0, US_PER_H) / US_PER_H);
    expect(Math.abs(meanOf(hour) - share)).toBeLessThan(halfWidthOf(hour, 0.999));
  });

  it('have the lengths and gaps that were asked for', () => {
    const weather = drawn(20 * US_PER_MIN, 5 * US_PER_MIN);
    const gaps: number[] = [];
    const lengths: number[] = [];
    let endUs = weather.endOfSpellUs(weather.nextBeginUs(0));
    for (let n = 0; n < 20_000; n++) {
      const beginUs = weather.nextBeginUs(endUs);
      gaps.push(beginUs - endUs);
      endUs = weather.endOfSpellUs(beginUs);
      lengths.push(endUs - beginUs);
    }
    expect(Math.abs(meanOf(gaps) - 20 * US_PER_MIN)).toBeLessThan(halfWidthOf(gaps, 0.999));
    expect(Math.abs(meanOf(lengths) - 5 * US_PER_MIN)).toBeLessThan(halfWidthOf(lengths, 0.999));
  });
});
