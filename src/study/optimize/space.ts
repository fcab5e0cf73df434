/** All that a search may choose from: what distinguishes the configurations of a study, before any of them is run. */

import { configurationKey, runKey } from '../bind.ts';
import { digestText } from '../digest.ts';
import { Numbering } from '../group.ts';
import type { Laboratory } from '../laboratory.ts';
import { type ProofPlan, ProofPlanner } from '../proof.ts';
import type { GridPoint } from '../study.ts';
import { type Place, placeOf } from './order.ts';
import { isPriced, type Price, priceOf } from './price.ts';
import { type Traffic, Traffics } from './traffic.ts';

export interface Candidate {
  readonly index: number;
  readonly point: GridPoint;
  /** Equal for those that one run serves. */
  readonly run: number;
  /** Equal for those that are the same in all, however they are written. */
  readonly configuration: number;
  readonly place: Place;
  readonly price: Price;
  /** null where nothing is known of it before a run. */
  readonly traffic: Traffic | null;
  readonly replications: number;
  readonly isDrawn: boolean;
  /** Whether its beginning can be run alone. */
  readonly hasBeginning: boolean;
}

export interface Space {
  readonly candidates: readonly Candidate[];
  readonly proofs: ProofPlan;
  /** Whether every one of them has a price. */
  readonly priced: boolean;
}

export async function spaceOf(laboratory: Laboratory): Promise<Space> {
  const { points, kinds, objectives } = laboratory.loaded;
  const slices = new Numbering<string>();
  const runs = new Numbering<string>();
  const configurations = new Numbering<string>();
  const traffics = new Traffics();
  const planner = new ProofPlanner();
  let priced = true;
  for (const { overrides } of kinds) {
    const { bound } = await laboratory.job({ overrides });
    priced &&= isPriced(bound);
  }
  const candidates: Candidate[] = [];
  for (const point of points) {
    const { bound } = await laboratory.job({ overrides: point.overrides });
    planner.add(bound);
    const traffic = traffics.of(bound, objectives);
    candidates.push({
      index: point.index,
      point,
      run: runs.of(digestText(runKey(bound))),
      configuration: configurations.of(digestText(configurationKey(bound))),
      place: placeOf(bound, slices),
      price: priceOf(bound, traffic, priced),
      traffic,
      replications: bound.replications,
      isDrawn: bound.drawn.length > 0,
      hasBeginning: bound.scenario.measure === null && traffic !== null,
    });
  }
  return { candidates, proofs: planner.plan(), priced };
}
