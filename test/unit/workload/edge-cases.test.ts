/** What every fixture and every real log that lies beside the project reads as, worked out by hand from its text. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { readPieces } from '../../../src/node/trace-files.ts';
import { createTraceReader } from '../../../src/workload/reading/trace-reader.ts';
import { formatIso } from '../../../src/workload/stamps.ts';
import type { Trace } from '../../../src/workload/trace.ts';
import { noRealTraces } from './read-trace.ts';

interface Reading {
  readonly requests: number;
  /** Its stamps with the date of the first (`at`), or seconds from the trace's own zero (`fromZeroS`). */
  readonly at?: readonly string[];
  readonly fromZeroS?: readonly number[];
  /** In the order of arrivals; null: not known. */
  readonly serviceS?: readonly (number | null)[];
  readonly status?: readonly number[];
  readonly endpoints?: readonly string[];
  /** In and out; null where the log does not tell them. */
  readonly tokens?: readonly (readonly [number, number | null])[];
  /** Line numbers. */
  readonly skipped?: readonly number[];
  readonly reordered?: number;
  readonly spanS?: number;
  readonly stampedAt?: 'start' | 'end';
}

/** Nobody knows how long it would have taken. */
const NONE = null;

const EDGE_CASES: Readonly<Record<string, Reading | string>> = {
  // Arrivals are the creations. The second was sent to no target group.
  'alb.log': {
    requests: 2,
    at: ['2018-11-30T22:22:48.364Z', '2018-11-30T22:23:00.915Z'],
    serviceS: [NONE, 0.048],
    status: [502, 200],
    endpoints: ['t', '(none)'],
    stampedAt: 'end',
  },
  // Function f: 3 in minute 2, 1 in minute 4; g: 1 in each of four.
  'azure2019_minutes.csv': {
    requests: 8,
    fromZeroS: [30, 70, 90, 90, 110, 150, 210, 210],
    endpoints: ['a/g', 'a/f', 'a/f', 'a/g', 'a/f', 'a/g', 'a/f', 'a/g'],
    reordered: 0,
  },
  'azure2021_end_ordered.csv': {
    requests: 3,
    fromZeroS: [0, 1, 1.5],
    serviceS: [9.5, 9, 0.5],
    endpoints: ['a/f', 'a/f', 'a/g'],
    reordered: 2,
    stampedAt: 'end',
  },
  'blank_lines_and_comments.csv': {
    requests: 2,
    at: ['2023-11-14T22:13:20Z', '2023-11-14T22:13:21Z'],
  },
  'bom_header.csv': {
    requests: 2,
    at: ['2024-05-12T00:00:00Z', '2024-05-12T00:00:00.041683Z'],
    tokens: [
      [1452, 3],
      [584, 3],
    ],
  },
  'burstgpt_v1.csv': {
    requests: 5,
    fromZeroS: [5, 45, 118, 118, 118],
    endpoints: ['ChatGPT', 'ChatGPT', 'GPT-4', 'GPT-4', 'ChatGPT'],
    tokens: [
      [472, 18],
      [1087, 230],
      [417, 276],
      [417, 0],
      [0, 0],
    ],
  },
  'burstgpt_v3.csv': {
    requests: 2,
    fromZeroS: [5, 7],
    serviceS: [3.2, 1.1],
    endpoints: ['ChatGPT', 'ChatGPT'],
    tokens: [
      [472, 18],
      [100, 20],
    ],
  },
  // Lines 1, 5, 6, 2, 3, 4, 7, 8, 9, 10: -0700, +0330 and +0100 are other hours of UTC.
  'clf_mixed.log': {
    requests: 10,
    at: [
      '2000-10-10T20:55:36Z',
      '2019-01-22T00:26:14Z',
      '2026-10-25T00:59:58Z',
      '2026-10-25T00:59:59Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T01:00:01Z',
      '2026-10-25T01:00:02Z',
      '2026-10-25T01:00:03Z',
      '2026-10-25T01:00:03Z',
    ],
    status: [200, 200, 400, 200, 200, 200, 408, 400, 200, 499],
    reordered: 2,
  },
  'clf_mixed.log.gz': {
    requests: 11,
    status: [200, 200, 400, 200, 200, 200, 408, 400, 200, 499, 200],
  },
  'clf_mixed.log.zst': { requests: 10, status: [200, 200, 400, 200, 200, 200, 408, 400, 200, 499] },
  'cloud_run_requests.json': {
    requests: 2,
    at: ['2026-12-29T00:58:51Z', '2026-12-29T00:58:51.018142Z'],
    serviceS: [NONE, 60.369159],
    status: [429, 200],
    endpoints: ['svc', 'svc'],
    reordered: 1,
  },
  'crlf_no_final_newline.csv': {
    requests: 2,
    at: ['2023-11-16T18:17:03.97996Z', '2023-11-16T18:17:04.03196Z'],
    tokens: [
      [4808, 10],
      [3180, 8],
    ],
  },
  'dst_fall_back_local.log': {
    requests: 3,
    at: ['2026-10-25T00:59:59Z', '2026-10-25T01:00:00Z', '2026-10-25T01:30:00Z'],
    status: [200, 200, 200],
    reordered: 0,
  },
  'empty.csv': 'is empty: it holds not a single line',
  // 4 ms end with the headers of the answer, 5 with its last byte. The second was refused: nobody knows how long it needs.
  'envoy_default.log': {
    requests: 2,
    at: ['2026-04-08T16:16:55.931Z', '2026-04-08T16:16:56Z'],
    status: [200, 0],
    serviceS: [0.005, NONE],
    stampedAt: 'start',
  },
  'epoch_ms.csv': {
    requests: 2,
    at: ['2023-11-14T22:13:20.123Z', '2023-11-14T22:13:21.123Z'],
  },
  // A nanosecond apart, and the same microsecond.
  'epoch_ns.csv': {
    requests: 2,
    at: ['2023-11-14T22:13:20.123457Z', '2023-11-14T22:13:20.123457Z'],
  },
  'epoch_s.csv': {
    requests: 3,
    at: ['2023-11-14T22:13:20Z', '2023-11-14T22:13:20Z', '2023-11-14T22:13:21Z'],
  },
  'epoch_s_frac.csv': {
    requests: 2,
    at: ['2023-11-14T22:13:20.123456Z', '2023-11-14T22:13:21.5Z'],
  },
  'epoch_us.csv': {
    requests: 2,
    at: ['2023-11-14T22:13:20.123456Z', '2023-11-14T22:13:21.123456Z'],
  },
  'header_only.csv': 'holds no request: 1 line of Azure LLM inference trace',
  'huge_line.log': {
    requests: 2,
    at: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'],
    status: [414, 200],
  },
  // The leap second is the first second of the year; 05:30:00,250+0530 is 00:00:00.25.
  'iso_variants.csv': {
    requests: 7,
    at: [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.1Z',
      '2026-01-01T00:00:00.123457Z',
      '2026-01-01T00:00:00.25Z',
      '2026-01-01T00:00:01Z',
      '2026-01-01T00:00:02Z',
    ],
    reordered: 1,
  },
  'latin1_bytes.log': {
    requests: 2,
    at: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'],
    status: [200, 200],
  },
  'litellm_standard_logging.jsonl': {
    requests: 1,
    at: ['2023-11-14T22:13:20.123456Z'],
    serviceS: [2.376544],
    endpoints: ['g'],
    tokens: [[12, 34]],
  },
  'monotonic_seconds.csv': {
    requests: 2,
    fromZeroS: [14_592_657.842332, 14_592_658.343355],
  },
  'out_of_order.csv': {
    requests: 4,
    fromZeroS: [0, 3, 3, 5],
    tokens: [
      [2, 2],
      [3, 3],
      [4, 4],
      [1, 1],
    ],
    reordered: 3,
  },
  'quoted_fields.csv': {
    requests: 2,
    at: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'],
    endpoints: ['m-1', 'm-1'],
  },
  'relative_ms.jsonl': {
    requests: 3,
    fromZeroS: [0, 0, 3.003],
    tokens: [
      [10, 1],
      [10, 1],
      [10, 1],
    ],
  },
  'semicolon_decimal_comma.csv': { requests: 2, fromZeroS: [0.5, 1.25] },
  // 12,613 ns would be the service of the first, but it failed; the second names its start in local time only.
  'traefik.json': {
    requests: 2,
    at: ['2026-04-15T13:26:33.809027Z', '2026-04-15T13:26:34.1Z'],
    serviceS: [NONE, 0.046382],
    status: [404, 200],
  },
  'truncated_last_line.jsonl': {
    requests: 1,
    fromZeroS: [0],
    tokens: [[1, 1]],
    skipped: [2],
  },
  // One request, whose end is not in the log; the line of uvicorn and that of the engine are none.
  'vllm_stdout.log': { requests: 1, fromZeroS: [0], tokens: [[2, NONE]], stampedAt: 'start' },
};

