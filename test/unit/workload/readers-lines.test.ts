import { describe, expect, it } from 'vitest';
import { formatIso } from '../../../src/workload/stamps.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { type ReadOptions, readTrace } from './read-trace.ts';

/** `arrival service status endpoint` of each request, in order of arrivals; `?` is not known. */
function requestsOf(trace: Trace): string[] {
  const { firstAtUs, serviceUs, status, endpoint, endpointNames } = trace;
  return Array.from(trace.arrivalUs, (us, i) => {
    const at = firstAtUs === null ? String(us / 1e6) : formatIso(firstAtUs + us);
    const service = serviceUs?.[i] ?? Number.NaN;
    const seconds = Number.isNaN(service) ? '?' : String(service / 1e6);
    return [at, seconds, status?.[i] ?? '-', endpointNames[endpoint?.[i] ?? 0] || '-'].join(' ');
  });
}

function requests(text: string, options: ReadOptions = {}): string[] {
  return requestsOf(readTrace(text, options));
}

/** With the path, and of all hosts that it is asked for. */
function paths(text: string, host: string): string[] {
  return requests(text, { endpoint: { field: 'path' }, where: { host: [host] } });
}

describe('HAProxy', () => {
  it.each([
    // A request that took 14 ms to come, then 561 ms of the server.
    [
      '2012-06-12T17:56:11+00:00 localhost haproxy[21732]: 127.0.0.1:40074 [12/Jun/2012:17:56:10.548] dogarchive-frontend dogarchive-backend/i-8bcc18ed:9105 14/0/0/283/575 200 107 - - ---- 232/162/162/5/0 0/0 "POST /intake HTTP/1.1"',
      '2012-06-12T17:56:10.562Z 0.561 200 dogarchive-backend',
    ],
    // 109 - 10 - 0 - 30.
    [
      'haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
      '2009-02-06T12:14:14.665Z 0.069 200 static',
    ],
    // Logged before the answer was sent.
    [
      'haproxy[18113]: 127.0.0.1:34548 [15/Oct/2003:15:18:55.103] px-http px-http/srv1 9/0/7/14/+30 200 +243 - - ---- 3/3/3/1/0 0/0 "GET /image.iso HTTP/1.0"',
      '2003-10-15T15:18:55.112Z ? 200 px-http',
    ],
    // 500 ms of queue.
    [
      '10.0.1.2:1 [06/Feb/2009:12:14:14.000] http-in~ api/srv1 0/500/0/200/1200 200 1 a=b - --VN 1/1/1/1/0 0/0 "GET / HTTP/2.0"',
      '2009-02-06T12:14:14Z 0.7 200 api',
    ],
    // No whole request within the time for one.
    [
      'haproxy[18113]: 127.0.0.1:34549 [15/Oct/2003:15:19:06.103] px-http px-http/<NOSRV> -1/-1/-1/-1/50001 408 2750 - - cR-- 2/2/2/0/+2 0/0 "<BADREQ>"',
      '2003-10-15T15:19:06.103Z ? 408 px-http',
    ],
    // The client left while it waited for a server: there is no status.
    [
      'haproxy[18113]: 127.0.0.1:34550 [15/Oct/2003:15:24:28.321] px-http px-http/srv1 202/0/-1/-1/8490 -1 0 - - CC-- 205/205/205/2/0 0/0 "HEAD / HTTP/1.0"',
      '2003-10-15T15:24:28.523Z ? 0 px-http',
    ],
    // The client left in the middle of the answer.
    [
      'haproxy[18113]: 127.0.0.1:34551 [15/Oct/2003:15:26:08.383] px-http px-http/srv1 9/0/7/14/30 200 9 - - CD-- 3/3/3/1/0 0/0 "GET / HTTP/1.0"',
      '2003-10-15T15:26:08.392Z ? 200 px-http',
    ],
    // httpslog has more behind the request.
    [
      '[::1]:51 [06/Feb/2009:12:14:14.655] in~ api/s 0/0/1/2/5 200 9 - - ---- 1/1/0/0/0 0/0 {a "b" [c]} "GET /x HTTP/1.1" 0/0/0/0/0 h.example/TLSv1.3/TLS_AES_128',
      '2009-02-06T12:14:14.655Z 0.004 200 api',
    ],
  ])('%s', (line, request) => {
    expect(requests(`${line}\n`)).toEqual([request]);
  });

  it('logs much that is no request', () => {
    const request =
      '10.0.1.2:1 [06/Feb/2009:12:14:14.000] f b/s 0/0/0/1/1 200 1 - - ---- 1/1/1/1/0 0/0 "GET /a HTTP/1.1"';
    const others = [
      'Feb  6 12:12:51 localhost haproxy[14387]: 10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0',
      'Feb  6 12:12:09 localhost haproxy[14385]: Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)',
      'Feb 25 16:20:15 192.168.4.2 haproxy[7]: 95.216.197.33:56224 [25/Feb/2019:16:20:10.111] prod_http_in/sktst2: SSL handshake failure',
      '[NOTICE]   (1) : New worker (8) forked',
      '[WARNING]  (8) : Server b/s is DOWN, reason: Layer4 timeout. 0 active and 0 backup servers left.',
      'Server b/s is UP, reason: Layer4 check passed.',
      'Feb  6 12:12:09 localhost haproxy[14385]: backend b has no server available!',
    ];
    const { count, report } = readTrace([request, ...others, request].join('\n'));
    expect([count, report.lines, report.skipped.lines]).toEqual([2, 9, 0]);
    expect(readTrace(`${request}\n`, { timeZone: 'Europe/Berlin' }).firstAtUs).toBe(
      Date.UTC(2009, 1, 6, 11, 14, 14) * 1000,
    );
    expect(requests(request, { endpoint: { field: 'path' } })[0]).toContain('/a');
  });

  it.each([
    ['0/0/0/1', 'no `TR/Tw/Tc/Tr/Ta` in milliseconds behind the server'],
    ['0/0/0/1/1/1', 'no `TR/Tw/Tc/Tr/Ta` in milliseconds behind the server'],
    ['0/0/0/a/1', 'no `TR/Tw/Tc/Tr/Ta` in milliseconds behind the server'],
  ])('with %s for its times is damaged', (times, reason) => {
    const line = (timers: string) =>
      `10.0.1.2:1 [06/Feb/2009:12:14:14.000] f b/s ${timers} 200 1 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"\n`;
    const { report } = readTrace(line('0/0/0/1/1').repeat(2) + line(times));
    expect(report.skipped.examples).toEqual([{ line: 3, reason }]);
  });
});

