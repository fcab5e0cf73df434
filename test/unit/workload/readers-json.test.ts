import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import type { ColumnMap } from '../../../src/workload/read-options.ts';
import { NO_COLUMNS } from '../../../src/workload/readers/records/data-set.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { edgeCase, noRealTraces, type ReadOptions, readTrace, realTrace } from './read-trace.ts';

function lines(...records: (object | string)[]): string {
  return `${records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n')}\n`;
}

/** What matters, in short. */
function shortOf(trace: Trace) {
  const { report, arrivalUs, serviceUs, status, firstAtUs, endpoint, endpointNames } = trace;
  return {
    firstAtUs,
    arrivals: [...arrivalUs],
    services: serviceUs === null ? null : [...serviceUs],
    status: status === null ? null : [...status],
    endpoints: endpoint === null ? null : [...endpoint].map((i) => endpointNames[i]),
    format: report.format,
    durations: report.durations,
    warnings: report.warnings,
    skipped: report.skipped.examples,
    trace,
  };
}

const read = (text: string, options: ReadOptions = {}) => shortOf(readTrace(text, options));
const readEdgeCase = (name: string) => shortOf(edgeCase(name));
const readReal = (path: string) => shortOf(realTrace(path));

const utcUs = (...parts: [number, number, number, number, number, number]) =>
  Date.UTC(...parts) * 1000;

describe('nginx JSON', () => {
  const line = (fields: object) => ({
    time_iso8601: '2026-10-12T10:00:02+02:00',
    remote_addr: '10.0.0.1',
    request: 'POST /v1/chat?x=1 HTTP/1.1',
    status: '200',
    body_bytes_sent: '12',
    host: 'api.example.com',
    ...fields,
  });

  it('is stamped at the end: arrival is the stamp less $request_time, service $upstream_response_time', () => {
    const found = read(
      lines(
        line({ request_time: '1.500', upstream_response_time: '1.200' }),
        line({ request_time: '0.000', upstream_response_time: '' }),
        line({ request_time: '2.000', upstream_response_time: '0.100, 0.020 : 0.5' }),
        line({ request_time: '0.700', upstream_response_time: '0.6', status: '502' }),
      ),
    );
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 9, 12, 8, 0, 0),
      arrivals: [0, 500_000, 1_300_000, 2_000_000],
      services: [620_000, 1_200_000, Number.NaN, 0],
      status: [200, 200, 502, 200],
      format: 'nginx JSON',
      durations: 'the log: $upstream_response_time',
      warnings: [
        'stamps have a resolution of 1 s: arrivals are up to a second early',
        '$request_time is taken where $upstream_response_time has no time, lines: 1',
      ],
    });
    expect(found.trace.report).toMatchObject({ stampedAt: 'end', missing: 1 });
    expect(found.trace.zoneOffsetMin).toBe(120);
  });

  it.each([
    ['msec', { msec: '1791792002.345', request_time: 0.345 }, 1_791_792_002_000_000],
    [
      'time_local',
      { time_local: '12/Oct/2026:10:00:02 +0200', request_time: 1 },
      utcUs(2026, 9, 12, 8, 0, 1),
    ],
    [
      '@timestamp',
      { '@timestamp': '2026-10-12T08:00:02Z', request_time: '0.25' },
      utcUs(2026, 9, 12, 8, 0, 1) + 750_000,
    ],
    [
      'another case',
      { timeLocal: '12/Oct/2026:10:00:02 +0200', requestTime: '1.0' },
      utcUs(2026, 9, 12, 8, 0, 1),
    ],
    [
      'a record within',
      { nginx: { time_iso8601: '2026-10-12T08:00:02+00:00', request_time: 2 } },
      utcUs(2026, 9, 12, 8, 0, 0),
    ],
  ])('takes the time from %s', (_, fields, firstAtUs) => {
    const text = lines({ status: 200, body_bytes_sent: 1, remote_addr: 'x', ...fields });
    expect(read(text)).toMatchObject({
      firstAtUs,
      format: 'nginx JSON',
      durations: 'the log: $request_time',
    });
  });

  it('takes what nginx leaves empty where the configuration has no quotes', () => {
    const text =
      '{"msec":1791792002.345,"status":200,"request_time":0.300,"upstream_response_time":0.200}\n' +
      '{"msec":1791792003.000,"status":304,"request_time":0.000,"upstream_response_time":}\n' +
      '{"msec":1791792004.000,"status":304,"request_time":0.000,"upstream_response_time":-}\n';
    expect(read(text)).toMatchObject({
      arrivals: [0, 955_000, 1_955_000],
      services: [200_000, 0, 0],
      skipped: [],
    });
  });

  it('takes stamps as arrivals where there are no durations, and says so', () => {
    const found = read(lines(line({}), line({})));
    expect(found).toMatchObject({ services: null, durations: null });
    expect(found.trace.report.stampedAt).toBe('start');
    expect(found.warnings[0]).toBe(
      'stamps are taken as arrivals; nginx writes them at the end of a request',
    );
  });

  it('tells method, path and host', () => {
    const text = lines(
      line({ request_time: '1' }),
      line({ request_time: '1', request: 'GET /health HTTP/1.1' }),
    );
    const where = { method: ['POST'], path: ['/v1/*'], host: ['api.example.com'] };
    expect(read(text, { where, endpoint: { field: 'path' } })).toMatchObject({
      arrivals: [0],
      endpoints: ['/v1/chat'],
    });
  });
});

