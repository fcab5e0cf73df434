import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../src/base/random.ts';
import {
  compileDistribution,
  type DistributionSpec,
  fixed,
} from '../../../src/engine/distribution.ts';
import { Pool } from '../../../src/engine/pool.ts';
import type { Scenario } from '../../../src/engine/scenario.ts';
import { currentOf, fitCurrent } from '../../../src/study/fit-current.ts';
import { mean, orderStatistic } from '../../../src/workload/statistics.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { PLAIN } from '../../kit/random-scenario.ts';
import { comparable } from '../../kit/run-pool.ts';
import { CATALOGUE, load, traceOf } from './studies.ts';

const ROWS = 20_000;
const SERVICE: DistributionSpec = { distribution: 'lognormal', meanUs: 3e6, cv: 0.6 };

/** Traffic and the service that it needs. */
function trafficOf(perS: number, seed = 'a') {
  const uniforms = streamOf(seed, 0, 'test');
  const gap = compileDistribution({ distribution: 'exponential', meanUs: 1e6 / perS });
  const service = compileDistribution(SERVICE);
  const arrivalUs = new Float64Array(ROWS);
  const serviceUs = new Float64Array(ROWS);
  let nowUs = 0;
  for (let row = 0; row < ROWS; row++) {
    nowUs += Math.round(gap.sample(uniforms));
    arrivalUs[row] = nowUs;
    serviceUs[row] = Math.round(service.sample(uniforms));
  }
  return { arrivalUs, serviceUs };
}

const DEPLOYMENT: Scenario = {
  ...PLAIN,
  floor: { atUs: [0], count: [1] },
  max: 4,
  idleWindowUs: 30e6,
  unusedWindowUs: 30e6,
  startPhases: [{ name: 'start', time: fixed(12e6) }],
  overheadUs: 20_000,
};

/** The log that a deployment would write: wait, service and overhead in one duration, on which only an observer sees inside. */
function logOf(
  scenario: Scenario,
  perS: number,
  seed = 'a',
): { trace: Trace; serviceUs: Float64Array } {
  const { arrivalUs, serviceUs } = trafficOf(perS, seed);
  const durationUs = new Float64Array(ROWS);
  const pool = new Pool(scenario, false, (row, waitUs) => {
    durationUs[row] = waitUs + serviceUs[row]! + scenario.overheadUs;
    return serviceUs[row]!;
  });
  pool.advance({ count: ROWS, arrivalUs, serviceUs });
  pool.finish();
  const rows = Array.from(arrivalUs, (us, row) => [us / 1e6, durationUs[row]! / 1e6] as const);
  const trace = traceOf(rows);
  return { trace: { ...trace, arrivalUs, serviceUs: durationUs }, serviceUs };
}

/** What a study of the log says of what served it. */
function studyOf(more: string): string {
  return `version: 1
workload: { replay: { file: a.log } }
deployment: { idleWindow: 30s, overhead: 20ms, replicas: { min: 1, max: 4 }, coldStart: 12s }
${more}`;
}

function fitOf(trace: Trace, flags: readonly string[] = [], more = '') {
  const compiled = currentOf(load(studyOf(more)), flags, CATALOGUE);
  return fitCurrent(compiled!, trace);
}

const AS_IT_IS = ['deployment.replicas.min=1'];

describe('a run whose services are decided as they begin', () => {
  it('is the same run where they are decided as the trace has them', () => {
    const { arrivalUs, serviceUs } = trafficOf(0.9);
    const chunk = { count: ROWS, arrivalUs, serviceUs };
    const plain = new Pool(DEPLOYMENT);
    const decided = new Pool(DEPLOYMENT, false, (row) => serviceUs[row]!);
    for (const pool of [plain, decided]) pool.advance(chunk);
    expect(comparable(decided.finish())).toEqual(comparable(plain.finish()));
  });
});

