/** Words for an answer at the end of what was varied. */
import type { Varied } from '../study/document.ts';
import { endsOf, type GridEnd } from '../study/grid-ends.ts';
import { wrapped } from './text.ts';
import { valueText, wordsOf } from './varied.ts';

/** `! the answer lies at the end of what was varied: min 6 is the largest tried` */
export function endLines(ends: readonly GridEnd[]): string[] {
  if (ends.length === 0) return [];
  const words = wordsOf(ends.map(({ path }) => path));
  const parts = ends.map(
    ({ value, end }, i) => `${words[i]} ${valueText(value)} is the ${end} tried`,
  );
  return [wrapped(`! the answer lies at the end of what was varied: ${parts.join(', ')}`, 2)];
}

export function endLinesOf(answer: Varied, rows: readonly { readonly vary: Varied }[]): string[] {
  return endLines(
    endsOf(
      answer,
      rows.map(({ vary }) => vary),
    ),
  );
}
