import { describe, expect, it } from 'vitest';
import { endpointLines, poolLines } from '../../../src/report/fleet-tables.ts';
import { simulateScreen } from '../../../src/report/simulate-screen.ts';
import type { EndpointResult, Result } from '../../../src/study/document.ts';
import { run, traceOf } from '../study/studies.ts';

const ROWS = [
  [0, 30],
  [1, 30],
  [100, 5],
] as const;
const TRACE = {
  ...traceOf(ROWS),
  endpoint: Int32Array.from([0, 1, 0]),
  endpointNames: ['chat', 'embed'],
};

const STUDY = `version: 1
workload: { replay: { file: log.csv } }
deployment:
  coldStart: 5s
  pools:
    - { name: kept, replicas: { min: 1, max: 1 }, admission: { queue: none } }
    - { name: more, idleWindow: 10s }
billing: { usdPerReplicaHour: 3.6 }
`;

describe('the tables of pools and endpoints', () => {
  it('say what each pool took and costs', async () => {
    const result = await run(STUDY, {}, { traces: [TRACE] });
    // more: 45 s of 105 at 0.1 cents a second, all of it within the 100 s observed.
    expect(poolLines(result)).toEqual([
      '  pool  requests   cold  replicas  peak    busy     cost',
      '  kept         2    0 %      1.00     1  33.3 %  $3.60/h',
      '  more         1  100 %     0.429     1  66.7 %  $1.62/h',
    ]);
    expect(endpointLines(result)).toEqual([]);
    expect(simulateScreen(result)).toContain('kept: replica time');
  });

  it('name pools by their endpoint where there are several', async () => {
    const result = await run(STUDY, { set: ['endpoints=each'] }, { traces: [TRACE] });
    expect(poolLines(result).map((text) => text.trim().split(/ {2,}/)[0])).toEqual([
      'pool',
      'chat / kept',
      'chat / more',
      'embed / kept',
      'embed / more',
    ]);
    expect(endpointLines(result)).toHaveLength(3);
  });

  it('sum up all endpoints but the largest twelve', async () => {
    const result = await run(STUDY, { set: ['endpoints=each'] }, { traces: [TRACE] });
    const chat = result.endpoints![0]!;
    const endpoints = Array.from({ length: 15 }, (_, i): EndpointResult => {
      const arrived = i + 1;
      return { ...chat, name: `e${i + 1}`, requests: { ...chat.requests, arrived } };
    });
    const many: Result = { ...result, endpoints };
    const lines = endpointLines(many);
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines[1]?.trim()).toMatch(/^e15 +15 /);
    // 1 + 2 + 3 requests
    expect(lines.at(-1)?.trim()).toMatch(/^3 more +6 .*\/h$/);
  });
});
