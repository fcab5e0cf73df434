import { describe, expect, it } from 'vitest';
import type { ColumnMap } from '../../../src/workload/read-options.ts';
import { readSpan, Stamp } from '../../../src/workload/stamps.ts';
import { type ReadOptions, readTrace } from './read-trace.ts';

function read(text: string, options: ReadOptions = {}) {
  const trace = readTrace(text, options);
  const { report, arrivalUs, serviceUs, status, firstAtUs, endpoint, endpointNames } = trace;
  return {
    firstAtUs,
    arrivals: [...arrivalUs],
    services: serviceUs === null ? null : [...serviceUs],
    status: status === null ? null : [...status],
    endpoints: endpoint === null ? null : [...endpoint].map((i) => endpointNames[i]),
    format: report.format,
    durations: report.durations,
    stampedAt: report.stampedAt,
    warnings: report.warnings,
    skipped: report.skipped.examples,
  };
}

const WRITTEN_AT_END =
  'lines of a log are taken as written when the request ended: `columns: { start: NAME }` says otherwise';

describe("Heroku's router", () => {
  const text = [
    '2026-01-01T00:00:01.018000+00:00 heroku[router]: at=info method=GET path="/a?b=c d" host=x.herokuapp.com request_id=8601b555-6a83 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 protocol=https',
    '2026-01-01T00:00:01.100000+00:00 app[web.1]: Started GET "/a" for 204.204.204.204',
    '2026-01-01T00:00:02.000000+00:00 app[web.1]: source=web.1 sample#load_avg_1m=0.01',
    '2026-01-01T00:00:32.000000+00:00 heroku[router]: at=error code=H12 desc="Request timeout" method=POST path="/v1/chat" host=x.herokuapp.com request_id=1 fwd="1.2.3.4" dyno=web.2 connect=0ms service=30000ms status=503 bytes=0 protocol=https',
    '<158>1 2026-01-01T00:00:33.5Z host heroku router - at=info method=POST path="/say \\"hi\\"" host=x.herokuapp.com request_id=2 fwd="1.2.3.4" dyno=web.2 connect=0ms service=1500ms status=201 bytes=7 protocol=https',
    '2026-01-01T00:00:34.000000+00:00 heroku[router]: at=error code=H10 desc="App crashed" method=GET path="/" host=x.herokuapp.com request_id=3 fwd="1.2.3.4" dyno= connect= service= status=503 bytes= protocol=https',
  ].join('\n');

  it('writes when the request is over: its stamp, before the record, less `service`', () => {
    expect(read(text)).toMatchObject({
      firstAtUs: Date.UTC(2026, 0, 1, 0, 0, 1) * 1000,
      // 32 s - 30 s, 33.5 s - 1.5 s, 34 s of a request without a duration.
      arrivals: [0, 1e6, 31e6, 33e6],
      services: [18_000, Number.NaN, 1_500_000, Number.NaN],
      status: [200, 503, 201, 503],
      stampedAt: 'end',
      durations: 'the column `service`',
      warnings: [WRITTEN_AT_END],
      skipped: [],
    });
  });

  it('tells method, path and host', () => {
    const where = { method: ['POST'], host: ['x.herokuapp.com'] };
    expect(read(text, { where, endpoint: { field: 'path' } }).endpoints).toEqual([
      '/v1/chat',
      '/say "hi"',
    ]);
  });
});