describe('Caddy', () => {
  const line = (fields: object) => ({
    level: 'info',
    logger: 'http.log.access',
    msg: 'handled request',
    request: { method: 'GET', host: 'localhost', uri: '/a\u0026b', headers: {} },
    status: 200,
    ...fields,
  });

  it.skipIf(noRealTraces)(
    "a capture of docker compose, the server's own messages between (needs ../shared/traces)",
    () => {
      const found = readReal('log-samples/logfile_caddy_log.0');
      // 1761019828.6153953 - 0.001674508, 1761019859.196494 - 0.001239398, 1761019942.9484386 - 0.00007314, ...
      expect(found).toMatchObject({
        firstAtUs: 1_761_019_828_613_720,
        arrivals: [0, 30_581_535, 114_334_646, 129_310_960],
        services: [1_675, 1_239, 73, 74],
        status: [304, 304, 304, 200],
        format: 'Caddy JSON',
        skipped: [],
      });
      expect(found.trace.report).toMatchObject({ lines: 39, requests: 4, stampedAt: 'end' });
    },
  );

  it.skipIf(noRealTraces)('a real log (needs ../shared/traces)', () => {
    // 1716723772.6014807 - 0.017557019, 1716723830.5081363 - 0.000724332, ...
    expect(readReal('log-samples/logfile_caddy_log.1')).toMatchObject({
      firstAtUs: 1_716_723_772_583_924,
      arrivals: [0, 57_923_488, 68_045_647, 9_190_830_451],
      services: [17_557, 724, 24_627, 276],
      status: [200, 200, 200, 200],
      skipped: [],
    });
  });

  it.each([
    ['seconds', 1761019828.5, 0.25],
    ['milliseconds', 1761019828500, '250ms'],
    ['nanoseconds', '1761019828500000000', '0.25s'],
    ['ISO', '2025-10-21T04:10:28.500Z', '250ms'],
    ['wall_milli', '2025/10/21 04:10:28.500', '250ms'],
    ['common_log', '21/Oct/2025:06:10:28 +0200', '-'],
  ])('takes stamps of %s', (name, ts, duration) => {
    const bare = name === 'nanoseconds';
    const text = lines(line({ ts, duration }));
    const firstAtUs = name === 'common_log' ? 1_761_019_828_000_000 : 1_761_019_828_250_000;
    expect(read(bare ? text.replace(`"${ts}"`, String(ts)) : text)).toMatchObject({ firstAtUs });
  });

  it('takes durations of `duration_format: nano`, which have no fraction anywhere', () => {
    const found = read(
      lines(
        line({ ts: 1761019828.5, duration: 250_000_000 }),
        line({ ts: 1761019829.5, duration: 0 }),
      ),
    );
    expect(found).toMatchObject({ arrivals: [0, 1_250_000], services: [250_000, 0] });
    expect(found.warnings).toEqual(['`duration` has no fraction anywhere: taken as nanoseconds']);
    expect(read(lines(line({ ts: 1761019828.5, duration: 3 }))).services).toEqual([3e6]);
  });

  it('tells a status of 0 from a short service, and escapes from text', () => {
    const text = lines(
      line({ ts: 1761019828.5, duration: 0.25 }),
      line({ ts: 1761019829.5, duration: 0.25, status: 0 }),
      line({ ts: 'soon', duration: 0.25 }),
    ).replaceAll('/a&b', '/a\\u0026b');
    const found = read(text, { endpoint: { field: 'path' } });
    expect(found.services).toEqual([250_000, Number.NaN]);
    expect(found.endpoints).toEqual(['/a&b', '/a&b']);
    expect(found.skipped).toEqual([{ line: 3, reason: '`ts` is no time: soon' }]);
  });
});

