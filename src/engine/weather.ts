/**
 * Spells of shortage on the time axis: starts within one wait for its end, spot replicas are reclaimed when it begins.
 * Drawn by time and not by start, so that every configuration under one seed has the same weather, whatever it starts.
 */
import { assert } from '../base/errors.ts';
import type { Uniforms } from '../base/random.ts';
import { ZERO_US } from '../base/units.ts';
import { compileDistribution, type Distribution } from './distribution.ts';

/**
 * Gaps and spells alternate, each exponential with its mean. Time 0 falls on the middle of the course of things: into a
 * spell with the share of time that spells have.
 */
export interface DrawnWeather {
  readonly meanGapUs: number;
  readonly meanSpellUs: number;
  /** Where pools with luck of their own have one weather: the seed that they share. Left out, the scenario's. */
  readonly seed?: string;
}

/** [fromUs, toUs) */
export interface Spell {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Drawn, or the spells themselves, in order of time. */
export type WeatherRule = DrawnWeather | readonly Spell[];

/** What is wrong with given spells, a sentence each, without full stops; empty where all is well. */
export function spellMistakes(spells: readonly Spell[]): string[] {
  const mistakes: string[] = [];
  spells.forEach(({ fromUs, toUs }, i) => {
    if (!(toUs > fromUs)) mistakes.push(`spell ${i + 1} must end after it has begun`);
    if (i > 0 && !(fromUs > spells[i - 1]!.toUs)) {
      mistakes.push(`spell ${i + 1} must begin after spell ${i} has ended; two that meet are one`);
    }
  });
  return mistakes;
}

export class Weather {
  private readonly beginUs: number[] = [];
  private readonly endUs: number[] = [];
  private readonly drawn: { gap: Distribution; spell: Distribution; luck: Uniforms } | null;
  /** Where the next spell to draw begins, and where the last drawn one did. */
  private drawUs = ZERO_US;
  private lastBeginUs = -1;
  /** The first spell that ends after the time asked for last. */
  private place = 0;

  /** @param luck of `keyed(seed, replication, 'weather', key, 0)`; draws nothing from it where spells are given */
  constructor(rule: WeatherRule, luck: Uniforms) {
    if (isGiven(rule)) {
      assert(spellMistakes(rule).length === 0, 'given spells are in order');
      for (const { fromUs, toUs } of rule) this.append(fromUs, toUs);
      this.drawn = null;
      this.lastBeginUs = Number.POSITIVE_INFINITY;
      return;
    }
    const { meanGapUs, meanSpellUs } = rule;
    const gap = exponential(meanGapUs);
    const spell = exponential(meanSpellUs);
    this.drawn = { gap, spell, luck };
    // What is left of a spell or a gap at time 0 is as long as a whole one: they have no memory.
    if (luck.next() < meanSpellUs / (meanGapUs + meanSpellUs)) this.drawSpell();
    else this.drawGap();
  }

  /** The end of the spell that a time lies in, or the time itself. A spell is over at its end. */
  endOfSpellUs(nowUs: number): number {
    const spell = this.firstEndingAfter(nowUs);
    return this.beginOf(spell) <= nowUs ? this.endUs[spell]! : nowUs;
  }

  /** When the next spell after a time begins; Infinity if none does. The one that the time lies in has begun. */
  nextBeginUs(nowUs: number): number {
    const spell = this.firstEndingAfter(nowUs);
    const beginUs = this.beginOf(spell);
    if (beginUs > nowUs) return beginUs;
    this.knowUpTo(this.endUs[spell]!);
    return this.beginOf(spell + 1);
  }

  /** How much of [fromUs, toUs) lies in spells. */
  shortUs(fromUs: number, toUs: number): number {
    let us = 0;
    for (let i = this.firstEndingAfter(fromUs); this.beginOf(i) < toUs; i++) {
      us += Math.min(this.endUs[i]!, toUs) - Math.max(this.beginUs[i]!, fromUs);
      this.knowUpTo(this.endUs[i]!);
    }
    return us;
  }

  private beginOf(spell: number): number {
    return this.beginUs[spell] ?? Number.POSITIVE_INFINITY;
  }

  private firstEndingAfter(nowUs: number): number {
    this.knowUpTo(nowUs);
    const { endUs } = this;
    if (this.place > 0 && endUs[this.place - 1]! > nowUs) this.place = this.search(nowUs);
    while (this.place < endUs.length && endUs[this.place]! <= nowUs) this.place++;
    return this.place;
  }

  /** For a time before the one asked for last. */
  private search(nowUs: number): number {
    let low = 0;
    let high = this.place;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endUs[middle]! > nowUs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Draws on until a spell is known that begins after a time. */
  private knowUpTo(nowUs: number): void {
    assert(nowUs < Number.POSITIVE_INFINITY, 'weather is drawn up to some time');
    while (this.lastBeginUs <= nowUs) this.drawSpell();
  }

  /** A spell, and the gap after it. */
  private drawSpell(): void {
    const { spell, luck } = this.drawn!;
    this.lastBeginUs = this.drawUs;
    this.drawUs += atLeastOne(spell.sample(luck));
    this.append(this.lastBeginUs, this.drawUs);
    this.drawGap();
  }

  private drawGap(): void {
    const { gap, luck } = this.drawn!;
    this.drawUs += atLeastOne(gap.sample(luck));
  }

  private append(fromUs: number, toUs: number): void {
    this.beginUs.push(fromUs);
    this.endUs.push(toUs);
  }
}

function isGiven(rule: WeatherRule): rule is readonly Spell[] {
  return Array.isArray(rule);
}

function exponential(meanUs: number): Distribution {
  return compileDistribution({ distribution: 'exponential', meanUs });
}

/** Rounded once, so that times do not drift. */
function atLeastOne(us: number): number {
  return Math.max(1, Math.round(us));
}
