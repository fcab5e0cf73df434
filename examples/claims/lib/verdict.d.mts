import type { Verdict } from './claims.mjs';

export interface JudgedTable {
  readonly rows: readonly { readonly state: boolean | 'unclear' | null }[];
}

export const VERDICTS: Readonly<Record<'holds' | 'sometimes' | 'not' | 'inexpressible', string>>;
export function verdictOf(tables: readonly JudgedTable[]): Verdict;
export function verdictText(verdict: Verdict): string;
