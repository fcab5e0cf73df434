import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { compareCommand } from '../../../src/cli/compare.ts';
import { compareFile } from '../../../src/node/comparison.ts';
import type { CompareDocument } from '../../../src/study/compare-document.ts';
import { runCommand } from './in-process.ts';

const STUDY = `
version: 1
workload: { replay: { file: log.csv } }
deployment: { platform: modal, gpu: l4, memory: 16GiB, idleWindow: 30s, coldStart: 10s, replicas: { min: 1 } }
slo: [latencyS.p99 <= 5]
`;

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-compare-'));
  const rows = Array.from({ length: 61 }, (_, i) => `${i * 60},1`);
  writeFileSync(at('log.csv'), `arrival_s,service_s\n${rows.join('\n')}\n`);
  writeFileSync(at('before.yaml'), STUDY);
  writeFileSync(at('after.yaml'), STUDY.replace('min: 1', 'min: 0'));
  writeFileSync(at('other.yaml'), STUDY.replace('log.csv', 'else.csv'));
  writeFileSync(at('else.csv'), 'arrival_s,service_s\n1,2\n9,2\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
});

const run = (...args: readonly string[]) =>
  runCommand(compareCommand(), [...args, '--workers', '1']);

async function json(...args: readonly string[]): Promise<CompareDocument> {
  return JSON.parse((await run(...args, '--json')).stdout) as CompareDocument;
}

describe('coldfront compare', () => {
  it('takes lists of platforms and GPUs, and leaves out what there is not', async () => {
    const args = ['--platform', 'modal,runpod-flex', '--gpu', 'l4,t4'];
    const { rows, leftOut } = await json(at('before.yaml'), ...args);
    expect(rows.filter(({ candidate }) => candidate)).toHaveLength(3);
    expect(leftOut.map(({ vary }) => vary)).toEqual([
      { 'deployment.platform': 'runpod-flex', 'deployment.gpu': 't4' },
    ]);
  });

  it('ends with 3 where the second of two studies breaks an objective', async () => {
    const { stdout } = await run(at('before.yaml'), at('after.yaml'));
    expect(stdout).toMatch(/^Keep what you have: before\.yaml/m);
    expect(stdout.replaceAll(/\n +/g, ' ')).toMatch(
      /after\.yaml: min 0 .* latencyS\.p99 <= 5: 11\.0 s/,
    );
    expect(process.exitCode).toBe(3);
  });

  it('ends with 3 above a budget, and as ever within it', async () => {
    await run(at('before.yaml'), '--budget', '$1/month');
    expect(process.exitCode).toBe(3);
    process.exitCode = undefined;
    await run(at('before.yaml'), '--budget', '$10000/month');
    expect(process.exitCode).toBeUndefined();
  });

  it('leaves what runs today as the study has it, whatever flags ask for beside it', async () => {
    writeFileSync(at('now.yaml'), `${STUDY}current: { deployment: { replicas: { min: 1 } } }\n`);
    const args = ['--platform', 'modal,runpod-flex', '--gpu', 't4', '--idle-window', '20s'];
    const { rows, base, conclusion } = await json(at('now.yaml'), ...args);
    expect(rows[base]).toMatchObject({ platform: 'modal', gpu: 'l4' });
    expect(rows[base]!.references).toContain('today');
    expect(rows[base]!.vary).toEqual({
      'deployment.replicas.min': 1,
      'deployment.gpu': 'l4',
      'deployment.idleWindow': '30s',
    });
    expect(conclusion.changes).toEqual([
      { path: 'deployment.gpu', from: 'l4', to: 't4' },
      { path: 'deployment.idleWindow', from: '30s', to: '20s' },
    ]);
  });

  it('refuses a platform and a phase that there are not, and says which were meant', async () => {
    const wrong = run(at('before.yaml'), '--dedicated', 'ec2', '--cliff', 'image');
    await expect(wrong).rejects.toThrow(UserError);
    await expect(wrong).rejects.toThrow(/ec2 is no platform .*did you mean .*ec2-reserved/);
    await expect(wrong).rejects.toThrow(/no start has a phase image/);
  });

  it('says how old the prices of reference rows are', async () => {
    const { stdout } = await run(at('before.yaml'), '--dedicated', 'ec2-reserved');
    expect(stdout).toMatch(/^Prices: AWS EC2 reserved, /m);
  });

  it('refuses two studies of different traffic, and a traffic that varies', async () => {
    await expect(run(at('before.yaml'), at('other.yaml'))).rejects.toThrow(/another traffic than/);
    const vary = ['--vary', 'workload.replay.rateScale=1,2'];
    await expect(run(at('before.yaml'), ...vary)).rejects.toThrow(/coldfront sweep/);
  });

  it('opens with the conclusion, and is there as a library', async () => {
    const { stdout } = await run(at('before.yaml'));
    expect(stdout).toMatch(/^Cheapest within the objectives: the study as it is/);
    const { conclusion, schema } = await compareFile(at('before.yaml'), {}, { workers: 1 });
    expect(schema).toBe('coldfront.compare.v1');
    expect(conclusion).toEqual((await json(at('before.yaml'))).conclusion);
  });

  it('writes Markdown, and keeps the document with a study that makes it again', async () => {
    const { stdout } = await run(at('before.yaml'), '--markdown', '--out', at('kept'));
    expect(stdout).toMatch(/^### ✅ Cheapest within the objectives/);
    const kept = JSON.parse(readFileSync(at('kept/compare.json'), 'utf8')) as CompareDocument;
    expect(existsSync(at('kept/study.json'))).toBe(true);
    const again = await json(at('kept/study.json'));
    expect(again.conclusion).toEqual(kept.conclusion);
  });
});