describe('Traefik JSON', () => {
  it('starts at StartUTC or StartLocal; the service is what the origin took', () => {
    const found = readEdgeCase('traefik.json');
    // 15:26:33.80902715+02:00 and .1 a second later; 12,613 ns of a 404, which is no service; 46,382,173 ns.
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 3, 15, 13, 26, 33) + 809_027,
      arrivals: [0, 290_973],
      services: [Number.NaN, 46_382],
      status: [404, 200],
    });
    expect(found.trace.report).toMatchObject({ stampedAt: 'start', missing: 1 });
    expect(found.warnings).toEqual([
      'times finer than a microsecond were rounded to it: 1',
      'no service was asked, or it is not said how long: `Duration` is taken, requests: 1',
    ]);
  });

  const line = (fields: object) => ({
    ClientHost: '10.0.0.1',
    Duration: 2_000_000_000,
    OriginDuration: 1_500_000_000,
    Overhead: 500_000_000,
    DownstreamStatus: 200,
    RequestHost: 'api.example.com',
    RequestMethod: 'POST',
    RequestPath: '/v1/chat?x=1',
    RouterName: 'chat@docker',
    ServiceName: 'chat@docker',
    StartUTC: '2026-04-15T13:26:33Z',
    level: 'info',
    msg: '',
    time: '2026-04-15T13:26:35Z',
    ...fields,
  });

  it('takes stamps of 0 to 9 digits, other messages for nothing, services as endpoints', () => {
    const found = read(
      lines(
        line({ StartUTC: '2026-04-15T13:26:33.000000001Z' }),
        line({ StartUTC: '2026-04-15T13:26:33.5Z', ServiceName: 'llm@docker' }),
        { level: 'error', msg: 'service not found', time: '2026-04-15T13:26:35Z' },
        line({ StartUTC: '2026-04-15T13:26:34.123456Z', DownstreamStatus: 0 }),
        line({
          StartUTC: undefined,
          StartLocal: '2026-04-15T15:26:35+02:00',
          OriginDuration: 0,
          ServiceName: undefined,
        }),
        line({ StartUTC: undefined, time: '2026-04-15T13:26:40Z' }),
      ),
    );
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 3, 15, 13, 26, 33),
      arrivals: [0, 500_000, 1_123_456, 2_000_000, 5_000_000],
      services: [1_500_000, 1_500_000, Number.NaN, 2_000_000, 1_500_000],
      endpoints: ['chat@docker', 'llm@docker', 'chat@docker', '(none)', 'chat@docker'],
      skipped: [],
    });
    expect(found.warnings).toContain(
      '`time` (whole seconds) less `Duration` is taken as the arrival, requests: 1',
    );
  });
});

describe('Envoy JSON', () => {
  const line = (fields: object) => ({
    start_time: '2026-04-08T16:16:55.931Z',
    method: 'POST',
    path: '/infer?x=1',
    protocol: 'HTTP/2',
    response_code: 200,
    response_flags: '-',
    duration: 1500,
    upstream_service_time: '20',
    authority: 'svc.example.com',
    upstream_cluster: 'outbound|80||svc',
    ...fields,
  });

  it('starts at start_time and takes all of duration, not only the time to the headers', () => {
    const found = read(
      lines(
        line({}),
        line({ start_time: '2026-04-08T16:16:56Z', duration: 0, response_code: 0 }),
        line({
          start_time: '2026-04-08T16:16:56.001Z',
          response_code: 503,
          response_flags: 'UH',
          upstream_cluster: null,
        }),
        line({ start_time: '2026-04-08T16:16:57.000Z', duration: '7' }),
        line({ start_time: '2026-04-08T16:16:58.000Z', duration: null }),
        line({ start_time: '-' }),
      ),
    );
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 3, 8, 16, 16, 55) + 931_000,
      arrivals: [0, 69_000, 70_000, 1_069_000, 2_069_000],
      services: [1_500_000, Number.NaN, Number.NaN, 7_000, Number.NaN],
      status: [200, 0, 503, 200, 200],
      endpoints: [
        'outbound|80||svc',
        'outbound|80||svc',
        '(none)',
        'outbound|80||svc',
        'outbound|80||svc',
      ],
      skipped: [{ line: 6, reason: '`start_time` is no time: -' }],
    });
  });

  it('of Contour has its start in @timestamp', () => {
    const text = lines(line({ start_time: undefined, '@timestamp': '2026-04-08T16:16:55.931Z' }));
    expect(read(text)).toMatchObject({ format: 'Envoy JSON', services: [1_500_000] });
  });
});

