import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnMap, READ_DEFAULTS } from '../../../src/workload/read-options.ts';
import { chooseFormat } from '../../../src/workload/readers/formats.ts';
import { REQUEST, Row } from '../../../src/workload/readers/line-reader.ts';
import { NO_COLUMNS } from '../../../src/workload/readers/records/data-set.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { edgeCase, noRealTraces, type ReadOptions, readTrace, realTrace } from './read-trace.ts';

const column = (name: string, unit: 'ms' | null = null) => ({ name, unit });

function read(format: string, lines: readonly string[], options: ReadOptions = {}): Trace {
  return readTrace(`${lines.join('\n')}\n`, { ...READ_DEFAULTS, format, ...options });
}

/** Arrivals since 1970, services, statuses and endpoints, one request an element. */
function requests(trace: Trace) {
  return Array.from(trace.arrivalUs, (arrivalUs, i) => [
    arrivalUs + (trace.firstAtUs ?? 0),
    trace.serviceUs?.[i] ?? null,
    trace.status?.[i] ?? null,
    trace.endpointNames[trace.endpoint?.[i] ?? -1] ?? null,
  ]);
}

const at = (iso: string) => Date.parse(iso) * 1000;
const byPath: ReadOptions = { endpoint: { field: 'path' } };
const byHost: ReadOptions = { endpoint: { field: 'host' } };
const byMethod: ReadOptions = { endpoint: { field: 'method' } };

