import { describe, expect, it } from 'vitest';
import { NO_COLUMNS } from '../../../src/workload/readers/records/data-set.ts';
import { createTraceReader } from '../../../src/workload/reading/trace-reader.ts';
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

describe('files behind one another', () => {
  const both = (first: string, second: string) => {
    const reader = createTraceReader({ name: 'a.csv', shared: false });
    reader.push(first);
    reader.nextFile('b.csv');
    reader.push(second);
    return reader.finish();
  };

  it('may have their columns in another order, and no header', () => {
    const first = 'arrival_s,service_s\n0,3\n';
    for (const second of ['service_s,arrival_s\n4,1\n', 'arrival_s,service_s\n1,4\n', '1,4\n']) {
      const { arrivalUs, serviceUs } = both(first, second);
      expect([[...arrivalUs], [...serviceUs!]]).toEqual([
        [0, 1e6],
        [3e6, 4e6],
      ]);
    }
  });

  it('of other columns are no one trace', () => {
    expect(() => both('arrival_s,service_s\n0,3\n', 'arrival_s,service_ms\n1,4\n')).toThrow(
      /b\.csv:1 {2}has other columns than the file before it: arrival_s, service_ms/,
    );
  });
});

describe('a table of anything', () => {
  it('counts what failed in words as failed, and rounds minutes and hours once', () => {
    const text = 'arrival_s,took,status\n0,1,success\n1,9,failure\n2,2,200 OK\n3,7,error\n';
    const { serviceUs, status } = readTrace(text, {
      columns: { ...NO_COLUMNS, service: { name: 'took', unit: 'h' } },
    });
    expect([...serviceUs!]).toEqual([3600e6, Number.NaN, 7200e6, Number.NaN]);
    expect([...status!]).toEqual([200, 500, 200, 500]);
    const fine = readTrace('arrival_s,took\n0,0.00012345\n', {
      columns: { ...NO_COLUMNS, service: { name: 'took', unit: 'h' } },
    });
    expect([...fine.serviceUs!]).toEqual([444_420]);
  });

  it('of a time and a count says that each line was read as one request', () => {
    expect(readTrace('time,http_requests\n0,12\n60,30\n').report.warnings.join()).toContain(
      '`http_requests` looks like a count: each line is read as one request',
    );
    expect(readTrace('time,path\n0,/a\n').report.warnings.join()).not.toContain('count');
  });
});

describe('lines that a collector wrapped', () => {
  it("are read for what is inside: Docker's json-file", () => {
    const text = [head, `${head} "a \\"b\\""`]
      .map((log) =>
        JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-01-01T00:00:11Z' }),
      )
      .join('\n');
    const { count, report } = readTrace(text);
    expect([count, report.format, report.skipped.lines]).toEqual([2, 'common log', 0]);
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

  it('of local time is told apart before a choice is made of its lines', () => {
    const at = (clock: string, path: string) => `2026-10-25 ${clock},/${path}`;
    const text = [
      'ts,path',
      at('02:10:00', 'v1'),
      at('02:50:00', 'v1'),
      at('02:05:00', 'health'),
      at('02:55:00', 'v1'),
    ];
    const { arrivalUs } = readTrace(text.join('\n'), {
      timeZone: 'Europe/Berlin',
      where: { path: ['/v1'] },
    });
    expect([...arrivalUs]).toEqual([0, 2400e6, 6300e6]);
  });

  it('says that what stands behind the agent is not read, where it is no time that is known', () => {
    const line = `${head} "-" "agent" 1500000\n`;
    expect(readTrace(line.repeat(3)).report.warnings.join()).toContain(
      'what stands behind the agent is not read, durations maybe',
    );
    expect(readTrace(`${head} "-" "agent"\n`).report.warnings.join()).not.toContain('agent');
  });

  it('with a virtual host before it tells the host, where it is asked for', () => {
    const { endpointNames, report } = readTrace(`api.example.com:443 ${head}\nb:80 ${head}\n`, {
      endpoint: { field: 'host' },
    });
    expect(endpointNames).toEqual(['api.example.com', 'b']);
    expect(report.format).toBe('vhost common log');
  });
});
