import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { createTraceReader } from '../../../src/workload/reading/trace-reader.ts';
import { edgeCase, noRealTraces, readTrace, realTrace } from './read-trace.ts';

const LOG = '10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1';

function mistakesOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a trace', () => {
  it('does not depend on where its text was cut', () => {
    const texts = [
      'arrival_s,service_s,endpoint\r\n0.5,1,a\r\n0.25,2,b\r\n\r\n# x\r\n1.5,0.000001,a',
      'timestamp,note\n2026-01-01T00:00:00Z,"a\nb"\nbad,c\n2026-01-01T00:00:02Z,d\n',
      `${LOG} "-" "a" 0.123\n${LOG} "-" "b" 1.000\n`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.integer({ min: 1, max: 40 }), (text, piece) => {
        expect(readTrace(text, { piece })).toEqual(readTrace(text));
      }),
    );
  });

  it('is sorted by arrival, ties in file order, and counts the lines out of order', () => {
    const trace = edgeCase('out_of_order.csv');
    expect([...trace.arrivalUs]).toEqual([0, 3e6, 3e6, 5e6]);
    expect([...trace.inputTokens!]).toEqual([2, 3, 4, 1]);
    expect(trace.report.reordered).toBe(3);
  });

  it('of shared memory is the same', () => {
    const trace = edgeCase('out_of_order.csv', { shared: true });
    expect(trace.arrivalUs.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(trace).toEqual(edgeCase('out_of_order.csv'));
  });

  it('goes on from file to file, each with its header, no final newline needed', () => {
    const options = { format: 'auto', name: 'a.csv', skipBadLines: false, shared: false };
    const reader = createTraceReader(options);
    reader.push('\uFEFFarrival_s\n1\n2');
    reader.nextFile('b.csv');
    reader.push('\uFEFFarrival_s\n0\nx\n3');
    const { arrivalUs, report } = reader.finish();
    expect([...arrivalUs]).toEqual([0, 1e6, 2e6, 3e6]);
    expect(report).toMatchObject({ name: 'a.csv, b.csv', lines: 7, requests: 4, reordered: 0 });
    expect(report.skipped.examples).toEqual([
      { line: 3, reason: 'b.csv: `arrival_s` is no time: x' },
    ]);
  });

  it('whose clock began long before warns of it', () => {
    const { arrivalUs, firstAtUs, report } = edgeCase('monotonic_seconds.csv');
    expect([arrivalUs[0], firstAtUs]).toEqual([14_592_657_842_332, null]);
    expect(report.warnings.join()).toContain('14,592,657 s after time 0');
  });
});

describe('damaged lines', () => {
  const rows = (good: number, bad: number) =>
    `arrival_s\n${'1\n'.repeat(good)}${'\u001b[31mred\n'.repeat(bad)}`;

  it('are counted and kept as examples without their control characters', () => {
    const { report } = readTrace(rows(100, 3));
    expect(report.skipped.lines).toBe(3);
    expect(report.skipped.examples[0]).toEqual({
      line: 102,
      reason: '`arrival_s` is no time: \uFFFD[31mred',
    });
  });

  it('stop the reading past 1 % of the lines, below 1,000 past ten or half', () => {
    expect(mistakesOf(() => readTrace(rows(990, 10)))).toBe('none');
    expect(mistakesOf(() => readTrace(rows(1980, 21)))).toContain('21 of 2,001 lines are damaged');
    expect(mistakesOf(() => readTrace(rows(500, 10)))).toBe('none');
    expect(mistakesOf(() => readTrace(rows(500, 11)))).toContain('x:502');
    expect(mistakesOf(() => readTrace(rows(2, 2)))).toBe('none');
    expect(mistakesOf(() => readTrace(rows(2, 3)))).toContain('3 of 5 lines are damaged');
    expect(readTrace(rows(2, 3), { skipBadLines: true }).count).toBe(2);
  });

  it('of more than 1 MiB are not kept', () => {
    const { count, report } = readTrace(`${LOG}\n${'a'.repeat(3e6)}\n${LOG}\n`);
    expect(count).toBe(2);
    expect(report.skipped.examples).toEqual([{ line: 2, reason: 'longer than 1 MiB' }]);
    expect(
      readTrace(`${LOG.replace('GET /', `GET /${'a'.repeat(300_000)}`)}\n${LOG}\n`).count,
    ).toBe(2);
  });

  it('with a quote that never ends cost themselves only', () => {
    const { count, report } = readTrace(`arrival_s,note\n1,a\n2,"b\n${'3,c\n'.repeat(300)}`);
    expect(count).toBe(301);
    expect(report.skipped.examples).toEqual([
      { line: 3, reason: 'a quoted field or a record that does not end' },
    ]);
  });
});