describe('an nginx log_format', () => {
  const main = `# as in nginx.conf
    log_format main escape=default
      '$remote_addr - $remote_user [$time_local] "$request" ' # the first part
      '$status $body_bytes_sent "$http_referer" '
      "\\"$http_user_agent\\" $request_time $upstream_response_time \${pipe}";
    access_log /var/log/nginx/access.log main;`;
  const line = (time: string, status: number, requestTime: string, upstream: string) =>
    `10.0.0.1 - - [10/Oct/2026:${time} +0200] "GET /v1/chat?x=1 HTTP/1.1" ${status} 12 "-" "a \\x22b\\x22 [c] 1.000" ${requestTime} ${upstream} .`;

  it('over several lines, with comments, quotes and braces, reads what it wrote', () => {
    const trace = read(
      main,
      [
        line('13:55:36', 200, '1.500', '0.100, 0.020 : 0.003'),
        line('13:55:37', 200, '0.500', '-'),
        line('13:55:38', 502, '0.700', '0.001, 0.002'),
        line('13:55:39', 200, '3.000', '2.900'),
      ],
      byPath,
    );
    expect(requests(trace)).toEqual([
      [at('2026-10-10T11:55:34.500Z'), 123_000, 200, '/v1/chat'],
      [at('2026-10-10T11:55:36Z'), 2_900_000, 200, '/v1/chat'],
      [at('2026-10-10T11:55:36.500Z'), 500_000, 200, '/v1/chat'],
      [at('2026-10-10T11:55:37.300Z'), Number.NaN, 502, '/v1/chat'],
    ]);
    expect(trace.zoneOffsetMin).toBe(120);
    expect(trace.report).toMatchObject({
      format: 'nginx log_format main',
      why: "the server's own format line",
      stampedAt: 'end',
      durations: 'the log: $upstream_response_time',
      warnings: [
        'stamps have a resolution of 1 s: arrivals are up to a second early',
        '$request_time is taken where $upstream_response_time has no time, lines: 1',
      ],
    });
  });

  it('of JSON is unescaped, its numbers bare, quoted or missing', () => {
    const format = `log_format json escape=json '{"time":"$time_iso8601","request":"$request",'
      '"status":$status,"took":$request_time,"upstream":"$upstream_response_time","cache":$upstream_cache_status}';`;
    const trace = read(
      format,
      [
        String.raw`{"time":"2026-01-01T00:00:01+01:00","request":"GET /a\"b HTTP/1.1","status":200,"took":0.500,"upstream":"0.400","cache":}`,
        '{"time":"2026-01-01T00:00:02+01:00","request":"","status":400,"took":0.000,"upstream":"","cache":}',
      ],
      byPath,
    );
    expect(requests(trace)).toEqual([
      [at('2025-12-31T23:00:00.500Z'), 400_000, 200, '/a"b'],
      [at('2025-12-31T23:00:02Z'), Number.NaN, 400, '(none)'],
    ]);
  });

  it('may have a request line without quotes', () => {
    const trace = read(
      '$remote_addr [$time_local] $request $status $request_time',
      ['10.0.0.1 [10/Oct/2026:13:55:36 +0000] GET /a/b.js HTTP/1.1 200 0.250'],
      byPath,
    );
    expect(requests(trace)).toEqual([[at('2026-10-10T13:55:35.750Z'), 250_000, 200, '/a/b.js']]);
  });

  it('takes $msec before a stamp of whole seconds, which tells the zone', () => {
    const trace = read('$msec|$time_local|$request_time|$status', [
      '1700000000.123|14/Nov/2023:23:13:20 +0100|0.250|200',
    ]);
    expect(requests(trace)).toEqual([[1_699_999_999_873_000, 250_000, 200, null]]);
    expect(trace.zoneOffsetMin).toBe(60);
    expect(trace.report.warnings).toEqual([]);
  });

  it('takes figures and the endpoint from the variables that columns name', () => {
    const columns: ColumnMap = {
      ...NO_COLUMNS,
      endpoint: column('$http_x_model'),
      inputTokens: column('sent_http_x_input_tokens'),
      outputTokens: column('$sent_http_x_output_tokens'),
      service: column('$sent_http_x_compute', 'ms'),
    };
    const trace = read(
      '$msec $status $request_time "$http_x_model" $sent_http_x_input_tokens $sent_http_x_output_tokens $sent_http_x_compute',
      ['1700000001.000 200 1.000 "llama 3" 12 7 640', '1700000002.000 200 0.500 "llama 3" - - -'],
      { columns },
    );
    expect(requests(trace)).toEqual([
      [1_700_000_000_000_000, 640_000, 200, 'llama 3'],
      [1_700_000_001_500_000, Number.NaN, 200, 'llama 3'],
    ]);
    expect([...trace.inputTokens!]).toEqual([12, 0]);
    expect([...trace.outputTokens!]).toEqual([7, 0]);
    expect(trace.report.durations).toBe('the log: $sent_http_x_compute');
  });

  it("of Kubernetes' ingress controller names the service", () => {
    const format = `log_format upstreaminfo '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';`;
    const trace = read(format, [
      '192.168.1.7 - - [22/Nov/2026:10:00:05 +0000] "POST /infer HTTP/2.0" 200 512 "-" "python-httpx/0.27" 840 2.250 [ml-llama-8000] [] 10.1.2.3:8000, 10.1.2.4:8000 0, 512 0.050, 2.100 502, 200 6b1f',
      '192.168.1.7 - - [22/Nov/2026:10:00:06 +0000] "GET /healthz HTTP/1.1" 404 0 "-" "kube-probe/1.31" 120 0.000 [upstream-default-backend] [] - - - - 6b20',
    ]);
    expect(requests(trace)).toEqual([
      [at('2026-11-22T10:00:02.750Z'), 2_150_000, 200, 'ml-llama-8000'],
      [at('2026-11-22T10:00:06Z'), Number.NaN, 404, 'upstream-default-backend'],
    ]);
  });

  it('without a duration takes stamps as arrivals and says so', () => {
    const trace = read(
      "log_format short '$server_name $time_iso8601 $scheme://$host$request_uri $status';",
      ['_ 2026-01-01T00:00:00-08:00 https://api.example.com:8443/v1/x?y=/z 200'],
      byHost,
    );
    expect(requests(trace)).toEqual([[at('2026-01-01T08:00:00Z'), null, 200, 'api.example.com']]);
    expect(trace.report.stampedAt).toBe('start');
    expect(trace.report.warnings[0]).toBe(
      'stamps are taken as arrivals; nginx writes them at the end of a request',
    );
  });

  it.each([
    ['$msec $request_method $uri$is_args$args $status', '1700000000.5 GET /a?b=c 200', 200, '/a'],
    ['$msec "$host$request_uri" $status', '1700000000.5 "h.example/a/b?c" 200', 200, '/a/b'],
    [
      '$msec $http_x_forwarded_for "$request"',
      '1700000000.5 1.1.1.1, 2.2.2.2 "GET /a HTTP/1.1"',
      null,
      '/a',
    ],
    [
      '$msec,$upstream_addr,"$request"',
      '1700000000.5,1.1.1.1:80, 2.2.2.2:80,"GET /a HTTP/1.1"',
      null,
      '/a',
    ],
    [
      'log_format n escape=none \'$msec "$request" "$http_user_agent"\';',
      '1700000000.5 "GET /a HTTP/1.1" "x\\" "y" z"',
      null,
      '/a',
    ],
  ])('%s reads the path of %s', (format, line, status, path) => {
    expect(requests(read(format, [line], byPath))).toEqual([
      [1_700_000_000_500_000, null, status, path],
    ]);
  });
});

