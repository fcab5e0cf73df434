/** Calibration with a known answer: what is recorded was simulated, with the same settings or with others. */
import { describe, expect, it } from 'vitest';
import { AS_STUDIED, type Bound } from '../../../../src/study/bind.ts';
import { calibrationOf } from '../../../../src/study/calibration/calibration.ts';
import type {
  Calibrated,
  CalibratedFigure,
  Calibration,
} from '../../../../src/study/calibration/calibration-document.ts';
import type { Recorded } from '../../../../src/study/calibration/recorded.ts';
import { benchOf, jobOf } from '../../../../src/study/job.ts';
import { measuredIn, runBound, runPool } from '../../../../src/study/run-bound.ts';
import { load } from '../studies.ts';

const STUDY = `
version: 1
name: chat
workload:
  synthesize: { duration: 4h, arrivals: { process: poisson, rate: 0.2/s } }
  service: { distribution: lognormal, mean: 4s, cv: 0.6 }
deployment: { coldStart: 10s, idleWindow: 30s, replicas: { max: 8 } }
billing: { usdPerReplicaHour: 2 }
`;

function bound(...set: readonly string[]): Bound {
  const loaded = load(STUDY, { set, asItStands: true });
  return jobOf(benchOf(loaded, [], 'test'), loaded.points[0]!, AS_STUDIED).bound;
}

const MINUTE_US = 60e6;

/** As a monitor would have it, were the simulation the truth. */
function recordOf(truth: Bound): Recorded {
  const { period } = truth.scenario;
  const { result } = runBound(measuredIn(truth, period, MINUTE_US), 'truth');
  const { busy, idle, starting } = result.timeline!;
  const all = busy.map((value, i) => value + idle[i]! + starting[i]!);
  const { kept } = runPool({ ...truth, scenario: { ...truth.scenario, keepsServices: true } }, 0);
  // One line and one slot a replica: services begin in the order of arrivals.
  const [chunk] = [...truth.workload.chunks(truth.scenario.seed, 0)];
  const inOrder = [...kept!.beginUs.keys()].sort((a, b) => kept!.beginUs[a]! - kept!.beginUs[b]!);
  const arrivalUs = chunk!.arrivalUs.slice(0, chunk!.count);
  return {
    replicas: {
      name: 'replicas.csv',
      atUs: Float64Array.from(all, (_, i) => i * MINUTE_US),
      replicas: Float64Array.from(all),
    },
    latencies: {
      name: 'latency.csv',
      atUs: arrivalUs,
      latencyUs: arrivalUs.map((us, i) => kept!.endUs[inOrder[i]!]! - us),
    },
    invoices: [
      { name: 'invoice', fromUs: 0, toUs: period.toUs / 2, usd: 0 },
      { name: 'invoice', fromUs: period.toUs / 2, toUs: period.toUs, usd: 0 },
    ].map((invoice) => ({
      ...invoice,
      usd: runBound(measuredIn(truth, invoice, 0), 'truth').result.cost!.usd,
    })),
  };
}

const OPTIONS = {
  name: 'chat',
  holdout: 0.5,
  thresholds: { default: 0.1, of: {} },
  fitted: [],
  counts: 'all',
} as const;

