/**
 * Random streams. Luck is keyed to what it belongs to (seed, replication, purpose, key), never to a worker or to the
 * order of calls, so that configurations under one seed see the same luck and a new purpose moves no other.
 */
import alea from 'seedrandom/lib/alea.js';

/** Uniforms in (0, 1), one at a time. */
export interface Uniforms {
  next(): number;
}

/** What caused a start: a request, or a floor or controller at a time. */
export type StartPurpose = 'start' | 'scheduled-start';

/** What a draw is for. A new purpose gets a name of its own, so that the others stay as they are. */
export type Purpose =
  | 'arrivals'
  | 'arrival-states'
  | 'endpoint'
  | 'input-tokens'
  | 'output-tokens'
  | 'service'
  | StartPurpose
  | `${StartPurpose}/${'path' | 'failure' | 'notice' | 'crash'}`
  | 'retry'
  | 'routing'
  | 'weather'
  | 'spread'
  | 'sample'
  | 'thin'
  | 'shift'
  | 'missing'
  | 'traffic'
  | 'test';

// Alea returns k / 2^32 and k may be 0; half a step more is never 0 and never 1.
const HALF_STEP = 2 ** -33;

class AleaUniforms implements Uniforms {
  readonly #prng: () => number;
  constructor(seed: string) {
    this.#prng = alea(seed);
  }
  next(): number {
    return this.#prng() + HALF_STEP;
  }
}

/** The uniforms of one purpose in one replication, to be taken in order: gaps, service times. */
export function streamOf(seed: string, replication: number, purpose: Purpose): Uniforms {
  return new AleaUniforms(`${seed}/${replication}/${purpose}`);
}

/**
 * The uniforms that belong to one thing, wherever and whenever they are drawn: the start that attempt 0 of request 17
 * caused is `keyed(seed, replication, 'start', 17, 0)` in every configuration.
 */
export function keyed(
  seed: string,
  replication: number,
  purpose: Purpose,
  key: number,
  subkey: number,
): Uniforms {
  return new AleaUniforms(`${seed}/${replication}/${purpose}/${key}/${subkey}`);
}