describe('an Apache LogFormat', () => {
  const combined = String.raw`"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D" timed`;

  it('with %D reads starts and microseconds', () => {
    const trace = read(
      `LogFormat ${combined}`,
      [
        String.raw`10.0.0.1 - frank [10/Oct/2026:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326 "-" "say \"hi\" \\" 1500000`,
        '::1 - - [10/Oct/2026:13:55:37 -0700] "-" 408 - "-" "-" 20000000',
      ],
      byPath,
    );
    expect(requests(trace)).toEqual([
      [at('2026-10-10T20:55:36Z'), 1_500_000, 200, '/a'],
      [at('2026-10-10T20:55:37Z'), Number.NaN, 408, '(none)'],
    ]);
    expect(trace.report).toMatchObject({
      format: 'Apache LogFormat timed',
      why: "the server's own format line",
      stampedAt: 'start',
      durations: 'the log: %D',
      warnings: ['stamps have a resolution of 1 s: requests of one second arrive together'],
    });
  });

  it.each([
    [
      '%{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t%{%z}t %m %U%q %>s %{ms}T',
      '2026-01-01T00:00:10.123456+0530 GET /p?q 200 15',
      '2025-12-31T18:30:10.123Z',
      456,
      15_000,
    ],
    [
      '[%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] "%r" %s %T',
      '[09/Feb/2026 23:59:59.007 +0000] "GET /p HTTP/1.1" 200 3',
      '2026-02-09T23:59:59.007Z',
      0,
      3_000_000,
    ],
    [
      '%{begin:usec}t %{end:usec}t %>s %U',
      '1767225600000001 1767225601500001 200 /p',
      '2026-01-01T00:00:00.000Z',
      1,
      1_500_000,
    ],
    [
      '%{end:msec}t %{us}T %T %>s %U',
      '1767225601500 1500001 1 200 /p',
      '2025-12-31T23:59:59.999Z',
      999,
      1_500_001,
    ],
    [
      '%{sec}t.%{usec_frac}t "%m %U%q %H" %!200,304{Referer}i %<s %>s %B %D',
      '1767225600.000250 "GET /p?x HTTP/1.1" - 302 200 0 40',
      '2026-01-01T00:00:00.000Z',
      250,
      40,
    ],
    [
      '%t %{X-Forwarded-For}i "%r" %400,501{User-agent}i %>s %D %{ratio}n%% %{c}a %A %f %k %L %X %I %O %S',
      '[01/Jan/2026:00:00:00 +0000] 1.1.1.1, 2.2.2.2 "GET /p HTTP/1.1" - 200 7 12% 1.1.1.1 ::1 /srv 0 - + 1 2 3',
      '2026-01-01T00:00:00.000Z',
      0,
      7,
    ],
    [
      '%{%F %I:%M:%S %p %Z}t "%r" %>s %D',
      '2026-01-01 12:30:00 AM UTC "GET /p HTTP/1.1" 200 9',
      '2026-01-01T00:30:00.000Z',
      0,
      9,
    ],
    ['%{%y%j%H%M%S}t %U %>s %D', '26032000001 /p 200 9', '2026-02-01T00:00:01.000Z', 0, 9],
  ])('%s reads %s', (format, line, iso, us, serviceUs) => {
    const trace = read(`LogFormat "${format.replaceAll('"', '\\"')}"`, [line], byPath);
    expect(requests(trace)).toEqual([[at(iso) + us, serviceUs, 200, '/p']]);
    expect(requests(read(format, [line], byPath))).toEqual(requests(trace));
  });

  it('knows the nicknames, and those defined beside', () => {
    const vhost =
      'example.com:443 10.0.0.1 - - [01/Jan/2026:00:00:10 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"';
    const custom = 'CustomLog "|/usr/bin/rotatelogs /var/log/a 86400" vhost_combined env=!quiet';
    const trace = read(custom, [vhost], byHost);
    expect(trace.endpointNames).toEqual(['example.com']);
    expect(trace.report.format).toBe('Apache LogFormat vhost_combined');
    expect(read('LogFormat vhost_combined', [vhost], byHost).endpointNames).toEqual([
      'example.com',
    ]);
    const both = `LogFormat ${combined}\nLogFormat "%h %t" short\n# CustomLog logs/old short\nCustomLog logs/access_log short`;
    expect(read(both, ['10.0.0.1 [01/Jan/2026:00:00:10 +0000]']).count).toBe(1);
    expect(() => read('CustomLog logs/access_log odd', [vhost])).toThrow(
      '`CustomLog` names the format odd: give its `LogFormat` line, or both',
    );
  });
});