const NO_FORMAT = 'is in no format that is known: it begins with ';

const REAL_LOGS: Readonly<Record<string, Reading | string>> = {
  'access-logs/apache_combined.log': { requests: 10_000, spanS: 298_859, reordered: 9448 },
  'azure-functions-examples/durations.csv': `${NO_FORMAT}\`HashOwner,HashApp,`,
  'azure-functions-examples/inv.csv': 'holds no request: 1 line of Azure Functions',
  'azure-functions-examples/invocations.csv': { requests: 4525, reordered: 0 },
  'azure-llm-2023/AzureLLMInferenceTrace_code.csv': { requests: 8819, spanS: 3435.948056 },
  'log-samples/logfile_access_log.0': {
    requests: 3,
    at: ['2009-07-20T22:59:26Z', '2009-07-20T22:59:29Z', '2009-07-20T22:59:29Z'],
    status: [200, 404, 200],
  },
  'log-samples/logfile_bad_access_log.0': {
    requests: 2,
    at: ['2009-07-20T22:59:26Z', '2009-07-20T22:59:29Z'],
    status: [200, 200],
    skipped: [2],
  },
  // Ends less durations; 35 lines are messages of the server.
  'log-samples/logfile_caddy_log.0': {
    requests: 4,
    at: [
      '2025-10-21T04:10:28.61372Z',
      '2025-10-21T04:10:59.195255Z',
      '2025-10-21T04:12:22.948366Z',
      '2025-10-21T04:12:37.92468Z',
    ],
    serviceS: [0.001675, 0.001239, 0.000073, 0.000074],
    status: [304, 304, 304, 200],
    stampedAt: 'end',
  },
  'log-samples/logfile_caddy_log.1': {
    requests: 4,
    at: [
      '2024-05-26T11:42:52.583924Z',
      '2024-05-26T11:43:50.507412Z',
      '2024-05-26T11:44:00.629571Z',
      '2024-05-26T14:16:03.414375Z',
    ],
    serviceS: [0.017557, 0.000724, 0.024627, 0.000276],
    status: [200, 200, 200, 200],
    stampedAt: 'end',
  },
  // The edge answered, within the second of its stamps.
  'log-samples/logfile_cloudflare.json': {
    requests: 1,
    at: ['2022-10-30T00:00:02Z'],
    status: [301],
  },
  'log-samples/logfile_crlf.0': `${NO_FORMAT}\`2012-07-02 10:22:40,672:DEBUG:foo bar baz\``,
  'log-samples/logfile_dst.0': `${NO_FORMAT}\`Nov  3 01:01:03 Tims-MacBook-Air`,
  'log-samples/logfile_generic_nanos.0': `${NO_FORMAT}\`2025-01-01 00:00:00.123456789`,
  // Total less queue and connection: 0/0/7/1457/1487 is 1480 ms. Four lines are none of requests.
  'log-samples/logfile_haproxy.0': {
    requests: 13,
    at: [
      '2019-02-25T16:19:48.143Z',
      '2019-02-25T16:19:49.851Z',
      '2019-02-25T16:19:57.515Z',
      '2019-02-25T16:20:02.367Z',
      '2019-02-25T16:20:03.208Z',
      '2019-02-25T16:20:06.321Z',
      '2019-02-25T16:20:08.872Z',
      '2019-02-25T16:20:11.91Z',
      '2019-02-25T16:20:12.321Z',
      '2019-02-25T16:20:12.325Z',
      '2019-02-25T16:20:12.331Z',
      '2019-02-25T16:20:13.234Z',
      '2019-02-25T16:20:14.317Z',
    ],
    status: Array(13).fill(200),
    serviceS: [1.48, 0.062, 0.037, 0.327, 1.038, 2.706, 2.441, 0.236, 0, 0, 0, 0, 0.001],
    endpoints: [
      ...['bk_admin', 'bk_ktest_kt', 'bk_ktest_kt', 'bk_ktest_kt', 'bk_admin', 'bk_ktest_kt'],
      ...['bk_ktest_kt', 'bk_ktest_kt', 'bk_ktest_sonst', 'bk_ktest_sonst', 'bk_ktest_sonst'],
      ...['bk_ktest_sonst', 'bk_ktest_sonst'],
    ],
    reordered: 3,
    stampedAt: 'start',
  },
  'log-samples/logfile_invalid_utf8.0': `${NO_FORMAT}\`2015-03-12T23:16:52.071:INFO`,
  'log-samples/logfile_w3c.0': {
    requests: 1,
    at: ['2002-05-02T17:42:15Z'],
    status: [200],
    stampedAt: 'start',
  },
  'log-samples/logfile_w3c_big.0': { requests: 210, reordered: 0, stampedAt: 'end' },
  'log-samples/logfile_with_zones.0': `${NO_FORMAT}\`2022-08-27T14:22:01.613Z`,
  'mooncake/synthetic_trace.jsonl': { requests: 3993, spanS: 1022.025, reordered: 0 },
  'splitwise-relative/splitwise_code.csv': { requests: 8819, spanS: 3435.948056 },
};

