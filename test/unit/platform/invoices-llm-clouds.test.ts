/** Invoices by hand of Together's and Fireworks' deployments, and of their APIs by the token. */
import { describe, expect, it } from 'vitest';
import { mistakesOf, run, traceOf } from '../study/studies.ts';
import { COLD_START, invoiceOf } from './invoice-study.ts';

describe('together-dedicated', () => {
  it('one H100 for 601 s is 11 started minutes at $5.49 an hour: $1.0065', async () => {
    const { usd } = await invoiceOf('platform: together-dedicated, gpu: h100');
    expect(usd).toBe(1.0065); // 11 / 60 x 5.49
  });

  it('A4 10: from 8 to 4, first after 5 min, then one a minute; $15.921', async () => {
    // 64 in flight against 8 each: 2 at 60, 4 at 120, 8 at 180. 30 are left from 600 on: 4 wished for 5 min at 900,
    // so 7 then, 6 at 960, 5 at 1020, 4 at 1080 = 900 + 3 min. None from 1500 on: 3 at 1800, 2 at 1860, 1 at 1920.
    const rows = Array.from({ length: 64 }, (_, i) => [0, i < 34 ? 600 : 1500] as const);
    const deployment =
      'platform: together-dedicated, gpu: h100, concurrency: 64, replicas: { max: 8 }';
    const { result, usd } = await invoiceOf(deployment, rows);
    expect(result.replicas.peak).toBe(8);
    const up = 60 + 2 * 60 + 4 * 60 + 8 * (900 - 180);
    const down = 7 * 60 + 6 * 60 + 5 * 60 + 4 * (1800 - 1080) + 3 * 60 + 2 * 60;
    expect(up + down).toBe(10_440);
    expect(result.replicaTimeS.total).toBe(10_440);
    expect(usd).toBe(15.921); // 174 min x 5.49 / 60; every life ends on a minute
  });

  it('A4 10: 7 replicas 5:00 after the load fell, 4 at 8:00', async () => {
    const rows = Array.from({ length: 64 }, (_, i) => [0, i < 34 ? 600 : 1500] as const);
    const study = `version: 1
workload: { replay: { file: x } }
deployment: { platform: together-dedicated, gpu: h100, concurrency: 64, replicas: { max: 8 } }`;
    const { timeline } = await run(study, {}, { traces: [traceOf(rows)], timelineUs: 60e6 });
    // From each minute on. The load falls at 10:00, on a look.
    const at = (minute: number) => timeline?.desired?.[minute];
    expect([1, 2, 3, 14, 15, 16, 17, 18].map(at)).toEqual([2, 4, 8, 8, 7, 6, 5, 4]);
  });
});

describe('fireworks-deployment', () => {
  it('refuses and wakes, starts for free, and leaves after an hour: 4,192 s at $8 an hour, $9.3155556', async () => {
    // The request of 0 is refused; ready at 18, where billing begins. 30-34 and 600-601 are served. The look at 610 is the
    // last that finds demand since the one before: zero at 4210.
    const deployment = `platform: fireworks-deployment, gpu: h100, ${COLD_START}`;
    const { result, usd } = await invoiceOf(deployment);
    expect(result.requests).toMatchObject({ completed: 2, rejected: 1 });
    expect(result.replicaTimeS).toMatchObject({ starting: 18, total: 4210 });
    expect(usd).toBe(33_536 / 3600); // 4192 x 8 / 3600
  });

  it('a pinned region costs half as much again', async () => {
    const deployment = `platform: fireworks-deployment, gpu: h100, region: pinned, ${COLD_START}`;
    expect((await invoiceOf(deployment)).usd).toBe(50_304 / 3600);
  });
});

