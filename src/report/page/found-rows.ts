/** What a comparison or a search found, as the rows of a grid. */
import type { CompareDocument } from '../../study/compare-document.ts';
import type { Result, SweepDocument } from '../../study/document.ts';
import { frontOf } from '../../study/front.ts';
import { canonical } from '../../study/json.ts';
import type { OptimizeDocument } from '../../study/optimize-document.ts';
import type { FoundRows } from '../../study/row-figures.ts';
import { namesOf } from '../compare-names.ts';

export interface FoundDocument extends SweepDocument {
  readonly found: FoundRows;
}

/** What was compared as a grid, its reference rows too: the recommended one is the answer. */
export function ofCompare(document: CompareDocument): FoundDocument {
  const { name, rows, leftOut, conclusion } = document;
  const nameOf = namesOf(document);
  const results = rows.map(({ result, vary }) => ({ ...result, vary }));
  const today = rows.findIndex(({ references }) => references.includes('today'));
  const { recommended, confirmations, cheaperReferences } = conclusion;
  const references = rows.flatMap(({ candidate }, index) => (candidate ? [] : [index]));
  const found = {
    names: rows.map((row) => `${nameOf(row)}${row.candidate ? '' : ' (reference)'}`),
    references,
    cheaperReferences,
    configurations: rows.length - references.length,
    certainty: null,
    refused: [],
  };
  return ofRows({ name, results, leftOut, best: recommended, today, confirmations, found });
}

/** What a search found worth telling: the answer, the runners-up, today. */
export function ofOptimize(document: OptimizeDocument): FoundDocument {
  const { name, best, runnersUp, nearest, current, confirmations } = document;
  const key = ({ vary }: Result) => canonical(vary);
  const all = [best, ...runnersUp, nearest, current].filter((result) => result !== null);
  const results = [...new Map(all.map((result) => [key(result), result])).values()];
  const place = (result: Result | null) =>
    result === null ? -1 : results.findIndex((one) => key(one) === key(result));
  const answer = best === null ? null : place(best);
  // What it confirmed, it knows by places of its own.
  const kept = confirmations === null ? null : [];
  return ofRows({
    name,
    results,
    leftOut: [],
    best: answer,
    today: place(current),
    confirmations: kept,
    found: {
      names: null,
      references: [],
      cheaperReferences: [],
      configurations: document.configurations,
      certainty: `${document.certain ? 'Certain' : 'Not certain'}: ${document.why}.`,
      refused: document.refused,
    },
  });
}

function ofRows(rows: {
  readonly name: string;
  readonly results: readonly Result[];
  readonly leftOut: SweepDocument['leftOut'];
  readonly best: number | null;
  readonly today: number;
  readonly confirmations: SweepDocument['confirmations'];
  readonly found: FoundRows;
}): FoundDocument {
  const { name, results, leftOut, best, today, confirmations, found } = rows;
  const p99 = results.map(({ latencyS, requests }) =>
    (requests.failedFraction ?? 0) > 0.01
      ? Number.POSITIVE_INFINITY
      : (latencyS.p99 ?? Number.POSITIVE_INFINITY),
  );
  return {
    schema: 'coldfront.sweep.v1',
    name,
    results: results.map((result) => ({ ...result, provedEqualTo: null })),
    leftOut,
    front: frontOf(results, p99),
    cheapestWithinSlo: best,
    current: today < 0 ? null : today,
    confirmations,
    steps: [],
    found,
  };
}
