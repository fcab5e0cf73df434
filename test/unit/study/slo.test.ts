import { describe, expect, it } from 'vitest';
import {
  compare,
  type Objective,
  parseObjective,
  type ShareObjective,
  shareHolds,
  thresholdsUs,
} from '../../../src/study/slo.ts';

function parsed(text: string): Objective {
  const objective = parseObjective(text);
  if (typeof objective === 'string') throw new Error(objective);
  return objective;
}

describe('objectives', () => {
  it('a quantile is a share within a time, exact at the threshold', () => {
    const objective = parsed('latencyS.p99 <= 5') as ShareObjective;
    expect(objective).toMatchObject({ kind: 'share', figure: 'latencyS', thresholdUs: 5_000_000 });
    expect(shareHolds(objective, 99, 100)).toBe(true);
    expect(shareHolds(objective, 98, 100)).toBe(false);
    expect(shareHolds(objective, 989_999_999, 1_000_000_000)).toBe(false);
  });

  it('`<` leaves the threshold itself out, `<=` does not', () => {
    expect(parsed('waitS.p95 < 1')).toMatchObject({ thresholdUs: 999_999 });
    expect(parsed('waitS.p95 <= 0.3')).toMatchObject({ thresholdUs: 300_000 });
    expect(parsed('waitS.p95 < 0.0000005')).toMatchObject({ thresholdUs: 0 });
  });

  it('shares are exact decimals, with % or without', () => {
    for (const text of ['share(waitS <= 1) >= 0.995', 'share( waitS<=1 )>=99.5%']) {
      const objective = parsed(text) as ShareObjective;
      expect(shareHolds(objective, 995, 1_000)).toBe(true);
      expect(shareHolds(objective, 994, 1_000)).toBe(false);
    }
    const above = parsed('share(latencyS < 2) > 0.5') as ShareObjective;
    expect(shareHolds(above, 1, 2)).toBe(false);
    expect(shareHolds(above, 2, 3)).toBe(true);
  });

  it('other figures are compared as they stand', () => {
    expect(parsed('coldStarts.fraction <= 1%')).toMatchObject({ kind: 'figure', value: 0.01 });
    expect(parsed('cost.usdPerHour <= 4')).toMatchObject({ figure: 'cost.usdPerHour', value: 4 });
    expect(compare(4, '<=', 4) && !compare(4, '<', 4) && compare(5, '>', 4)).toBe(true);
  });

  it('thresholds are ascending, each once', () => {
    const all = ['latencyS.p99 <= 5', 'latencyS.p50 <= 1', 'share(latencyS <= 5) >= 0.9'].map(
      parsed,
    );
    expect(thresholdsUs(all, 'latencyS')).toEqual([1_000_000, 5_000_000]);
    expect(thresholdsUs(all, 'waitS')).toEqual([]);
  });

  it.each([
    ['latency.p99 <= 5', /is no figure of a result\. Did you mean latencyS\.p99\?/],
    ['latencyS.p99 <= 5s', /in seconds already/],
    ['latencyS.p99 >= 5', /upper bound/],
    ['share(waitS <= 1) <= 0.9', /write >= in place of <=/],
    ['share(waitS <= 1) >= 101%', /over 100%/],
    ['share(waitS <= 1) >= 99', /write 99% for percent/],
    ['coldStarts.fraction <= 5', /over 1, is 5/],
    ['cost.usdPerHour <= cheap', /cheap is no number/],
    ['fast please', /is no objective/],
  ])('%s is a mistake that says what would be right', (text, message) => {
    expect(parseObjective(text)).toMatch(message);
  });
});