describe('a format that cannot be read', () => {
  it.each([
    [
      "log_format x '$remote_addr $request_time$status';",
      [
        'nginx log_format x tells no time of a request: add $msec or $time_iso8601, and $request_time for durations',
        '`$request_time` and `$status` have nothing between them: it cannot be told where the one ends',
      ],
    ],
    [
      '%h "%r" %>s',
      ['Apache LogFormat tells no time of a request: add %{usec}t or %t, and %D for durations'],
    ],
    [
      '%{%H:%M:%S}t %D',
      ['Apache LogFormat tells no time of a request: add %{usec}t or %t, and %D for durations'],
    ],
    [
      '%{%c}t %D',
      ['`%{%c}t` has `%c`, of which no time can be read: write %Y-%m-%dT%H:%M:%S%z, say'],
    ],
    ['%t %{m}T', ['`%{m}T` has none of the units s, ms and us']],
    [
      "log_format a '$msec'; log_format b '$msec';",
      ['`format:` holds several `log_format`: give the one that the log is written in'],
    ],
    [
      'LogFormat "%t" a\nLogFormat "%t" b',
      ['`format:` holds several: give the `LogFormat` that the log is written in'],
    ],
    ["log_format a escape=xml '$msec';", ['`escape=xml` is none of default, json and none']],
    ['log_format a;', ['`log_format` has a name but no format behind it']],
    [
      '[%PROTOCOL%] %RESPONSE_CODE%',
      [
        'Envoy format string tells no time of a request: add %START_TIME%, and %DURATION% for durations',
      ],
    ],
  ])('%s: says what is wrong', (format, messages) => {
    expect(() => read(format, ['x'])).toThrow(
      messages.map((message) => `x  ${message}`).join('\n'),
    );
  });

  it('names the variables there are where a column is none of them', () => {
    const columns = { ...NO_COLUMNS, endpoint: column('$http_x_model') };
    expect(() => read('$msec $status', ['1 200'], { columns })).toThrow(
      'has no such columns: endpoint is to be in $http_x_model; there are $msec, $status',
    );
  });

  it('leaves other names to the formats', () => {
    expect(() => read('no-such-format', ['x'])).toThrow('is no format');
  });
});