describe('Cloudflare Logpush', () => {
  const line = (fields: object) => ({
    ClientRequestHost: 'www.example.com',
    ClientRequestMethod: 'GET',
    ClientRequestURI: '/a?b=1',
    EdgeResponseStatus: 200,
    ...fields,
  });

  it.skipIf(noRealTraces)(
    'a real line that the edge answered within a second (needs ../shared/traces)',
    () => {
      expect(readReal('log-samples/logfile_cloudflare.json')).toMatchObject({
        firstAtUs: utcUs(2022, 9, 30, 0, 0, 2),
        services: null,
        status: [301],
        skipped: [],
      });
    },
  );

  it("takes the origin's time where there is one, the edge's else", () => {
    const found = read(
      lines(
        line({
          EdgeStartTimestamp: 1700000000,
          EdgeEndTimestamp: 1700000002,
          OriginResponseDurationMs: 1234,
          OriginResponseTime: 1,
        }),
        line({
          EdgeStartTimestamp: 1700000001,
          EdgeEndTimestamp: 1700000004,
          OriginResponseTime: 2_500_000_000,
        }),
        line({
          EdgeStartTimestamp: 1700000002,
          EdgeEndTimestamp: 1700000003,
          OriginResponseDurationMs: 0,
        }),
        line({
          EdgeStartTimestamp: 1700000003,
          EdgeEndTimestamp: 1700000003,
          OriginResponseDurationMs: 0,
        }),
        line({ EdgeStartTimestamp: 1700000004, EdgeEndTimestamp: 1700000003 }),
      ),
    );
    expect(found).toMatchObject({
      firstAtUs: 1_700_000_000_000_000,
      arrivals: [0, 1e6, 2e6, 3e6],
      services: [1_234_000, 2_500_000, 1e6, Number.NaN],
      durations: 'the log: `OriginResponseDurationMs` or `OriginResponseTime`',
      skipped: [{ line: 5, reason: 'it ends before it starts' }],
    });
    expect(found.warnings).toEqual([
      "the origin was not asked, and the edge's own time is taken, requests: 1",
      'no duration of the origin, and none between stamps of whole seconds: requests: 1',
    ]);
  });

  it('keeps nanoseconds since 1970 apart, which no double holds', () => {
    const at = (start: string, end: string) =>
      `{"EdgeStartTimestamp":${start},"EdgeEndTimestamp":${end},"EdgeResponseStatus":200}`;
    // A double next to 1700000000123456789 is 256 ns away.
    const found = read(
      lines(
        at('1700000000123456499', '1700000001123456499'),
        at('1700000000123456500', '1700000001123456500'),
        at('1700000000123457500', '1700000001123458500'),
        at('1700000000123457501', '1700000001123458501'),
      ),
    );
    expect(found).toMatchObject({
      firstAtUs: 1_700_000_000_123_456,
      arrivals: [0, 1, 2, 2],
      services: [1e6, 1e6, 1_000_001, 1_000_001],
    });
    expect(found.warnings).toContain('times finer than a microsecond were rounded to it: 8');
  });

  it('reads RFC 3339, and 3 stamps of each sort alike', () => {
    for (const [a, b] of [
      ['"2023-11-14T22:13:20Z"', '"2023-11-14T22:13:22Z"'],
      ['1700000000', '1700000002'],
      ['1700000000000000000', '1700000002000000000'],
    ]) {
      const text = `{"EdgeStartTimestamp":${a},"EdgeEndTimestamp":${b},"EdgeResponseStatus":200}\n`;
      expect(read(text)).toMatchObject({ firstAtUs: 1_700_000_000_000_000, services: [2e6] });
    }
  });
});