describe('W3C extended', () => {
  const IIS =
    '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-03-01 10:00:00\n';

  it('of IIS ends at its stamp, in UTC, after milliseconds', () => {
    const text = `${IIS}#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken
2026-03-01 10:00:02 10.0.0.4 POST /v1/infer model=a&n=1 443 - 203.0.113.9 python-requests/2.31 - 200 0 0 1875
2026-03-01 10:00:03 10.0.0.4 GET /health - 443 - 203.0.113.9 - - 200 0 0 0
2026-03-01 10:00:04 10.0.0.4 POST /v1/infer - 443 - 203.0.113.9 a+b - 503 2 0 15
`;
    expect(requests(text)).toEqual([
      '2026-03-01T10:00:00.125Z 1.875 200 -',
      '2026-03-01T10:00:03Z 0 200 -',
      '2026-03-01T10:00:03.985Z ? 503 -',
    ]);
    const [first] = requests(text, { endpoint: { field: 'path' } });
    expect(first).toBe('2026-03-01T10:00:00.125Z 1.875 200 /v1/infer');
    expect(() => readTrace(text, { where: { path: ['*model=a*'] } })).toThrow(
      'all 3 were left out',
    );
    expect(readTrace(text, { where: { path: ['*?model=a*'] } }).count).toBe(1);
  });

  it('changes its fields in mid-file, and its durations with them', () => {
    const text = `${IIS}#Fields: date time cs-uri-stem sc-status time-taken
2026-03-01 10:00:02 /a 200 500
${IIS}#Fields: time date time-taken cs-host sc-status
10:00:05 2026-03-01 1500 h.example 200
#Fields: date time sc-status
2026-03-01 10:00:09 200
`;
    expect(requests(text)).toEqual([
      '2026-03-01T10:00:01.5Z 0.5 200 -',
      '2026-03-01T10:00:03.5Z 1.5 200 -',
      '2026-03-01T10:00:09Z ? 200 -',
    ]);
  });

  it('of others is in seconds, as the draft has it, and says so; `columns` may say otherwise', () => {
    const text =
      '#Version: 1.0\n#Fields: date time sc-status time-taken\n2026-03-01 10:00:02 200 2\n';
    const trace = readTrace(text);
    expect([...trace.serviceUs!]).toEqual([2e6]);
    expect(trace.report.warnings.join()).toContain('taken as seconds, as the W3C draft has it');
    const figures = ['start', 'end', 'inputTokens', 'outputTokens', 'endpoint', 'status'] as const;
    const none = Object.fromEntries(
      [...figures, 'method', 'path', 'host'].map((key) => [key, null]),
    );
    const columns = { ...none, service: { name: 'time-taken', unit: 'ms' } } as never;
    expect([...readTrace(text, { format: 'w3c', columns }).serviceUs!]).toEqual([2000]);
  });

  it('without dates goes by `#Date`, and past midnight', () => {
    const text =
      '#Version: 1.0\n#Date: 2026-02-28 23:59:58\n#Fields: time cs-method cs-uri\n23:59:59 GET /a\n00:00:01.5 GET /b\n00:00:02 GET /c\n';
    expect(requests(text)).toEqual([
      '2026-02-28T23:59:59Z ? - -',
      '2026-03-01T00:00:01.5Z ? - -',
      '2026-03-01T00:00:02Z ? - -',
    ]);
  });

  it('may have quoted fields, tabs, and lines with fields too few', () => {
    const text = `#Software: SGOS 6.5.1
#Fields: date time time-taken c-ip cs(User-Agent) sc-status
2026-03-01 10:00:02 100 10.0.0.1 "Mozilla/5.0 (""X"" Linux)" 200
2026-03-01\t10:00:03\t100\t10.0.0.1\tMozilla\t200
2026-03-01 10:00:04 100 10.0.0.1 200
`;
    const { count, report } = readTrace(text);
    expect(count).toBe(2);
    expect(report.skipped.examples).toEqual([
      { line: 5, reason: '5 fields where `#Fields:` names 6' },
    ]);
  });
});

