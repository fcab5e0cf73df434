/** What `optimize` and `compare` found for the same study: margins, crossover, sensitivity, cliff. */
import type { CompareDocument } from '../../study/compare-document.ts';
import type {
  CliffDocument,
  CrossoverDocument,
  NoCurve,
  SensitivityDocument,
} from '../../study/curves-document.ts';
import type { HeadroomAxis, OptimizeDocument } from '../../study/optimize-document.ts';
import { cliffSentences } from '../cliff-screen.ts';
import { crossoverSentences } from '../crossover-words.ts';
import { configurationName } from '../curve-names.ts';
import { percent, seconds } from '../numbers.ts';
import { sensitivitySentences } from '../sensitivity-screen.ts';

/** A curve with its sentences, and the names of its configurations. */
export interface Told<Curve> {
  readonly sentences: readonly string[];
  readonly names: readonly string[];
  readonly curve: Curve;
}

export interface Further {
  readonly headroom: readonly HeadroomRow[];
  readonly crossover: Told<CrossoverDocument> | null;
  readonly sensitivity: Told<SensitivityDocument> | null;
  readonly cliff: Told<CliffDocument> | null;
}

export interface HeadroomRow {
  readonly row: string;
  /** In words, one for traffic, load time and service: `+34 %`. */
  readonly margins: readonly { readonly lever: string; readonly text: string }[];
}

/** @param optimized, compared what lies beside the results; null where there is none */
export function furtherOf(
  optimized: OptimizeDocument | null,
  compared: CompareDocument | null,
): Further {
  const crossover = curveOf<CrossoverDocument>(compared?.crossover);
  const sensitivity = curveOf<SensitivityDocument>(compared?.sensitivity);
  const cliff = curveOf<CliffDocument>(compared?.cliff);
  const names = (rows: readonly { readonly vary: CompareDocument['rows'][number]['vary'] }[]) =>
    rows.map(({ vary }) => configurationName(vary));
  return {
    headroom: (optimized?.headroom ?? []).map(({ vary, axes }) => ({
      row: configurationName(vary),
      margins: axes.map((axis) => ({ lever: LEVERS[axis.lever], text: marginText(axis) })),
    })),
    crossover: crossover && {
      sentences: crossoverSentences(crossover),
      names: crossover.sides.map(({ vary, name }) => configurationName(vary, name)),
      curve: crossover,
    },
    sensitivity: sensitivity && {
      sentences: sensitivitySentences(sensitivity),
      names: names(sensitivity.rows),
      curve: sensitivity,
    },
    cliff: cliff && { sentences: cliffSentences(cliff), names: names(cliff.rows), curve: cliff },
  };
}

const LEVERS: Readonly<Record<HeadroomAxis['lever'], string>> = {
  traffic: 'traffic up to',
  load: 'load time up to',
  service: 'service time up to',
};

/** Lines that say why there is none are no curve. */
function curveOf<Curve extends object>(found: unknown): Curve | null {
  if (typeof found !== 'object' || found === null || 'why' in found) return null;
  return found as Exclude<Curve, NoCurve>;
}

function marginText({ factor, breaksAt, breaks, meanS, why }: HeadroomAxis): string {
  if (factor === null) return why ?? '-';
  const more = `+${percent(factor - 1)}`;
  const grown = meanS === null ? more : `${more} (${seconds(meanS)})`;
  if (breaksAt === null) return `${grown} and more`;
  return breaks.length === 0 ? grown : `${grown}; then ${breaks.join(', ')} breaks`;
}
