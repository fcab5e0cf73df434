/** Where in a study a block is read, and where what is wrong with it goes. */
import { type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';

export interface Place {
  readonly at: KeyPath;
  readonly findings: Finding[];
}

export function inside<P extends Place>(place: P, ...keys: KeyPath): P {
  return { ...place, at: [...place.at, ...keys] };
}

/** @returns whether there is nothing wrong */
export function say({ at, findings }: Place, messages: readonly string[]): boolean {
  findings.push(...messages.map((message) => finding(at, message)));
  return messages.length === 0;
}
