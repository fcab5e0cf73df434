/**
 * A rate as a token bucket, of starts, requests or a model's tokens: `count` at once from a full bucket, refilled evenly
 * with `count` a period. Exact in integers: each takes so much of the level, and a microsecond brings so much.
 */
import type { RateLimit } from './gate.ts';

const UNLIMITED: RateLimit = { count: Number.POSITIVE_INFINITY, periodUs: 1 };
/** A millionth a period is the finest rate that is told apart. */
const FINEST = 1e6;
/** A limit that moves is a multiple of its rate in hundredths. */
const STEPS = 100;

interface Units {
  /** What one takes of the level. */
  readonly each: number;
  /** What a microsecond brings, for each step of the factor. */
  readonly perStep: number;
  readonly steps: number;
}

export class TokenBucket {
  private readonly units: Units;
  private readonly periodUs: number;
  private readonly isUnlimited: boolean;
  private perUs = 0;
  private full = 0;
  private level = 0;
  private filledAtUs = 0;

  /** @param moves whether `multiply` will be called */
  constructor(rate: RateLimit | null, moves = false) {
    const { count, periodUs } = rate ?? UNLIMITED;
    this.isUnlimited = count === Number.POSITIVE_INFINITY;
    this.units = unitsOf(rate ?? { count: 1, periodUs: 1 }, moves);
    this.periodUs = periodUs;
    this.setFactor(1);
    this.level = sizeOf(this.units, this.perUs, periodUs);
  }

  /** Whether so many are there now. */
  has(nowUs: number, wanted = 1): boolean {
    if (this.isUnlimited) return true;
    this.fill(nowUs);
    return this.level >= this.units.each * wanted;
  }

  /** Takes so many if they are there now. */
  take(nowUs: number, wanted = 1): boolean {
    if (!this.has(nowUs, wanted)) return false;
    if (!this.isUnlimited) this.level -= this.units.each * wanted;
    return true;
  }

  /** When so many are there, if none is taken before; never if the bucket cannot hold them. */
  nextAtUs(wanted = 1): number {
    if (this.units.each * wanted > this.full) return Number.POSITIVE_INFINITY;
    return this.filledAtUs + Math.ceil((this.units.each * wanted - this.level) / this.perUs);
  }

  /** From `atUs` on, rate and size are so many times those at first; what is in the bucket stays, as far as it fits. */
  multiply(atUs: number, factor: number): void {
    this.fill(atUs);
    this.setFactor(factor);
    this.level = Math.min(this.full, this.level);
  }

  /** So many as a share of what that time brings. */
  shareOf(wanted: number, us: number): number {
    return this.isUnlimited ? 0 : (wanted * this.units.each) / (us * this.perUs);
  }

  private fill(nowUs: number): void {
    this.level = Math.min(this.full, this.level + (nowUs - this.filledAtUs) * this.perUs);
    this.filledAtUs = nowUs;
  }

  private setFactor(factor: number): void {
    const { each, perStep, steps } = this.units;
    this.perUs = perStep * Math.round(factor * steps);
    // A rate below one a period still has one to give, and keeps what its last microsecond brings beyond it.
    this.full = Math.max(sizeOf(this.units, this.perUs, this.periodUs), each + this.perUs - 1);
  }
}

/** Whether a bucket is exact up to so many times its rate; null: it does not move. */
export function bucketIsExact(rate: RateLimit, most: number | null): boolean {
  const units = unitsOf(rate, most !== null);
  const perUs = units.perStep * Math.round((most ?? 1) * units.steps);
  return units.each + sizeOf(units, perUs, rate.periodUs) <= Number.MAX_SAFE_INTEGER;
}

function sizeOf({ each }: Units, perUs: number, periodUs: number): number {
  return Math.max(each, perUs * periodUs);
}

function unitsOf({ count, periodUs }: RateLimit, moves: boolean): Units {
  // 0.3 a second is 3 in 10: whole counts keep the bucket's level an integer.
  let scale = 1;
  while (scale < FINEST && !Number.isInteger(count * scale)) scale *= 10;
  const steps = moves ? STEPS : 1;
  const perStep = Math.round(count * scale);
  const each = periodUs * scale * steps;
  const common = commonDivisor(perStep, each);
  return { each: each / common, perStep: perStep / common, steps };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