describe('Google Cloud', () => {
  it('Cloud Run: stamped at the start, the service as the endpoint', () => {
    const found = readEdgeCase('cloud_run_requests.json');
    // Received at 00:59:51.392, which is the stamp 00:58:51.018 + 60.369 s and a little.
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 11, 29, 0, 58, 51),
      arrivals: [0, 18_142],
      services: [Number.NaN, 60_369_159],
      status: [429, 200],
      endpoints: ['svc', 'svc'],
      warnings: [],
    });
    expect(found.trace.report).toMatchObject({
      stampedAt: 'start',
      durations: 'the log: `httpRequest.latency`',
    });
  });

  const entry = (timestamp: string, httpRequest: object, more: object = {}) => ({
    insertId: 'x',
    httpRequest: {
      requestMethod: 'POST',
      requestUrl: 'https://api.example.com/v1/chat?x=1',
      status: 200,
      ...httpRequest,
    },
    resource: {
      type: 'http_load_balancer',
      labels: { backend_service_name: 'gpu', forwarding_rule_name: 'r' },
    },
    timestamp,
    ...more,
  });
  const entries = [
    entry('2026-12-29T00:00:00.5Z', { latency: '0.25s' }),
    entry('2026-12-29T00:00:01.123456789Z', { latency: '2s' }),
    {
      insertId: 'y',
      textPayload: 'loading',
      timestamp: '2026-12-29T00:00:01Z',
      resource: { type: 'cloud_run_revision' },
    },
    entry('2026-12-29T00:00:02Z', {}, { resource: { labels: {} } }),
    {
      timestamp: '2026-12-29T00:00:03Z',
      jsonPayload: { httpRequest: { latency: '1.5s', status: 200, requestUrl: '/a' } },
    },
    entry('2026-12-29T00:00:04Z', { latency: 0.75, status: 0 }),
  ];
  const expected = {
    firstAtUs: utcUs(2026, 11, 29, 0, 0, 0) + 500_000,
    arrivals: [0, 623_457, 1_500_000, 2_500_000, 3_500_000],
    services: [250_000, 2e6, Number.NaN, 1_500_000, Number.NaN],
    endpoints: ['gpu', 'gpu', '(none)', '(none)', 'gpu'],
    skipped: [],
  };

  it('load balancers; entries within `jsonPayload`; what services print is no request', () => {
    expect(read(lines(...entries))).toMatchObject(expected);
  });

  it('reads the list that gcloud and jq print the same', () => {
    expect(read(JSON.stringify(entries, null, 2))).toMatchObject(expected);
    expect(read(`${JSON.stringify(entries, null, 4)}\n`, { piece: 7 })).toMatchObject(expected);
    expect(read(entries.map((one) => JSON.stringify(one, null, 2)).join('\n'))).toMatchObject(
      expected,
    );
    expect(read(`[${entries.map((one) => JSON.stringify(one)).join(',\n')}]`)).toMatchObject(
      expected,
    );
  });

  it('says so where an entry was received before its request can have ended', () => {
    const receiveTimestamp = '2026-12-29T00:00:00.6Z';
    const text = lines(entry('2026-12-29T00:00:00.5Z', { latency: '0.25s' }, { receiveTimestamp }));
    expect(read(text).warnings).toEqual([
      'stamps are taken as starts, but 1 entries were received before their request can have ended',
    ]);
  });

  it('takes the host and the path out of the URL', () => {
    const found = read(lines(...entries), {
      where: { host: ['api.*'] },
      endpoint: { field: 'path' },
    });
    expect(found.endpoints).toEqual(['/v1/chat', '/v1/chat', '/v1/chat', '/v1/chat']);
  });
});

describe('LiteLLM', () => {
  it('takes the end less the start, since response_time of a stream is the time to the first token', () => {
    const found = readEdgeCase('litellm_standard_logging.jsonl');
    expect(found).toMatchObject({
      firstAtUs: 1_700_000_000_123_456,
      services: [2_376_544],
      endpoints: ['g'],
      warnings: [],
    });
    expect([found.trace.inputTokens![0], found.trace.outputTokens![0]]).toEqual([12, 34]);
  });

  const row = (fields: object) => ({
    request_id: 'x',
    call_type: 'acompletion',
    model: 'gpt-4o',
    prompt_tokens: 10,
    completion_tokens: 5,
    startTime: '2026-01-01T00:00:00.250000+00:00',
    endTime: '2026-01-01T00:00:01.500000+00:00',
    ...fields,
  });

  it('reads rows of the spend log; failures have no duration', () => {
    const found = read(
      lines(
        row({}),
        row({ status: 'failure', error_information: { error_code: '429' }, completion_tokens: 0 }),
        row({ model_group: 'chat', cache_hit: 'True', endTime: '2026-01-01T00:00:00.251Z' }),
        row({ endTime: null }),
        row({ endTime: '2025-01-01T00:00:00Z' }),
        row({ prompt_tokens: -1 }),
        row({ startTime: 'x' }),
        row({}),
        row({}),
        row({}),
        row({}),
      ),
    );
    expect(found.services!.slice(0, 4)).toEqual([1_250_000, Number.NaN, 1_000, Number.NaN]);
    expect(found.endpoints!.slice(0, 4)).toEqual(['gpt-4o', 'gpt-4o', 'chat', 'gpt-4o']);
    expect(found.status!.slice(0, 3)).toEqual([0, 429, 0]);
    expect(found.skipped.map(({ line }) => line)).toEqual([5, 6, 7]);
    expect(found.warnings).toEqual([
      "answers from LiteLLM's cache are among the requests, as short as they were: 1",
      'requests without `endTime`: 1',
    ]);
  });
});

