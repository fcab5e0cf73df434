import { describe, expect, it } from 'vitest';
import { metAt, usdPerHourAt } from '../../../src/study/price-lever.ts';
import { laboratory, run } from './studies.ts';

const STUDY = (usd: number) => `
version: 1
workload: { synthesize: { duration: 2h, arrivals: { process: fixed, rate: 0.1/s } }, service: 2s }
deployment: { idleWindow: 5s }
billing:
  usdPerReplicaHour: ${2 * usd}
  usdPerRequest: ${0.001 * usd}
  commitmentUsdPerMonth: ${600 * usd}
  plans: { team: { usdPerMonth: ${250 * usd}, creditUsdPerMonth: ${100 * usd} } }
  plan: team
slo: ['cost.usdPerHour <= 2', latencyS.max <= 3]
`;

describe('a bill at other prices', () => {
  it('is so many times what it is, with plans, credits and commitments', async () => {
    const [once, dearer] = [await run(STUDY(1)), await run(STUDY(1.25))];
    const usd = usdPerHourAt(once, null, null, 1.25);
    expect(usd! / dearer.cost!.usdPerHour!).toBeCloseTo(1, 9);
    expect(usdPerHourAt(once, null, 'modal', 1.25)).toBe(once.cost!.usdPerHour);
  });

  it('may break an objective on it, and no other', async () => {
    const result = await run(STUDY(1));
    const objectives = laboratory(STUDY(1)).loaded.objectives;
    const own = result.cost!.usdPerHour!;
    expect(metAt(result, objectives, 1.9 / own)).toBe(true);
    expect(metAt(result, objectives, 2.1 / own)).toBe(false);
    expect(metAt({ ...result, slo: null }, [], 2)).toBeNull();
  });
});
