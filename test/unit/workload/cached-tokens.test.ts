/** Of the input tokens those that were cached: read, kept in what is made of a trace, and written. */
import { describe, expect, it } from 'vitest';
import { completeColumns } from '../../../src/workload/read-options.ts';
import { mergeTraces } from '../../../src/workload/shaping/shape-merge.ts';
import { cutWindow } from '../../../src/workload/shaping/shape-time.ts';
import { makeWorkload } from '../../../src/workload/workload.ts';
import { csvText } from '../../../src/workload/write.ts';
import { readTrace } from './read-trace.ts';

const HEAD = 'arrival_s,service_s,input_tokens,cached_tokens,output_tokens';
const CSV = `${HEAD}\n0,1,1000,800,5\n1,1,50,0,6\n2,1,10,10,7\n`;

describe('cached tokens', () => {
  it.each(['cached_tokens', 'cachedTokens', 'cached_input_tokens', 'cache_read_input_tokens'])(
    'are read from a column %s',
    (name) => {
      const { cachedTokens, inputTokens, report } = readTrace(CSV.replace('cached_tokens', name));
      expect([...cachedTokens!]).toEqual([800, 0, 10]);
      expect([...inputTokens!]).toEqual([1000, 50, 10]);
      expect(report.skipped.lines).toBe(0);
      const warned = report.warnings.filter((said) =>
        said.includes('is taken as part of the input'),
      );
      expect(warned).toHaveLength(name === 'cache_read_input_tokens' ? 1 : 0);
    },
  );

  it('are not there where no column has them', () => {
    expect(readTrace(CSV.replace('cached_tokens', 'else')).cachedTokens).toBeNull();
  });

  it('are read from records, nested ones by `columns`, and from what LiteLLM logs', () => {
    const record = { arrival: 0, duration: 1, inputTokens: 9, cachedTokens: 4 };
    expect([...readTrace(`${JSON.stringify(record)}\n`).cachedTokens!]).toEqual([4]);
    const usage = {
      at: 0,
      took: 1,
      usage: { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 3 } },
    };
    const columns = completeColumns({
      start: 'at',
      service: 'took',
      inputTokens: 'usage.prompt_tokens',
      cachedTokens: 'usage.prompt_tokens_details.cached_tokens',
    });
    expect([...readTrace(`${JSON.stringify(usage)}\n`, { columns }).cachedTokens!]).toEqual([3]);
    const logged = {
      startTime: 1760000000.5,
      endTime: 1760000001.5,
      model: 'gpt',
      call_type: 'acompletion',
      status: 'success',
      prompt_tokens: 100,
      completion_tokens: 5,
      metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 64 } } },
    };
    const litellm = readTrace(`${JSON.stringify(logged)}\n`);
    expect(litellm.report.format).toBe('LiteLLM');
    expect([...litellm.cachedTokens!]).toEqual([64]);
  });

  it('that are more than the input make a line damaged', () => {
    const { report } = readTrace(`${CSV}3,1,10,11,7\n`, { skipBadLines: true });
    expect(report.skipped.examples).toEqual([
      { line: 5, reason: 'more cached tokens (11) than input tokens (10)' },
    ]);
  });

  it('stay with their requests when a trace is sorted, cut and merged', () => {
    const turned = readTrace(`${HEAD}\n2,1,10,10,7\n0,1,1000,800,5\n1,1,50,0,6\n`);
    expect([...turned.cachedTokens!]).toEqual([800, 0, 10]);
    expect([...cutWindow(turned, { fromUs: 1e6, toUs: null }).cachedTokens!]).toEqual([0, 10]);
    const needs = { durations: true, tokens: true };
    expect([...mergeTraces([turned, turned], needs).cachedTokens!]).toEqual([
      800, 800, 0, 0, 10, 10,
    ]);
    const without = readTrace(CSV.replace('cached_tokens', 'else'));
    const mixed = mergeTraces([turned, without], needs);
    expect(mixed.cachedTokens).toBeNull();
    expect(mixed.report.shaping.join()).toContain('cached tokens left out: x has no cached tokens');
  });

  it('are written as they were read', () => {
    const trace = readTrace(CSV);
    const spec = { kind: 'replay', service: { kind: 'trace' } } as const;
    const workload = makeWorkload(spec, trace, null);
    const texts = [...csvText(workload.chunks('1', 0), workload.endpointNames)];
    expect(texts.join('').split('\n')[0]).toBe(HEAD);
    expect([...readTrace(texts.join('')).cachedTokens!]).toEqual([800, 0, 10]);
  });
});
