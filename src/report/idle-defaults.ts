/** Which idle windows are a platform's default. */
import { parseDurationUs } from '../base/units.ts';
import type { Catalogue } from '../platform/catalogue.ts';

/** By the platform's id, in microseconds; platforms that never stop an idle replica have none. */
export function idleDefaultsOf(catalogue: Catalogue): Map<string, number> {
  const defaults = new Map<string, number>();
  for (const { id, deployment } of catalogue.values()) {
    const us = parseDurationUs(deployment.idleWindow ?? '');
    if (us !== null) defaults.set(id, us);
  }
  return defaults;
}
