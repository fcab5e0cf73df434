import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSweepFile, sweptInMemory } from '../../../src/node/sweep-file.ts';
import { sweepJson } from '../../../src/report/sweep-json.ts';
import type { SweepDocument } from '../../../src/study/document.ts';
import { aRow, aSweep } from '../report/a-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldfront-sweep-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LEFT_OUT = [{ vary: { min: 3 }, reason: 'a { and a } and "results": [' }];

function written(document: SweepDocument): string {
  const file = join(folder, 'results.json');
  const json = sweepJson(document);
  const rows = document.results.map((result, index) => json.row({ index, result }));
  writeFileSync(file, [json.begin(), ...rows, json.end()].join(''));
  return file;
}

describe('a long file of results', () => {
  const results = Array.from({ length: 700 }, (_, i) =>
    aRow({ min: i, name: `\u00e9 {\n    }\n  ],${i}` }, i + 1, i / 9),
  );
  const document = aSweep(results, { front: [0, 5], cheapestWithinSlo: 5, leftOut: LEFT_OUT });

  it('has the figures and the results that it has when it is read at once', () => {
    const file = written(document);
    const whole = sweptInMemory(JSON.parse(readFileSync(file, 'utf8')) as SweepDocument);
    // 700 results are more than two pieces of a megabyte: some lie across their edge.
    const { swept: long, close } = openSweepFile(file);
    expect(long.results).toHaveLength(700);
    const { results: _, resultAt: __, ...rest } = long;
    const { results: ___, resultAt: ____, ...wholeRest } = whole;
    expect(rest).toEqual(wholeRest);
    for (const index of [0, 1, 350, 699]) {
      expect(long.resultAt(index)).toEqual(results[index]);
      expect(long.results[index]!.vary).toEqual(results[index]!.vary);
      expect(long.results[index]!.cost?.usdPerHour).toBe(index + 1);
    }
    close();
  });

  it('is read whole where it is laid out in another way, and refused where it is cut off', () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, JSON.stringify(document));
    const { swept, close } = openSweepFile(file);
    close();
    expect(swept.resultAt(350)).toEqual(results[350]);
    writeFileSync(file, JSON.stringify(document, null, 2).slice(0, 50_000));
    expect(() => openSweepFile(file)).toThrow(/other\.json .*is no JSON/);
  });
});
