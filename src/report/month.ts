/** What a row costs a month, and what a month is made of. */
import type { Figure } from '../study/document.ts';
import type { RowFigures } from '../study/row-figures.ts';

type Costs = Pick<RowFigures, 'cost' | 'usdPerMonthWholeWeeks'>;

/** Of the whole weeks of a log that has any, so that no weekend counts twice; else 730 hours like all of it. */
export function monthUsd({ cost, usdPerMonthWholeWeeks }: Costs): Figure {
  return usdPerMonthWholeWeeks ?? cost?.usdPerMonth ?? null;
}

export function isOfWeeks({ usdPerMonthWholeWeeks }: Costs): boolean {
  return usdPerMonthWholeWeeks !== undefined;
}

/** Said once under rows whose month is no 730 times their hour. */
export function monthLines(rows: readonly Costs[]): string[] {
  return rows.some(isOfWeeks) ? ['month: 730 h of whole weeks'] : [];
}