describe('a line that does not fit', () => {
  it.each(
    [
      ['no ` ` behind `$msec`', '1.5'],
      ['`$status` cannot be read: abc', '1.5 abc [x]'],
      ['`$msec` cannot be read: yesterday', 'yesterday 200 [x]'],
      ['no `]` behind `$upstream_status`', '1.5 200 [200'],
      ['more than the format has: more', '1.5 200 [200]more'],
    ].slice(1),
  )('is damaged: %s', (reason, line) => {
    const good = '1.5 200 [200]';
    const trace = read('$msec $status [$upstream_status]', [good, good, line]);
    expect(trace.report.skipped.examples).toEqual([{ line: 3, reason }]);
    expect(trace.count).toBe(2);
  });

  it('never throws, and never reads beyond its end', () => {
    const format = '$remote_addr [$time_local] "$request" $status $upstream_response_time $msec';
    const line = '::1 [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 0.1, 0.2 : - 1700000000.5';
    const options = { columns: null, texts: true, spread: null };
    const reader = chooseFormat(format, [], options).format.open([], options);
    const reading = (text: string, from: number, to: number) => {
      const row = new Row();
      return [reader.read(text, from, to, row), ...Object.values(row)].map(String).join(' ');
    };
    expect(reading(line, 0, line.length)).toContain(String(REQUEST));
    fc.assert(
      fc.property(
        fc.nat(line.length),
        fc.nat(6),
        fc.string({ maxLength: 5, unit: 'binary-ascii' }),
        (place, cut, put) => {
          const mutated = line.slice(0, place) + put + line.slice(place + cut);
          const within = reading(
            `${line}${mutated}${line}`,
            line.length,
            line.length + mutated.length,
          );
          return within === reading(mutated, 0, mutated.length);
        },
      ),
    );
  });
});

describe("Envoy's access log", () => {
  const line = (at: string, code: string, duration: number, upstream: string) =>
    `[${at}] "POST /v1/chat/completions HTTP/2" ${code} - 812 2048 ${duration} ${upstream} "10.0.35.28, 10.0.0.1" "say "hi" there" "cc21d9b0" "api.example.com:443" "10.0.2.1:80"`;

  it('envoy_default.log', () => {
    const trace = edgeCase('envoy_default.log');
    expect(requests(trace)).toEqual([
      [at('2026-04-08T16:16:55.931Z'), 5_000, 200, null],
      [at('2026-04-08T16:16:56Z'), Number.NaN, 0, null],
    ]);
    expect(trace.report).toMatchObject({
      format: 'Envoy default log',
      why: 'detected: 2 of 2 lines fit',
      stampedAt: 'start',
      durations: 'the log: %DURATION%',
      warnings: [],
    });
  });

  it('of the default format, with quotes in an agent', () => {
    const trace = read(
      'auto',
      [
        line('2026-04-15T20:17:00.310Z', '204', 226, '100'),
        line('2026-04-15T20:17:01.000Z', '200', 900, '-'),
        line('2026-04-15T20:17:02.000Z', '503', 15, '14'),
      ],
      byHost,
    );
    expect(requests(trace)).toEqual([
      [at('2026-04-15T20:17:00.310Z'), 226_000, 204, 'api.example.com'],
      [at('2026-04-15T20:17:01Z'), 900_000, 200, 'api.example.com'],
      [at('2026-04-15T20:17:02Z'), Number.NaN, 503, 'api.example.com'],
    ]);
    const upstream = column('%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%', 'ms');
    const asked = read('envoy', [line('2026-04-15T20:17:00.310Z', '204', 226, '100')], {
      columns: { ...NO_COLUMNS, service: upstream },
    });
    expect([...asked.serviceUs!]).toEqual([100_000]);
  });

  it("of Istio's format, whose cluster is the endpoint", () => {
    const trace = read('auto', [
      '[2026-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 200 - via_upstream - "-" 0 135 3 1 "-" "curl/7.73.0-DEV" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.httpbin.foo.svc.cluster.local default',
    ]);
    expect(requests(trace)).toEqual([
      [at('2026-11-25T21:26:18.409Z'), 3_000, 200, 'inbound|8000||'],
    ]);
    expect(trace.report.format).toBe('Istio default log');
  });

  it.each([
    [
      '[%START_TIME(%Y/%m/%dT%H:%M:%S.%3f)%] %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %RESPONSE_CODE% %DURATION%\\n',
      '[2026/04/15T20:17:00.310] GET /a 200 12',
      310_000,
    ],
    [
      '%START_TIME(%s.%6f)% "%REQ(:METHOD)% %REQ(:PATH)%" %RESPONSE_CODE% %DURATION%',
      '1776284220.000031 "GET /a" 200 12',
      31,
    ],
    [
      '%START_TIME% %REQ(:METHOD)% %RESPONSE_CODE% %DURATION% %RESP(SERVER):12%',
      '2026-04-15T20:17:00.000Z GET 200 12 envoy',
      0,
    ],
  ])('by the format string %s', (format, line, us) => {
    const trace = read(format, [line], byMethod);
    expect(requests(trace)).toEqual([[at('2026-04-15T20:17:00Z') + us, 12_000, 200, 'GET']]);
    expect(trace.zoneOffsetMin).toBe(0);
  });
});

