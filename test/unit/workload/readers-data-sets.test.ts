import { describe, expect, it } from 'vitest';
import { createTraceReader } from '../../../src/workload/reading/trace-reader.ts';
import { readTrace } from './read-trace.ts';

const seconds = (us: Float64Array) => Array.from(us, (value) => value / 1e6);

describe("Azure's LLM traces", () => {
  it('of 2023, 2024 and 2025 are known by their header', () => {
    const head = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';
    expect(readTrace(`${head}2023-11-16 18:17:03.9799600,4808,10\n`).report.format).toBe(
      'Azure LLM inference trace',
    );
    const mixed = readTrace(
      `${head}2024-05-12 00:00:00.001163+00:00,1,2\n2024-05-12 00:00:01+00:00,3,4\n`,
    );
    expect(seconds(mixed.arrivalUs)).toEqual([0, 0.998837]);
    expect(mixed.report.warnings).toEqual([]);
    const images = readTrace(
      'TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2025-01-01 00:00:00.5,2,3,4\n',
    );
    expect([images.inputTokens![0], images.outputTokens![0]]).toEqual([3, 4]);
    expect(images.report.format).toBe('Azure LLM inference trace (multimodal)');
    expect(images.report.warnings).toContain('`NumImages` is not read');
  });
});

describe("Azure's functions of 2021", () => {
  it('keep the functions of two apps apart, in any order of columns', () => {
    const { endpointNames, arrivalUs, serviceUs, report } = readTrace(
      'func,duration,app,end_timestamp\nf,0.25,a,1.25\nf,0.00000003,b,2\n',
    );
    expect(endpointNames).toEqual(['a/f', 'b/f']);
    expect(seconds(arrivalUs)).toEqual([1, 2]);
    expect(seconds(serviceUs!)).toEqual([0.25, 0]);
    expect(report).toMatchObject({
      durations: 'the column `duration`',
      stampedAt: 'end',
      warnings: ['durations finer than a microsecond were rounded to it: 1'],
    });
  });

  it('are not among the hosts that `where` asks for', () => {
    const text = 'app,func,end_timestamp,duration\na,f,2,1\na,g,2,1\n';
    expect(readTrace(text, { where: { endpoint: ['a/g'] } }).count).toBe(1);
    expect(() => readTrace(text, { where: { host: ['a'] } })).toThrow(/takes/);
  });
});

describe("Azure's functions of 2019", () => {
  it('have each their counts a minute, wherever the columns are', () => {
    const { arrivalUs, endpointNames, report } = readTrace(
      'HashApp,HashFunction,HashOwner,2,1\na,f,o,1,2\na,idle,o,0,0\na,g,o,0,1\n',
    );
    expect(seconds(arrivalUs)).toEqual([15, 30, 45, 90]);
    expect(endpointNames).toEqual(['a/f', 'a/g']);
    expect(report).toMatchObject({ requests: 4, lines: 4, resolutionUs: 60_000_000 });
    expect(report.warnings).toEqual(['the invocations of a minute are placed evenly within it']);
  });

  it('are drawn within their minute from a seed, by whatever way the format is found', () => {
    const text = `HashOwner,HashApp,HashFunction,Trigger,1,2\no,a,f,http,0,1000\n`;
    const drawn = readTrace(text, { spreadSeed: '1' });
    expect(drawn.arrivalUs).toEqual(
      readTrace(text, { spreadSeed: '1', format: 'azure-functions-2019' }).arrivalUs,
    );
    expect(drawn.arrivalUs).not.toEqual(readTrace(text, { spreadSeed: '2' }).arrivalUs);
    expect(drawn.arrivalUs[0]).toBeGreaterThanOrEqual(60e6);
    expect(drawn.arrivalUs.at(-1)).toBeLessThan(120e6);
    const mean = drawn.arrivalUs.reduce((sum, us) => sum + us, 0) / 1000;
    // A uniform minute has a standard deviation of 17.3 s, its mean of a thousand 0.55 s.
    expect(Math.abs(mean / 1e6 - 90)).toBeLessThan(2.2);
  });

  it('of the next file are those of the next day', () => {
    const reader = createTraceReader({ name: 'd01', shared: false });
    reader.push('HashOwner,HashApp,HashFunction,Trigger,1,2\no,a,f,http,0,1\n');
    reader.nextFile('d02');
    reader.push('HashOwner,HashApp,HashFunction,Trigger,1,2\no,a,f,http,1,0\n');
    const { arrivalUs, report } = reader.finish();
    expect(seconds(arrivalUs)).toEqual([90, 86_430]);
    expect(report.warnings).toContain('2 headers: each begins a day');
  });

  it.each([
    ['o,a,f,http,1', '5 fields where the header has 6'],
    ['o,a,f,http,1,-1', 'minute 2 is no count: -1'],
    ['o,a,f,http,1,1.5', 'minute 2 is no count: 1.5'],
    ['o,a,f,http,1,1000001', 'minute 2 is no count: 1000001'],
    ['o,a,f,http,1,', 'minute 2 is no count: '],
  ])('with %s are damaged: %s', (line, reason) => {
    const good = 'o,a,f,http,1,1\n';
    const { count, report } = readTrace(
      `HashOwner,HashApp,HashFunction,Trigger,1,2\n${good}${line}\n${good}`,
    );
    expect(count).toBe(4);
    expect(report.skipped.examples).toEqual([{ line: 3, reason }]);
  });
});

describe('BurstGPT', () => {
  it('has failures: tokens and an arrival, but no duration', () => {
    const { serviceUs, outputTokens, status, report } = readTrace(
      'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5.5,x,3.2,ChatGPT,472,18,490,Conversation log\n7,,1.1,GPT-4,100,0,100,API log\n',
    );
    expect(seconds(serviceUs!)).toEqual([3.2, Number.NaN]);
    expect([...outputTokens!]).toEqual([18, 0]);
    expect(status).toBeNull();
    expect(report).toMatchObject({ missing: 1, durations: 'the column `Elapsed time`' });
    expect(report.warnings).toContain('requests with 0 response tokens failed: 1');
  });

  it('counts seconds from its first midnight, however many digits they have', () => {
    const head = 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n';
    const { arrivalUs, firstAtUs } = readTrace(`${head}1000000000,ChatGPT,1,1,2,API log\n`);
    expect([arrivalUs[0], firstAtUs]).toEqual([0, 1e15]);
    expect(readTrace(`${head}10456000,GPT-4,1,1,2,API log\n`).firstAtUs).toBeNull();
  });
});