describe('CloudFront', () => {
  const HEAD = `#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for
`;
  const line = (
    time: string,
    status: string,
    taken: string,
    host = 'd111111abcdef8.cloudfront.net',
  ) =>
    `2019-12-04\t${time}\tLAX1\t392\t192.0.2.100\tGET\td111111abcdef8.cloudfront.net\t/index.html\t${status}\t-\tMozilla/5.0%20(Windows)\ta=1\t-\tHit\tSOX4x==\t${host}\thttps\t23\t${taken}\t-\n`;

  it('ends at its stamp, in UTC, after seconds; in no order', () => {
    const text = `${HEAD}${line('21:02:31', '200', '0.001')}${line('21:02:30', '502', '10.250')}${line('21:02:31', '000', '1.000')}${line('21:02:40', '304', '-')}${line('21:02:41', '200', '2')}`;
    expect(requests(text)).toEqual([
      // The duration is that of a failure, the arrival is right all the same.
      '2019-12-04T21:02:19.75Z ? 502 -',
      '2019-12-04T21:02:30.999Z 0.001 200 -',
      '2019-12-04T21:02:31Z ? 0 -',
      '2019-12-04T21:02:39Z 2 200 -',
      '2019-12-04T21:02:40Z ? 304 -',
    ]);
    expect(readTrace(text).report).toMatchObject({
      format: 'CloudFront standard log',
      reordered: 1,
    });
  });

  it('is asked for the host of the viewer', () => {
    const text = `${HEAD}${line('21:02:31', '200', '0.5', 'cdn.example.com')}${line('21:02:32', '200', '0.5')}`;
    expect(paths(text, 'cdn.example.com')).toEqual(['2019-12-04T21:02:30.5Z 0.5 200 /index.html']);
  });
});

