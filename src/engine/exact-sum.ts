/** A sum of integer doubles that stays exact past 2^53: what would not fit is carried into a bigint. */
import { assert } from '../base/errors.ts';
import { ZERO_US } from '../base/units.ts';

const CARRY_AT = 2 ** 52;

export class ExactSum {
  private low = ZERO_US;
  private carried = 0n;
  /** The same as a double. */
  private carriedAbout = ZERO_US;

  /** @param value an integer of at most 2^52 in size */
  add(value: number): void {
    this.low += value;
    if (this.low > CARRY_AT) this.carry();
  }

  /** As `add` of a product that need not fit in 2^52. */
  addProduct(a: number, b: number): void {
    const product = a * b;
    if (product <= CARRY_AT) this.add(product);
    else {
      this.carried += BigInt(a) * BigInt(b);
      this.carriedAbout = Number(this.carried);
    }
  }

  value(): bigint {
    this.carry();
    return this.carried;
  }

  /** As a double: exact up to 2^53, rounded beyond; nothing is carried for it. */
  about(): number {
    return this.carriedAbout + this.low;
  }

  private carry(): void {
    assert(Number.isSafeInteger(this.low), 'sums of time stay exact: more than 285 years at once');
    this.carried += BigInt(this.low);
    this.carriedAbout = Number(this.carried);
    this.low = 0;
  }
}
