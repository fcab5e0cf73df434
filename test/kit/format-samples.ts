/** A few lines of each format, and one that is damaged in it. */

export interface FormatSample {
  /** As `format:` has it: the name of a format, or a server's own line. */
  readonly format: string;
  /** Headers first. */
  readonly lines: readonly string[];
  /** How many of the lines begin a log and are no requests. */
  readonly headers: number;
  readonly requests: number;
  /** Such a log's line, but damaged. */
  readonly garbage: string;
}

function sample(
  format: string,
  garbage: string,
  lines: readonly string[],
  { headers = 0, requests = lines.length - headers }: { headers?: number; requests?: number } = {},
): FormatSample {
  return { format, garbage, lines, headers, requests };
}

const W3C_FIELDS =
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port sc-status sc-substatus time-taken';
const CLOUDFRONT_FIELDS =
  '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs-uri-query x-host-header time-taken';

/** Those that `auto` knows. */
export const FORMAT_SAMPLES: readonly FormatSample[] = [
  sample('access-log', '10.0.0.1 - - [01/Foo/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1', [
    '10.0.0.1 - - [01/Jan/2026:00:00:01 +0100] "GET /a?b=1 HTTP/1.1" 200 12 "-" "curl/8.0" 0.250',
    '10.0.0.2 - me [01/Jan/2026:00:00:01 +0100] "POST /v1/infer HTTP/1.1" 502 - "-" "a \\"b\\"" 1.000',
    '2001:db8::1 - - [01/Jan/2026:00:00:03 +0100] "GET /c HTTP/2.0" 200 7 "-" "-" 0.001',
  ]),
  sample(
    'ingress-nginx',
    '10.0.0.1 - - [01/Foo/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-" 1 0.1 [a] [] 10.0.0.1:80 1 0.1 200 x',
    [
      '10.0.0.1 - - [01/Jan/2026:00:00:02 +0000] "POST /v1/chat HTTP/1.1" 200 613 "-" "curl/8.0" 1523 2.630 [gpu-chat-80] [] 10.1.2.3:8000 613 2.580 200 5f2d',
      '10.0.0.2 - me [01/Jan/2026:00:00:03 +0000] "POST /v1/chat HTTP/1.1" 502 150 "-" "curl/8.0" 900 0.004 [gpu-chat-80] [] 10.1.2.3:8000, 10.1.2.4:8000 0, 0 0.002, 0.002 502, 502 5f2e',
      '10.0.0.3 - - [01/Jan/2026:00:00:04 +0000] "GET / HTTP/1.1" 404 146 "-" "-" 80 0.000 [upstream-default-backend] [] - - - - 5f2f',
    ],
  ),
  sample(
    'haproxy',
    '10.0.1.2:33317 [06/Feb/2026:12:14:16.000] http-in static/srv1 10/0/x/69/109 200 1 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"',
    [
      'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
      'Feb  6 12:14:15 localhost haproxy[14389]: Proxy http-in started.',
      'Feb  6 12:14:15 localhost haproxy[14389]: 10.0.1.2:33318 [06/Feb/2026:12:14:14.700] http-in~ api/srv2 0/5/-1/-1/300 503 212 - - sC-- 1/1/1/1/3 0/0 "POST /v1 HTTP/1.1"',
      'Feb  6 12:14:16 localhost haproxy[14389]: 10.0.1.2:33319 [06/Feb/2026:12:14:15.000] http-in~ api/srv2 0/0/0/20/1000 200 212 - - ---- 1/1/1/1/0 0/0 "POST /v1 HTTP/1.1"',
    ],
    { requests: 3 },
  ),
  sample(
    'aws-alb',
    'http 2026-11-30T22:23:02.000000Z app/my-lb/50dc 192.168.131.39:2817 10.0.0.1:80 0.000 fast 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - -',
    [
      'http 2026-11-30T22:23:00.186641Z app/my-lb/50dc 192.168.131.39:2817 - -1 -1 -1 502 - 34 366 "GET http://www.example.com:80/x HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2 "Root=1-58337364-23a8" "-" "-" 0 2026-11-30T22:22:48.364000Z "forward" "-" "-" "-" "-" "-" "-"',
      'h2 2026-11-30T22:23:01.000000Z app/my-lb/50dc [2001:db8::9]:2817 10.0.0.1:80 0.001 0.048 0.002 200 200 0 57 "GET https://www.example.com:443/y?z HTTP/2.0" "ua \\"x\\"" ECDHE TLSv1.2',
      'https 2026-11-30T22:23:01.000000Z app/my-lb/50dc 10.1.0.1:1 10.0.0.1:80 0.000 1.500 0.000 200 200 0 57 "GET https://www.example.com:443/y HTTP/1.1" "ua" ECDHE TLSv1.2',
    ],
  ),
  sample(
    'cloudfront',
    '2026-12-10\t02:42:99\tIAD89-C3\t335\t3.92.144.159\tGET\td1.cloudfront.net\t/a\t200\t-\tcdn.example.com\t0.338',
    [
      '#Version: 1.0',
      CLOUDFRONT_FIELDS,
      '2026-12-10\t02:42:28\tIAD89-C3\t335\t3.92.144.159\tHEAD\td1.cloudfront.net\t/rss/a.rss\t200\tx=1\tcdn.example.com\t0.338',
      '2026-12-10\t02:42:27\tIAD89-C3\t0\t3.92.144.159\tGET\td1.cloudfront.net\t/b\t000\t-\tcdn.example.com\t1.000',
      '2026-12-10\t02:42:30\tIAD89-C3\t0\t3.92.144.159\tGET\td1.cloudfront.net\t/b\t304\t-\tcdn.example.com\t0.001',
    ],
    { headers: 2 },
  ),
  sample(
    'w3c',
    '2026-01-13 00:32:17 100.79.192.81 GET / - 80 200 0 slow',
    [
      '#Software: Microsoft Internet Information Services 10.0',
      '#Version: 1.0',
      '#Date: 2026-01-13 00:32:17',
      W3C_FIELDS,
      '2026-01-13 00:32:17 100.79.192.81 GET /robots.txt - 80 404 0 283',
      '2026-01-13 00:32:26 100.79.192.81 POST /v1/infer a=1 80 200 0 1500',
      '2026-01-13 00:32:26 100.79.192.81 POST /v1/infer - 80 200 0 -',
    ],
    { headers: 4 },
  ),
  sample(
    'vllm',
    'INFO 13-45 10:00:00 [logger.py:39] Received request cmpl-9: params: SamplingParams(n=1).',
    [
      "INFO 11-21 10:00:00 [logger.py:39] Received request cmpl-1: prompt: 'x', params: SamplingParams(n=1), prompt_token_ids: [1, 2], lora_request: None.",
      '(APIServer pid=7) INFO 11-21 10:00:01 [logger.py:39] Received request cmpl-2: params: SamplingParams(n=1), lora_request: None.',
      'INFO:     192.0.2.1:50000 - "POST /v1/completions HTTP/1.1" 200 OK',
      'INFO 11-21 10:00:04 [async_llm_engine.py:211] Finished request cmpl-1.',
      "INFO 11-21 10:00:05 [logger.py:71] Generated response cmpl-2: output: 'y', output_token_ids: [3, 4, 5], finish_reason: stop",
      'INFO 11-21 10:00:06 [logger.py:39] Received request cmpl-3: params: SamplingParams(n=1).',
    ],
    { requests: 3 },
  ),
  sample(
    'azure-llm',
    '2026-05-32 00:00:01,1,1',
    [
      'TIMESTAMP,ContextTokens,GeneratedTokens',
      '2026-05-12 00:00:00+00:00,1452,3',
      '2026-05-12 00:00:00.041683+00:00,584,3',
      '2026-05-12 00:00:01.5+00:00,0,9',
    ],
    { headers: 1 },
  ),
  sample(
    'azure-functions-2021',
    'a,f,10.0',
    ['app,func,end_timestamp,duration', 'a,f,10.0000000000000,9.000', 'a,g,2.0,0.5', 'a,f,9.5,9.5'],
    { headers: 1 },
  ),
  sample(
    'azure-functions-2019',
    'o,a,f,http,0,-,many,1',
    ['HashOwner,HashApp,HashFunction,Trigger,1,2,3,4', 'o,a,f,http,0,3,0,1', 'o,a,g,timer,1,1,1,1'],
    { headers: 1, requests: 8 },
  ),
  sample(
    'burstgpt',
    'soon,ChatGPT,1,1,2,API log',
    [
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type',
      '5,ChatGPT,472,18,490,Conversation log',
      '45,ChatGPT,1087,230,1317,Conversation log',
      '118,GPT-4,417,0,417,API log',
    ],
    { headers: 1 },
  ),
  sample(
    'csv',
    'now,1,a',
    ['arrival_s,service_s,endpoint', '0.5,1,a', '0.25,,b', '1.5,0.000001,"a, b"'],
    { headers: 1 },
  ),
  sample(
    'tsv',
    'now\t1\ta',
    ['arrival_s\tservice_s\tendpoint', '0.5\t1\ta', '0.25\t2\tb', '1.5\t0.000001\ta'],
    { headers: 1 },
  ),
  sample('jsonl', '{"arrival_s": "now", "service_s": 1}', [
    '{"arrival_s": 0.5, "service_s": 1, "endpoint": "a"}',
    '{"arrival_s": 0.25, "service_s": 2, "endpoint": "b"}',
    '{"arrival_s": 1.5, "service_s": 0.000001, "endpoint": "caf\\u00e9"}',
  ]),
  sample('logfmt', 'ts=yesterday level=info method=GET path=/a status=200 duration=12ms', [
    'ts=2026-01-01T00:00:00Z level=info method=GET path=/a status=200 duration=12ms',
    'ts=2026-01-01T00:00:00.5Z level=info method=GET path="/b c" status=200 duration=1.5s',
    'ts=2026-01-01T00:00:02Z level=info method=GET path=/a status=503 duration=3ms',
  ]),
  sample(
    'mooncake',
    '{"timestamp": "x", "input_length": 10, "output_length": 1, "hash_ids": [0]}',
    [
      '{"timestamp": 0, "input_length": 10, "output_length": 1, "hash_ids": [0]}',
      '{"timestamp": 0, "input_length": 10, "output_length": 1, "hash_ids": [0]}',
      '{"timestamp": 3003, "input_length": 10, "output_length": 1, "hash_ids": [0, 1]}',
    ],
  ),
  sample(
    'caddy',
    '{"level":"info","ts":"never","logger":"http.log.access","msg":"handled request","request":{"method":"GET","host":"h","uri":"/"},"duration":0.1,"size":1,"status":200}',
    [
      'caddy  | {"level":"info","ts":1761019828.6153953,"logger":"http.log.access","msg":"handled request","request":{"method":"GET","host":"localhost","uri":"/"},"duration":0.001674508,"size":0,"status":304}',
      'caddy  | {"level":"info","ts":1761019831.8276722,"logger":"admin","msg":"stopped previous server"}',
      '{"level":"info","ts":1761019859.196494,"logger":"http.log.access","msg":"handled request","request":{"method":"GET","host":"localhost","uri":"/i?a=1"},"duration":1.001239398,"size":0,"status":200}',
      '{"level":"error","ts":1761019860.5,"logger":"http.log.access","msg":"handled request","request":{"method":"POST","host":"localhost","uri":"/x"},"duration":0.25,"size":0,"status":502}',
    ],
    { requests: 3 },
  ),
  sample(
    'traefik-json',
    '{"Duration":1,"OriginDuration":1,"DownstreamStatus":200,"StartUTC":"2026-04-31T13:26:33Z"}',
    [
      '{"ClientAddr":"[::1]:56348","Duration":32673000,"OriginDuration":12613000,"DownstreamStatus":404,"RequestMethod":"GET","RequestPath":"/","StartLocal":"2026-04-15T15:26:33.80902715+02:00","StartUTC":"2026-04-15T13:26:33.80902715Z","time":"2026-04-15T13:26:33Z"}',
      '{"ClientAddr":"10.0.0.1:1","Duration":46382173,"DownstreamStatus":200,"StartLocal":"2026-04-15T15:26:34.1+02:00","time":"2026-04-15T13:26:34Z"}',
      '{"ClientAddr":"10.0.0.1:1","Duration":46382173,"OriginDuration":46000000,"DownstreamStatus":200,"ServiceName":"a@docker","StartUTC":"2026-04-15T13:26:35Z","time":"2026-04-15T13:26:35Z"}',
    ],
  ),
  sample(
    'traefik-clf',
    '10.0.0.1 - - [15/Foo/2026:13:26:33 +0000] "GET / HTTP/1.1" 200 5 "-" "-" 1 "r@docker" "http://10.0.0.2:80" 1ms',
    [
      '10.0.0.1 - - [15/Apr/2026:13:26:33 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8" 1 "r@docker" "http://10.0.0.2:80" 12ms',
      '10.0.0.1 - - [15/Apr/2026:13:26:34 +0000] "GET /x HTTP/1.1" 404 19 "-" "-" 2 "-" "-" 0ms',
      '10.0.0.1 - - [15/Apr/2026:13:26:34 +0000] "POST /v1 HTTP/2.0" 200 5 "-" "curl/8" 3 "r@docker" "http://10.0.0.2:80" 1500ms',
    ],
  ),
  sample(
    'envoy',
    '[2026-04-08T16:16:99.931Z] "GET /service/1 HTTP/1.1" 200 - 0 89 5 4 "-" "curl/7.54.0" "c219f6da" "localhost:8000" "172.27.0.3:80"',
    [
      '[2026-04-08T16:16:55.931Z] "GET /service/1 HTTP/1.1" 200 - 0 89 5 4 "-" "curl/7.54.0" "c219f6da-2b7f-483e-9ced-ec323d9330a9" "localhost:8000" "172.27.0.3:80"',
      '[2026-04-08T16:16:56.000Z] "GET /x HTTP/1.1" 0 UF,URX 0 0 7 - "-" "-" "-" "h" "127.0.0.1:9200"',
      '[2026-04-08T16:16:57.5Z] "POST /service/2 HTTP/2" 200 - 10 89 1500 1499 "-" "curl/7.54.0" "c219f6da" "localhost:8000" "172.27.0.3:80"',
    ],
  ),
  sample(
    'envoy-json',
    '{"start_time":"2026-13-08T16:16:55.931Z","method":"GET","path":"/a","response_code":200,"response_flags":"-","duration":5}',
    [
      '{"start_time":"2026-04-08T16:16:55.931Z","method":"GET","path":"/a","authority":"h:8000","response_code":200,"response_flags":"-","duration":5,"upstream_cluster":"outbound|80||a"}',
      '{"start_time":"2026-04-08T16:16:55.932Z","method":"GET","path":"/b","authority":"h:8000","response_code":503,"response_flags":"UH","duration":0,"upstream_cluster":"outbound|80||a"}',
      '{"start_time":"2026-04-08T16:16:56.000Z","method":"GET","path":"/b","authority":"h:8000","response_code":200,"response_flags":"-","duration":1500,"upstream_cluster":"outbound|80||b"}',
    ],
  ),
  sample(
    'cloudflare',
    '{"EdgeEndTimestamp":"2026-10-30T00:00:02Z","EdgeResponseStatus":200,"EdgeStartTimestamp":"late","OriginResponseDurationMs":5}',
    [
      '{"ClientRequestHost":"h","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeEndTimestamp":"2026-10-30T00:00:02.5Z","EdgeResponseStatus":200,"EdgeStartTimestamp":"2026-10-30T00:00:02Z","OriginResponseDurationMs":450}',
      '{"ClientRequestHost":"h","ClientRequestMethod":"GET","ClientRequestURI":"/a","EdgeEndTimestamp":"2026-10-30T00:00:02.5Z","EdgeResponseStatus":503,"EdgeStartTimestamp":"2026-10-30T00:00:02.1Z","OriginResponseDurationMs":1}',
      '{"ClientRequestHost":"h","ClientRequestMethod":"GET","ClientRequestURI":"/b","EdgeEndTimestamp":"2026-10-30T00:00:05Z","EdgeResponseStatus":200,"EdgeStartTimestamp":"2026-10-30T00:00:03Z","OriginResponseDurationMs":1900}',
    ],
  ),
  sample(
    'google-cloud',
    '{"httpRequest":{"requestMethod":"GET","status":200,"latency":"1s"},"timestamp":"2026-12-29T25:58:51Z"}',
    [
      '{"insertId":"1","httpRequest":{"requestMethod":"POST","requestUrl":"https://svc.run.app/infer","requestSize":"754","status":200,"latency":"60.369159188s"},"resource":{"type":"cloud_run_revision","labels":{"service_name":"svc"}},"timestamp":"2026-12-29T00:58:51.018142Z","receiveTimestamp":"2026-12-29T00:59:51.392307785Z"}',
      '{"insertId":"2","httpRequest":{"requestMethod":"GET","requestUrl":"https://svc.run.app/","status":429,"latency":"0s"},"resource":{"type":"cloud_run_revision","labels":{"service_name":"svc"}},"timestamp":"2026-12-29T00:58:51Z","receiveTimestamp":"2026-12-29T00:58:51.1Z"}',
      '{"insertId":"3","httpRequest":{"requestMethod":"GET","requestUrl":"https://svc.run.app/","status":200,"latency":"0.5s"},"resource":{"type":"cloud_run_revision","labels":{"service_name":"b"}},"timestamp":"2026-12-29T00:58:52Z","receiveTimestamp":"2026-12-29T00:58:53Z"}',
    ],
  ),
  sample(
    'litellm',
    '{"id":"4","call_type":"acompletion","status":"success","startTime":"x","endTime":1700000002.5,"model":"gpt-4o","model_group":"g"}',
    [
      '{"id":"1","call_type":"acompletion","status":"success","prompt_tokens":12,"completion_tokens":34,"startTime":1700000000.123456,"endTime":1700000002.5,"completionStartTime":1700000000.7,"model":"gpt-4o","model_group":"g","stream":true}',
      '{"id":"2","call_type":"acompletion","status":"failure","prompt_tokens":0,"completion_tokens":0,"startTime":1700000001,"endTime":1700000001.5,"completionStartTime":1700000001.5,"model":"gpt-4o","model_group":"g"}',
      '{"id":"3","call_type":"acompletion","status":"success","prompt_tokens":1,"completion_tokens":2,"startTime":1700000003.5,"endTime":1700000004,"completionStartTime":1700000004,"model":"gpt-4o","model_group":"h"}',
    ],
  ),
  sample(
    'pino',
    '{"level":30,"time":"soon","req":{"method":"GET","url":"/a"},"res":{"statusCode":200},"responseTime":5,"msg":"request completed"}',
    [
      '{"level":30,"time":1700000000123,"pid":1,"hostname":"h","req":{"id":1,"method":"GET","url":"/a"},"res":{"statusCode":200},"responseTime":5,"msg":"request completed"}',
      '{"level":30,"time":1700000000223,"pid":1,"hostname":"h","req":{"id":2,"method":"GET","url":"/a"},"res":{"statusCode":500},"responseTime":7,"msg":"request errored"}',
      '{"level":30,"time":1700000001123,"pid":1,"hostname":"h","req":{"id":3,"method":"POST","url":"/b"},"res":{"statusCode":200},"responseTime":1000,"msg":"request completed"}',
    ],
  ),
  sample(
    'nginx-json',
    '{"time_local":"32/Jan/2026:00:00:01 +0100","remote_addr":"10.0.0.1","request":"GET /a HTTP/1.1","status":"200","body_bytes_sent":"12","request_time":"0.250"}',
    [
      '{"time_local":"01/Jan/2026:00:00:01 +0100","remote_addr":"10.0.0.1","request":"GET /a HTTP/1.1","status":"200","body_bytes_sent":"12","request_time":"0.250","upstream_response_time":"0.200"}',
      '{"time_local":"01/Jan/2026:00:00:02 +0100","remote_addr":"10.0.0.1","request":"GET /b HTTP/1.1","status":"499","body_bytes_sent":"0","request_time":"0.001","upstream_response_time":"-"}',
      '{"time_local":"01/Jan/2026:00:00:02 +0100","remote_addr":"10.0.0.1","request":"GET /c HTTP/1.1","status":"200","body_bytes_sent":"0","request_time":"1.000","upstream_response_time":"0.100, 0.900"}',
    ],
  ),
];

