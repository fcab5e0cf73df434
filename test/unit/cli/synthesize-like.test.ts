import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesizeCommand } from '../../../src/cli/synthesize.ts';
import { runCommand } from './in-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-like-'));
  const rows = Array.from({ length: 600 }, (_, i) => `${i * 2 + (i % 3) * 0.5},1`);
  write('log.csv', rows);
  write('one.csv', ['5,1']);
  write('instant.csv', ['5,1', '5,2', '5,1']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, rows: readonly string[]): void {
  writeFileSync(join(folder, name), `arrival_s,service_s\n${rows.join('\n')}\n`);
}

async function like(trace: string, out: string, ...args: readonly string[]): Promise<string> {
  const files = ['--like', join(folder, trace), '--out', join(folder, out)];
  return (await runCommand(synthesizeCommand(), [...files, ...args])).stderr;
}

const duration = (text: string) => ['--set', `workload.synthesize.duration=${text}`];

describe('what is said of traffic like a trace', () => {
  it('compares all of it with the trace where it is as long as that', async () => {
    const text = await like('log.csv', 'same.csv');
    expect(text).toMatch(/ the trace +like it +ratio/);
  });

  it('compares as long a piece of it where it is longer, and says so, but writes all', async () => {
    const text = await like('log.csv', 'long.csv', ...duration('2h'));
    expect(text).toMatch(/ the trace +like it, the first 20\.0 min +ratio/);
    const [, , ratio] = /requests +(\S+ +)(\S+ +)(\S+)/.exec(text)!.slice(1);
    expect(Number(ratio)).toBeGreaterThan(0.7);
    expect(Number(ratio)).toBeLessThan(1.4);
    const rows = readFileSync(join(folder, 'long.csv'), 'utf8').split('\n').length;
    expect(rows).toBeGreaterThan(2500);
  });

  it('is a note, no comparison, where nothing was made', async () => {
    const text = await like('log.csv', 'none.csv', ...duration('1ms'));
    expect(text).toContain('none.csv: 0 requests written');
    expect(text).toContain('no request was made: there is nothing to compare with');
    expect(existsSync(join(folder, 'none.csv'))).toBe(true);
  });
});

describe('a trace without a course cannot be liked', () => {
  it.each([
    ['one.csv', /one\.csv {2}two requests at different times are needed to be like: .* has one$/],
    ['instant.csv', /two requests at different times .*: the 3 of this trace arrive at one$/],
  ])('%s', async (trace, message) => {
    await expect(like(trace, 'not.csv')).rejects.toThrow(message);
    expect(existsSync(join(folder, 'not.csv'))).toBe(false);
  });
});
