import { describe, expect, it } from 'vitest';
import type { TraceChunk } from '../../../src/engine/scenario.ts';
import { makeWorkload } from '../../../src/workload/workload.ts';
import { accessLogText, csvText, jsonlText } from '../../../src/workload/write.ts';
import { readTrace } from './read-trace.ts';

const workload = makeWorkload(
  {
    kind: 'synthesize',
    arrivals: { process: 'gamma', rate: 5, cv: 3 },
    durationUs: 4000e6,
    requests: null,
    service: {
      kind: 'drawn',
      distribution: { distribution: 'lognormal', meanUs: 3e6, cv: 0.6 },
    },
  },
  null,
  null,
);
const chunks = () => workload.chunks('1', 0);
const few: TraceChunk[] = [
  { count: 2, arrivalUs: Float64Array.of(0, 500_000), serviceUs: Float64Array.of(2_000_000, 1) },
];

describe('a written trace', () => {
  it('has six decimals, exactly', () => {
    expect([...csvText(few)].join('')).toBe(
      'arrival_s,service_s\n0.000000,2.000000\n0.500000,0.000001\n',
    );
    expect([...jsonlText(few)].join('').split('\n')[1]).toBe(
      '{"arrival_s":0.500000,"service_s":0.000001}',
    );
  });

  it('as CSV reads back the same to the microsecond', () => {
    const trace = readTrace([...csvText(chunks())].join(''));
    let row = 0;
    for (const { count, arrivalUs, serviceUs } of chunks()) {
      expect(trace.arrivalUs.slice(row, row + count)).toEqual(arrivalUs.slice(0, count));
      expect(trace.serviceUs!.slice(row, row + count)).toEqual(serviceUs.slice(0, count));
      row += count;
    }
    expect(trace.count).toBe(row);
  });

  it('as an access log is stamped with ends, in their order', () => {
    const options = { startAtEpochUs: Date.UTC(2026, 9, 12) * 1000, zoneOffsetMin: 120 };
    const text = [...accessLogText(few, options)].join('');
    expect(
      text.split('\n').map((line) => line.slice(line.indexOf('['), line.indexOf(']') + 1)),
    ).toEqual(['[12/Oct/2026:02:00:00 +0200]', '[12/Oct/2026:02:00:02 +0200]', '']);
    expect(text).toContain(' 0.000\n');
  });

  it('as an access log reads back to the second it is stamped with and the millisecond of its service', () => {
    const options = { startAtEpochUs: Date.UTC(2026, 9, 12) * 1000, zoneOffsetMin: -330 };
    const trace = readTrace([...accessLogText(chunks(), options)].join(''));
    expect(trace.report).toMatchObject({
      format: 'nginx combined + $request_time',
      stampedAt: 'end',
      reordered: 0,
    });
    expect(trace.zoneOffsetMin).toBe(-330);
    const ends: number[] = [];
    const services: number[] = [];
    for (const { count, arrivalUs, serviceUs } of chunks()) {
      for (let i = 0; i < count; i++) {
        ends.push(arrivalUs[i]! + serviceUs[i]!);
        services.push(Math.round(serviceUs[i]! / 1000) * 1000);
      }
    }
    const ascending = (values: number[]) => values.sort((a, b) => a - b);
    const zeroUs = trace.firstAtUs! - options.startAtEpochUs;
    expect(ascending([...trace.serviceUs!])).toEqual(ascending(services));
    expect(
      ascending([...trace.arrivalUs].map((us, i) => us + trace.serviceUs![i]! + zeroUs)),
    ).toEqual(ascending(ends.map((us) => Math.floor(us / 1e6) * 1e6)));
  });
});
