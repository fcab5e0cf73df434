/** Stamps that name no zone, by the wall clock of one: to UTC, row after row, in the order in which a log was written. */
import { grouped } from './counts.ts';
import { US_PER_DAY, US_PER_MIN, US_PER_MS } from './units.ts';
import { offsetReader, type Stretch, stretchesOf } from './zone-clock.ts';

/** A clock that goes back shows an hour twice: a log has come to the second pass when its stamps step back by more. */
const STEP_BACK_US = 10 * US_PER_MIN;
const MS_PER_DAY = US_PER_DAY / US_PER_MS;
/** A wall clock and UTC differ by less than two days. */
const MARGIN_DAYS = 2;
/** So many days of the wall are kept, ten years and more: scattered dates need no more memory than that. */
const MOST_DAYS = 4096;

export interface LocalClock {
  /**
   * @param localUs what the wall shows, as if it were UTC, in integer microseconds
   * @returns integer microseconds since 1970, UTC. A time that the clock skips is moved on by as much as it skips. One
   *   that it shows twice is the first, until the stamps step back by more than 10 minutes.
   */
  toUtcUs(localUs: number): number;
  /** Stamps so far whose time the wall shows twice. */
  readonly ambiguous: number;
  /** Stamps so far whose time the wall never shows. */
  readonly skipped: number;
  /** Of what was not certain, a sentence each, for the report. */
  notes(): string[];
}

/** The wall times that one change of the clock skips or shows twice, and the offsets on either side, in microseconds. */
interface Change {
  readonly fromUs: number;
  readonly toUs: number;
  readonly beforeUs: number;
  readonly afterUs: number;
}

/** The offset of one day of the wall, and the changes that touch it. */
interface Day {
  readonly offsetUs: number;
  readonly changes: readonly Change[];
}

/** @throws RangeError if there is no such zone: `isTimeZone` knows */
export function localClock(timeZone: string): LocalClock {
  return new CachedLocalClock(timeZone);
}

class CachedLocalClock implements LocalClock {
  ambiguous = 0;
  skipped = 0;
  readonly #timeZone: string;
  readonly #offsetAt: (epochMs: number) => number;
  readonly #days = new Map<number, Day>();
  #dayIndex = Number.NaN;
  #day: Day = { offsetUs: 0, changes: [] };
  /** Where the last change that was passed begins, and how its second pass is known. */
  #changeFromUs = Number.NaN;
  #furthestUs = Number.NEGATIVE_INFINITY;
  #secondPass = false;
  #stepsBack = 0;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
    this.#offsetAt = offsetReader(timeZone);
  }

  toUtcUs(localUs: number): number {
    const dayIndex = Math.floor(localUs / US_PER_DAY);
    if (dayIndex !== this.#dayIndex) {
      this.#dayIndex = dayIndex;
      this.#day = this.#dayAt(dayIndex);
    }
    const { offsetUs, changes } = this.#day;
    return changes.length === 0 ? localUs - offsetUs : localUs - this.#offsetUs(localUs, changes);
  }

  notes(): string[] {
    const notes: string[] = [];
    const stamps = (count: number, one: string, many: string) =>
      count === 1 ? `1 stamp ${one}` : `${grouped(count)} stamps ${many}`;
    if (this.ambiguous > 0) {
      const fall = stamps(this.ambiguous, 'falls', 'fall');
      const told =
        this.#stepsBack > 0
          ? 'the stamps step back where it begins again, which tells them apart'
          : 'nothing tells them apart, so they are taken as the first pass';
      notes.push(`${fall} into an hour that the clock of ${this.#timeZone} shows twice: ${told}`);
    }
    if (this.skipped > 0) {
      const lie = stamps(this.skipped, 'lies', 'lie');
      notes.push(
        `${lie} in an hour that the clock of ${this.#timeZone} skips: moved on by that hour`,
      );
    }
    return notes;
  }

  #offsetUs(localUs: number, changes: readonly Change[]): number {
    let offsetUs = changes[0]!.beforeUs;
    for (const change of changes) {
      if (localUs >= change.toUs) {
        if (change.afterUs < change.beforeUs) this.#pass(localUs, change);
        offsetUs = change.afterUs;
        continue;
      }
      if (change.afterUs > change.beforeUs) {
        if (localUs >= change.fromUs) this.skipped++;
        return change.beforeUs;
      }
      this.#pass(localUs, change);
      if (localUs < change.fromUs) return change.beforeUs;
      this.ambiguous++;
      return this.#secondPass ? change.afterUs : change.beforeUs;
    }
    return offsetUs;
  }

  /** Keeps track of which pass a log is in, as it comes near an hour that is shown twice. */
  #pass(localUs: number, change: Change): void {
    // Well before that hour, after it was seen: the log of another server begins.
    const again = localUs < Math.min(change.fromUs, this.#furthestUs) - STEP_BACK_US;
    if (this.#changeFromUs !== change.fromUs || again) {
      this.#changeFromUs = change.fromUs;
      this.#furthestUs = Number.NEGATIVE_INFINITY;
      this.#secondPass = false;
    }
    // Beyond that hour it is over.
    if (localUs >= change.toUs) this.#secondPass = true;
    else if (localUs >= change.fromUs && localUs < this.#furthestUs - STEP_BACK_US) {
      if (!this.#secondPass) this.#stepsBack++;
      this.#secondPass = true;
    }
    if (localUs > this.#furthestUs) this.#furthestUs = localUs;
  }

  #dayAt(dayIndex: number): Day {
    const known = this.#days.get(dayIndex);
    if (known !== undefined) return known;
    const stretches = stretchesOf(
      this.#offsetAt,
      (dayIndex - MARGIN_DAYS) * MS_PER_DAY,
      (dayIndex + 1 + MARGIN_DAYS) * MS_PER_DAY,
    );
    const day = dayOf(stretches, dayIndex);
    if (this.#days.size >= MOST_DAYS) this.#days.clear();
    this.#days.set(dayIndex, day);
    return day;
  }
}

function dayOf(stretches: readonly Stretch[], dayIndex: number): Day {
  const beginUs = dayIndex * US_PER_DAY;
  let offsetUs = stretches[0]!.offsetMs * US_PER_MS;
  const changes: Change[] = [];
  for (const { fromMs, offsetMs } of stretches.slice(1)) {
    const atUs = fromMs * US_PER_MS;
    const beforeUs = changes.at(-1)?.afterUs ?? offsetUs;
    const afterUs = offsetMs * US_PER_MS;
    const fromUs = atUs + Math.min(beforeUs, afterUs);
    const toUs = atUs + Math.max(beforeUs, afterUs);
    // Over before the day begins; or not begun when it ends.
    if (toUs <= beginUs) offsetUs = afterUs;
    else if (fromUs < beginUs + US_PER_DAY) changes.push({ fromUs, toUs, beforeUs, afterUs });
  }
  return { offsetUs, changes };
}