describe('Mooncake', () => {
  it('counts milliseconds from its own zero', () => {
    const found = readEdgeCase('relative_ms.jsonl');
    expect(found).toMatchObject({ firstAtUs: null, arrivals: [0, 0, 3_003_000], services: null });
    expect([...found.trace.inputTokens!, ...found.trace.outputTokens!]).toEqual([
      10, 10, 10, 1, 1, 1,
    ]);
  });

  it('counts a last line that is cut off as damaged, with its number', () => {
    const { arrivals, skipped } = readEdgeCase('truncated_last_line.jsonl');
    expect(arrivals).toEqual([0]);
    expect(skipped).toEqual([{ line: 2, reason: 'a JSON object that is cut off' }]);
  });

  it.skipIf(noRealTraces)('the published trace (needs ../shared/traces)', () => {
    const { trace } = readReal('mooncake/synthetic_trace.jsonl');
    expect([trace.count, trace.period.toUs - trace.period.fromUs]).toEqual([3993, 1_022_025_000]);
    expect([trace.inputTokens![0], trace.outputTokens![0]]).toEqual([40_160, 6]);
  });
});

describe('pino and bunyan', () => {
  it('write when the response is out', () => {
    const req = { method: 'GET', url: '/v1/chat?x=1', headers: { host: 'api.example.com' } };
    const text = lines(
      { level: 30, time: 1700000000500, pid: 1, msg: 'Server listening' },
      { level: 30, time: 1700000001000, req, msg: 'incoming request' },
      {
        level: 30,
        time: 1700000001500,
        req,
        res: { statusCode: 200 },
        responseTime: 250.5,
        msg: 'request completed',
      },
      {
        level: 50,
        time: 1700000002000,
        req,
        res: { statusCode: 500 },
        responseTime: 3,
        msg: 'request errored',
      },
      { level: 30, time: '2023-11-14T22:13:23Z', res: { statusCode: 200 }, responseTime: 0 },
    );
    expect(read(text, { endpoint: { field: 'path' } })).toMatchObject({
      firstAtUs: 1_700_000_001_249_500,
      arrivals: [0, 747_500],
      services: [250_500, Number.NaN],
      endpoints: ['/v1/chat', '/v1/chat'],
      format: 'pino JSON',
      skipped: [{ line: 5, reason: '`time` is no time: 2023-11-14T22:13:23Z' }],
    });
    const bunyan = {
      name: 'x',
      level: 30,
      time: '2023-11-14T22:13:23.000Z',
      latency: 12,
      res: { statusCode: 200 },
      v: 0,
    };
    expect(read(lines(bunyan))).toMatchObject({
      firstAtUs: 1_700_000_002_988_000,
      services: [12_000],
    });
  });
});

