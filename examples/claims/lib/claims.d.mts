/** What the tests use of claims.mjs. */

export interface Verdict {
  readonly word: string;
  readonly cases: number;
  readonly holding: number;
  readonly unclear: number;
  /** One for each table that has a rule. */
  readonly rules: readonly { readonly cases: number; readonly holding: number }[];
}

export interface Claim {
  /** Of reference lists of claims, from 1; a section that is no claim has none. */
  readonly id?: number;
  readonly title: string;
  readonly says?: string;
  readonly source?: string | readonly string[];
  /** Part of what runs with the tests. */
  readonly fast?: boolean;
  /** What would have to be there to express it, or the rest of it. */
  readonly missing?: string;
  readonly tables?: readonly object[];
}

export interface MeasuredClaim extends Claim {
  readonly verdict: Verdict;
}

export interface Section<C extends Claim> {
  readonly title: string;
  readonly claims: readonly C[];
}

export interface Claims<C extends Claim> {
  readonly summary: string;
  readonly sources: Readonly<Record<string, { readonly short: string; readonly long: string }>>;
  readonly sections: readonly Section<C>[];
}

/** With a slash at its end. */
export const FOLDER: string;
export function readClaims(): Claims<Claim>;
export function measureClaims(wanted?: (claim: Claim) => boolean): Promise<Claims<MeasuredClaim>>;
export function claimText(claim: MeasuredClaim, sources: Claims<Claim>['sources']): string;
export function pageText(claims: Claims<MeasuredClaim>): string;
