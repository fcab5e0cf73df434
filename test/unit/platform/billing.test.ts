import { describe, expect, it } from 'vitest';
import { compileBilling } from '../../../src/platform/billing.ts';
import type { Platform } from '../../../src/platform/catalogue.ts';
import { INPUT, mistakesOf as mistakes, planOf as plan } from './plan.ts';

const ALL = ['starting', 'idle', 'busy', 'draining'] as const;

const PLATFORM: Pick<Platform, 'name' | 'billing'> = {
  name: 'Test Cloud',
  billing: {
    gpus: {
      l4: { usdPerGpuSecond: 0.0002 },
      h100: { usdPerGpuHour: 6.88, gpusPerReplica: [1, 8] },
    },
    usdPerCoreSecond: 0.00001,
    usdPerGiBSecond: 0.000002,
    regions: { near: 1.5 },
    states: [...ALL],
    startPhases: { except: ['capacity', 'pull'] },
    quantum: '1s',
    scope: 'replica',
    minimum: '60s',
    usdPerRequest: 0,
  },
};

describe('compileBilling', () => {
  it('is null where nobody gives a price: no cost is not a cost of 0', () => {
    expect(compileBilling(INPUT)).toBeNull();
  });

  it('fills a study with nothing but a price: all time, all phases, no rounding, no minimum', () => {
    const { meters } = plan({ billing: { usdPerReplicaHour: 2 }, phaseNames: ['pull', 'load'] });
    expect(meters).toEqual([
      {
        idle: true,
        busy: true,
        draining: true,
        phases: [true, true],
        quantumUs: 1,
        minimumUs: 0,
        scope: 'replica',
        minuteOffsetUs: 0,
      },
    ]);
  });

  it('leaves out the start phases that a platform does not bill, by name', () => {
    const { meters } = plan({
      platform: PLATFORM,
      gpu: 'l4',
      phaseNames: ['pull', 'boot', 'load'],
    });
    expect(meters[0]).toMatchObject({
      phases: [false, true, true],
      quantumUs: 1_000_000,
      minimumUs: 60_000_000,
    });
  });

  it('bills a start without names whole and says so', () => {
    const { meters, notes } = plan({ platform: PLATFORM, gpu: 'l4', phaseNames: ['start'] });
    expect(meters[0]?.phases).toEqual([true]);
    expect(notes).toContainEqual(expect.stringContaining('does not bill capacity, pull'));
  });

  it('says when the platform bills CPU and memory and the study names none', () => {
    const without = plan({ platform: PLATFORM, gpu: 'l4' });
    expect(without.notes).toEqual([expect.stringContaining('bills CPU and memory')]);
    expect(plan({ platform: PLATFORM, gpu: 'l4', cores: 1, memoryGiB: 0.5 }).notes).toEqual([]);
  });

  it('lets a study override every term of a platform', () => {
    const billing = {
      usdPerReplicaHour: 3,
      states: ['busy' as const],
      startPhases: 'all' as const,
      quantum: '100ms',
      scope: 'minute' as const,
      minimum: '1s',
      usdPerRequest: 0.01,
    };
    const { meters, timed, counts } = plan({
      platform: PLATFORM,
      billing,
      phaseNames: ['pull'],
      minuteOffsetUs: 7,
    });
    expect(meters).toEqual([
      {
        idle: false,
        busy: true,
        draining: false,
        phases: [false],
        quantumUs: 100_000,
        minimumUs: 1_000_000,
        scope: 'minute',
        minuteOffsetUs: 7,
      },
    ]);
    expect(timed[0]?.rates.map(({ price }) => price.unit)).toEqual(['replica h']);
    expect(counts[0]?.price.usdPerUnit).toEqual({ numerator: 1n, denominator: 100n });
  });

  it('takes time by request for busy time alone', () => {
    const [meter] = plan({ billing: { usdPerReplicaHour: 1, scope: 'request' } }).meters;
    expect(meter).toMatchObject({ idle: false, busy: true, draining: false, scope: 'request' });
  });

  it('refuses a GPU without a price and lists those that have one: a missing price is never 0', () => {
    expect(mistakes({ platform: PLATFORM, gpu: 'a10' })).toEqual([
      'deployment.gpu  a10 has no price: Test Cloud has l4, h100; or give billing.usdPerReplicaHour',
    ]);
    expect(mistakes({ platform: PLATFORM, gpu: 'toString' })).toHaveLength(1);
    expect(mistakes({ platform: PLATFORM })[0]).toContain('deployment.gpu  is missing');
    expect(mistakes({ billing: { quantum: '1s' } })[0]).toContain('billing.usdPerReplicaHour');
  });

  it('reports every contradiction at once', () => {
    expect(
      mistakes({
        platform: PLATFORM,
        billing: { scope: 'request', startPhases: ['lode'], minimum: '0.5us' },
        gpu: 'h100',
        gpus: 3,
        region: 'far',
        phaseNames: ['load'],
      }),
    ).toEqual([
      'billing.scope  request bills time in service only, not starting, idle, draining: write states: [busy]',
      'billing.startPhases  lode is no phase of deployment.coldStart: there are load',
      'billing.minimum  must be a duration in whole microseconds such as 1s, is 0.5us',
      'deployment.region  far is no region of Test Cloud: there are near',
      'deployment.gpus  must be 1 or 8 for h100 at Test Cloud, is 3',
    ]);
    expect(mistakes({ billing: { usdPerReplicaHour: 1, scope: 'minute', quantum: '2m' } })).toEqual(
      ['billing.quantum  must be at most 1m where the scope is minute, is 2m'],
    );
  });
});
