import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { chooseFormat, FORMATS } from '../../../src/workload/readers/formats.ts';
import {
  type LineReader,
  MORE,
  NOTHING,
  type Outcome,
  type ReaderOptions,
  Row,
} from '../../../src/workload/readers/line-reader.ts';
import { createTraceReader } from '../../../src/workload/reading/trace-reader.ts';
import { FORMAT_SAMPLES, SERVER_SAMPLES } from '../../kit/format-samples.ts';
import { readTrace } from './read-trace.ts';

const OPTIONS: ReaderOptions = { columns: null, texts: true, spread: null };

function readerOf(format: string, lines: readonly string[]): LineReader {
  return chooseFormat(format, lines, OPTIONS).format.open(lines, OPTIONS);
}

/** Rows and outcomes of each line, which stands between two texts. */
function rowsOf(
  reader: LineReader,
  lines: readonly string[],
  before: string,
  after: string,
): unknown[] {
  const found: unknown[] = [];
  for (const line of lines) {
    const text = `${before}${line}${after}`;
    const row = new Row();
    let outcome: Outcome;
    do {
      row.clear();
      outcome = reader.read(text, before.length, before.length + line.length, row);
      found.push([typeof outcome === 'symbol' ? outcome.description : outcome, { ...row }]);
    } while (outcome === MORE);
  }
  return found;
}

/** No fault of ours, whatever the text. */
function neverFails(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

it.each(FORMATS.map(({ name }) => name))('the format %s has a sample', (name) => {
  expect(FORMAT_SAMPLES.map(({ format }) => format)).toContain(name);
});

describe.each([...FORMAT_SAMPLES, ...SERVER_SAMPLES])('the format $format', (sample) => {
  const { format, lines, headers, requests, garbage } = sample;
  const known = FORMAT_SAMPLES.includes(sample);
  const text = `${lines.join('\n')}\n`;
  const trace = () => readTrace(text, { format });

  it.runIf(known)('is detected as itself', () => {
    expect(chooseFormat('auto', lines, OPTIONS).format.name).toBe(format);
    expect(readTrace(text).report.why).toMatch(/^detected: /);
  });

  it('is read when asked for by name, with the facts that a report shows', () => {
    const { count, report, arrivalUs } = trace();
    expect(count).toBe(requests);
    expect(report).toMatchObject({ lines: lines.length, requests });
    expect(report.why).toBe(known ? 'as asked' : "the server's own format line");
    expect(report.skipped.lines).toBe(0);
    expect(report.format.length).toBeGreaterThan(3);
    expect(arrivalUs.every((us) => Number.isInteger(us))).toBe(true);
    if (trace().serviceUs?.some((us) => us >= 0)) expect(report.durations).toMatch(/\S/);
    for (const warning of report.warnings) expect(warning).toMatch(/^[^\n]{10,}[^.]$/);
  });

  it('reads the same wherever the text is cut, and with CRLF', () => {
    const whole = trace();
    for (const piece of [1, 7, 65_536]) expect(readTrace(text, { format, piece })).toEqual(whole);
    expect(readTrace(text.replaceAll('\n', '\r\n'), { format, piece: 7 })).toEqual(whole);
    expect(readTrace(text.trimEnd(), { format })).toEqual(whole);
  });

  it('reads a line, whatever stands around it', () => {
    const alone = rowsOf(readerOf(format, lines), lines, '', '');
    const pairs = [
      ['"[{ 12,', ' 34,"}]'],
      ['\\\t99 ', '\t1 "x" 0.5 [01/Jan/2026:00:00:00 +0000]'],
      ['1', '1'],
      [`${lines.at(-1)}\n`, `\n${lines.at(-1)}`],
    ];
    for (const [before, after] of pairs) {
      expect(rowsOf(readerOf(format, lines), lines, before!, after!)).toEqual(alone);
    }
  });

  it('counts a damaged line, with its number, and loses nothing else', () => {
    for (const at of [headers + 1, lines.length]) {
      const { count, arrivalUs, report } = readTrace(
        `${[...lines.slice(0, at), garbage, ...lines.slice(at)].join('\n')}\n`,
        { format },
      );
      expect(count).toBe(requests);
      expect(arrivalUs).toEqual(trace().arrivalUs);
      expect(report.skipped.lines).toBe(1);
      expect(report.skipped.examples[0]).toMatchObject({ line: at + 1 });
      expect(report.skipped.examples[0]!.reason).toMatch(/\S/);
    }
  });

  it('goes on in a second file', () => {
    const reader = createTraceReader({ name: 'a', shared: false, format, skipBadLines: false });
    reader.push(text);
    reader.nextFile('b');
    reader.push(text);
    const { count, report } = reader.finish();
    expect([count, report.skipped.lines, report.name]).toEqual([2 * requests, 0, 'a, b']);
  });

  it('takes a blank line for nothing', () => {
    const reader = readerOf(format, lines);
    const row = new Row();
    for (const line of lines.slice(0, headers)) reader.read(line, 0, line.length, row);
    expect(reader.read('\n\n', 1, 1, row)).toBe(NOTHING);
  });

  it('never fails on NULs, on bytes that are no UTF-8, on lines cut short, on other formats', () => {
    const last = lines.at(-1)!;
    const bad = [
      '\0'.repeat(last.length),
      last.replace(/\d/g, '\0'),
      last.replace(/[a-z]/gi, '\xff'),
      last.replace(/./g, '\xfe'),
      ...Array.from(last, (_, i) => last.slice(0, i)),
      ...FORMAT_SAMPLES.flatMap((other) => other.lines),
    ];
    for (const line of bad) {
      neverFails(() => readTrace(`${text}${line}\n${text}`, { format, skipBadLines: true }));
    }
    neverFails(() => readTrace(bad.join('\n'), { format, skipBadLines: true }));
    for (const line of bad) {
      neverFails(() => {
        const outcome = readerOf(format, lines).read(line, 0, line.length, new Row());
        // A reason is shown.
        expect(outcome).not.toBe('');
      });
    }
  });
});
