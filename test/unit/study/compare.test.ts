import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { type CompareOptions, compareRows } from '../../../src/study/compare.ts';
import type { CompareDocument, CompareRow } from '../../../src/study/compare-document.ts';
import { budgetGate, parseGates } from '../../../src/study/comparison/gates.ts';
import { rowsOfOther } from '../../../src/study/comparison/two-studies.ts';
import type { Overrides } from '../../../src/study/study.ts';
import { laboratory, load, traceOf } from './studies.ts';

const CHAT = `
version: 1
replications: 4
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.05/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { platform: modal, gpu: a10g, memory: 16GiB, idleWindow: 60s, coldStart: 10s }
slo: [latencyS.p99 <= 27]
`;

const LOG = `
version: 1
workload: { replay: { file: log.csv } }
deployment: { idleWindow: 30s, coldStart: 10s }
billing: { usdPerReplicaHour: 3.6 }
slo: [latencyS.p99 <= 5]
`;

/** A request of a second at the full minute, for an hour. */
const HOURLY = traceOf(Array.from({ length: 61 }, (_, i) => [i * 60, 1] as const));

function compared(text: string, overrides: Overrides = {}, options: CompareOptions = {}) {
  const isReplay = text.includes('replay');
  const lab = laboratory(text, overrides, isReplay ? { traces: [HOURLY] } : {});
  return compareRows(lab, { disputes: false, ...options });
}

const reference = ({ rows }: CompareDocument, kind: CompareRow['references'][number]) =>
  rows.find(({ references }) => references.includes(kind));