describe('by the token', () => {
  /** Requests of 1,000 tokens in and 500 out. */
  const traceOfTokens = (count: number, atS = 0) => ({
    ...traceOf(Array.from({ length: count }, () => [atS, 0] as const)),
    inputTokens: new Float64Array(count).fill(1000),
    outputTokens: new Float64Array(count).fill(500),
  });
  const study = (deployment: string, more = '') => `version: 1
workload: { replay: { file: x } }
deployment: { ${deployment} }
${more}`;
  const of = (deployment: string, count: number, more = '') =>
    run(study(deployment, more), {}, { traces: [traceOfTokens(count)] });

  // 500 ms + 1000 x 0.05 ms + 500 x 5 ms = 3.05 s; 350 ms + 1000 x 0.05 ms + 500 x 11 ms = 5.9 s
  it.each([
    ['fireworks-tokens', 'deepseek-v4-pro', 0.0348, 3.05], // 10 x (1000 x 1.74 + 500 x 3.48) / 1e6
    ['fireworks-tokens', 'deepseek-v3', 0.014, 3.05], // 10 x (1000 x 0.56 + 500 x 1.68) / 1e6
    ['fireworks-tokens', 'gpt-oss-20b', 0.0022, 3.05], // 10 x (1000 x 0.07 + 500 x 0.30) / 1e6
    ['together-tokens', 'llama-3-70b', 0.0132, 5.9], // 10 x 1500 x 0.88 / 1e6
    ['together-tokens', 'gpt-oss-120b', 0.0045, 5.9], // 10 x (1000 x 0.15 + 500 x 0.60) / 1e6
  ])('%s, ten requests to %s: $%d, each in %d s', async (platform, model, usd, latency) => {
    const { cost, latencyS, replicas } = await of(`platform: ${platform}, model: ${model}`, 10);
    expect(cost?.usd).toBe(usd);
    // Nothing to wait for, and no replica to start.
    expect(latencyS).toMatchObject({ mean: latency, max: latency });
    expect(replicas).toMatchObject({ starts: 0, peak: 1 });
  });

  it('fireworks-tokens: of prompts that are cached to 80 % the rest is at the full price: $0.02204', async () => {
    const cached = study('platform: fireworks-tokens, model: deepseek-v4-pro').replace(
      'file: x }',
      'file: x }, cachedInput: 80%',
    );
    const { cost } = await run(cached, {}, { traces: [traceOfTokens(10)] });
    // 10 x (200 x 1.74 + 800 x 0.145 + 500 x 3.48) / 1e6
    expect(cost?.usd).toBe(0.02204);
  });

  it.each(['fireworks-tokens', 'together-tokens'])('%s: a batch is half', async (platform) => {
    const deployment = `platform: ${platform}, model: deepseek-v3`;
    const { cost: now } = await of(deployment, 10);
    const { cost: later } = await of(deployment, 10, 'billing: { kind: batch }');
    expect(later?.usd).toBe((now?.usd ?? 0) / 2);
  });

  it('fireworks-tokens refuses beyond 6,000 requests a minute', async () => {
    const model = 'platform: fireworks-tokens, model: deepseek-v3';
    const unlimited =
      'inputTokenRate: unlimited, uncachedTokenRate: unlimited, outputTokenRate: unlimited';
    const { requests } = await of(`${model}, admission: { ${unlimited} }`, 7000);
    expect(requests).toMatchObject({ completed: 6000, rejected: 1000 });
  });

  it('fireworks-tokens refuses 100,000 generated tokens in 50 s beyond 36,000 a minute', async () => {
    // 4 requests of 500 tokens a second come from a bucket of 72 that 1.2 a second refill.
    const rows = Array.from({ length: 200 }, (_, i) => [i / 4, 0] as const);
    const trace = {
      ...traceOf(rows),
      inputTokens: new Float64Array(200).fill(1000),
      outputTokens: new Float64Array(200).fill(500),
    };
    const text = study('platform: fireworks-tokens, model: deepseek-v3');
    const { requests, refusals } = await run(text, {}, { traces: [trace] });
    // By 49.75 s: 72 + floor(1.2 x 49.75) = 72 + 59
    expect(requests).toMatchObject({ completed: 131, rejected: 69 });
    expect(refusals).toEqual({ 'output-token-rate': 69 });
  });

  it('fireworks-tokens: limits grow with use where a study says how fast', async () => {
    // 40 x 500 of 36,000 are more than half: 72,000 a minute from 60 s on. By 90 s there are 36,000 + 36,000.
    const rows = Array.from({ length: 190 }, (_, i) => [i < 40 ? 0 : 90, 0] as const);
    const trace = {
      ...traceOf(rows),
      inputTokens: new Float64Array(190).fill(1000),
      outputTokens: new Float64Array(190).fill(500),
    };
    const completed = async (more: string) => {
      const text = study(`platform: fireworks-tokens, model: deepseek-v3${more}`);
      return (await run(text, {}, { traces: [trace] })).requests.completed;
    };
    expect(await completed('')).toBe(40 + 72);
    expect(await completed(', admission: { adaptive: { grow: 2 } }')).toBe(40 + 144);
  });

  it('fireworks-tokens takes 900,000 tokens of prompts that are not cached, and 3,600,000 that are', async () => {
    const model =
      'platform: fireworks-tokens, model: deepseek-v3, admission: { outputTokenRate: unlimited }';
    expect((await of(model, 1000)).requests).toMatchObject({ completed: 900, rejected: 100 });
    const cached = study(model).replace('file: x }', 'file: x }, cachedInput: 100%');
    const { requests } = await run(cached, {}, { traces: [traceOfTokens(3700)] });
    expect(requests).toMatchObject({ completed: 3600, rejected: 100 });
  });

  it('needs tokens, and a model that has a price', () => {
    const text = study('platform: together-tokens, model: sdxl');
    expect(mistakesOf(text).join()).toMatch(/deployment\.model\s+sdxl has no price/);
  });
});
