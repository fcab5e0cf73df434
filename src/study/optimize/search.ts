/**
 * The search: what is run next, what follows from it for the rest, and when nothing is left that could be better. Every
 * configuration is in the end run, excluded by a bound, or excluded by the order.
 */

import { confirmationOf, LEAST_REPLICATIONS, MOST_CANDIDATES } from '../confirm.ts';
import type { Confirmation } from '../document.ts';
import type { Laboratory } from '../laboratory.ts';
import type { RefusedHow } from '../optimize-document.ts';
import { proofOf } from '../proof.ts';
import type { Outcome } from '../task.ts';
import { evidenceOfBeginning, evidenceOfWhole, isDecidedEarly, type Part } from './evidence.ts';
import { type Known, nothingOf } from './known.ts';
import { nextOf } from './next.ts';
import { keepsNoLess, paysNoMoreAbove, startsNoMore } from './order.ts';
import { costOf, startsOf } from './price.ts';
import type { Space } from './space.ts';

/** An answer may be so much dearer than the best. */
export const TOLERANCE = 0.01;
/** What the order says of costs is trusted but for so much. */
const COST_ROOM = 0.005;
/** So many times what is allowed must fail before what keeps no more is taken to fail too. */
const LEAST_EXCESS = 1.1;

/** In the order, within a slice. */
interface Trust {
  room: number;
  excess: number;
  doubts: number;
}

export interface SearchOptions {
  /** Full-run equivalents; Infinity for as many as it takes. */
  readonly budget: number;
  /** Whether the time is up. */
  readonly isLate: () => boolean;
  readonly onProgress: (progress: SearchProgress) => void;
}

export interface SearchProgress {
  readonly runs: number;
  readonly configurations: number;
  /** Of them, those of which it is known that they are not the answer, or are. */
  readonly settled: number;
  readonly phase: 'search' | 'confirm' | 'headroom';
}

export type Ending = 'nothing left' | 'budget' | 'time' | 'gave way';

export class Search {
  readonly known: readonly Known[];
  readonly confirmations: Confirmation[] = [];
  readonly #laboratory: Laboratory;
  readonly #space: Space;
  readonly #options: SearchOptions;
  readonly #bySlice = new Map<number, Known[]>();
  readonly #byRun = new Map<number, Known[]>();
  readonly #trust = new Map<number, Trust>();
  #work = { search: 0, confirmation: 0 };
  #confirmed: Known | null = null;
  /** What is run at the end, of the answer that it is for. */
  #audits: { readonly of: Known; readonly left: Known[] } | null = null;