describe('a comparison', () => {
  it('by hand: recommends the row that keeps one warm, and says what today costs and what it breaks', async () => {
    // A gap of 59 s outlasts a window of 30 s: each request after the first is cold, and takes 11 s; one kept warm serves all.
    const current = 'current={deployment.replicas.min: 0}';
    const document = await compared(LOG, {
      set: [current],
      vary: ['deployment.replicas.min=0,1,2'],
    });
    const { conclusion, rows } = document;
    expect(conclusion.verdict).toBe('change');
    expect(rows[conclusion.recommended!]!.vary).toEqual({ 'deployment.replicas.min': 1 });
    expect(conclusion.changes).toEqual([{ path: 'deployment.replicas.min', from: 0, to: 1 }]);
    // Today: 41 s of each minute are paid (start, service, window) at $3.6/h, the warm one all of the hour.
    expect(conclusion.differences!['cost.usdPerHour']!.value).toBeCloseTo(3.6 * (1 - 41 / 60), 1);
    // A p99 within 0.2 %.
    expect(conclusion.differences!['latencyS.p99']!.value).toBeCloseTo(1 - 11, 1);
    expect(conclusion.refused).toEqual([
      { index: 0, why: ['latencyS.p99 <= 5: 11.0 s, 6.00 s too slow'] },
    ]);
    expect(document.base).toBe(0);
    expect(rows[0]!.references).toEqual(['today', 'min 0']);
    expect(document.gate).toEqual({ index: 0, passes: false, gates: [] });
  });

  it('keeps what runs today where nothing cheaper meets the objectives', async () => {
    const document = await compared(LOG, {
      set: ['current={deployment.replicas.min: 1}'],
      vary: ['deployment.replicas.min=0,2'],
    });
    expect(document.conclusion.verdict).toBe('keep');
    expect(document.conclusion.changes).toEqual([]);
    expect(document.gate.passes).toBe(true);
  });

  it('keeps nothing for a price that is not known, where others have one', async () => {
    const text = LOG.replace(/billing: .*\n/, '');
    const price = 'billing.usdPerReplicaHour';
    const document = await compared(
      `${text}vary: [{ deployment.replicas.min: 1, ${price}: 3.6 }, { deployment.replicas.min: 0, ${price}: 3.6 }]`,
      { set: ['current={deployment.replicas.min: 2}'] },
    );
    const { conclusion, rows } = document;
    expect(rows.find(({ references }) => references.includes('today'))!.result.cost).toBeNull();
    expect(conclusion.verdict).toBe('change');
    expect(rows[conclusion.recommended!]!.vary).toEqual({
      'deployment.replicas.min': 1,
      [price]: 3.6,
    });
  });

  it('says that nothing meets the objectives, and that there are none', async () => {
    const none = await compared(LOG, { vary: ['deployment.replicas.min=0'] });
    expect(none.conclusion).toMatchObject({ verdict: 'none', recommended: null });
    expect(none.gate.passes).toBe(false);
    const bare = await compared(LOG.replace(/slo: .*/, ''), {
      vary: ['deployment.replicas.min=0,1'],
    });
    expect(bare.conclusion).toMatchObject({ verdict: 'unasked', recommended: null, refused: [] });
    expect(bare.gate.passes).toBe(true);
  });

  it('has every reference row, each what its name says', async () => {
    const document = await compared(LOG, { vary: ['deployment.replicas.min=1,2'] });
    expect(reference(document, 'min 0')!.vary['deployment.replicas.min']).toBe(0);
    // One request at a time: one replica is enough for all, and is the row that was asked for.
    expect(reference(document, 'all warm')!.result.waitS.max).toBe(0);
    expect(reference(document, 'all dedicated')!.kind).toBe('dedicated');
    expect(reference(document, 'all dedicated')!.vary['deployment.replicas.min']).toBe(1);
    expect(document.referencesLeftOut.map((left) => left.reference)).toEqual([
      'platform defaults',
      'hybrid',
    ]);
    // 61 services of a second in an hour: the last one begins at its end.
    expect(document.perfectScaler!.workUsdPerHour).toBeCloseTo(3.6 / 60, 2);
    expect(document.perfectScaler!.nobodyWaitsUsdPerHour!).toBeLessThan(
      reference(document, 'all warm')!.result.cost!.usdPerHour!,
    );
  });

  it('takes away what a platform has a default for, and nothing that says what is served', async () => {
    const document = await compared(CHAT, {
      set: ['deployment.replicas.max=7', 'deployment.admission.queue=50'],
    });
    const row = reference(document, 'platform defaults')!;
    expect(row.vary).toEqual({
      'deployment.replicas.max': null,
      'deployment.idleWindow': null,
      'deployment.admission.queue': null,
    });
  });

  it('tries a dedicated fleet and a baseline with overflow at the price of a platform that is named', async () => {
    const document = await compared(CHAT, {}, { dedicated: ['ec2-reserved'] });
    const dedicated = document.rows.filter(({ references }) =>
      references.includes('all dedicated'),
    );
    expect(dedicated.map(({ kind }) => kind)).toEqual(['dedicated', 'dedicated']);
    const hybrid = reference(document, 'hybrid')!;
    expect(hybrid.kind).toBe('hybrid');
    expect(hybrid.result.pools!.map(({ name }) => name)).toEqual(['reserved', 'overflow']);
    // Nobody queues behind the baseline.
    expect(hybrid.result.pools![1]!.requests.completed).toBeGreaterThan(0);
    const kinds = document.kinds.rows.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['serverless', 'dedicated', 'hybrid']));
  });

  it('leaves out what a platform lacks with its reason, and takes a misspelled platform for a mistake', async () => {
    const vary = ['deployment.platform=modal,cloud-run-gpu'];
    const document = await compared(CHAT, { vary, leavesMisfitsOut: true });
    expect(document.leftOut).toEqual([
      {
        vary: { 'deployment.platform': 'cloud-run-gpu' },
        reason: expect.stringMatching(/deployment.gpu a10g has no price/),
      },
    ]);
    const wrong = { vary: ['deployment.platform=modal,modl'], leavesMisfitsOut: true };
    expect(() => load(CHAT, wrong)).toThrow(/modl is no platform/);
    const nowhere = { vary: ['deployment.platform=cloud-run-gpu'], leavesMisfitsOut: true };
    expect(() => load(CHAT, nowhere)).toThrow(/has no price/);
  });

  it('leaves the maximum of platforms that scale out for a fixed fleet', async () => {
    const document = await compared(CHAT, {
      set: ['deployment.replicas.max=5'],
      vary: ['deployment.platform=modal,dedicated'],
      leavesMisfitsOut: true,
    });
    expect(document.leftOut).toEqual([]);
    expect(document.rows[1]!.vary).toEqual({
      'deployment.platform': 'dedicated',
      'deployment.replicas.max': null,
    });
  });

  it('recommends no row for slots that nobody measured, and marks it', async () => {
    const document = await compared(CHAT, { vary: ['deployment.concurrency=1,8'] });
    const [one, eight] = document.rows;
    expect(document.conclusion.recommended).toBe(0);
    expect(eight!.result.cost!.usdPerHour!).toBeLessThan(one!.result.cost!.usdPerHour!);
    expect(document.conclusion.refused).toEqual([
      {
        index: 1,
        why: [expect.stringMatching(/takes 8 requests on a replica to run as fast as one/)],
      },
    ]);
    expect(eight!.caveats.map(({ code }) => code)).toContain('slots');
    const measured = await compared(CHAT, {
      set: ['deployment.slotSpeed={1: 1, 8: 0.9}'],
      vary: ['deployment.concurrency=1,8'],
    });
    expect(measured.conclusion.recommended).toBe(1);
  });

  it('marks a GPU that is taken to serve as fast as the one of today, unless it has a speed', async () => {
    const set = ['current={deployment.gpu: a10g}'];
    const { rows } = await compared(CHAT, { set, vary: ['deployment.gpu=l4,t4'] });
    const speed = rows.map(({ caveats }) => caveats.find(({ code }) => code === 'speed')?.text);
    expect(speed.slice(0, 3)).toEqual([
      'l4 is taken to serve as fast as a10g: give deployment.speed',
      't4 is taken to serve as fast as a10g: give deployment.speed',
      undefined,
    ]);
    const known = `${CHAT}vary: [{ deployment.gpu: l4, deployment.speed: 0.8 }]`;
    const measured = await compared(known, { set });
    expect(measured.rows[0]!.caveats.map(({ code }) => code)).not.toContain('speed');
  });

  it('takes who sells tokens as they are: without replicas and slots of the study, and no fleet of its own', async () => {
    const tokens = CHAT.replace(
      'arrivals:',
      'tokens: { input: 100, output: 20 }, arrivals:',
    ).replace(
      'gpu: a10g,',
      'gpu: a10g, model: gpt-oss-20b, concurrency: 4, slotSpeed: { 1: 1, 4: 0.8 },',
    );
    const vary = ['deployment.platform=modal,fireworks-tokens', 'deployment.replicas.min=1,2'];
    const document = await compared(tokens, { vary, leavesMisfitsOut: true });
    const sold = document.rows.filter(({ kind }) => kind === 'api');
    expect(sold).toHaveLength(1);
    expect(sold[0]!.vary['deployment.replicas.min']).toBeNull();
    expect(sold[0]!.caveats.map(({ code }) => code)).toContain('api');
    expect(sold[0]!.caveats.map(({ code }) => code)).not.toContain('slots');
    const fleets = document.rows.filter(({ references }) => references.includes('all dedicated'));
    expect(fleets.map(({ platform }) => platform)).toEqual(['modal']);
  });

  it('marks a row that is held back by a maximum which is the default of its platform', async () => {
    const of = async (set: readonly string[]) =>
      (
        await compared(
          CHAT.replace('gpu: a10g', 'gpu: l4').replace('0.05/s', '2/s').replace('2h', '5m'),
          { set },
        )
      ).rows[0]!;
    const flex = 'deployment.platform=runpod-flex';
    const limit = {
      code: 'limit',
      text: expect.stringMatching(/^3 replicas at most, the default/),
    };
    expect((await of([flex])).caveats).toContainEqual(limit);
    expect((await of([flex, 'deployment.replicas.max=3'])).caveats).not.toContainEqual(limit);
  });

  it('marks a bill without memory, and figures that no document gives', async () => {
    const { rows } = await compared(CHAT.replace('memory: 16GiB, ', ''));
    const codes = rows[0]!.caveats.map(({ code }) => code);
    expect(codes).toEqual(['bill', 'grade']);
    const text = rows[0]!.caveats.map((caveat) => caveat.text).join();
    expect(text).toMatch(/memory/);
    expect(text).toMatch(/Modal \(of the bill:.*startPhases/);
  });

  it('confirms the recommended row on fresh luck', async () => {
    const { conclusion } = await compared(CHAT, { vary: ['deployment.replicas.min=0,1'] });
    expect(conclusion.confirmations!.at(-1)).toMatchObject({
      index: conclusion.recommended,
      holds: true,
    });
  });

  it('tries every disputed figure of the platform of the answer', async () => {
    const document = await compared(
      CHAT,
      { vary: ['deployment.replicas.min=0,1'] },
      { disputes: true },
    );
    const routing = document.disputed!.filter(({ path }) => path === 'deployment.routing');
    expect(routing.map(({ value }) => value)).toEqual(['random', 'least-recent']);
    const { conclusion, rows } = document;
    for (const { holds, recommended, usdPerHour } of document.disputed!) {
      expect(holds).toBe(recommended === conclusion.recommended);
      expect(usdPerHour).toBeGreaterThan(0);
    }
    // A start that is paid from its first phase costs no less.
    const all = document.disputed!.find(({ value }) => value === 'all')!;
    const { cost } = rows[conclusion.recommended!]!.result;
    expect(all.usdPerHour!).toBeGreaterThanOrEqual(cost!.usdPerHour!);
  });
});