describe('an AWS load balancer', () => {
  const rest = (creation: string, group = 'my-targets') =>
    `"curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/${group}/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 ${creation} "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"`;

  it.each([
    [
      `http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" ${rest('2018-07-02T22:22:48.364000Z')}`,
      '2018-07-02T22:22:48.364Z 0.001 200 my-targets',
    ],
    [
      `ws 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.000 101 101 218 587 "GET http://10.0.0.30:80/ HTTP/1.1" ${rest('2018-07-02T22:22:48.364000Z')}`,
      '2018-07-02T22:22:48.364Z 0.003 101 my-targets',
    ],
    // To a Lambda function: no target.
    [
      `https 2018-11-30T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - 0.000 0.250 0.000 200 200 34 366 "GET https://www.example.com:443/ HTTP/1.1" ${rest('2018-11-30T22:22:59.900000Z', 'lambda')}`,
      '2018-11-30T22:22:59.9Z 0.25 200 lambda',
    ],
    // Before there was a creation time: the end less its three times.
    [
      'h2 2016-08-10T22:08:42.945958Z app/lb/1 10.0.1.252:48160 10.0.0.66:9000 0.001 1.500 0.002 200 200 5 257 "GET https://10.0.2.105:773/ HTTP/2.0" "curl/7.46.0" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:1:targetgroup/t/7 "Root=1"',
      '2016-08-10T22:08:41.442958Z 1.5 200 t',
    ],
    // The balancer could not send it on.
    [
      'https 2016-08-10T22:08:42.945958Z app/lb/1 10.0.1.252:48160 - -1 -1 -1 400 - 0 0 "- http://h:80- -" "-" - - - "-"',
      '2016-08-10T22:08:42.945958Z ? 400 -',
    ],
    // A classic one says when it received the request.
    [
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
      '2015-05-13T23:39:43.945958Z 0.001048 200 -',
    ],
    [
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 - -1 -1 -1 504 0 0 0 "GET http://www.example.com:80/ HTTP/1.1"',
      '2015-05-13T23:39:43.945958Z ? 504 -',
    ],
  ])('%s', (line, request) => {
    expect(requests(`${line}\n`)).toEqual([request]);
  });

  it('logs connections that are no requests, and URLs with their host', () => {
    const http =
      '2015-05-13T23:39:43.945958Z lb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/a?b=//c HTTP/1.1" "-" - -';
    const tcp =
      '2015-05-13T23:39:43.945958Z lb 192.168.131.39:2817 10.0.0.1:80 0.001069 0.000028 0.000041 - - 82 305 "- - - " "-" - -';
    const text = `${http}\n${tcp}\n`;
    expect(readTrace(text).count).toBe(1);
    expect(readTrace(text).report).toMatchObject({
      stampedAt: 'start',
      format: 'AWS Classic Load Balancer',
      durations: 'the log: `backend_processing_time`',
    });
    expect(paths(text, 'www.example.com')).toEqual(['2015-05-13T23:39:43.945958Z 0.001048 200 /a']);
  });
});