describe('service under what runs today', () => {
  it('is what the requests needed, to the microsecond, where the configuration is what served them', () => {
    for (const perS of [0.2, 0.9]) {
      const { trace, serviceUs } = logOf(DEPLOYMENT, perS);
      const found = fitOf(trace, AS_IT_IS).waits;
      expect(found.waited).toBeGreaterThan(ROWS / 10);
      expect(found.cold).toBeGreaterThan(10);
      expect(found).toMatchObject({ residualUs: 0, atFloor: 0, isDrawn: false });
      expect(found.serviceUs).toEqual(serviceUs);
    }
  });

  it('is off for fewer than 1 request in 200 where nearly all wait, for the floor holds some', () => {
    const { trace, serviceUs } = logOf(DEPLOYMENT, 1.3);
    const found = fitOf(trace, AS_IT_IS).waits;
    expect(found.waited).toBeGreaterThan(0.9 * ROWS);
    expect(found.residualUs).toBe(0);
    const off = serviceUs.filter((us, row) => us !== found.serviceUs[row]).length;
    expect(off).toBeLessThan(ROWS / 200);
  });

  it('has the mean, p50 and p99 of the law within 2 %, where the log alone is 20 % too long in the mean', () => {
    const { trace, serviceUs } = logOf(DEPLOYMENT, 0.9);
    const { fit, plain, holds, warnings } = fitOf(trace, AS_IT_IS);
    expect(holds).toBe(true);
    expect(warnings).toEqual([]);
    expect(fit.service).toMatchObject({ distribution: { distribution: 'lognormal' } });
    const law = compileDistribution(SERVICE);
    for (const [key, p] of [
      ['p50Us', 0.5],
      ['p99Us', 0.99],
    ] as const) {
      expect(fit.drawn.data[key]).toBe(orderStatistic(serviceUs.slice().sort(), p));
      expect(Math.abs(fit.drawn.fit[key] / law.sample({ next: () => p }) - 1)).toBeLessThan(0.02);
    }
    expect(Math.abs(fit.drawn.meanUs / law.meanUs - 1)).toBeLessThan(0.02);
    expect(mean(trace.serviceUs!) / law.meanUs).toBeGreaterThan(1.2);
    expect(plain.company?.grows).toBe(true);
  });

  it('leaves cold requests out where starts are drawn, and is within 3 % then', () => {
    const time = compileDistribution({ distribution: 'lognormal', meanUs: 12e6, cv: 0.3 });
    const drawn = { ...DEPLOYMENT, startPhases: [{ name: 'start', time }], seed: 'theirs' };
    const { trace, serviceUs } = logOf(drawn, 0.3);
    const { fit, holds, waits, warnings } = fitOf(trace, [
      'deployment.coldStart={ distribution: lognormal, mean: 12s, cv: 0.3 }',
    ]);
    expect(waits.isDrawn).toBe(true);
    expect(warnings.join()).toContain('cold requests are left out');
    expect(holds).toBe(true);
    expect(Math.abs(fit.drawn.meanUs / mean(serviceUs) - 1)).toBeLessThan(0.03);
  });

  it('cannot be told where the configuration is not what served the log, and says so', () => {
    const { trace } = logOf(DEPLOYMENT, 0.9);
    for (const flag of ['deployment.replicas.max=2', 'deployment.coldStart=60s']) {
      const { holds, warnings } = fitOf(trace, [flag]);
      expect(holds).toBe(false);
      expect(warnings[0]).toContain('cannot tell');
    }
  });

  it('stands as logged where nobody waits, and starts in the log that the study has not are named', () => {
    const { trace } = logOf({ ...DEPLOYMENT, floor: { atUs: [0], count: [0] } }, 0.05);
    const flags = [
      'deployment.replicas.min=50',
      'deployment.replicas.max=50',
      'deployment.coldStart=0s',
    ];
    const { warnings, fit, plain } = fitOf(trace, flags);
    expect(warnings.join()).toContain('nobody waits');
    expect(warnings.join()).toContain('the log shows cold starts');
    expect(plain.coldStart.seen).toBe('some');
    expect(fit.sample.durationsUs.length).toBe(ROWS);
  });
});

describe('what runs today', () => {
  it('is the study with `current:`, and with --current over it', () => {
    const study = load(studyOf('current: { deployment.replicas.max: 7 }'));
    expect(currentOf(study, [], CATALOGUE)?.pool.max).toBe(7);
    expect(currentOf(study, ['deployment.replicas.max=9'], CATALOGUE)?.pool.max).toBe(9);
    const flagged = currentOf(study, ['deployment.concurrency=3'], CATALOGUE)?.pool;
    expect([flagged?.max, flagged?.concurrency]).toEqual([7, 3]);
  });

  it('is nothing where neither says anything', () => {
    expect(currentOf(load(studyOf('')), [], CATALOGUE)).toBeNull();
  });

  it('with mistakes names all of them', () => {
    const study = load(studyOf(''));
    const flags = ['deployment.idleWindow=60', 'deployment.replicas.max', 'deployment.gpuu=a10g'];
    const message = String(messageOf(() => currentOf(study, flags, CATALOGUE)));
    expect(message).toContain('deployment.idleWindow  60 has no unit');
    expect(message).toContain('--current deployment.replicas.max');
    expect(message).toContain('deployment.gpuu');
  });

  it('must be a replay', () => {
    const made = load(`version: 1
workload: { synthesize: { duration: 1h, arrivals: { process: poisson, rate: 1/s } }, service: 3s }`);
    const { trace } = logOf(DEPLOYMENT, 0.9);
    const compiled = currentOf(made, ['deployment.replicas.max=2'], CATALOGUE)!;
    expect(messageOf(() => fitCurrent(compiled, trace))).toContain('workload.synthesize');
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
