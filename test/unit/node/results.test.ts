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
import { openResultFolder } from '../../../src/node/results.ts';
import type { StoredOutcome } from '../../../src/study/task.ts';
import { aResult } from '../report/a-result.ts';

const FRESH = { resume: false, overwrite: false };
const RESUME = { resume: true, overwrite: false };

function stored(key: string): StoredOutcome {
  const reached = { replicas: 1, waiting: 0, queueUs: 0, serviceUs: 1, latencyUs: 1 };
  return {
    key,
    outcome: {
      index: 0,
      result: aResult(),
      reached,
      perReplication: [[null, 0.5]],
      each: {},
      p99AllArrivedS: 9.6,
    },
  };
}

describe('a folder of results', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(...keys: string[]): void {
    const results = openResultFolder(folder, RESUME);
    for (const key of keys) results.append(stored(key));
    results.close();
  }

  it('has each result on disk as soon as it is finished', () => {
    const results = openResultFolder(join(folder, 'new'), FRESH);
    results.append(stored('a'));
    const lines = readFileSync(join(folder, 'new', 'results.jsonl'), 'utf8');
    expect(lines.endsWith('\n')).toBe(true);
    expect(JSON.parse(lines)).toMatchObject(stored('a'));
    results.close();
  });

  it('is resumed with every whole line, a torn last one dropped and cut off', () => {
    write('a', 'b');
    appendFileSync(join(folder, 'results.jsonl'), '{"key":"c","outc');
    const results = openResultFolder(folder, RESUME);
    expect([...results.finished.keys()]).toEqual(['a', 'b']);
    expect(results.finished.get('b')).toEqual(stored('b').outcome);
    expect(results.damaged).toBe(1);
    results.append(stored('d'));
    results.close();
    expect([...openResultFolder(folder, RESUME).finished.keys()]).toEqual(['a', 'b', 'd']);
  });

  it('counts a damaged line in its midst, and keeps the rest', () => {
    write('a');
    appendFileSync(join(folder, 'results.jsonl'), 'nonsense\n');
    write('b');
    const results = openResultFolder(folder, RESUME);
    expect([...results.finished.keys()]).toEqual(['a', 'b']);
    expect(results.damaged).toBe(1);
    results.close();
  });

  it('takes no line for a result that was changed since, and still reads as JSON', () => {
    write('a', 'b');
    const journal = join(folder, 'results.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"peak":14', '"peak":41'));
    const results = openResultFolder(folder, RESUME);
    expect([...results.finished.keys()]).toEqual(['b']);
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
    expect(results.finished.size).toBe(0);
    results.write('results.json', '{}');
    results.close();
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'results.json', 'results.jsonl']);
  });

  it('is a clear mistake where it cannot be', () => {
    writeFileSync(join(folder, 'file'), 'x');
    expect(() => openResultFolder(join(folder, 'file'), FRESH)).toThrow(/file {2}is there already/);
  });
});