  constructor(laboratory: Laboratory, space: Space, options: SearchOptions) {
    this.#laboratory = laboratory;
    this.#space = space;
    this.#options = options;
    this.known = space.candidates.map(nothingOf);
    for (const one of this.known) {
      push(this.#bySlice, one.candidate.place.slice, one);
      push(this.#byRun, one.candidate.run, one);
    }
  }

  get work(): { readonly search: number; readonly confirmation: number } {
    return this.#work;
  }

  /** How often runs went further against the order than was left room for. */
  get doubts(): number {
    return [...this.#trust.values()].reduce((sum, { doubts }) => sum + doubts, 0);
  }

  /** The cheapest that is known to meet the objectives; of equals the first. */
  get best(): Known | null {
    let best: Known | null = null;
    for (const one of this.known) {
      if (this.meets(one) && (best === null || this.costOf(one)! < this.costOf(best)!)) best = one;
    }
    return best;
  }

  get isConfirmed(): boolean {
    const { best } = this;
    return (
      best !== null &&
      (this.#confirmed === best || !best.candidate.isDrawn || this.#hasNoObjectives)
    );
  }

  get #hasNoObjectives(): boolean {
    return this.#laboratory.loaded.objectives.length === 0;
  }

  meets({ outcome, gaveWay }: Known): boolean {
    return outcome !== null && !gaveWay && (outcome.result.slo?.met ?? true);
  }

  costOf({ outcome }: Known): number | null {
    return outcome === null ? null : costOf(outcome.result, this.#space.priced);
  }

  /** How it is known that a configuration will not do; null where it may, or does. */
  refusalOf(one: Known): RefusedHow | null {
    if (one.gaveWay) return 'confirmation';
    if (one.outcome !== null) return this.meets(one) ? null : 'run';
    if ((one.evidence?.breaks.length ?? 0) > 0) return 'beginning';
    return this.#isWorse(one) ? 'order' : null;
  }

  /** At least so much, for certain or by the order. */
  leastOf(one: Known): number {
    return Math.max(one.least, orderedLeast(one) * (1 - this.#trustIn(one).room));
  }

  /** Those that may meet the objectives and cost more than `TOLERANCE` less than the best, as far as is known. */
  open(): Known[] {
    const { best } = this;
    const enough = best === null ? Number.POSITIVE_INFINITY : this.costOf(best)! * (1 - TOLERANCE);
    return this.known.filter(
      (one) => one.outcome === null && this.refusalOf(one) === null && this.leastOf(one) < enough,
    );
  }

  async run(): Promise<Ending> {
    const { current, points } = this.#laboratory.loaded;
    if (current !== null) await this.#runWhole(this.known[current]!);
    if (points.length === 1) await this.#runWhole(this.known[0]!);
    for (;;) {
      if (this.#options.isLate()) return 'time';
      const open = this.open();
      const { best } = this;
      this.#report(open.length, 'search');
      if (open.length === 0) {
        if (best === null || this.isConfirmed) {
          const audited = best === null ? this.#nextNearest() : this.#nextAudit(best);
          if (audited === null || this.#spent()) return 'nothing left';
          await this.#runWhole(audited);
          continue;
        }
        if (this.confirmations.length === MOST_CANDIDATES) return 'gave way';
        if (this.#spent()) return 'budget';
        await this.#confirm(best);
        continue;
      }
      if (this.#spent()) return 'budget';
      await this.#look(nextOf(open, this.known, best, (one) => this.leastOf(one)));
    }
  }

  #spent(): boolean {
    return this.#work.search + this.#work.confirmation >= this.#options.budget;
  }

  #isWorse(one: Known): boolean {
    return one.worseThan !== null && one.worseBy >= this.#trustIn(one).excess;
  }

  #trustIn({ candidate: { place } }: Known): Trust {
    let trust = this.#trust.get(place.slice);
    if (trust === undefined) {
      trust = { room: COST_ROOM, excess: LEAST_EXCESS, doubts: 0 };
      this.#trust.set(place.slice, trust);
    }
    return trust;
  }

  /** First the beginning, where that may be enough; then the whole, unless it was. */
  async #look(one: Known): Promise<void> {
    const { candidate } = one;
    const { objectives } = this.#laboratory.loaded;
    const requests = candidate.traffic?.requests ?? 0;
    const isLikely = this.known.some(
      (other) => this.meets(other) && keepsNoLess(candidate.place, other.candidate.place),
    );
    if (
      !candidate.hasBeginning ||
      !isDecidedEarly(objectives) ||
      isLikely ||
      requests < LEAST_REQUESTS
    ) {
      return this.#runWhole(one);
    }
    const first = await this.#runBeginning(one, FIRST_SHARE);
    if (one.evidence!.breaks.length > 0) return;
    const { projected } = one.evidence!;
    const share = projected === null ? 1 : (1.3 * (1 + 2 / Math.sqrt(requests))) / projected;
    if (share < MOST_SHARE && share > first) {
      await this.#runBeginning(one, share);
      if (one.evidence!.breaks.length > 0) return;
    }
    await this.#runWhole(one);
  }

  /** @returns the share of the requests that it ran */
  async #runBeginning(one: Known, share: number): Promise<number> {
    const { candidate } = one;
    const { replications, point } = candidate;
    const traffic = candidate.traffic!;
    const many = replications > 1;
    const first = many ? Math.max(1, Math.round(share * replications)) : null;
    const at = Math.min(traffic.requests - 1, Math.ceil(share * traffic.requests));
    const untilUs = many ? null : traffic.arrivalUs[at]!;
    const how = many ? { replications: first } : { untilUs };
    const [outcome] = await this.#laboratory.run([{ overrides: point.overrides, how }]);
    const { result } = outcome!;
    const part: Part = {
      share: (result.requests.arrived * result.replications) / traffic.requests,
      untilUs,
    };
    this.#work.search += part.share;
    one.evidence = evidenceOfBeginning(outcome!, part, this.#laboratory.loaded.objectives, traffic);
    if (one.evidence.breaks.length > 0) this.#follow(one);
    return part.share;
  }

  /** With all that the same run serves. */
  async #runWhole(one: Known): Promise<void> {
    if (one.outcome !== null) return;
    const members = this.#byRun.get(one.candidate.run)!.filter(({ outcome }) => outcome === null);
    const outcomes = await this.#laboratory.run(
      members.map(({ candidate: { point } }) => ({ overrides: point.overrides })),
    );
    this.#work.search += 1;
    for (const [i, member] of members.entries()) this.#learn(member, outcomes[i]!);
    for (const member of members) this.#prove(member);
  }

  #learn(one: Known, outcome: Outcome): void {
    const { index, point } = one.candidate;
    one.outcome = { ...outcome, index, result: { ...outcome.result, vary: point.overrides } };
    one.evidence = evidenceOfWhole(outcome, this.#laboratory.loaded.objectives);
    this.#follow(one);
  }

  /** Those that have the same limits but for one that was not reached come to the same. */
  #prove(run: Known): void {
    for (const [index, provers] of this.#space.proofs.provers) {
      const one = this.known[index]!;
      if (one.outcome !== null || !provers.some((prover) => prover.index === run.candidate.index))
        continue;
      const proof = proofOf(index, this.#space.proofs, (at) => this.known[at]!.outcome?.reached);
      if (proof === null) continue;
      const { outcome, provedBy } = this.known[proof]!;
      one.provedBy = provedBy ?? proof;
      const result = { ...outcome!.result, provedEqualTo: one.provedBy };
      this.#learn(one, { ...outcome!, result });
    }
  }

  /** What follows from it, by the order, for all that are comparable. */
  #follow(one: Known): void {
    const { place, price } = one.candidate;
    const cost = this.costOf(one);
    const { reach, excess } = one.evidence ?? { reach: 'none', excess: 0 };
    const slice = this.#bySlice.get(place.slice)!;
    const starts =
      one.outcome === null ? null : startsOf(one.outcome.result, price, this.#space.priced);
    const floor = price.isFloorAlike ? price.floorMost : 0;
    for (const other of slice) {
      const there = other.candidate.place;
      const isAlike = there.max === place.max && there.slots === place.slots;
      if (
        other !== one &&
        (reach === 'all' || (reach === 'alike' && isAlike)) &&
        keepsNoLess(place, there)
      ) {
        if (excess > other.worseBy) {
          other.worseThan = one;
          other.worseBy = excess;
        }
      }
      if (cost === null || starts === null || !price.isLinear) continue;
      if (paysNoMoreAbove(place, there) && (price.isFloorAlike || there.min === place.min)) {
        other.keptAbove = Math.max(other.keptAbove, cost - starts.most - floor);
      }
      if (startsNoMore(place, there)) other.starts = Math.max(other.starts, starts.least);
    }
    for (const other of slice) this.#doubt(other);
  }

  /** What was run and goes against the order makes room for as much, and half as much again, in all that is comparable. */
  #doubt(one: Known): void {
    const cost = this.costOf(one);
    if (cost === null) return;
    const trust = this.#trustIn(one);
    if (this.#isWorse(one) && (one.outcome!.result.slo?.met ?? true)) {
      trust.excess = 1 + 1.5 * (one.worseBy - 1);
      trust.doubts++;
    }
    const ordered = orderedLeast(one);
    if (ordered * (1 - trust.room) > cost * (1 + 1e-9)) {
      trust.room = 1.5 * (1 - cost / ordered);
      trust.doubts++;
    }
  }

  async #confirm(one: Known): Promise<void> {
    const { index, replications, point } = one.candidate;
    const { objectives } = this.#laboratory.loaded;
    const j = this.confirmations.length + 1;
    const fresh = Math.max(replications, LEAST_REPLICATIONS);
    this.#report(0, 'confirm');
    const how = { seedSuffix: `/confirm/${j}`, replications: fresh };
    const [outcome] = await this.#laboratory.run([{ overrides: point.overrides, how }]);
    this.#work.confirmation += fresh / replications;
    const confirmation = confirmationOf(index, j, objectives, outcome!);
    this.confirmations.push(confirmation);
    if (confirmation.holds) this.#confirmed = one;
    else one.gaveWay = true;
  }

  /** The nearest that only the order excludes: each is run, so that the order is tried where it has least room. */
  #nextAudit(best: Known): Known | null {
    if (this.#audits?.of !== best) this.#audits = { of: best, left: this.#auditsOf(best) };
    return this.#audits.left.shift() ?? null;
  }

  #auditsOf(best: Known): Known[] {
    const enough = this.costOf(best)! * (1 - TOLERANCE);
    const near = this.known.filter(
      (one) =>
        one.outcome === null &&
        this.refusalOf(one) === 'order' &&
        one.least < enough &&
        keepsNoLess(best.candidate.place, one.candidate.place),
    );
    return near.filter(
      (one) =>
        !near.some(
          (other) => other !== one && keepsNoLess(other.candidate.place, one.candidate.place),
        ),
    );
  }

  /** Where nothing meets the objectives, something is to show how far it is from them. */
  #nextNearest(): Known | null {
    if (this.known.some(({ outcome }) => outcome !== null)) return null;
    return this.known.reduce((most, one) =>
      keepsNoLess(one.candidate.place, most.candidate.place) ? one : most,
    );
  }

  #report(open: number, phase: SearchProgress['phase']): void {
    const configurations = this.known.length;
    this.#options.onProgress({
      runs: this.#work.search + this.#work.confirmation,
      configurations,
      settled: configurations - open,
      phase,
    });
  }
}

/** Of the requests; what fails at a rate that breaks the objectives by far shows in it. */
const FIRST_SHARE = 0.1;
/** Beyond it the whole is run. */
const MOST_SHARE = 0.7;
const LEAST_REQUESTS = 200;

function push<Key>(map: Map<Key, Known[]>, key: Key, one: Known): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [one]);
  else list.push(one);
}

/** What it costs at least by the order alone. */
function orderedLeast({ candidate: { price }, keptAbove, starts }: Known): number {
  return (price.isFloorAlike ? price.floorLeast : 0) + keptAbove + starts;
}