/** Those that a line of the server's configuration makes. */
export const SERVER_SAMPLES: readonly FormatSample[] = [
  sample(
    `log_format main '$remote_addr [$time_local] "$request" $status $request_time';`,
    '10.0.0.1 [01/Jan/2026:00:00:61 +0100] "GET /a HTTP/1.1" 200 0.250',
    [
      '10.0.0.1 [01/Jan/2026:00:00:01 +0100] "GET /a HTTP/1.1" 200 0.250',
      '10.0.0.1 [01/Jan/2026:00:00:02 +0100] "GET /b HTTP/1.1" 499 0.001',
      '10.0.0.1 [01/Jan/2026:00:00:03 +0100] "POST /c HTTP/1.1" 200 1.500',
    ],
  ),
  sample(
    'LogFormat "%h %t \\"%r\\" %>s %D" timed',
    '10.0.0.1 [01/Foo/2026:00:00:01 +0100] "GET /a HTTP/1.1" 200 250000',
    [
      '10.0.0.1 [01/Jan/2026:00:00:01 +0100] "GET /a HTTP/1.1" 200 250000',
      '10.0.0.1 [01/Jan/2026:00:00:02 +0100] "GET /b HTTP/1.1" 503 1000',
      '10.0.0.1 [01/Jan/2026:00:00:03 +0100] "POST /c HTTP/1.1" 200 1500000',
    ],
  ),
  sample(
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)%" %RESPONSE_CODE% %DURATION%',
    '[2026-13-08T16:16:55.931Z] "GET /a" 200 5',
    [
      '[2026-04-08T16:16:55.931Z] "GET /a" 200 5',
      '[2026-04-08T16:16:55.932Z] "GET /b" 503 0',
      '[2026-04-08T16:16:56.000Z] "POST /c" 200 1500',
    ],
  ),
];
