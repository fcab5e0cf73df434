/** What a search knows of one configuration. */
import type { Outcome } from '../task.ts';
import type { Evidence } from './evidence.ts';
import type { Candidate } from './space.ts';

export interface Known {
  readonly candidate: Candidate;
  /** Of the whole; that of another where it was proved equal. */
  outcome: Outcome | null;
  /** Whether it was run itself. */
  provedBy: number | null;
  evidence: Evidence | null;
  gaveWay: boolean;
  /** It costs no less, for certain; then by the order, in parts. */
  least: number;
  keptAbove: number;
  starts: number;
  /** By the order: what keeps no less and breaks an objective by most, and by how much. */
  worseThan: Known | null;
  worseBy: number;
}

export function nothingOf(candidate: Candidate): Known {
  return {
    candidate,
    outcome: null,
    provedBy: null,
    evidence: null,
    gaveWay: false,
    least: candidate.price.least,
    keptAbove: Number.NEGATIVE_INFINITY,
    starts: 0,
    worseThan: null,
    worseBy: 0,
  };
}