describe('reading as asked', () => {
  it('takes the columns that a mapping names, with their units, whatever they are called', () => {
    const columns = {
      end: { name: 'Finished At', unit: 'ms' as const },
      service: { name: 'took', unit: 'min' as const },
      endpoint: { name: 'what', unit: null },
    };
    const text = 'what,took,Finished At,start\na,0.5,60000,x\nb,1,120000,y\n';
    const trace = readTrace(text, { columns });
    expect([...trace.arrivalUs]).toEqual([30e6, 60e6]);
    expect([...trace.serviceUs!]).toEqual([30e6, 60e6]);
    expect(trace.endpointNames).toEqual(['a', 'b']);
    expect(trace.report.stampedAt).toBe('end');
    expect(mistakesOf(() => readTrace('a,b\n1,2\n', { columns }))).toContain(
      'end is to be in Finished At, service is to be in took, endpoint is to be in what; there are a, b',
    );
  });

  it('takes columns by their numbers where a table has no header', () => {
    const columns = {
      start: { name: '#2', unit: 's' as const },
      service: { name: '#1', unit: 'ms' as const },
    };
    const trace = readTrace('250,0\n500,1.5\n', { columns });
    expect([...trace.arrivalUs]).toEqual([0, 1.5e6]);
    expect([...trace.serviceUs!]).toEqual([250_000, 500_000]);
  });

  it('moves stamps of whole seconds within their second where a spread is asked for, the same for the same seed', () => {
    const text = `${LOG}\n`.repeat(2000);
    const offsets = (seed: string) => {
      const trace = readTrace(text, { spreadSeed: seed });
      expect(trace.report.resolutionUs).toBe(1e6);
      expect(trace.report.shaping.join()).toContain(`seed ${seed}`);
      return [...trace.arrivalUs];
    };
    const [once, again, other] = [offsets('7'), offsets('7'), offsets('8')];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    expect(readTrace(text).arrivalUs.every((us) => us === 0)).toBe(true);
  });

  it('takes stamps without a zone by the clock of the zone that is named', () => {
    const text = 'ts\n2026-10-25 02:59:59\n2026-10-25 02:00:00\n2026-10-25 02:30:00\n';
    const { arrivalUs, report } = readTrace(text, { timeZone: 'Europe/Berlin' });
    expect([...arrivalUs]).toEqual([0, 1e6, 1801e6]);
    expect(report.reordered).toBe(0);
    expect(report.warnings.join()).toContain('3');
    expect([...readTrace(text).arrivalUs]).toEqual([0, 1800e6, 3599e6]);
  });

  it('takes the stamp for what it is said to mark', () => {
    const text = 'ts,duration_s\n10,4\n';
    expect([...readTrace(text).arrivalUs]).toEqual([10e6]);
    expect([...readTrace(text, { stampedAt: 'end' }).arrivalUs]).toEqual([6e6]);
  });

  it('leaves out what where does not take, counts it, and says when nothing is left', () => {
    const text = `${LOG}\n${LOG.replace('GET /', 'POST /v1/chat?x=1')}\n`;
    const { count, report } = readTrace(text, { where: { path: ['/v1/*'] } });
    expect([count, report.leftOut, report.requests]).toEqual([1, 1, 1]);
    expect(mistakesOf(() => readTrace(text, { where: { method: ['PUT'] } }))).toContain(
      'holds no request that `where` takes: all 2 were left out',
    );
  });

  it('says that `columns:` has nothing to say of a log whose fields have their places', () => {
    const columns = { end: 'took' };
    for (const format of ['auto', 'access-log']) {
      expect(mistakesOf(() => readTrace(`${LOG}\n`, { columns, format }))).toContain(
        'is a common or combined access log, whose fields have their places',
      );
    }
  });

  it('says no more of whole seconds once they are spread', () => {
    const { warnings } = readTrace(`${LOG}\n`, { spreadSeed: '1' }).report;
    expect(warnings.join()).not.toContain('resolution of 1 s');
  });

  it('passes over any number of blank lines before the first that says something', () => {
    const { count, report } = readTrace(`${'\n'.repeat(300_000)}${LOG}\n`);
    expect([count, report.lines]).toEqual([1, 300_001]);
  });

  it('stops at a line of more than 64 MiB, which no log has, without keeping it', () => {
    const reader = createTraceReader({ name: 'x', shared: false });
    const piece = 'a'.repeat(2 ** 22);
    expect(
      mistakesOf(() => {
        for (let i = 0; i < 20; i++) reader.push(piece);
      }),
    ).toContain('line 1 is longer than 64 MiB');
  });
});

