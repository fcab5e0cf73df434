import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { streamOf } from '../../../src/base/random.ts';
import { fitBlocks, fitScreen } from '../../../src/report/fit-screen.ts';
import { currentOf, fitCurrent } from '../../../src/study/fit-current.ts';
import { fitDocument } from '../../../src/study/fit-document.ts';
import { distributionSection, serviceSection } from '../../../src/study/fit-section.ts';
import { type Objective, parseObjective } from '../../../src/study/slo.ts';
import { fitService } from '../../../src/workload/fit/fit-service.ts';
import type { GivenService } from '../../../src/workload/service.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { CATALOGUE, load, traceOf } from '../study/studies.ts';

/** Twenty short gaps, then one of 200 s, after which a request takes 12 s longer; nothing overlaps. */
function coldLog(endpoints = 1): Trace {
  const uniforms = streamOf('log', 0, 'test');
  let nowUs = 0;
  const rows = Array.from({ length: 1050 }, (_, i) => {
    const cold = i % 21 === 20;
    const afterCold = i % 21 === 0 && i > 0;
    nowUs += Math.round(cold ? 200e6 : 8e6 * (1 + uniforms.next()) + (afterCold ? 10e6 : 0));
    const slow = i % endpoints === 0 ? 2 : 0.2;
    return [nowUs / 1e6, +(slow * (1 + uniforms.next() / 2) + (cold ? 12 : 0)).toFixed(3)] as const;
  });
  const made = traceOf(rows);
  const trace = {
    ...made,
    serviceUs: made.serviceUs!.map(Math.round),
    arrivalUs: made.arrivalUs.map(Math.round),
  };
  return endpoints === 1
    ? trace
    : {
        ...trace,
        endpoint: Int32Array.from(rows, (_, i) => i % endpoints),
        endpointNames: [
          'chat',
          'other: "odd", {name}',
          'with a very long name '.repeat(6).trim(),
        ].slice(0, endpoints),
      };
}

/** What a study has, that the blocks were pasted into. */
function pasted(blocks: string) {
  const { workload, deployment } = parse(blocks);
  const study = { version: 1, workload: { replay: { file: 'a.log' }, ...workload }, deployment };
  return load(JSON.stringify(study)).points[0]!.compiled;
}

describe('the blocks to paste', () => {
  it('load as they stand: one distribution and a cold start', () => {
    const fit = fitService(coldLog());
    const { workload, pool } = pasted(fitBlocks(fitDocument(fit, { name: 'a.log' })));
    expect(workload.service.kind).toBe('drawn');
    expect(pool.startPhases[0]!.time.meanUs).toBeGreaterThan(11e6);
    expect(pool.startPhases[0]!.time.meanUs).toBeLessThan(13e6);
  });

  it('load by endpoint, whatever endpoints are called', () => {
    const fit = fitService(coldLog(3));
    const { workload } = pasted(fitBlocks(fitDocument(fit, { name: 'a.log' })));
    const { service } = workload;
    expect(service.kind === 'byEndpoint' && Object.keys(service.byEndpoint).sort()).toEqual(
      [...coldLog(3).endpointNames].sort(),
    );
  });

  it('load for every kind of service, and mean what was fitted', () => {
    const specs: readonly GivenService[] = [
      { kind: 'drawn', distribution: { distribution: 'fixed', valueUs: 1234567.8 } },
      { kind: 'drawn', distribution: { distribution: 'weibull', shape: 1.7, scaleUs: 2.1e9 } },
      { kind: 'drawn', distribution: { distribution: 'gamma', meanUs: 12, cv: 0.3 } },
      {
        kind: 'drawn',
        distribution: {
          distribution: 'empirical',
          valuesUs: [0, 5, 1e6],
          weights: [0.2, 0.3, 0.5],
        },
      },
      { kind: 'tokens', baseUs: 0, perInputTokenUs: 0.1999, perOutputTokenUs: 29_720 },
    ];
    for (const spec of specs) {
      const study = {
        version: 1,
        workload: { replay: { file: 'a' }, service: serviceSection(spec) },
      };
      const { service } = load(JSON.stringify(study)).points[0]!.compiled.workload;
      const rounded = JSON.parse(JSON.stringify(spec), (_, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(4)) : value,
      );
      expect(service).toEqual(rounded);
    }
  });

  it('are warned of where they are not to be relied on', () => {
    const few = fitService(
      traceOf([
        [1, 1],
        [2, 3],
      ]),
    );
    expect(fitBlocks(fitDocument(few, { name: 'a.log' }))).toMatch(/^# not to be relied on/);
  });

  it('have durations of four digits in the unit that reads best', () => {
    const textOf = (valueUs: number) => distributionSection({ distribution: 'fixed', valueUs });
    expect([0, 12.34567, 1500, 213_456, 2_613_789, 3_600e6].map(textOf)).toEqual([
      '0s',
      '12.35us',
      '1.5ms',
      '213.5ms',
      '2.614s',
      '60m',
    ]);
  });
});

describe('the screen of a fit', () => {
  const objectives = ['latencyS.p99 <= 1', 'latencyS.p99 <= 10'].map(
    (text) => parseObjective(text) as Objective,
  );

  it('says cold starts with their idle window, the floor, and what it breaks', () => {
    const screen = fitScreen(fitDocument(fitService(coldLog()), { name: 'a.log', objectives }));
    expect(screen).toContain(
      'a.log · 1,050 of 1,050 requests with a duration · durations from by hand',
    );
    expect(screen).toMatch(/Cold starts {2}50 requests took 12\.\d s longer \(95 %: /);
    expect(screen).toMatch(/Idle window {2}about 10\d s \(95 %: 13\.\d s \.\. 3\.\d+ min\)/);
    expect(screen).toContain('latency at no wait at all');
    expect(screen).toContain(
      'No number of replicas can meet latencyS.p99 <= 1: with nobody waiting 0 %',
    );
    expect(screen).not.toContain('meet latencyS.p99 <= 10');
    for (const line of screen.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('is plain where nothing is seen and where nothing can be told', () => {
    const warm = traceOf(
      Array.from({ length: 100 }, (_, i) => [10 * i, 1 + (i % 9) / 10] as const),
    );
    const none = fitScreen(fitDocument(fitService(warm), { name: 'a.log' }));
    expect(none).toContain('none seen: 99 requests followed an idle gap, of up to 9.');
    const few = fitScreen(
      fitDocument(
        fitService(
          traceOf([
            [1, 1],
            [20, 3],
          ]),
        ),
        { name: 'a.log' },
      ),
    );
    expect(few).toContain('cannot tell: only 1 request found nothing in flight');
    expect(few).toContain('! cannot tell service from waiting');
  });

  it('says what today was simulated to take', () => {
    const study = load('version: 1\nworkload: { replay: { file: a.log } }');
    const flags = ['deployment.coldStart=12s', 'deployment.idleWindow=60s'];
    const compiled = currentOf(study, flags, CATALOGUE)!;
    const current = fitCurrent(compiled, coldLog());
    const screen = fitScreen(fitDocument(current.fit, { name: 'a.log', current }));
    expect(screen).toMatch(
      /Taken out {4}under the configuration given 5\d requests wait, 5\d for a start/,
    );
    expect(screen).toContain('reached: a second run changes nothing');
  });

  it('keeps control characters of a log away from the terminal', () => {
    const trace = coldLog(2);
    const fit = fitService({ ...trace, endpointNames: ['\u001b[31mred', 'b'] });
    expect(fitScreen(fitDocument(fit, { name: '\u001b[2J' }))).not.toContain('\u001b');
  });
});
