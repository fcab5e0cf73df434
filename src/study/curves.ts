/** The curves of a comparison: which of its rows cross, which may be recommended, and what is looked for of them. */
import { cliff } from './cliff.ts';
import type { CompareDocument, CompareRow } from './compare-document.ts';
import { crossover } from './crossover.ts';
import type {
  CliffDocument,
  CrossoverDocument,
  LoadLever,
  NoCurve,
  SensitivityDocument,
} from './curves-document.ts';
import type { Varied } from './document.ts';
import type { Laboratory } from './laboratory.ts';
import type { Side } from './load-sides.ts';
import { sensitivity } from './sensitivity.ts';

export interface CurvesAsked {
  /** By traffic, or by hours a day; null: not asked. */
  readonly crossover: LoadLever | null;
  readonly sensitivity: boolean;
  /** All of the load time, or a phase of it; null: not asked. */
  readonly cliff: { readonly phase: string | null } | null;
}

export interface Curves {
  readonly crossover?: CrossoverDocument | NoCurve;
  readonly sensitivity?: SensitivityDocument | NoCurve;
  readonly cliff?: CliffDocument | NoCurve;
}

/** More rows than this take longer than they are worth: those nearest to the recommended one in cost. */
const MOST_ROWS = 40;
/** The same of those that one side of a crossover chooses from: they are run at loads of up to ten times the traffic. */
const MOST_ALTERNATIVES = 7;
/** Of a fleet that has as many replicas as it takes, what the study says is not meant. */
const SIZE_KEYS = ['deployment.replicas.min', 'deployment.replicas.max'];

/** @param laboratory on the traffic of the comparison */
export async function curvesOf(
  laboratory: Laboratory,
  document: CompareDocument,
  asked: CurvesAsked,
): Promise<Curves> {
  const { rows, recommended } = recommendable(document);
  return {
    ...(asked.crossover !== null && {
      crossover: await crossover(laboratory, sidesOf(document), { lever: asked.crossover }),
    }),
    ...(asked.sensitivity && { sensitivity: await sensitivity(laboratory, rows, recommended) }),
    ...(asked.cliff !== null && {
      cliff: await cliff(laboratory, rows, recommended, { phase: asked.cliff.phase }),
    }),
  };
}

/**
 * Each kind of deployment with a row that meets the objectives: what scales takes the cheapest of its rows at each load, a
 * fleet as many replicas as it takes. Where there is one kind alone, the recommended row and today's, else the next cheapest.
 */
export function sidesOf(document: CompareDocument): readonly Side[] {
  const { kinds, rows, base } = document;
  const byKind = kinds.rows.map(({ index }) => rows[index]!);
  if (byKind.length > 1) return byKind.map((row) => sideOf(row, document));
  const first = leadingRow(document);
  const today = rows[base]!;
  const others = rows.filter((row) => row.candidate && row.index !== first.index);
  const second = today.index === first.index ? nearestFirst(others, first)[0] : today;
  return [first, ...(second ? [second] : [])].map(plainSide);
}

function plainSide({ vary, references, label }: CompareRow): Side {
  const isReference = references.some((reference) => reference !== 'today');
  return { ...(isReference && label !== null && { name: label }), overrides: vary };
}

function sideOf(row: CompareRow, document: CompareDocument): Side {
  const { kind, vary } = row;
  const plain = plainSide(row);
  if (kind !== 'dedicated') {
    const others = document.rows.filter(
      (other) => other.kind === kind && other.candidate && other.index !== row.index,
    );
    const alternatives = spread(others.filter((other) => isFair(other, row)));
    if (alternatives.length === 0) return plain;
    return { name: kind, overrides: vary, alternatives: alternatives.map((other) => other.vary) };
  }
  const entries = Object.entries(vary).filter(([path]) => !SIZE_KEYS.includes(path));
  return {
    ...(plain.name !== undefined && { name: plain.name.replace(/: [\d,]+(?= on |, )/, '') }),
    isSized: true,
    overrides: Object.fromEntries(entries),
  };
}

/** From the cheapest to the dearest, no more than are worth their runs. */
function spread(rows: readonly CompareRow[]): readonly CompareRow[] {
  const sorted = rows.toSorted((a, b) => usdOf(a) - usdOf(b));
  if (sorted.length <= MOST_ALTERNATIVES) return sorted;
  const step = (sorted.length - 1) / (MOST_ALTERNATIVES - 1);
  return Array.from({ length: MOST_ALTERNATIVES }, (_, i) => sorted[Math.round(i * step)]!);
}

/** None that is fast by assumption beside one that is not. */
function isFair(row: CompareRow, beside: CompareRow): boolean {
  const assumes = ({ caveats }: CompareRow) => caveats.some(({ code }) => code === 'slots');
  return assumes(beside) || !assumes(row);
}

function usdOf({ result }: CompareRow): number {
  return result.cost?.usdPerHour ?? 0;
}

/** The recommended row, else the base. */
function leadingRow({ conclusion, rows, base }: CompareDocument): CompareRow {
  return rows[conclusion.recommended ?? base]!;
}

/** The rows that may be recommended. */
function recommendable(document: CompareDocument): {
  readonly rows: readonly Varied[];
  readonly recommended: number;
} {
  const first = leadingRow(document);
  const others = document.rows.filter(
    (row) => row.candidate && row.index !== first.index && isFair(row, first),
  );
  const kept = [first, ...nearestFirst(others, first).slice(0, MOST_ROWS - 1)];
  const ordered = kept.sort((a, b) => a.index - b.index);
  return { rows: ordered.map(({ vary }) => vary), recommended: ordered.indexOf(first) };
}

function nearestFirst(rows: readonly CompareRow[], first: CompareRow): readonly CompareRow[] {
  const distance = (row: CompareRow) => Math.abs(usdOf(row) - usdOf(first));
  return rows.toSorted((a, b) => distance(a) - distance(b));
}
