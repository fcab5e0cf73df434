/** Which candidate to run: the cheapest that meets the objectives, fairly compared and confirmed, or what runs today. */
import { assert } from '../../base/errors.ts';
import type { Conclusion, Refusal, Verdict } from '../compare-document.ts';
import { firstToHold, freshLuck } from '../confirm.ts';
import type { Confirmation } from '../document.ts';
import type { Laboratory } from '../laboratory.ts';
import { differenceOf, differencesOf } from '../paired.ts';
import { assumedSlots, slotsRefusal } from './caveats.ts';
import { changesOf, cheaperThan, isSurelyCheaper, refusalOf, unsureText } from './conclusion.ts';
import { metCheapestFirst } from './row-costs.ts';
import type { BoundRow, RunRow } from './trial-bench.ts';

export interface Trial {
  readonly candidates: readonly RunRow[];
  readonly today: number | null;
  /** More requests than these on a replica are not taken for as fast as one. */
  readonly slots: number;
}

/** What no speed is known for raises no recommendation: today's slots, else the fewest. */
export function fewestSlots(candidates: readonly RunRow[], today: number | null): number {
  const rows = today === null ? candidates : [candidates[today]!];
  return Math.min(...rows.map(({ bound }) => assumedSlots(bound)));
}

/** Those that meet the objectives and may be held against the others, cheapest first. */
export function fairlyCheapest(rows: readonly RunRow[], slots: number): readonly number[] {
  const results = rows.map(({ outcome }) => outcome.result);
  return metCheapestFirst(results).filter((index) => isFair(rows[index]!, slots));
}

export function isFair({ bound }: BoundRow, slots: number): boolean {
  return assumedSlots(bound) <= slots;
}

/** The cheapest that meets the objectives, and holds on fresh luck. */
export async function recommendedOf(
  lab: Laboratory,
  { candidates, slots }: Trial,
): Promise<{
  readonly recommended: number | null;
  readonly confirmations: readonly Confirmation[] | null;
}> {
  const { objectives, replications } = lab.loaded;
  const met = fairlyCheapest(candidates, slots);
  const drawn = candidates.some(({ bound }) => bound.drawn.length > 0);
  if (objectives.length === 0 || !drawn)
    return { recommended: met[0] ?? null, confirmations: null };
  const { held, confirmations } = await firstToHold(met, objectives, async (index, j) => {
    const { bound, vary } = candidates[index]!;
    if (bound.drawn.length === 0) return null;
    const [outcome] = await lab.run([{ overrides: vary, how: freshLuck(j, replications) }]);
    return outcome!;
  });
  return { recommended: held, confirmations };
}

export function concludedOf(
  lab: Laboratory,
  { candidates, today, slots }: Trial,
  cheapest: number | null,
  confirmations: readonly Confirmation[] | null,
): Omit<Conclusion, 'cheaperReferences'> {
  const { study, objectives } = lab.loaded;
  const results = candidates.map(({ outcome }) => outcome.result);
  const gaveWay = new Set(confirmations?.filter(({ holds }) => !holds).map(({ index }) => index));
  const todayHolds = today !== null && results[today]!.slo?.met === true && !gaveWay.has(today);
  const saving =
    cheapest === null || today === null
      ? null
      : differenceOf(candidates[today]!.outcome, candidates[cheapest]!.outcome, 'cost.usdPerHour');
  // A row without a price is no cheaper one than another that has it.
  const isPriced = (index: number) => results[index]!.cost !== null;
  const isWithoutPrice =
    today !== null && cheapest !== null && !isPriced(today) && isPriced(cheapest);
  const isUnsure =
    todayHolds &&
    saving !== null &&
    cheapest !== today &&
    !isWithoutPrice &&
    !isSurelyCheaper(saving);
  const recommended = isUnsure ? today : cheapest;
  const verdict: Verdict =
    objectives.length === 0
      ? 'unasked'
      : recommended === null
        ? 'none'
        : today === null
          ? 'choose'
          : recommended === today
            ? 'keep'
            : 'change';
  const all = candidates.map((_, index) => index);
  const refused = cheaperThan(results, all, recommended).flatMap((index): Refusal[] => {
    const refusal = refusalOf(index, results[index]!, objectives, confirmations);
    if (refusal !== null) return [refusal];
    const unfair = slotsRefusal(candidates[index]!.bound, slots);
    if (unfair !== null) return [{ index, why: [unfair] }];
    return isUnsure && index === cheapest ? [{ index, why: [unsureText(saving!)] }] : [];
  });
  const isChange = verdict === 'change';
  assert(!isChange || (today !== null && recommended !== null), 'a change from or to nothing');
  return {
    verdict,
    recommended,
    changes: isChange
      ? changesOf(study, candidates[today!]!.vary, candidates[recommended!]!.vary)
      : [],
    differences: isChange
      ? differencesOf(candidates[today!]!.outcome, candidates[recommended!]!.outcome)
      : null,
    refused: verdict === 'unasked' ? [] : refused,
    confirmations,
  };
}