describe('logfmt', () => {
  it("of Go's loggers: durations with units, other messages between", () => {
    const text = [
      'time="2026-01-01T00:00:00Z" level=info msg="listening on :8080"',
      'time="2026-01-01T00:00:01.5+01:00" level=info msg=request method=GET path=/a status=200 duration=500.25ms',
      'time="2026-01-01T00:00:03+01:00" level=info msg=request method=GET path=/b status=200 duration=1m0.5s',
      'time="2026-01-01T00:01:04+01:00" level=error msg=request method=GET path=/c status=500 duration=12\xc2\xb5s',
      'time="2026-01-01T00:01:05+01:00" level=warn msg=request method=GET path=/c status=200',
    ].join('\n');
    expect(read(text)).toMatchObject({
      firstAtUs: Date.UTC(2025, 11, 31, 22, 59, 2) * 1000 + 500_000,
      arrivals: [0, 58_499_750, 121_499_988, 122_500_000],
      services: [60_500_000, 500_250, Number.NaN, Number.NaN],
      warnings: [WRITTEN_AT_END],
      skipped: [],
    });
  });

  it('of plain data is stamped at the arrival', () => {
    const text =
      'start=1700000000.25 service_ms=20 model=a\nstart=1700000001 service_ms=- model=b\n';
    expect(read(text)).toMatchObject({
      firstAtUs: 1_700_000_000_250_000,
      arrivals: [0, 750_000],
      services: [20_000, Number.NaN],
      endpoints: ['a', 'b'],
      stampedAt: 'start',
    });
  });

  it('of Grafana: `t` is the time, `time_ms` is none', () => {
    const text =
      'logger=context userId=1 t=2026-01-01T00:00:01.123456789Z level=info msg="Request Completed" method=GET path=/ status=200 remote_addr=::1 time_ms=5 duration=5.5ms size=12\n'.repeat(
        2,
      );
    expect(read(text)).toMatchObject({
      firstAtUs: Date.UTC(2026, 0, 1, 0, 0, 1) * 1000 + 117_957,
      services: [5_500, 5_500],
    });
  });

  it('takes `columns`', () => {
    const source = (name: string, unit: 's' | 'ms' | null = null) => ({ name, unit });
    const columns: ColumnMap = {
      start: source('began', 'ms'),
      end: null,
      service: source('took', 's'),
      inputTokens: source('in'),
      cachedTokens: null,
      outputTokens: null,
      endpoint: source('who'),
      status: null,
      method: null,
      path: null,
      host: null,
    };
    const text =
      'began=1700000000123 took=2 in=7 who="a b" x\nbegan=1700000001123 took=250ms in=8 who=c\n';
    expect(read(text, { columns })).toMatchObject({
      firstAtUs: 1_700_000_000_123_000,
      services: [2e6, 250_000],
      endpoints: ['a b', 'c'],
    });
  });

  it.each([
    ['no words of it', 'no key=value'],
    ['ts=1700000001 level=info duration=5ms path="/a', 'a quoted value is not closed'],
    ['ts=yesterday level=info duration=5ms', '`ts` is no time: yesterday'],
    ['ts=1700000001 level=info duration=soon', '`duration` must be a number of at least 0: soon'],
    ['ts=1700000001 level=info duration=-5ms', '`duration` must be a number of at least 0: -5ms'],
  ])('the line %s is damaged: %s', (line, reason) => {
    const good = 'ts=1700000000 level=info duration=5ms';
    const { arrivals, skipped } = read(`${good}\n${line}\n${good}\n`);
    expect([arrivals.length, skipped]).toEqual([2, [{ line: 2, reason }]]);
  });
});

describe('a duration with its unit', () => {
  const stamp = new Stamp();
  it.each([
    ['18ms', 18_000],
    ['1.2s', 1_200_000],
    ['1m30.5s', 90_500_000],
    ['2h', 7_200_000_000],
    ['1h1m1s', 3_661_000_000],
    ['250us', 250],
    ['250\u00b5s', 250],
    ['250\u03bcs', 250],
    ['1499ns', 1],
    ['1500ns', 2],
    ['0s', 0],
    ['60.369159188s', 60_369_159],
  ])('%s is %d us', (text, us) => {
    expect(readSpan(`<${text}>`, stamp, 1, 1 + text.length)).toBe(true);
    expect(stamp.us).toBe(us);
  });

  it.each(['', 's', '1', '1d', '-1s', '1ss', '1s2', '1.2.3s', '1e3s', 'ms1', ' 1s', '1 s', '1s '])(
    '%j is none',
    (text) => {
      expect(readSpan(text, stamp)).toBe(false);
    },
  );

  it('takes linear time', () => {
    expect(readSpan('1s'.repeat(500_000), stamp)).toBe(true);
    expect(readSpan(`${'x'.repeat(1_000_000)}`, stamp)).toBe(false);
  });
});
