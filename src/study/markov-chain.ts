/**
 * Exact numbers where there is no closed form: Markov chains solved directly. The chain here is a fleet of replicas that
 * are started on demand, take an exponential time to start, and leave as soon as they are idle: M/M/k/setup.
 */
import { assert } from '../base/errors.ts';

/** `[to, rate]` */
export type Transition = readonly [number, number];

/**
 * The stationary distribution of an irreducible chain by state reduction: no subtraction, so no digit is lost.
 * Grassmann, Taksar and Heyman, Regenerative analysis and steady state distributions, Operations Research 33 (1985).
 * Quick where transitions join states of near numbers. Against power iteration: exact at any load, in one pass.
 */
export function stationary(transitions: readonly (readonly Transition[])[]): Float64Array {
  const size = transitions.length;
  const out = transitions.map(() => new Map<number, number>());
  const sources = transitions.map(() => new Set<number>());
  const add = (from: number, to: number, rate: number) => {
    if (from === to || rate === 0) return;
    out[from]!.set(to, (out[from]!.get(to) ?? 0) + rate);
    sources[to]!.add(from);
  };
  transitions.forEach((list, from) => {
    for (const [to, rate] of list) add(from, to, rate);
  });
  const leaving = new Float64Array(size);
  for (let last = size - 1; last > 0; last--) {
    const down = [...out[last]!].filter(([to]) => to < last);
    for (const [, rate] of down) leaving[last]! += rate;
    assert(leaving[last]! > 0, `state ${last} of a chain leads nowhere below it`);
    for (const from of sources[last]!) {
      if (from > last) continue;
      const into = out[from]!.get(last)!;
      for (const [to, rate] of down) add(from, to, (into * rate) / leaving[last]!);
    }
  }
  const chance = new Float64Array(size);
  chance[0] = 1;
  let whole = 1;
  for (let state = 1; state < size; state++) {
    for (const from of sources[state]!) {
      if (from < state) {
        chance[state]! += (chance[from]! * out[from]!.get(state)!) / leaving[state]!;
      }
    }
    whole += chance[state]!;
  }
  return chance.map((weight) => weight / whole);
}

/**
 * What becomes of a start whose request was served elsewhere: it goes on (this engine, and every platform known to it);
 * it is called off (M/M/k/setup of the literature); it is called off, and only one start runs at a time (staggered).
 */
export type StartRule = 'goes-on' | 'called-off' | 'staggered';

export interface SetUpFleet {
  /** At most. */
  readonly replicas: number;
  readonly rate: number;
  readonly serviceRate: number;
  readonly startRate: number;
  readonly rule: StartRule;
}

export interface SetUpMeans {
  readonly wait: number;
  readonly starting: number;
  readonly busy: number;
  /** P(busy = i), and P(waiting = j). */
  readonly busyChance: readonly number[];
  readonly waitingChance: readonly number[];
}

interface State {
  readonly busy: number;
  readonly starting: number;
  readonly waiting: number;
}

/** What lies beyond the truncated queue is less than this. */
const NEGLIGIBLE = 1e-13;

/** @throws if `mostWaiting` cuts off more than a negligible chance */
export function setUpMeans(fleet: SetUpFleet, mostWaiting: number): SetUpMeans {
  const { replicas, rate, serviceRate, startRate, rule } = fleet;
  const settled = (busy: number, starting: number, waiting: number): State => {
    const room = replicas - busy;
    if (rule === 'called-off') return { busy, starting: Math.min(waiting, room), waiting };
    if (rule === 'staggered') return { busy, starting: Math.min(1, waiting, room), waiting };
    return { busy, starting, waiting };
  };
  const moves = ({ busy, starting, waiting }: State): [State, number][] => {
    const list: [State, number][] = [];
    if (waiting < mostWaiting) {
      const starts = waiting >= starting && busy + starting < replicas ? 1 : 0;
      list.push([settled(busy, starting + starts, waiting + 1), rate]);
    }
    const left = waiting > 0 ? waiting - 1 : 0;
    if (busy > 0) {
      list.push([settled(waiting > 0 ? busy : busy - 1, starting, left), busy * serviceRate]);
    }
    if (starting > 0) {
      const taken = waiting > 0 ? busy + 1 : busy;
      list.push([settled(taken, starting - 1, left), starting * startRate]);
    }
    return list;
  };
  const keyOf = ({ busy, starting, waiting }: State) =>
    (waiting * (replicas + 1) + busy) * (replicas + 1) + starting;

  const found = new Map<number, State>();
  const fresh: State[] = [{ busy: 0, starting: 0, waiting: 0 }];
  for (let state = fresh.pop(); state !== undefined; state = fresh.pop()) {
    if (found.has(keyOf(state))) continue;
    found.set(keyOf(state), state);
    fresh.push(...moves(state).map(([next]) => next));
  }
  const states = [...found.values()].sort((a, b) => keyOf(a) - keyOf(b));
  const numberOf = new Map(states.map((state, i) => [keyOf(state), i]));
  const chance = stationary(
    states.map((state) => moves(state).map(([next, r]) => [numberOf.get(keyOf(next))!, r])),
  );

  const means = { waiting: 0, starting: 0, busy: 0 };
  const busyChance = new Array<number>(replicas + 1).fill(0);
  const waitingChance = new Array<number>(mostWaiting + 1).fill(0);
  states.forEach(({ busy, starting, waiting }, i) => {
    means.waiting += chance[i]! * waiting;
    means.starting += chance[i]! * starting;
    means.busy += chance[i]! * busy;
    busyChance[busy]! += chance[i]!;
    waitingChance[waiting]! += chance[i]!;
  });
  assert(waitingChance[mostWaiting]! < NEGLIGIBLE, 'the queue of the chain is cut too short');
  // Little's law: those that wait over the rate at which they come.
  return {
    wait: means.waiting / rate,
    starting: means.starting,
    busy: means.busy,
    busyChance,
    waitingChance,
  };
}