describe('vLLM', () => {
  const received = (stamp: string, id: string, more = 'params: SamplingParams(n=1)') =>
    `INFO ${stamp} [logger.py:39] Received request ${id}: ${more}.\n`;
  const finished = (stamp: string, id: string) =>
    `INFO ${stamp} [async_llm_engine.py:211] Finished request ${id}.\n`;

  it('before version 1 of its engine logs beginnings and ends', () => {
    const text = `INFO 10-01 18:43:20 api_server.py:526] vLLM API server version 0.6.2
INFO:     Started server process [1]
INFO 10-01 18:43:27 logger.py:36] Received request cmpl-c52dbd9a-0: prompt: 'How to make pizza, prompt_token_ids: [1, 2, 3, 4, 5]', params: SamplingParams(n=1, stop_token_ids=[], max_tokens=16), prompt_token_ids: [2347, 311, 1304, 23317], lora_request: None, prompt_adapter_request: None.
INFO 10-01 18:43:27 engine.py:288] Added request cmpl-c52dbd9a-0.
INFO 10-01 18:43:28 logger.py:36] Received request cmpl-77-0: prompt: 'x', params: SamplingParams(n=1), prompt_token_ids: [], lora_request: None.
INFO 10-01 18:43:30 metrics.py:351] Avg prompt throughput: 0.9 tokens/s, Avg generation throughput: 0.0 tokens/s, Running: 1 reqs
INFO 10-01 18:43:31 async_llm_engine.py:141] Finished request cmpl-c52dbd9a-0.
INFO:     127.0.0.1:50000 - "POST /v1/completions HTTP/1.1" 200 OK
INFO 10-01 18:43:33 async_llm_engine.py:153] Aborted request cmpl-77-0.
Traceback (most recent call last):
  File "x.py", line 1, in <module>
`;
    const trace = readTrace(text);
    expect(requestsOf(trace)).toEqual(['0 4 - -', '1 ? - -']);
    expect([...trace.inputTokens!]).toEqual([4, 0]);
    expect(trace.report).toMatchObject({ missing: 1, reordered: 0, lines: 11, stampedAt: 'start' });
    expect(trace.report.skipped.lines).toBe(0);
  });

  it('since then logs answers, with their tokens, if it is told to', () => {
    const esc = String.fromCharCode(27);
    const text = `(APIServer pid=90458) INFO 02-13 11:33:33 [logger.py:49] Received request chatcmpl-a269fdcb7c6ce890: params: SamplingParams(n=1), lora_request: None.
(APIServer pid=90458) INFO 02-13 11:33:33 [async_llm.py:382] Added request chatcmpl-a269fdcb7c6ce890-a8a65d16.
(APIServer pid=90458) INFO 02-13 11:33:34 [logger.py:71] Generated response chatcmpl-a269fdcb7c6ce890 (streaming delta): output: 'H', output_token_ids: [9707], finish_reason: None
${esc}[0;36m(APIServer pid=90458)${esc}[0;0m INFO 02-13 11:33:39 [logger.py:71] Generated response chatcmpl-a269fdcb7c6ce890 (streaming complete): output: 'Hi [1, 2]', output_token_ids: [9707, 11, 12], finish_reason: streaming_complete
(APIServer pid=90458) INFO 02-13 11:33:40 [logger.py:49] Received request chatcmpl-b: params: SamplingParams(n=1), lora_request: None.
(APIServer pid=90458) INFO 02-13 11:33:41 [async_llm.py:511] Request chatcmpl-b aborted.
`;
    const trace = readTrace(text);
    expect(requestsOf(trace)).toEqual(['0 6 - -', '7 ? - -']);
    expect([...trace.outputTokens!]).toEqual([3, 0]);
    expect(trace.report.durations).toBe('the log: end - `Received request`');
  });

  it('without ends gives arrivals, behind the prefix of a composition too', () => {
    const text = `qwen15-fastchat-qwen2-72b-1  | INFO 02-22 16:52:30 async_llm_engine.py:433] Received request d9e65a86: prompt: 'hello', prefix_pos: None,sampling_params: SamplingParams(n=1), prompt_token_ids: None, lora_request: None.
qwen15-fastchat-qwen2-72b-1  | INFO 02-22 16:52:32 async_llm_engine.py:433] Received request d9e65a87: prompt: 'hello', sampling_params: SamplingParams(n=1), prompt_token_ids: None, lora_request: None.
`;
    const trace = readTrace(text);
    expect(requestsOf(trace)).toEqual(['0 ? - -', '2 ? - -']);
    expect([trace.inputTokens, trace.serviceUs]).toEqual([null, null]);
    expect(trace.report.warnings.join()).toContain('the ends of requests are not in the log');
  });

  it('goes on past New Year and knows a leap day when it sees one', () => {
    const days = (...stamps: string[]) =>
      requests(stamps.map((stamp, i) => received(`${stamp} 00:00:00`, `r${i}`)).join('')).map(
        (request) => Number(request.split(' ')[0]) / 86_400,
      );
    expect(days('12-31', '01-01', '01-02')).toEqual([0, 1, 2]);
    expect(days('02-28', '03-01')).toEqual([0, 1]);
    expect(days('02-28', '02-29', '03-01', '08-01', '12-31', '01-01')).toEqual([
      0, 1, 2, 155, 307, 308,
    ]);
    // Two processes, a line out of order.
    expect(days('01-01', '12-31', '01-01')).toEqual([0, 1, 1]);
    expect(requests(received('12-31 23:59:59', 'a') + finished('01-01 00:00:04', 'a'))).toEqual([
      '0 5 - -',
    ]);
  });

  it('with years is dated, in local time', () => {
    const text = received('2026-11-21 10:00:00.250', 'a') + finished('2026-11-21 10:00:01', 'a');
    expect(requests(text)).toEqual(['2026-11-21T10:00:00.25Z 0.75 - -']);
    expect(requests(text, { timeZone: 'Europe/Berlin' })).toEqual([
      '2026-11-21T09:00:00.25Z 0.75 - -',
    ]);
  });

  it('keeps so many requests open and no more', () => {
    const ids = Array.from({ length: 70_000 }, (_, i) => `r${i}`);
    const text = ids.map((id) => received('11-21 10:00:00', id)).join('');
    const trace = readTrace(
      `${text}${finished('11-21 10:00:07', 'r0')}${finished('11-21 10:00:07', 'r69999')}`,
    );
    expect(trace.count).toBe(70_000);
    expect(trace.serviceUs!.filter((us) => us >= 0)).toEqual(new Float64Array([7e6]));
  });

  it('counts a request whose stamp or name is no such', () => {
    const good = received('11-21 10:00:00', 'a') + received('11-21 10:00:01', 'b');
    const bad = `${received('11-31 10:00:00', 'c')}INFO 11-21 10:00:00 [logger.py:39] Received request\nINFO x [logger.py:39] Received request d: p.\n`;
    expect(readTrace(`${good}${good}${bad}`).report.skipped.examples).toEqual([
      { line: 5, reason: 'no time: 11-31 10:00:00' },
      { line: 6, reason: 'no `ID: ` behind it' },
      { line: 7, reason: 'no `LEVEL month-day hh:mm:ss` before it' },
    ]);
  });
});
