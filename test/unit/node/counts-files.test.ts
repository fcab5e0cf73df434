import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCounts } from '../../../src/node/counts-files.ts';
import { openStudy } from '../../../src/node/studies.ts';
import { expectedArrivals } from '../../../src/workload/synthesis/arrivals.ts';

const read = (text: string, ...columns: string[]) => parseCounts(text, 'a.csv', 'here', columns);

describe('a file of counts', () => {
  it('is a count a line, or columns of a CSV with a header', () => {
    expect(read('12\n30\n\n# night\n0\n')).toEqual({ counts: [12, 30, 0], names: [] });
    expect(read('\uFEFFrequests\r\n4\r\n5')).toEqual({ counts: [4, 5], names: [] });
    const table = 'minute,"chat",embed\n0,1,2\n1,3,4\n';
    expect(read(table, 'embed')).toEqual({ counts: [2, 4], names: [] });
    expect(read(table, 'embed', 'chat')).toEqual({
      counts: [
        [2, 1],
        [4, 3],
      ],
      names: ['embed', 'chat'],
    });
  });

  it.each<[string, readonly string[], string]>([
    ['', [], 'holds no counts'],
    ['chat\n', [], 'holds a header, and no counts'],
    ['minute,chat\n0,1\n', [], 'say which with column: (it has minute, chat)'],
    ['minute,chat\n0,1\n', ['embed'], 'has no column embed: it has minute, chat'],
    ['1\n2\n', ['chat'], 'has no header, so no column chat'],
    [
      'chat\n1\n-2\n1.5\n',
      [],
      'a.csv:3  here  must be a whole number of at least 0, is "-2"\na.csv:4',
    ],
  ])('%j with columns %j: %s', (text, columns, message) => {
    expect(() => read(text, ...columns)).toThrow(message);
  });

  it('is read beside the study that names it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coldfront-counts-'));
    writeFileSync(join(folder, 'minutes.csv'), 'minute,chat,embed\n0,12,3\n1,7,30\n');
    const study = join(folder, 'study.yaml');
    writeFileSync(
      study,
      `version: 1
workload:
  synthesize: { arrivals: { process: counts, file: minutes.csv, column: [chat, embed] } }
  service: { byEndpoint: { chat: 2s, embed: 20ms } }
`,
    );
    const { loaded } = await openStudy({ files: [study], overrides: {} });
    const { workload } = loaded.points[0]!.compiled;
    if (workload.kind !== 'synthesize') throw new Error('a replay');
    expect([1, 2].map((n) => expectedArrivals(workload.arrivals, n * 60e6))).toEqual([15, 52]);
    const other = { set: ['workload.synthesize.arrivals.file=absent.csv'] };
    await expect(openStudy({ files: [study], overrides: other })).rejects.toThrow('absent.csv');
  });
});