function figure({ heldOut }: Calibration, name: Calibrated): CalibratedFigure {
  const found = heldOut.figures.find((one) => one.figure === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('what was recorded is the simulation itself', () => {
  const calibration = calibrationOf(bound(), recordOf(bound()), OPTIONS);

  it('has no error in replicas and cost, and that of the histogram in latencies', () => {
    for (const name of ['cost', 'replicas', 'replicasOverTime'] as const) {
      expect(figure(calibration, name).error, name).toBeLessThan(1e-9);
      expect(figure(calibration, name).says).toMatch(/as recorded$/);
    }
    expect(figure(calibration, 'latencyS.mean').error).toBeLessThan(1e-9);
    for (const name of ['latencyS.p50', 'latencyS.p95', 'latencyS.p99'] as const) {
      expect(figure(calibration, name).error, name).toBeLessThan(0.002);
    }
    expect(calibration.within).toBe(true);
    expect(new Set(calibration.heldOut.figures.map(({ quality }) => quality))).toEqual(
      new Set(['good']),
    );
  });

  it('shows what lies before beside it, with the invoice of that time', () => {
    expect(calibration.heldOut).toMatchObject({ fromS: 7200, toS: 14_400 });
    expect(calibration.before).toMatchObject({ fromS: 0, toS: 7200 });
    expect(calibration.before!.figures.map(({ figure: name }) => name)).toContain('cost');
    expect(calibration.across).toBeNull();
  });
});

describe('what was recorded is another configuration', () => {
  it('a longer idle window: too many replicas, by what they are more', () => {
    const off = calibrationOf(bound('deployment.idleWindow=2m'), recordOf(bound()), OPTIONS);
    const replicas = figure(off, 'replicas');
    expect(replicas.bias).toBeGreaterThan(0.1);
    expect(replicas.simulated / replicas.recorded - 1).toBeCloseTo(replicas.bias!, 12);
    expect(replicas.says).toMatch(/^simulated replicas are [\d.]+ % too many$/);
    expect(off.within).toBe(false);
  });

  it('a price 10 % too high is a cost 10 % too high, to the digit', () => {
    const off = calibrationOf(bound('billing.usdPerReplicaHour=2.2'), recordOf(bound()), OPTIONS);
    const cost = figure(off, 'cost');
    expect(cost.bias).toBeCloseTo(0.1, 12);
    expect(cost).toMatchObject({ quality: 'poor', says: 'simulated cost is 10.0 % too high' });
    expect(figure(off, 'replicas').error).toBeLessThan(1e-9);
  });

  it('a load time too short: latencies too short, in the tail first', () => {
    const off = calibrationOf(bound('deployment.coldStart=2s'), recordOf(bound()), OPTIONS);
    const p99 = figure(off, 'latencyS.p99');
    expect(p99.bias).toBeLessThan(-0.1);
    expect(p99.says).toContain('too short');
    expect(p99.within).toBe(false);
  });

  it('is judged by the threshold of each figure', () => {
    const off = (of: Partial<Record<Calibrated, number>>) =>
      calibrationOf(
        bound('billing.usdPerReplicaHour=2.2'),
        { ...recordOf(bound()), latencies: null, replicas: null },
        { ...OPTIONS, thresholds: { default: 0.05, of } },
      );
    expect(off({}).within).toBe(false);
    expect(off({ cost: 0.11 }).within).toBe(true);
  });
});

describe('parts', () => {
  it('an invoice for all of the time stands over both, is judged, and warns of what was fitted', () => {
    const truth = recordOf(bound());
    const usd = truth.invoices.reduce((sum, one) => sum + one.usd, 0);
    const { toUs } = bound().scenario.period;
    const recorded = {
      replicas: null,
      latencies: null,
      invoices: [{ name: 'i', fromUs: 0, toUs, usd }],
    };
    const fitted = ['deployment.coldStart'];
    const { heldOut, across, notes, within } = calibrationOf(bound(), recorded, {
      ...OPTIONS,
      fitted,
    });
    expect(heldOut.figures).toEqual([]);
    expect(across!.figures[0]!.error).toBeLessThan(1e-9);
    expect(notes).toContain(
      'the invoice covers both parts: what was fitted to the first is in its error',
    );
    expect(within).toBe(true);
  });

  it('all is held out with a share of 1', () => {
    const { before, heldOut } = calibrationOf(bound(), recordOf(bound()), {
      ...OPTIONS,
      holdout: 1,
    });
    expect(before).toBeNull();
    expect(heldOut).toMatchObject({ fromS: 0, toS: 14_400 });
  });

  it('a sample holds until the next', () => {
    // Once a replica, once three: half of the hour each.
    const own = bound('deployment.replicas={ min: 2, max: 2 }');
    const atUs = Float64Array.of(0, 7200e6, 14_400e6);
    const recorded = {
      replicas: { name: 'r', atUs, replicas: Float64Array.of(1, 3, 3) },
      latencies: null,
      invoices: [],
    };
    const all = calibrationOf(own, recorded, { ...OPTIONS, holdout: 1 });
    expect(figure(all, 'replicas')).toMatchObject({ recorded: 2, simulated: 2, error: 0 });
    expect(figure(all, 'replicasOverTime').error).toBe(0.5);
  });
});

describe('mistakes', () => {
  const of = (recorded: Partial<Recorded>, ...set: readonly string[]) =>
    calibrationOf(
      bound(...set),
      { replicas: null, latencies: null, invoices: [], ...recorded },
      OPTIONS,
    );

  it('says that nothing was recorded, or of another time', () => {
    expect(() => of({})).toThrow('--recorded  is missing');
    const atUs = Float64Array.of(1e12, 2e12);
    expect(() => of({ replicas: { name: 'r.csv', atUs, replicas: atUs } })).toThrow(
      /^r\.csv {2}is of .* and the traffic of 0 s \.\. 4.00 h$/,
    );
    expect(() => of({ invoices: [{ name: 'i', fromUs: 0, toUs: 1e12, usd: 1 }] })).toThrow(
      'an invoice must lie within it',
    );
  });
});
