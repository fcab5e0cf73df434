/** A sweep's document as text, a piece a result, for documents that are longer than a text may be. */
import type { SweepSummary } from '../study/row-figures.ts';
import type { IndexedResult } from './column.ts';
import type { Encoder } from './encoding.ts';

/** The same bytes as `JSON.stringify(document, null, 2)` of the document with all its results, and an end of line. */
export function sweepJson(sweep: SweepSummary): Encoder<IndexedResult, string> {
  const entries = Object.entries(sweep).filter(([, value]) => typeof value !== 'function');
  const place = entries.findIndex(([key]) => key === 'results');
  const isEmpty = sweep.results.length === 0;
  const line = ([key, value]: readonly [string, unknown], i: number) =>
    `${i === 0 ? '{\n' : ',\n'}  ${JSON.stringify(key)}: ${indented(value, 1)}`;
  return {
    begin: () =>
      `${entries.slice(0, place).map(line).join('')},\n  "results": ${isEmpty ? '[]' : '['}`,
    row: ({ index, result }) => `${index === 0 ? '\n' : ',\n'}    ${indented(result, 2)}`,
    end: () => {
      const rest = entries.slice(place + 1).map((entry) => line(entry, 1));
      return `${isEmpty ? '' : '\n  ]'}${rest.join('')}\n}\n`;
    },
  };
}

/** Ends of lines within texts are escaped: those that there are begin a line of the document. */
function indented(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}