describe('JSON records', () => {
  it('takes back what synthesize writes', () => {
    const text =
      '{"arrival_s":0.500000,"service_s":1.250000}\n{"arrival_s":0.500001,"service_s":0.000000}\n';
    expect(read(text)).toMatchObject({
      firstAtUs: null,
      arrivals: [500_000, 500_001],
      services: [1_250_000, 0],
      durations: 'the column `service_s`',
      warnings: [],
    });
  });

  it('takes keys by the names of columns, as JavaScript writes them too', () => {
    const text = lines(
      {
        startTime: 1700000000.25,
        durationMs: 1.5,
        statusCode: 200,
        modelName: 'a',
        promptTokens: 3,
        completionTokens: null,
      },
      {
        startTime: 1700000001.25,
        durationMs: '2s',
        statusCode: 503,
        modelName: 'b',
        promptTokens: 4,
        completionTokens: 5,
      },
      { startTime: 1700000002, durationMs: null, promptTokens: 1 },
    );
    const found = read(text);
    expect(found).toMatchObject({
      firstAtUs: 1_700_000_000_250_000,
      arrivals: [0, 1e6, 1_750_000],
      services: [1_500, Number.NaN, Number.NaN],
      endpoints: ['a', 'b', '(none)'],
      status: [200, 503, 0],
      durations: 'the column `durationMs`',
    });
    expect([...found.trace.outputTokens!]).toEqual([0, 5, 0]);
    expect(found.warnings).toContain('numbers of tokens that are not there are taken as 0: 2');
  });

  it('takes lines of a log as written at the end, and others of the log for nothing', () => {
    const text = lines(
      { time: '2026-01-01T00:00:01Z', level: 'info', msg: 'listening' },
      {
        time: '2026-01-01T00:00:02Z',
        level: 'info',
        msg: 'request',
        duration_ms: 500,
        status: 200,
      },
    );
    const found = read(text);
    expect(found).toMatchObject({
      firstAtUs: utcUs(2026, 0, 1, 0, 0, 1) + 500_000,
      services: [500_000],
      skipped: [],
    });
    expect(found.trace.report.stampedAt).toBe('end');
    expect(found.warnings).toEqual([
      'lines of a log are taken as written when the request ended: `columns: { start: NAME }` says otherwise',
    ]);
  });

  it('does not take just any messages of a log for requests', () => {
    const text = lines(
      { time: '2026-01-01T00:00:01Z', level: 'info', msg: 'listening' },
      { time: '2026-01-01T00:00:02Z', level: 'info', msg: 'stopping' },
    );
    expect(() => read(text)).toThrow(/is in no format that is known/);
  });

  it('takes nested keys by `columns`, which every other format gives way to', () => {
    const text = lines(
      { at: { began: 1700000000123, took: 2 }, request: { uri: '/a' }, ts: 1, 'http.code': 200 },
      { at: { began: 1700000001123, took: 3 }, request: { uri: '/b' }, ts: 1, 'http.code': 404 },
    );
    const columns: ColumnMap = {
      ...NO_COLUMNS,
      start: { name: 'at.began', unit: 'ms' },
      service: { name: 'at.took', unit: 'min' },
      path: { name: 'request.uri', unit: null },
      status: { name: 'http.code', unit: null },
    };
    expect(read(text, { columns, endpoint: { field: 'path' } })).toMatchObject({
      firstAtUs: 1_700_000_000_123_000,
      arrivals: [0, 1e6],
      services: [120e6, Number.NaN],
      status: [200, 404],
      endpoints: ['/a', '/b'],
    });
    const wrong = { ...columns, start: { name: 'at.begun', unit: null } };
    expect(() => read(text, { columns: wrong, format: 'jsonl' })).toThrow(
      /has no such columns: start is to be in at\.begun; there are at\.began, at\.took/,
    );
  });

  it('does not choose between two keys of one figure, and says which keys there are', () => {
    expect(() => read(lines({ arrival_s: 1, arrival_ms: 1000 }))).toThrow(
      /has both `arrival_s` and `arrival_ms`: leave one of them out/,
    );
    expect(() => read(lines({ a: 1, b: { c: 2 } }), { format: 'jsonl' })).toThrow(
      /has no key of arrival times: its keys are a, b\.c; say which it is/,
    );
  });

  it('keeps all digits of nanoseconds', () => {
    const text =
      '{"ts":1700000000123456499,"service_s":1}\n{"ts":1700000000123456500,"service_s":1}\n{"ts":1700000000123457500,"service_s":1}\n';
    expect(read(text)).toMatchObject({ firstAtUs: 1_700_000_000_123_456, arrivals: [0, 1, 2] });
  });

  it.each([
    ['a list', '[1, 2]', 'no JSON object'],
    ['cut off', '{"arrival_s":1,"arrival', 'a JSON object that is cut off'],
    ['a comma too many', '{"arrival_s":1,}', 'no JSON at character 16'],
    ['other quotes', "{'arrival_s':1}", 'no JSON at character 2'],
    ['no number', '{"arrival_s":1.2.3}', '`arrival_s` is no time: 1.2.3'],
    ['no value', '{"arrival_s":one}', 'no JSON at character 14'],
    ['a bracket too many', '{"arrival_s":1}}', 'something behind the JSON object, at character 16'],
    [
      'two records',
      '{"arrival_s":1},{"arrival_s":2}',
      "several JSON objects in one line: `jq -c '.[]'` writes one a line",
    ],
    ['brackets', '['.repeat(500_000), 'no JSON object'],
    ['lists in lists', `{"x":${'['.repeat(500_000)}`, 'no JSON at character 261'],
    ['records in records', '{"a":'.repeat(200_000), 'no JSON at character 1281'],
    ['null', '{"arrival_s":null}', '`arrival_s` is no time: '],
    ['before 0', '{"arrival_s":-1}', 'the arrival -1 is before 0'],
  ])('a line is damaged: %s', (_, line, reason) => {
    const text = lines('{"arrival_s":0}', line, '{"arrival_s":2}');
    const { arrivals, skipped } = read(text);
    expect(arrivals).toEqual([0, 2e6]);
    expect(skipped).toEqual([{ line: 2, reason }]);
  });

  it('reads odd records as JSON has them: keys that stand twice, __proto__, escapes, NaN, empty lists', () => {
    const text = lines(
      '{"__proto__":{"arrival_s":7},"constructor":1,"arrival_s":1,"arrival_s":2}',
      '{"a":[],"b":{},"c":[{"arrival_s":9}],"d":"}\\\\\\"{","arrival_s":3,"e":NaN}',
      '  { "arrival_s" : 4e0 , "model" : "caf\\u00e9 \\ud83d\\ude80 \xc3\xa9" }  ',
    );
    const found = read(text);
    expect(found.arrivals).toEqual([2e6, 3e6, 4e6]);
    expect(found.endpoints!.at(-1)).toBe('café 🚀 é');
    expect(found.skipped).toEqual([]);
  });

  it('loses only a printed record that lost its end, and the one behind it', () => {
    const records = [1, 2, 3, 4, 5, 6].map((arrival_s) => ({ arrival_s, x: { y: [1] } }));
    const text = `${JSON.stringify(records, null, 2).replace('\n  },', '')}\n`;
    const { arrivals, skipped } = read(text);
    expect(arrivals).toEqual([3e6, 4e6, 5e6, 6e6]);
    expect(skipped).toHaveLength(1);
    expect(skipped[0]!.line).toBe(2);
  });

  it('never fails, however a record is changed or cut', () => {
    const good =
      '{"arrival_s":1.5,"service_s":"2ms","model":"a\\u0041\\n","x":[{"y":null},true,-1e-5,"\\\\"]}';
    const marks = ['"', '{', ']', ',', '\\', '\0'];
    for (let at = 0; at < good.length; at++) {
      for (const mark of marks) {
        for (const line of [
          good.slice(0, at),
          good.slice(0, at) + mark + good.slice(at),
          good.slice(0, at) + mark + good.slice(at + 1),
        ]) {
          try {
            read(`${good}\n${line}\n${good}\n`, { format: 'jsonl', skipBadLines: true });
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        }
      }
    }
  });

  it('agrees with JSON.parse on what is JSON, but for what nginx and Python write', () => {
    const good = '{"a":[1,-2.5e3,{"b":"\\"}"}],"c":{"d":null,"e":[[],{}]},"t":1}';
    for (let at = 1; at < good.length - 1; at++) {
      for (const mark of ['', '"', '{', '}', '[', ']', ',', ':', '\\', ' ']) {
        const line = good.slice(0, at) + mark + good.slice(at + 1);
        let isJson = true;
        try {
          JSON.parse(line);
        } catch {
          isJson = false;
        }
        // Values that are not there, and digits in places where JSON wants none, are passed over unless they are asked for.
        const { skipped } = read(`{"t":1}\n${line}\n{"t":1}\n{"t":1}\n`, {
          columns: { ...NO_COLUMNS, start: { name: 't', unit: 's' } },
          format: 'jsonl',
          skipBadLines: true,
        });
        if (isJson && /"t":1\}$/.test(line)) expect([line, skipped]).toEqual([line, []]);
        if (!isJson && skipped.length === 0) expect(line).toMatch(LENIENT);
      }
    }
  });
});

/** Something missing between marks, or a number such as `-2..5`. */
const LENIENT = /[[:,]\s*[\]},]|[-.e][-.e\s]|[-.e][,\]}]|\[,|\\/;
