/** Rows of a comparison run side by side: bound, told apart by what they come to, and run with what pairs them. */
import { UserError } from '../../base/errors.ts';
import type { BindOptions, Bound } from '../bind.ts';
import type { ReferenceKind } from '../compare-document.ts';
import type { Varied } from '../document.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Outcome } from '../task.ts';

/** A configuration that is to stand beside others. */
export interface RowSpec {
  readonly label: string | null;
  readonly vary: Varied;
  readonly references: readonly ReferenceKind[];
  readonly candidate: boolean;
}

/** The same bound to its traffic. */
export interface BoundRow extends RowSpec {
  readonly bound: Bound;
  /** Equal for rows that come to the same. */
  readonly key: string;
}

export interface RunRow extends BoundRow {
  readonly outcome: Outcome;
}

const HOURLY: Partial<BindOptions> = { hourly: true };

/** Blocks of a trace pair rows by the hour; what is made has luck to pair instead. */
function howFor({ compiled }: Bound): Partial<BindOptions> {
  return compiled.replay === null ? {} : HOURLY;
}

/** @returns the row bound to its traffic, or why it cannot be */
export async function boundRow(lab: Laboratory, spec: RowSpec): Promise<BoundRow | string> {
  try {
    const { bound, key } = await lab.job({ overrides: spec.vary });
    return { ...spec, bound, key };
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** @returns in this order */
export async function runRows(
  lab: Laboratory,
  rows: readonly BoundRow[],
): Promise<readonly RunRow[]> {
  const trials = rows.map(({ vary, bound }) => ({ overrides: vary, how: howFor(bound) }));
  const outcomes = await lab.run(trials);
  return rows.map((row, i) => ({ ...row, outcome: outcomes[i]! }));
}