async function readFile(url: URL): Promise<Trace> {
  const reader = createTraceReader({ name: 'x', shared: false });
  for await (const piece of readPieces(fileURLToPath(url))) reader.push(piece);
  return reader.finish();
}

function readingOf(trace: Trace, wanted: Reading): Reading {
  const { arrivalUs, firstAtUs, serviceUs, endpoint, endpointNames, status, report } = trace;
  const { skipped, reordered, stampedAt } = report;
  const seconds = (us: number) => (Number.isNaN(us) ? NONE : us / 1e6);
  const found: Required<Reading> = {
    requests: trace.count,
    at: firstAtUs === null ? [] : Array.from(arrivalUs, (us) => formatIso(firstAtUs + us)),
    fromZeroS: firstAtUs === null ? Array.from(arrivalUs, (us) => us / 1e6) : [],
    serviceS: Array.from(serviceUs ?? [], seconds),
    status: [...(status ?? [])],
    endpoints: Array.from(endpoint ?? new Int32Array(trace.count), (i) => endpointNames[i] ?? ''),
    tokens: Array.from(trace.inputTokens ?? [], (input, i) => [
      input,
      trace.outputTokens?.[i] ?? NONE,
    ]),
    skipped: skipped.examples.map(({ line }) => line),
    reordered,
    spanS: (arrivalUs.at(-1)! - arrivalUs[0]!) / 1e6,
    stampedAt,
  };
  const shown = Object.entries(found).filter(([key]) => key in wanted || key === 'skipped');
  return Object.fromEntries(shown) as unknown as Reading;
}

