import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { LONGEST_US } from '../../src/base/units.ts';
import { NO_COLUMNS } from '../../src/workload/readers/records/data-set.ts';
import {
  createTraceReader,
  type TraceReaderOptions,
} from '../../src/workload/reading/trace-reader.ts';
import type { Trace } from '../../src/workload/trace.ts';
import { FORMAT_SAMPLES, SERVER_SAMPLES } from '../kit/format-samples.ts';

/** More runs, and from another seed, by hand: `FUZZ_RUNS=20000 FUZZ_SEED=7 npx vitest run readers-fuzz`. */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const RUNS = { numRuns: Number(FUZZ_RUNS ?? 30), seed: Number(FUZZ_SEED ?? 1) };
const SAMPLES = [...FORMAT_SAMPLES, ...SERVER_SAMPLES];
/** A row of counts a minute is a million requests a field at most, too many to be made again and again. */
const FEW_DIGITS = /\d{4,}(?=,|$)/g;

/** What a reader gave, or null where it said what is wrong with the text. */
function readOrRefuse(
  text: string,
  piece: number,
  options: Partial<TraceReaderOptions>,
): Trace | null {
  try {
    const reader = createTraceReader({ name: 'x', shared: false, ...options });
    for (let at = 0; at < text.length; at += piece) reader.push(text.slice(at, at + piece));
    return reader.finish();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function isTrace(trace: Trace): void {
  const { count, arrivalUs, serviceUs, inputTokens, outputTokens, endpoint, status, report } =
    trace;
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    expect(Number.isSafeInteger(arrivalUs[i])).toBe(true);
    expect(arrivalUs[i]).toBeGreaterThanOrEqual(latest);
    latest = arrivalUs[i]!;
    const us = serviceUs?.[i] ?? 0;
    expect(Number.isNaN(us) || (Number.isInteger(us) && us >= 0 && us <= LONGEST_US)).toBe(true);
    for (const tokens of [inputTokens?.[i] ?? 0, outputTokens?.[i] ?? 0]) {
      expect(Number.isSafeInteger(tokens) && tokens >= 0).toBe(true);
    }
    const of = endpoint?.[i] ?? 0;
    expect(of >= 0 && of < Math.max(1, trace.endpointNames.length)).toBe(true);
    expect(status?.[i] ?? 0).toBeGreaterThanOrEqual(0);
  }
  expect(arrivalUs[0]).toBeGreaterThanOrEqual(0);
  expect(report.requests).toBe(count);
  expect(report.skipped.lines).toBeLessThanOrEqual(report.lines);
  expect(report.skipped.examples.length).toBe(Math.min(10, report.skipped.lines));
  for (const { line, reason } of report.skipped.examples) {
    expect(line >= 1 && line <= report.lines).toBe(true);
    expect(reason).toMatch(/^\P{C}{1,130}$/u);
  }
}

const spot = fc.nat(400);
const nasty = fc.constantFrom(
  ...'\0 \n \r\n \t " " \\ \\" \' { } [ ] ( ) < > , ; : / - -1 + = | # % 0 00 1e9 1e400 NaN null true ÿ \u00e9 \ufeff \u001b[31m'.split(
    ' ',
  ),
  ' ',
  '  ',
  '9'.repeat(30),
  '"'.repeat(9),
  '-'.repeat(50),
);

/** A change to a text, somewhere. */
const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.tuple(spot, fc.integer({ min: 0, max: 255 })).map(([at, byte]) => (text: string) => {
    return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
  }),
  fc.tuple(spot, fc.nat(20)).map(([at, length]) => (text: string) => {
    return text.slice(0, at) + text.slice(at + length);
  }),
  fc.tuple(spot, fc.nat(40)).map(([at, length]) => (text: string) => {
    return text.slice(0, at + length) + text.slice(at);
  }),
  fc.tuple(spot, nasty).map(([at, piece]) => (text: string) => {
    return text.slice(0, at) + piece + text.slice(at);
  }),
  fc.tuple(spot, spot).map(([at, from]) => (text: string) => {
    return text.slice(0, at) + text.slice(from, from + 30) + text.slice(at);
  }),
  spot.map((at) => (text: string) => text.slice(0, at)),
);

