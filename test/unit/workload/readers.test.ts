import { describe, expect, it } from 'vitest';
import { edgeCase, readTrace } from './read-trace.ts';

const head = '10.0.0.1 - - [01/Jan/2026:00:00:10 +0000] "GET / HTTP/1.1" 200 1';

describe('CSV', () => {
  it.each([
    ['epoch_s.csv', 1_700_000_000_000_000, [0, 0, 1e6]],
    ['epoch_ms.csv', 1_700_000_000_123_000, [0, 1e6]],
    ['epoch_us.csv', 1_700_000_000_123_456, [0, 1e6]],
    ['epoch_ns.csv', 1_700_000_000_123_457, [0, 0]],
    ['epoch_s_frac.csv', 1_700_000_000_123_456, [0, 1_376_544]],
    ['blank_lines_and_comments.csv', 1_700_000_000_000_000, [0, 1e6]],
    ['bom_header.csv', Date.UTC(2024, 4, 12) * 1000, [0, 41_683]],
    ['crlf_no_final_newline.csv', 1_700_158_623_979_960, [0, 52_000]],
    ['quoted_fields.csv', Date.UTC(2026, 0, 1) * 1000, [0, 1e6]],
    ['burstgpt_v1.csv', null, [5e6, 45e6, 118e6, 118e6, 118e6]],
    ['burstgpt_v3.csv', null, [5e6, 7e6]],
  ])('%s', (name, firstAtUs, arrivals) => {
    const trace = edgeCase(name);
    expect(trace.firstAtUs).toBe(firstAtUs);
    expect([...trace.arrivalUs]).toEqual(arrivals);
    expect(trace.report.skipped.lines).toBe(0);
  });

  it('says what it assumed of numbers without a unit, and what it rounded', () => {
    expect(edgeCase('epoch_ns.csv').report.warnings).toEqual([
      '`ts` names no unit: numbers of 19 digits are taken as nanoseconds since 1970',
      'times finer than a microsecond were rounded to it: 2',
    ]);
    expect(edgeCase('out_of_order.csv').report.warnings).toEqual([
      "`arrived_at` names no unit: numbers are taken as seconds from the trace's own zero",
    ]);
  });

  it('takes ISO stamps of any fraction in one column: extended, basic, ordinal, with a leap second', () => {
    const { arrivalUs, report } = edgeCase('iso_variants.csv');
    expect([...arrivalUs]).toEqual([0, 0, 100_000, 123_457, 250_000, 1e6, 2e6]);
    expect(report.skipped.lines).toBe(0);
  });

  it('subtracts durations from ends', () => {
    const trace = edgeCase('azure2021_end_ordered.csv');
    expect([...trace.arrivalUs]).toEqual([0, 1e6, 1.5e6]);
    expect([...trace.serviceUs!]).toEqual([9.5e6, 9e6, 5e5]);
    expect(trace.report).toMatchObject({ stampedAt: 'end', reordered: 2 });
  });

  it('does not choose between two columns of one figure', () => {
    expect(() => readTrace('arrival_s,arrival_ms,service_s\n1,1000,1\n')).toThrow(
      /has both `arrival_s` and `arrival_ms`: leave one of them out/,
    );
  });

  it('takes columns in any order and units by name', () => {
    const trace = readTrace('endpoint,duration_ms,arrival_us\nb,1.5,7\na,2,9\nb,0,9\n');
    expect([...trace.arrivalUs]).toEqual([7, 9, 9]);
    expect([...trace.serviceUs!]).toEqual([1500, 2000, 0]);
    expect([...trace.endpoint!]).toEqual([0, 1, 0]);
    expect(trace.endpointNames).toEqual(['b', 'a']);
    expect(trace.report.durations).toBe('the column `duration_ms`');
  });

  it.each([
    ['1,1e15,1', '`service_s` is too large: 1e15, the limit is 10 years (315,360,000 s)'],
    ['1', '1 field where the header has 3'],
    ['1,-1,1', '`service_s` must be a number of at least 0: -1'],
    ['-1,1,1', 'the arrival -1 is before 0'],
    ['1,1,1.5', '`input_tokens` must be a whole number of at least 0: 1.5'],
    ['1,1', '2 fields where the header has 3'],
  ])('the line %s is damaged: %s', (line, reason) => {
    const text = `arrival_s,service_s,input_tokens\n0,1,5\n${line}\n`;
    expect(readTrace(text).report.skipped.examples).toEqual([{ line: 3, reason }]);
  });
});

describe('an access log', () => {
  it('of mixed common and combined lines is read whole', () => {
    const { count, firstAtUs, zoneOffsetMin, status, report } = edgeCase('clf_mixed.log');
    expect([count, firstAtUs, zoneOffsetMin]).toEqual([
      10,
      Date.UTC(2000, 9, 10, 20, 55, 36) * 1000,
      -420,
    ]);
    expect([...status!].sort()).toEqual([200, 200, 200, 200, 200, 200, 400, 400, 408, 499]);
    expect(report).toMatchObject({ format: 'combined log', stampedAt: 'start', durations: null });
  });

  it('keeps its order where local time falls back', () => {
    const { arrivalUs, report } = edgeCase('dst_fall_back_local.log');
    expect([...arrivalUs]).toEqual([0, 1e6, 1801e6]);
    expect(report.reordered).toBe(0);
  });

  it('may hold bytes that are no UTF-8, and NUL', () => {
    expect(edgeCase('latin1_bytes.log').count).toBe(2);
  });

  it.each([
    ['0.250', 250_000],
    ['"-" "agent" 0.250', 250_000],
    ['"-" "agent 9.999 s" 0.250', 250_000],
    ['"-" "a \\" 7.000 \\"" 0.250', 250_000],
    ['"-" "agent" rt=0.250 uct="0.001" urt="0.100, 0.020"', 120_000],
    ['"-" "agent" rt=0.250 urt="-"', 250_000],
    ['"-" "agent" request_time=0.250', 250_000],
    ['"-" "agent" "203.0.113.7" 0.250 0.240 .', 250_000],
  ])(
    'with %s behind the bytes ends at its stamp, and the upstream served it',
    (rest, serviceUs) => {
      const { firstAtUs, report, ...trace } = readTrace(`${head} ${rest}\n`);
      expect([...trace.serviceUs!]).toEqual([serviceUs]);
      expect(firstAtUs).toBe(Date.UTC(2026, 0, 1, 0, 0, 10) * 1000 - 250_000);
      expect(report.stampedAt).toBe('end');
    },
  );

  it('counts the lines of which the request time is the longest of several', () => {
    const { report } = readTrace(`${head} 0.250 0.240\n${head} 0.250 -\n`);
    expect(report.warnings.join()).toContain(
      'the longest of several times is taken as the request time, lines: 1',
    );
  });

  it('with request times tells no duration on a line without one, nor on one that failed', () => {
    const failed = head.replace(' 200 ', ' 503 ');
    const { serviceUs, report } = readTrace(`${head} 0.250\n${head} -\n${failed} 0.100\n`);
    expect([...serviceUs!].sort()).toEqual([250_000, Number.NaN, Number.NaN]);
    expect(report).toMatchObject({ requests: 3, missing: 2, skipped: { lines: 0 } });
  });

  it('with a virtual host before it tells the host, where it is asked for', () => {
    const { endpointNames, report } = readTrace(`api.example.com:443 ${head}\nb:80 ${head}\n`, {
      endpoint: { field: 'host' },
    });
    expect(endpointNames).toEqual(['api.example.com', 'b']);
    expect(report.format).toBe('vhost common log');
  });
});
