/**
 * Markov-modulated Poisson arrivals: Poisson at the rate of a state that changes by itself, its stays exponential (Fischer
 * and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993).
 */
import type { Uniforms } from '../../base/random.ts';
import { US_PER_S } from '../../base/units.ts';
import type { Points, Streams } from './arrival-stream.ts';
import { Alternatives } from './popularity.ts';
import { meanPerS, type RateSpec, rateMistakes } from './rate-curve.ts';

export interface MmppSpec {
  readonly process: 'mmpp';
  readonly states: readonly MmppState[];
  /** The mean rate, to which those of the states are scaled, their ratios kept; null leaves them as they are. */
  readonly rate: RateSpec | null;
}

export interface MmppState {
  readonly perS: number;
  /** Of its stays. */
  readonly meanUs: number;
  /** Weights of the states that may follow, by position; null for the next one, the first after the last. */
  readonly to: readonly number[] | null;
}

/** So many changes of state between two arrivals are no burstiness any more, and would take time without end. */
const MOST_CHANGES = 1_000;

export function mmppMistakes({ states, rate }: MmppSpec): string[] {
  const mistakes = rate === null ? [] : rateMistakes(rate);
  if (states.length < 2) mistakes.push('mmpp takes two states or more');
  for (const [i, { perS, meanUs, to }] of states.entries()) {
    const name = `state ${i + 1}`;
    if (!(perS >= 0 && perS <= 100_000))
      mistakes.push(`${name}: rate must be from 0/s to 100000/s`);
    if (!(meanUs > 0 && Number.isFinite(meanUs))) mistakes.push(`${name}: mean must be above 0`);
    if (to === null) continue;
    if (to.length !== states.length) {
      mistakes.push(`${name}: to takes a weight for each of the ${states.length} states`);
    } else if (!to.every((weight) => weight >= 0 && Number.isFinite(weight))) {
      mistakes.push(`${name}: weights must be at least 0`);
    } else if (to[i] !== 0)
      mistakes.push(`${name}: its own weight must be 0: a stay ends elsewhere`);
  }
  if (!states.some(({ perS }) => perS > 0)) mistakes.push('the rate of one state must be above 0');
  if (mistakes.length > 0) return mistakes;
  const lost = states.findIndex((_, from) => reachedFrom(states, from).size < states.length);
  if (lost >= 0) return [`state ${lost + 1}: every state must lead to every other in the end`];
  const share = stationaryShares(states);
  const changesPerUs = share.reduce((sum, part, i) => sum + part / states[i]!.meanUs, 0);
  if (changesPerUs * US_PER_S > MOST_CHANGES * statesPerS(states)) {
    mistakes.push('the state changes more than 1,000 times an arrival: that is poisson');
  }
  return mistakes;
}

/** The mean rate of the states as they are given. */
export function statesPerS(states: readonly MmppState[]): number {
  return stationaryShares(states).reduce((sum, share, i) => sum + share * states[i]!.perS, 0);
}

/** Each state's share of the time: that of its visits, from the balance of changes, times the mean of its stays. */
function stationaryShares(states: readonly MmppState[]): number[] {
  const weights = visitsOf(states).map((visits, i) => visits * states[i]!.meanUs);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}

/** Points in microseconds: unit exponential gaps spent at the rate of the state, so that an arrival takes one uniform. */
export class MmppPoints implements Points {
  readonly #perUs: Float64Array;
  readonly #states: readonly MmppState[];
  readonly #next: readonly Alternatives[];
  readonly #gaps: Uniforms;
  readonly #changes: Uniforms;
  #state: number;
  #nowUs = -0;
  #untilUs: number;

  /** Begins in the stationary state: time 0 is any moment. */
  constructor({ states, rate }: MmppSpec, streams: Streams) {
    const scale = rate === null ? 1 : meanPerS(rate) / statesPerS(states);
    this.#perUs = Float64Array.from(states, ({ perS }) => (scale * perS) / US_PER_S);
    this.#states = states;
    this.#next = states.map((_, i) => new Alternatives(weightsOf(states, i)));
    this.#gaps = streams('arrivals');
    this.#changes = streams('arrival-states');
    this.#state = new Alternatives(stationaryShares(states)).at(this.#changes.next());
    this.#untilUs = this.#stayUs();
  }

  next(): number {
    let left = -Math.log(this.#gaps.next());
    for (;;) {
      const perUs = this.#perUs[this.#state]!;
      const room = (this.#untilUs - this.#nowUs) * perUs;
      if (left < room) return (this.#nowUs += left / perUs);
      left -= room;
      this.#nowUs = this.#untilUs;
      this.#state = this.#next[this.#state]!.at(this.#changes.next());
      this.#untilUs += this.#stayUs();
    }
  }

  #stayUs(): number {
    return -this.#states[this.#state]!.meanUs * Math.log(this.#changes.next());
  }
}

function weightsOf(states: readonly MmppState[], from: number): readonly number[] {
  return states[from]!.to ?? states.map((_, i) => (i === (from + 1) % states.length ? 1 : 0));
}

function reachedFrom(states: readonly MmppState[], from: number): ReadonlySet<number> {
  const reached = new Set([from]);
  for (const state of reached) {
    for (const [to, weight] of weightsOf(states, state).entries()) if (weight > 0) reached.add(to);
  }
  return reached;
}

/**
 * Relative visits v = v P of the embedded chain, by elimination of one state after the other (Grassmann, Taksar and Heyman,
 * Operations Research 33, 1985): it subtracts nothing, so no digit is lost.
 */
function visitsOf(states: readonly MmppState[]): number[] {
  const n = states.length;
  const p = states.map((_, i) => {
    const weights = weightsOf(states, i);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / whole);
  });
  for (let k = n - 1; k > 0; k--) {
    const out = p[k]!.slice(0, k).reduce((sum, share) => sum + share, 0);
    for (let i = 0; i < k; i++) {
      p[i]![k]! /= out;
      for (let j = 0; j < k; j++) p[i]![j]! += p[i]![k]! * p[k]![j]!;
    }
  }
  const visits = [1];
  for (let k = 1; k < n; k++) {
    visits.push(visits.reduce((sum, visit, i) => sum + visit * p[i]![k]!, 0));
  }
  return visits;
}