describe("Traefik's common log", () => {
  it('reads starts, milliseconds and the router', () => {
    const trace = read('auto', [
      '10.0.0.1 - Client [10/Nov/2026:23:00:00 +0000] "GET /foo HTTP/1.1" 200 132 "referer" "agent" 1 "foo@docker" "http://10.0.0.2/toto" 123000ms',
      '10.0.0.1 - - [10/Nov/2026:23:00:01 +0000] "GET /no HTTP/1.1" 404 19 "-" "curl" 2 "-" "-" 0ms',
      '10.0.0.1 - - [10/Nov/2026:23:00:02 +0000] "GET /foo HTTP/2.0" - - "-" "say "hi"" 3 "foo@docker" "http://10.0.0.2" 40ms',
      '10.0.0.1 - - [10/Nov/2026:23:00:03 +0000] "GET /foo HTTP/2.0" 499 21 "-" "-" 4 "foo@docker" "http://10.0.0.2" 9ms',
      '2001:db8::7 - - [11/Nov/2026:00:00:04 +0100] "POST /bar HTTP/2.0" 201 0 "-" "-" 5 "bar@file" "http://10.0.0.3" 1ms',
    ]);
    expect(requests(trace)).toEqual([
      [at('2026-11-10T23:00:00Z'), 123_000_000, 200, 'foo@docker'],
      [at('2026-11-10T23:00:01Z'), Number.NaN, 404, '(none)'],
      [at('2026-11-10T23:00:02Z'), Number.NaN, 0, 'foo@docker'],
      [at('2026-11-10T23:00:03Z'), Number.NaN, 499, 'foo@docker'],
      [at('2026-11-10T23:00:04Z'), 1_000, 201, 'bar@file'],
    ]);
    expect(trace.report).toMatchObject({ format: 'Traefik common log', stampedAt: 'start' });
    expect(trace.report.durations).toBe('the log: Duration');
  });
});

describe.skipIf(noRealTraces)('real logs, which lie beside the project', () => {
  it("nginx's combined lines by their own log_format", () => {
    const combined = `log_format combined '$remote_addr - $remote_user [$time_local] '
      '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';`;
    const trace = realTrace('log-samples/logfile_access_log.0', { format: combined, ...byPath });
    expect(requests(trace)).toEqual([
      [at('2009-07-20T22:59:26Z'), null, 200, '/vmw/cgi/tramp'],
      [at('2009-07-20T22:59:29Z'), null, 404, '/vmw/vSphere/default/vmkboot.gz'],
      [at('2009-07-20T22:59:29Z'), null, 200, '/vmw/vSphere/default/vmkernel.gz'],
    ]);
  });

  it("Apache's combined lines by the nickname, all but the one whose end is missing", () => {
    const trace = realTrace('access-logs/apache_combined.log', { format: 'LogFormat combined' });
    expect(trace.count).toBe(9999);
    expect(trace.report.skipped).toEqual({
      lines: 1,
      examples: [{ line: 8899, reason: 'no `"` behind `%{User-Agent}i`' }],
    });
    const statuses = new Map<number, number>();
    for (const status of trace.status!) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect(Object.fromEntries(statuses)).toEqual({
      200: 9125,
      206: 45,
      301: 164,
      304: 445,
      403: 2,
      404: 213,
      416: 2,
      500: 3,
    });
  });
});