describe('text that is no trace says what it is', () => {
  it.each([
    ['empty.csv', 'is empty'],
    ['header_only.csv', 'holds no request: 1 line of '],
  ])('%s: %s', (name, message) => {
    expect(mistakesOf(() => edgeCase(name))).toContain(message);
  });

  it('a format that is none, a header without times, blank lines', () => {
    expect(mistakesOf(() => readTrace('a\n', { format: 'xml' }))).toContain(
      '`xml` is no format: write one of auto, ',
    );
    expect(mistakesOf(() => readTrace('a,b\n1,2\n', { format: 'csv' }))).toBe(
      'x:1  has no column of arrival times: its header is a, b; name one arrival_s, arrival_ms, arrival_us or timestamp, or say which it is: `columns: { start: NAME }`',
    );
    expect(mistakesOf(() => readTrace('\n\n'))).toContain('blank lines only');
  });
});

describe.skipIf(noRealTraces)('real logs (skipped where ../shared/traces is not)', () => {
  it('the Apache log of 10,000 lines is read whole, out of order and without durations', () => {
    const { count, serviceUs, report } = realTrace('access-logs/apache_combined.log');
    expect([count, serviceUs, report.skipped.lines]).toEqual([10_000, null, 0]);
    expect(report).toMatchObject({ format: 'combined log', stampedAt: 'start', reordered: 9448 });
    expect(report.why).toBe('detected: 1,000 of 1,000 lines fit');
  });

  it('Azure with dates and its relative copy are the same requests', () => {
    const dated = realTrace('azure-llm-2023/AzureLLMInferenceTrace_code.csv');
    const relative = realTrace('splitwise-relative/splitwise_code.csv');
    expect([dated.count, relative.count]).toEqual([8819, 8819]);
    expect(dated.inputTokens).toEqual(relative.inputTokens);
    expect(dated.outputTokens).toEqual(relative.outputTokens);
    const apart = dated.arrivalUs.map((us, i) => Math.abs(us - relative.arrivalUs[i]!));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    expect(dated.firstAtUs).toBe(Date.UTC(2023, 10, 16, 18, 17, 3) * 1000 + 979_960);
    expect(new Set(dated.arrivalUs).size).toBe(8819);
    expect(dated.report.warnings).toContain(
      'stamps without a time zone are taken as UTC: `timeZone: Europe/Berlin`, say',
    );
  });

  it('small samples', () => {
    const good = realTrace('log-samples/logfile_access_log.0');
    expect([...good.arrivalUs]).toEqual([0, 3e6, 3e6]);
    const bad = realTrace('log-samples/logfile_bad_access_log.0');
    expect([bad.count, bad.report.skipped.examples[0]?.line]).toEqual([2, 2]);
  });
});
