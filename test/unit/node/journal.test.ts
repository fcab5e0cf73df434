import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journal, nameless } from '../../../src/node/journal.ts';
import { encoded } from '../../../src/report/encoding.ts';
import { sweepJson } from '../../../src/report/sweep-json.ts';
import { runSweep, sweepGrid } from '../../../src/study/sweep.ts';
import type { Outcome } from '../../../src/study/task.ts';
import { load, options } from '../study/studies.ts';

const STUDY = `version: 1
name: chat
replications: 2
workload:
  synthesize: { duration: 20m, arrivals: { process: gamma, rate: 0.6/s, cv: 2 } }
  service: { distribution: lognormal, mean: 3s, cv: 0.8 }
deployment: { coldStart: 12s }
billing: { usdPerReplicaHour: 2 }
vary:
  deployment.replicas.min: [0, 2]
  deployment.replicas.max: [3, 40, 50]
  deployment.idleWindow: [5s, 60s]
current: { deployment.replicas.min: 1 }
slo: [latencyS.p99 <= 30]
`;

describe('a journal of outcomes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-journal-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const journalAt = (name: string) => new Journal(openSync(join(folder, name), 'a+'));

  it('serves a sweep as memory does: the same document, figure by figure, and the same text', async () => {
    const memory = await runSweep(load(STUDY), options());
    const journal = nameless();
    const swept = await sweepGrid(load(STUDY), { ...options(), outcomes: journal });
    const { resultAt, results, ...head } = swept;
    const { results: expected, ...expectedHead } = memory;
    expect(head).toEqual(expectedHead);
    const withoutEngine = { engine: null };
    for (const [index, result] of expected.entries()) {
      expect({ ...resultAt(index), ...withoutEngine }).toEqual({ ...result, ...withoutEngine });
      const { latencyS, cost, slo, warnings, vary, replicas } = results[index]!;
      expect({ latencyS, cost, slo, warnings, vary, replicas }).toEqual({
        latencyS: expect.objectContaining({ p99: result.latencyS.p99, p50: result.latencyS.p50 }),
        cost: expect.objectContaining({ usdPerHour: result.cost?.usdPerHour }),
        slo: expect.objectContaining({ met: result.slo?.met, failed: result.slo?.failed }),
        warnings: result.warnings,
        vary: result.vary,
        replicas: expect.objectContaining({ mean: result.replicas.mean }),
      });
    }
    const rows = expected.map((result, index) => ({ index, result }));
    const text = [...encoded(sweepJson(memory), rows)].join('');
    expect(text).toBe(`${JSON.stringify(memory, null, 2)}\n`);
    const empty = { ...memory, results: [] };
    expect([...encoded(sweepJson(empty), [])].join('')).toBe(`${JSON.stringify(empty, null, 2)}\n`);
    journal.close();
  });

  it('that has no name leaves nothing in the folder of temporary files', () => {
    const before = new Set(readdirSync(tmpdir()).filter((name) => name.startsWith('coldfront-')));
    const journal = nameless();
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('coldfront-'));
    expect(left.filter((name) => !before.has(name))).toEqual([]);
    journal.close();
  });

  it('gives back what was written at any length of line, and goes on behind a cut', () => {
    const outcome = (length: number) => ({ index: length, text: 'é'.repeat(length) }) as never;
    const lengths = [0, 1, 1_000, 600_000, 3];
    const journal = journalAt('long');
    for (const length of lengths) journal.set(`k${length}`, outcome(length));
    const all = () => lengths.map((length) => journal.get(`k${length}`));
    const expected: readonly Outcome[] = lengths.map(outcome);
    expect(all()).toEqual(expected);
    journal.close();
    const path = join(folder, 'long');
    truncateSync(path, readFileSync(path).length - 3);
    const again = journalAt('long');
    expect(again.damaged).toBe(1);
    expect(again.has('k3')).toBe(false);
    again.set('k3', outcome(3));
    expect(lengths.map((length) => again.get(`k${length}`))).toEqual(expected);
    again.close();
    expect(journalAt('long').damaged).toBe(0);
  });

  it('counts what nobody asked for', () => {
    const journal = journalAt('unused');
    for (const key of ['a', 'b', 'c']) journal.set(key, {} as never);
    expect(journal.unused).toBe(0);
    journal.close();
    const again = journalAt('unused');
    expect(again.unused).toBe(3);
    again.has('a');
    again.get('b');
    again.set('d', {} as never);
    expect(again.unused).toBe(1);
    again.close();
  });

  it('of nothing, or of one torn line alone, is empty', () => {
    writeFileSync(join(folder, 'torn'), '{"check":"01');
    expect(journalAt('torn').damaged).toBe(1);
    expect(readFileSync(join(folder, 'torn'), 'utf8')).toBe('');
  });
});