async function expectReading(url: URL, wanted: Reading | string): Promise<void> {
  if (typeof wanted === 'string') {
    const error = await readFile(url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(wanted);
    return;
  }
  const trace = await readFile(url);
  expect(readingOf(trace, wanted)).toEqual({ skipped: [], ...wanted });
  // What is not said of it is not there.
  if (wanted.serviceS === undefined && wanted.requests < 100) expect(trace.serviceUs).toBeNull();
  if (wanted.status === undefined && wanted.requests < 100) expect(trace.status).toBeNull();
}

const OWN = new URL('../../edge-cases/', import.meta.url);
const REAL = new URL('../../../../shared/traces/', import.meta.url);

describe('the fixture', () => {
  it.each(Object.entries(EDGE_CASES))('%s reads as worked out by hand', async (name, wanted) => {
    await expectReading(new URL(name, OWN), wanted);
  });

  it('of every file of test/edge-cases has an expected reading', () => {
    const files = readdirSync(OWN).filter((name) => name !== 'README.md');
    expect(Object.keys(EDGE_CASES).sort()).toEqual(files.sort());
  });
});

describe.skipIf(noRealTraces)('the real log (skipped where ../shared/traces is not)', () => {
  it.each(Object.entries(REAL_LOGS))('%s reads as worked out by hand', async (name, wanted) => {
    await expectReading(new URL(name, REAL), wanted);
  });

  it('of every file there has an expected reading', () => {
    const folders = readdirSync(REAL, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const files = folders.flatMap(({ name }) => {
      if (name === 'edge-cases') return [];
      return readdirSync(new URL(name, REAL)).map((file) => `${name}/${file}`);
    });
    const logs = files.filter((name) => !name.endsWith('LICENSE'));
    expect(Object.keys(REAL_LOGS).sort()).toEqual(logs.sort());
  });

  it('of IIS: arrival = stamp - time-taken; 202 of 210 were not found, and have no duration', async () => {
    const trace = await readFile(new URL('log-samples/logfile_w3c_big.0', REAL));
    expect(formatIso(trace.firstAtUs!)).toBe('2015-01-13T00:32:16.717Z');
    expect(trace.report).toMatchObject({ missing: 202, durations: 'the log: `time-taken`' });
    expect(trace.serviceUs!.filter((us) => us >= 0).length).toBe(8);
  });

  it('of Azure has the tokens that its authors count', async () => {
    const trace = await readFile(new URL('azure-llm-2023/AzureLLMInferenceTrace_code.csv', REAL));
    const sum = (column: Float64Array) => column.reduce((total, tokens) => total + tokens, 0);
    expect(sum(trace.inputTokens!)).toBe(18_059_974);
    expect(sum(trace.outputTokens!)).toBe(245_896);
  });
});