const options: fc.Arbitrary<Partial<TraceReaderOptions>> = fc.record({
  columns: fc.constantFrom(null, null, null, {
    ...NO_COLUMNS,
    start: { name: '#1', unit: 'ms' as const },
    service: { name: 'time-taken', unit: 'ms' as const },
  }),
  skipBadLines: fc.boolean(),
  endpoint: fc.constantFrom(null, { field: 'path' as const }, { field: 'host' as const }),
  timeZone: fc.constantFrom(null, 'Europe/Berlin'),
  spreadSeed: fc.constantFrom(null, '1'),
  stampedAt: fc.constantFrom(null, 'end' as const),
});

const piece = fc.constantFrom(1, 7, 100, 65_536);

describe.each(SAMPLES)('a mutated log of the format $format', ({ format, lines }) => {
  const counts = format === 'azure-functions-2019';

  it('is read, or refused with a reason, never anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(mutation, { maxLength: 3 }), { minLength: 1, maxLength: lines.length }),
        fc.boolean(),
        options,
        piece,
        (changes, byName, rest, size) => {
          const changed = lines.map((line, i) =>
            (changes[i % changes.length] ?? []).reduce((text, change) => change(text), line),
          );
          const text = [...lines, ...changed].join('\n');
          const trace = readOrRefuse(counts ? text.replace(FEW_DIGITS, '999') : text, size, {
            ...rest,
            format:
              byName || SERVER_SAMPLES.some((known) => known.format === format) ? format : 'auto',
          });
          if (trace !== null) isTrace(trace);
        },
      ),
      RUNS,
    );
  });

  it('with very long fields takes time in proportion to its length', () => {
    // Past this a reader whose time grows with the square of it would not end within the test's time.
    const long = 60_000;
    const last = lines.at(-1)!;
    const middle = last.length >> 1;
    for (const fill of [
      'a',
      ' ',
      '"',
      '\\',
      '[',
      '{',
      '{"a":',
      '(',
      ',',
      ';',
      '\t',
      '-',
      '1',
      '0, ',
      'a=b ',
      '/',
      '%',
    ]) {
      const filling = fill.repeat(long / fill.length);
      for (const at of [0, 1, middle, last.length]) {
        const line = `${last.slice(0, at)}${counts ? filling.replaceAll('1', 'x') : filling}${last.slice(at)}`;
        const text = `${lines.join('\n')}\n${line}\n`;
        readOrRefuse(text, 65_536, { format, skipBadLines: true, endpoint: { field: 'path' } });
      }
      readOrRefuse(`${filling}\n${filling}`, 65_536, { format, skipBadLines: true });
    }
  });
});

describe('text that is no log', () => {
  const bytes = fc
    .uint8Array({ maxLength: 2000 })
    .map((values) => Array.from(values, (byte) => String.fromCharCode(byte)).join(''));
  const records = fc
    .array(fc.json({ maxDepth: 3 }), { maxLength: 8 })
    .map((values) => values.join('\n'));
  const keys = fc.constantFrom(
    ...['timestamp', 'ts', 'time', 'duration', 'status', 'request', 'httpRequest', 'startTime'],
    ...['endTime', 'model', 'latency', 'input_length', 'output_length', 'StartUTC', 'Duration'],
    ...['EdgeStartTimestamp', 'EdgeResponseStatus', 'res', 'req', 'responseTime', 'start_time'],
    ...['method', 'uri', 'level', 'DownstreamStatus', 'remote_addr', 'request_time', '__proto__'],
  );
  const likely = fc
    .array(fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((values) => values.map((value) => JSON.stringify(value)).join('\n'));
  const names = fc.constantFrom('auto', ...FORMAT_SAMPLES.map(({ format }) => format));

  it.each([
    ['random bytes', bytes],
    ['random JSON', records],
    ['JSON with keys of logs', likely],
    ['random words', fc.array(nasty, { maxLength: 60 }).map((words) => words.join(''))],
  ] as const)('%s: read, or refused with a reason, never anything else', (_, texts) => {
    fc.assert(
      fc.property(texts, names, options, piece, (text, format, rest, size) => {
        const trace = readOrRefuse(text, size, { ...rest, format });
        if (trace !== null) isTrace(trace);
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 4 },
    );
  });
});
