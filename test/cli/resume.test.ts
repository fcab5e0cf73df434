import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamOf } from '../../src/base/random.ts';
import { ended, Folder, runCli, STUDY, startCli, withoutEngine } from './run-cli.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
  folder.write('chat.yaml', STUDY.replace('30m', '24h'));
});
afterAll(() => folder.remove());

const GRID = [
  ...['--vary', 'deployment.replicas.min=0..2', '--vary', 'deployment.idleWindow=5s,60s,5m'],
  ...['--vary', 'deployment.replicas.max=8,20,unlimited'],
];

const read = (name: string): string => readFileSync(folder.at(name), 'utf8');
const linesOf = (name: string): number =>
  existsSync(folder.at(name)) ? read(name).split('\n').length - 1 : 0;
const keysOf = (name: string): string[] =>
  read(name)
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { key: string }).key);

async function until(condition: () => boolean, isOver: () => boolean): Promise<void> {
  while (!condition() && !isOver()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Starts a sweep and kills it outright when the moment has come, if it does before the sweep ends. */
async function killedAt(args: readonly string[], moment: () => boolean, laterMs = 0) {
  const child = startCli(args, { cwd: folder.path });
  let isOver = false;
  const end = ended(child).finally(() => {
    isOver = true;
  });
  await until(moment, () => isOver);
  await new Promise((resolve) => setTimeout(resolve, laterMs));
  child.kill('SIGKILL');
  return end;
}

/** What must be the same, whatever happened on the way. */
function filesOf(out: string): Record<string, string> {
  return {
    json: withoutEngine(read(`${out}/results.json`)),
    csv: read(`${out}/results.csv`),
    parquet: readFileSync(folder.at(`${out}/results.parquet`)).toString('base64'),
    study: read(`${out}/study.json`),
  };
}

describe('a sweep that is killed again and again', () => {
  const sweep = (out: string) => ['sweep', 'chat.yaml', ...GRID, '--out', out, '--workers', '2'];
  let whole: Record<string, string>;
  let keys: readonly string[];
  beforeAll(async () => {
    await runCli(sweep('whole'), { cwd: folder.path });
    whole = filesOf('whole');
    keys = keysOf('whole/results.jsonl').sort();
  });

  it.each([1, 2])(
    'ends with the same bytes, having lost nothing finished and run nothing twice (luck %i)',
    async (luck) => {
      const out = `cut${luck}`;
      const journal = `${out}/results.jsonl`;
      const uniforms = streamOf(String(luck), 0, 'test');
      let rounds = 0;
      for (let code: number | null = null; code === null; rounds++) {
        const before = linesOf(journal);
        const lines = before + Math.floor(uniforms.next() * 12);
        const args = [...sweep(out), '--resume'];
        const laterMs = Math.floor(uniforms.next() * 30);
        ({ code } = await killedAt(args, () => linesOf(journal) >= Math.max(1, lines), laterMs));
        expect(linesOf(journal)).toBeGreaterThanOrEqual(before);
        expect([null, 0, 3]).toContain(code);
      }
      expect(rounds).toBeGreaterThan(1);
      expect(keysOf(journal).sort()).toEqual(keys);
      expect(new Set(keys).size).toBe(keys.length);
      expect(filesOf(out)).toEqual(whole);
    },
  );

  it('before anything is there, and while files are being written, leaves none half written', async () => {
    const out = 'parts';
    const isThere = (name: string) => () => existsSync(folder.at(`${out}/${name}`));
    const resumed = [...sweep(out), '--resume'];
    await killedAt(resumed, isThere('results.jsonl'));
    await killedAt(resumed, isThere('results.parquet.part'));
    for (const name of readdirSync(folder.at(out)).filter((one) => one.endsWith('.json'))) {
      expect(() => JSON.parse(read(`${out}/${name}`)) as unknown).not.toThrow();
    }
    const { code } = await runCli(resumed, { cwd: folder.path });
    expect([0, 3]).toContain(code);
    expect(filesOf(out)).toEqual(whole);
    expect(readdirSync(folder.at(out)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('goes on from a torn line, wherever it was torn, and says so', async () => {
    const lines = read('whole/results.jsonl').split('\n');
    const kept = lines.slice(0, 5);
    const torn = lines[5]!;
    const uniforms = streamOf('torn', 0, 'test');
    for (const at of [1, Math.floor(uniforms.next() * torn.length)]) {
      const out = `torn${at}`;
      await runCli(['sweep', 'chat.yaml', '--seed', '7', '--out', out], { cwd: folder.path });
      const text = `${kept.join('\n')}\n${torn.slice(0, at)}`;
      appendFileSync(folder.at(`${out}/results.jsonl`), text);
      const { stderr } = await runCli([...sweep(out), '--resume'], { cwd: folder.path });
      expect(stderr).toContain('1 torn or changed line of results.jsonl dropped');
      // What the folder's first study had found is not of this grid.
      expect(stderr).toMatch(/\d lines? of results.jsonl left unused: of another study, traffic/);
      expect(stderr).toContain('5 from the earlier run');
      expect(filesOf(out)).toEqual(whole);
    }
  });
});
