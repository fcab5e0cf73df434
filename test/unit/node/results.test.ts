import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openResultFolder, type ResultFolder } from '../../../src/node/results.ts';
import type { Outcome } from '../../../src/study/task.ts';
import { aResult } from '../report/a-result.ts';

const FRESH = { resume: false, overwrite: false };
const RESUME = { resume: true, overwrite: false };

const OUTCOME: Outcome = {
  index: 0,
  result: aResult(),
  reached: { replicas: 1, waiting: 0, queueUs: 0, serviceUs: 1, latencyUs: 1 },
  perReplication: [[null, 0.5]],
  each: {},
  p99AllArrivedS: 9.6,
};

/** Of the keys that these tests write. */
function kept({ outcomes }: ResultFolder): string[] {
  return ['a', 'b', 'c', 'd'].filter((key) => outcomes.has(key));
}

describe('a folder of results', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(...keys: string[]): void {
    const results = openResultFolder(folder, RESUME);
    for (const key of keys) results.outcomes.set(key, OUTCOME);
    results.close();
  }

  it('has each result on disk as soon as it is finished', () => {
    const results = openResultFolder(join(folder, 'new'), FRESH);
    results.outcomes.set('a', OUTCOME);
    const lines = readFileSync(join(folder, 'new', 'results.jsonl'), 'utf8');
    expect(lines.endsWith('\n')).toBe(true);
    expect(JSON.parse(lines)).toMatchObject({ key: 'a', outcome: OUTCOME });
    results.close();
  });

  it('is resumed with every whole line, a torn last one dropped and cut off', () => {
    write('a', 'b');
    appendFileSync(join(folder, 'results.jsonl'), '{"key":"c","outc');
    const results = openResultFolder(folder, RESUME);
    expect(kept(results)).toEqual(['a', 'b']);
    expect(results.outcomes.get('b')).toEqual(OUTCOME);
    expect(results.damaged).toBe(1);
    results.outcomes.set('d', OUTCOME);
    expect(results.outcomes.get('d')).toEqual(OUTCOME);
    results.close();
    expect(kept(openResultFolder(folder, RESUME))).toEqual(['a', 'b', 'd']);
  });

  it('counts a damaged line in its midst, and keeps the rest', () => {
    write('a');
    appendFileSync(join(folder, 'results.jsonl'), 'nonsense\n');
    write('b');
    const results = openResultFolder(folder, RESUME);
    expect(kept(results)).toEqual(['a', 'b']);
    expect(results.damaged).toBe(1);
    results.close();
  });

  it('takes no line for a result that was changed since, and still reads as JSON', () => {
    write('a', 'b');
    const journal = join(folder, 'results.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"peak":14', '"peak":41'));
    const results = openResultFolder(folder, RESUME);
    expect(kept(results)).toEqual(['b']);
    expect(results.damaged).toBe(1);
    results.close();
  });

  it.skipIf(!existsSync('/proc/self'))('is refused at once where no folder can be made', () => {
    expect(() => openResultFolder('/proc/nope/deeper', FRESH)).toThrow(/write elsewhere/);
  });

  it('is not written over unasked', () => {
    write('a');
    expect(() => openResultFolder(folder, FRESH)).toThrow(
      /holds the results of an earlier sweep: --resume goes on with it, --overwrite replaces it/,
    );
  });

  it('is not mixed with files of another kind unasked', () => {
    writeFileSync(join(folder, 'thesis.tex'), 'x');
    expect(() => openResultFolder(folder, FRESH)).toThrow(/is not empty: name another folder/);
  });

  it('drops earlier results when told to, and leaves other files alone', () => {
    write('a');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    const results = openResultFolder(folder, { resume: false, overwrite: true });
    expect(kept(results)).toEqual([]);
    results.write('results.json', '{}');
    results.close();
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'results.json', 'results.jsonl']);
  });

  it('is a clear mistake where it cannot be', () => {
    writeFileSync(join(folder, 'file'), 'x');
    expect(() => openResultFolder(join(folder, 'file'), FRESH)).toThrow(/file {2}is there already/);
  });
});