describe('two studies', () => {
  const named = (file: string, text: string) => ({ ...load(text), file });

  it('are one comparison: what runs today and what is proposed, by the keys that differ', async () => {
    const after = CHAT.replace('idleWindow: 60s', 'idleWindow: 5m, replicas: { min: 1 }');
    const { rows, notes } = rowsOfOther(named('a.yaml', CHAT), named('b.yaml', after));
    expect(rows).toEqual([{ 'deployment.idleWindow': '5m', 'deployment.replicas': { min: 1 } }]);
    expect(notes).toEqual([]);
    const document = await compared(
      CHAT,
      {},
      { others: { label: 'b.yaml', rows }, label: 'a.yaml' },
    );
    expect(document.rows[0]!.references).toContain('today');
    expect(document.base).toBe(0);
    expect(document.gate.index).toBe(1);
  });

  it('have one row that runs today: the one that the first names, if it names one', async () => {
    const rows = [{ 'deployment.idleWindow': '5m' }];
    const before = `${CHAT}\ncurrent: { deployment.idleWindow: 30s }\n`;
    const document = await compared(before, {}, { others: { label: 'b.yaml', rows } });
    const today = document.rows.filter(({ references }) => references.includes('today'));
    expect(today.map(({ index }) => index)).toEqual([document.base]);
    expect(today[0]!.vary).toEqual({ 'deployment.idleWindow': '30s' });
  });

  it('are refused with different traffic, and share objectives and seed', () => {
    const other = CHAT.replace('0.05/s', '0.06/s');
    expect(() => rowsOfOther(named('a.yaml', CHAT), named('b.yaml', other))).toThrow(UserError);
    const slo = CHAT.replace('<= 27', '<= 30');
    const { notes } = rowsOfOther(named('a.yaml', CHAT), named('b.yaml', slo));
    expect(notes).toEqual(['slo of b.yaml is not used: a.yaml has it for both']);
  });
});

describe('a gate', () => {
  it('reads a budget by the month and by the hour, and refuses what is none', () => {
    expect(budgetGate('$2,500/month')).toBe('cost.usdPerMonth <= 2500');
    expect(budgetGate('3.40 / h')).toBe('cost.usdPerHour <= 3.40');
    expect(() => budgetGate('2500')).toThrow(/write '\$2500\/month'/);
    expect(() => parseGates(['latencyS.p99 <= 5'])).toThrow(/--slo/);
  });

  it('fails where the row that counts is too dear', async () => {
    const gates = parseGates(['cost.usdPerHour <= 1', 'replicas.peak <= 1']);
    const { gate } = await compared(LOG, { vary: ['deployment.replicas.min=1'] }, { gates });
    expect(gate.passes).toBe(false);
    expect(gate.gates.map(({ holds }) => holds)).toEqual([false, true]);
  });
});
