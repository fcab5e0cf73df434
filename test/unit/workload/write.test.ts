import { describe, expect, it } from 'vitest';
import { makeWorkload, type WorkloadChunk } from '../../../src/workload/workload.ts';
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
const few: WorkloadChunk[] = [
  { count: 2, arrivalUs: Float64Array.of(0, 500_000), serviceUs: Float64Array.of(2_000_000, 1) },
];

const NAMES = ['llama', 'a "b", é', '/v1/x y?#%', '\ud800 '];
const rich: WorkloadChunk[] = [
  {
    count: 2,
    arrivalUs: Float64Array.of(0, 1, 99),
    serviceUs: Float64Array.of(3_000_000, 2_000_000, 99),
    inputTokens: Float64Array.of(12, 0, 99),
    outputTokens: Float64Array.of(345, 6, 99),
    endpoint: Int32Array.of(0, 1, 99),
  },
  {
    count: 2,
    arrivalUs: Float64Array.of(2, 3),
    serviceUs: Float64Array.of(4_000_000, 5_000_000),
    inputTokens: Float64Array.of(1, 2),
    outputTokens: Float64Array.of(3, 4),
    endpoint: Int32Array.of(2, 3),
  },
];

describe('a written trace', () => {
  it('has tokens and endpoints, quoted where the format wants it', () => {
    expect([...csvText(rich, NAMES)].join('').split('\n')).toEqual([
      'arrival_s,service_s,input_tokens,output_tokens,endpoint',
      '0.000000,3.000000,12,345,llama',
      '0.000001,2.000000,0,6,"a ""b"", é"',
      '0.000002,4.000000,1,3,/v1/x y?#%',
      '0.000003,5.000000,2,4,"\ud800 "',
      '',
    ]);
    const lines = [...jsonlText(rich, NAMES)].join('').trimEnd().split('\n');
    expect(lines[0]).toBe(
      '{"arrival_s":0.000000,"service_s":3.000000,"input_tokens":12,"output_tokens":345,"endpoint":"llama"}',
    );
    expect(lines.map((line) => JSON.parse(line).endpoint)).toEqual(NAMES);
    const endpoints = rich.map(({ inputTokens: _, outputTokens: __, ...rest }) => rest);
    expect([...csvText(endpoints, NAMES)].join('')).toContain(
      'arrival_s,service_s,endpoint\n0.000000,3.000000,llama\n',
    );
  });

  it('of no request is its header', () => {
    expect([...csvText([])].join('')).toBe('arrival_s,service_s\n');
    expect([...jsonlText([])].join('')).toBe('');
  });

  it('as an access log has its endpoints as paths that are none but themselves', () => {
    const options = { startAtEpochUs: 0, zoneOffsetMin: 0, endpointNames: NAMES };
    const paths = [...accessLogText(rich, options)]
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => /"POST (\S+) HTTP\/1.1" 200/.exec(line)?.[1]);
    expect(paths).toEqual([
      '/a%20%22b%22,%20%C3%A9',
      '/llama',
      '/v1/x%20y%3F%23%25',
      '/%EF%BF%BD%20',
    ]);
  });

  it('as an access log read again has the same endpoints, however often', () => {
    const names = ['/v1/x%20y', '/100%', '/%zz%2fz', '/a b'];
    const again = (endpointNames: readonly string[]) => {
      const options = { startAtEpochUs: 0, zoneOffsetMin: 0, endpointNames };
      const endpoint = Int32Array.of(0, 1, 2, 3);
      const times = Float64Array.of(0, 1e6, 2e6, 3e6);
      const chunk = { count: 4, arrivalUs: times, serviceUs: new Float64Array(4), endpoint };
      const text = [...accessLogText([chunk], options)].join('');
      return readTrace(text, { endpoint: { field: 'path' } }).endpointNames;
    };
    const once = again(names);
    expect(once).toEqual(['/v1/x%20y', '/100%25', '/%25zz%2fz', '/a%20b']);
    expect(again(once)).toEqual(once);
  });

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
