import { beforeAll, describe, expect, it } from 'vitest';
import { compareMarkdown, inline } from '../../../src/report/compare-markdown.ts';
import { compareScreen } from '../../../src/report/compare-screen.ts';
import { type CompareOptions, compareRows } from '../../../src/study/compare.ts';
import type { CompareDocument } from '../../../src/study/compare-document.ts';
import { parseGates } from '../../../src/study/comparison/gates.ts';
import type { Overrides } from '../../../src/study/study.ts';
import { laboratory } from '../study/studies.ts';

const CHAT = `
version: 1
replications: 3
workload:
  synthesize: { duration: 2h, arrivals: { process: poisson, rate: 0.05/s } }
  service: { distribution: exponential, mean: 4s }
deployment: { gpu: a10g, memory: 16GiB, idleWindow: 60s, coldStart: 10s }
vary: { deployment.platform: [modal, runpod-flex, baseten, knative], deployment.replicas.min: [0, 1] }
current: { deployment.platform: modal, deployment.replicas.min: 3 }
slo: [latencyS.p99 <= 27]
`;

function compared(overrides: Overrides = {}, options: CompareOptions = {}, text = CHAT) {
  const lab = laboratory(text, { leavesMisfitsOut: true, ...overrides });
  return compareRows(lab, { disputes: false, ...options });
}

let full: CompareDocument;
beforeAll(async () => {
  const gates = parseGates(['cost.usdPerMonth <= 1']);
  full = await compared({}, { dedicated: ['ec2-reserved'], gates, disputes: true });
});

describe('the screen of a comparison', () => {
  it('opens with what to do, key by key, with cost, p99 and their intervals', () => {
    const lines = compareScreen(full).split('\n');
    expect(lines[0]).toMatch(/^Change: modal, min 3 {2}-> /);
    const text = lines.join('\n');
    expect(text).toMatch(/^ {2}min +3 -> [01]$/m);
    expect(text).toMatch(/^ {2}cost +\$\S+\/h -> \$\S+\/h +-\$\S+\/h \(-\d+ %\) {3}95 % -\$/m);
    expect(text).toMatch(/^ {2}p99 +\S+ s -> \S+ s/m);
  });

  it('marks rows: recommended, today, references, slots that nobody measured, figures without a document', () => {
    const text = compareScreen(full);
    expect(text).toMatch(/^ \S.* < .*i$/m);
    expect(text).toMatch(/^ modal, min 3 .* now i$/m);
    expect(text).toMatch(/^ knative, min 1 .* si$/m);
    expect(text).toMatch(/^ all dedicated: \d+ on ec2-reserved .* ref/m);
    expect(text).toMatch(/^ hybrid: 1 on ec2-reserved/m);
    expect(text).toMatch(/a perfect scaler, nobody waits/);
    expect(text).toMatch(/^ s {2}looks faster and cheaper than it may be/m);
  });

  it('says why each cheaper row was refused, what kind of deployment wins, what was left out, and the gate', () => {
    const text = compareScreen(full).replaceAll(/\n +/g, ' ');
    expect(text).toMatch(/knative, min 0 .*takes any number of requests on a replica/);
    expect(text).toMatch(/Serverless, dedicated or hybrid: /);
    expect(text).toMatch(/Left out/);
    expect(text).toMatch(/runpod-flex, min 0, and 1 more +deployment.gpu a10g has no price/);
    expect(text).toMatch(/Gate \(modal, min 3\): fails; cost.usdPerMonth <= 1 fails at/);
    expect(text).toMatch(/The answer (holds|turns) under/);
  });

  it('says right under the conclusion what is cheaper and what was not compared', () => {
    const [block = ''] = compareScreen(full).split('\n  min ');
    const text = block.replaceAll(/\n +/g, ' ');
    expect(text).toMatch(/^Worth a look, a reference row that meets the objectives too: /m);
    expect(text).toMatch(/^Not compared: runpod-flex \(no a10g\)\./m);
    expect(compareMarkdown(full)).toMatch(/\n- Not compared: runpod-flex \(no a10g\)\.\n/);
  });

  it('holds the recommended row against the gates too, and says whether any row meets them', () => {
    const text = compareScreen(full).replaceAll(/\n +/g, ' ');
    expect(text).toMatch(
      /^Recommended \(.*\): cost\.usdPerMonth <= 1 fails too at \S+; no row tried meets it and the objectives\.$/m,
    );
  });

  it('keeps to the width of a screen', () => {
    for (const line of compareScreen(full).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100);
    }
  });

  it('says so where there is no answer', async () => {
    const none = await compared({ set: ['slo=[latencyS.p99 <= 1]', 'current=null'] });
    expect(compareScreen(none)).toMatch(
      /^No configuration that was asked for meets the objectives/,
    );
    expect(compareScreen(none)).toMatch(/Why not\n/);
    const unasked = await compared({ set: ['slo=null', 'current=null'] });
    expect(compareScreen(unasked)).toMatch(/^No objectives, so no answer/);
  });

  it('shows of many rows those that matter, and says how many are hidden', async () => {
    const many = await compared({
      set: ['current=null'],
      vary: ['deployment.platform=modal,baseten', 'deployment.idleWindow=10s..100s+10s'],
    });
    const text = compareScreen(many);
    expect(many.rows.filter(({ candidate }) => candidate)).toHaveLength(40);
    expect(text).toMatch(/24 more rows not shown: --json has them all/);
    const { recommended } = many.conclusion;
    expect(recommended).not.toBeNull();
    expect(text).toMatch(/ < /);
  });
});

describe('Markdown of a comparison', () => {
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;

  it('has the same conclusion, and tables whose rows have one width', () => {
    const text = compareMarkdown(full);
    expect(text).toMatch(/^### ❌ Change: modal, min 3/);
    const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThanOrEqual(4);
    for (const table of tables) {
      const [head, ...rows] = table.split('\n');
      for (const row of rows) expect(cells(row), row).toBe(cells(head!));
    }
  });

  it('has no HTML but what folds', () => {
    const tags = compareMarkdown(full).match(/<[^>]*>/g) ?? [];
    expect(new Set(tags)).toEqual(new Set(['<details>', '<summary>', '</summary>', '</details>']));
  });

  it('shows text from files as text', () => {
    expect(inline('<img src=x onerror=alert(1)>')).toBe('&lt;img src=x onerror=alert(1)&gt;');
    expect(inline('a|b `c` *d* [e](f)')).toBe('a\\|b \\`c\\` \\*d\\* \\[e\\](f)');
    expect(inline('@team http://x')).not.toMatch(/@team|http:/);
    expect(inline('one\ntwo\u001b[2J')).toBe('one two\ufffd\\[2J');
  });

  it('takes no row apart for a name that a file gave', async () => {
    const label = 'a | b </details><script>alert(1)</script>';
    const rows = [{ 'deployment.replicas.min': 2 }];
    const hostile = await compared(
      { set: ['vary=null', 'current=null', 'deployment.platform=modal'] },
      { others: { label, rows }, label: 'before.yaml' },
    );
    const text = compareMarkdown(hostile);
    expect(text).not.toMatch(/<script/);
    expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details>/g)!.length);
  });
});
