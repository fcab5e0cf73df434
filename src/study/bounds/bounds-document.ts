/** What any scaling of these replicas would cost at least, as part of a result. */
type Figure = number | null;

/** In dollars an hour of the observed period, as `cost.usdPerHour` is, before rounding and minimums. */
export interface LeastCost {
  /** null where the bound does not apply: `why` says why not. */
  readonly usdPerHour: Figure;
  readonly why: string | null;
}

export interface OfflineCost extends LeastCost {
  /** Of the plan that foresees everything: most replicas at once, and starts. */
  readonly peak: Figure;
  readonly starts: Figure;
  /** Whether it holds for every luck, or in the mean over that of starts; null where it does not apply. */
  readonly holds: 'always' | 'in the mean' | null;
}

export interface FixedFleet extends LeastCost {
  /** So many replicas, always ready. */
  readonly replicas: Figure;
  /** What they are enough for. */
  readonly meets: 'the objectives' | 'nobody waits' | null;
}

export interface Bounds {
  /** The run itself before rounding and minimums: what the bounds are to be compared with. */
  readonly runUsdPerHour: Figure;
  /** Within each of these: requests, tokens, bytes, storage and the plan, which no scaling changes. */
  readonly besideUsdPerHour: Figure;
  /** Service time over slots. Whoever serves all pays as much, sooner or later. */
  readonly work: LeastCost;
  /** The offline optimum in which nobody waits. */
  readonly nobodyWaits: OfflineCost;
  /** The same for the services as the run had them, waits and refusals included: this run cannot be below it. */
  readonly ownServices: OfflineCost;
  /** No bound but a configuration: the fewest always-ready replicas that are enough, priced as any run is. */
  readonly fixedFleet: FixedFleet;
  /** How much a better policy could still save, in a sentence. */
  readonly sentence: string;
}
