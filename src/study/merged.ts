/** A deployment with no key left open: the defaults, over them the platform, over it the study. */
import { type Catalogue, noneOf, overPlatform, type Platform } from '../platform/catalogue.ts';
import { type Finding, finding } from './findings.ts';
import type { DeploymentSection } from './schema.ts';

const DEFAULTS = {
  replicas: { min: 0, max: 'unlimited', startRate: 'unlimited' },
  idleWindow: '60s',
  concurrency: 1,
  binding: 'shared',
  routing: 'most-recent',
  admission: { queue: 'unlimited', timeout: 'unlimited' },
  coldStart: '0s',
  overhead: '0s',
  slotOverhead: '0s',
  executionTimeout: 'unlimited',
  gpus: 1,
} as const;

export function platformOf(
  own: DeploymentSection,
  catalogue: Catalogue,
  findings: Finding[],
): Platform | null {
  if (own.platform === undefined) {
    if (own.region !== undefined) {
      const message = 'means nothing without a platform: leave it out, or name the platform';
      findings.push(finding(['deployment', 'region'], message));
    }
    return null;
  }
  const platform = catalogue.get(own.platform);
  if (platform !== undefined) return platform;
  const message = noneOf('platform', own.platform, catalogue.keys());
  findings.push(finding(['deployment', 'platform'], message));
  return null;
}

/** Every key that has a default is there. */
export type Merged = DeploymentSection & {
  readonly [Key in keyof typeof DEFAULTS]: NonNullable<DeploymentSection[Key]>;
};

export function mergedOver(platform: Platform | null, own: DeploymentSection): Merged {
  const below = platform === null ? DEFAULTS : overPlatform(DEFAULTS, platform.deployment);
  const merged = overPlatform(below, own) as Merged;
  // Speeds go together: half of one list and half of another would be nobody's.
  return own.slotSpeed === undefined ? merged : { ...merged, slotSpeed: own.slotSpeed };
}

/** Blocks of several keys: the inner one's stand over the outer one's, key by key. Anything else goes as a whole. */
const BLOCKS: readonly string[] = [
  'replicas',
  'admission',
  'scaling',
  'weights',
  'failures',
  'preemption',
  'drain',
];

/** The keys of a pool over those that all pools share. */
export function mergedSections(
  outer: DeploymentSection,
  inner: DeploymentSection,
): DeploymentSection {
  const merged: Record<string, unknown> = { ...outer };
  for (const [key, value] of Object.entries(inner)) {
    if (value === undefined) continue;
    const below = merged[key];
    merged[key] =
      BLOCKS.includes(key) && below !== undefined ? { ...below, ...(value as object) } : value;
  }
  return merged as DeploymentSection;
}
