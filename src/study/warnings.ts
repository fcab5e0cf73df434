/** What a result rests on and what a planner should know before believing it, one sentence each. */
import { formatDurationUs } from '../base/units.ts';
import type { Scenario } from '../engine/scenario.ts';
import type { Platform } from '../platform/catalogue.ts';
import type { Json } from './json.ts';
import { getAt, parseKeyPath } from './key-path.ts';
import type { Study } from './schema.ts';

export const unpricedWarning =
  'no price, so no cost: name deployment.platform and deployment.gpu, or give billing.usdPerReplicaHour';

export function warningsOf(
  pool: Pick<Scenario, 'max' | 'idleWindowUs' | 'startPhases' | 'concurrency'>,
  largestFloor: number,
  platform: Platform | null,
  study: Study,
): readonly string[] {
  const meanStartUs = pool.startPhases.reduce((sum, { time }) => sum + time.meanUs, 0);
  const warnings: string[] = [];
  if (pool.max > largestFloor && pool.idleWindowUs < meanStartUs) {
    const window = formatDurationUs(pool.idleWindowUs);
    const start = formatDurationUs(Math.round(meanStartUs / 1e3) * 1e3);
    warnings.push(
      `the idle window (${window}) is shorter than the mean cold start (${start}): the pool thrashes`,
    );
  }
  if (pool.concurrency > 1) {
    const slots = pool.concurrency === Number.POSITIVE_INFINITY ? 'unlimited' : pool.concurrency;
    warnings.push(`${slots} slots assumed to run as fast as one`);
  }
  return platform === null ? warnings : [...warnings, ...restsOn(platform, study)];
}

/** Figures of the platform that no document gives and that this study uses. */
function restsOn(platform: Platform, study: Study): readonly string[] {
  const weak = platform.figures.filter(
    ({ path, grade }) =>
      (grade === 'inferred' || grade === 'unverified') &&
      isUsed(parseKeyPath(path).map(String), study),
  );
  if (weak.length === 0) return [];
  const grades = [...new Set(weak.map(({ grade }) => grade))].sort().join(' or ');
  const figures = weak.length === 1 ? 'figure' : 'figures';
  const paths = weak.map(({ path }) => path).join(', ');
  return [`rests on ${weak.length} ${grades} ${figures} of ${platform.name}: ${paths}`];
}

function isUsed(path: readonly string[], study: Study): boolean {
  const [section, key, which] = path;
  if (section === 'scaling') return true;
  if (section !== 'deployment' && section !== 'billing') return false;
  if (getAt(study as unknown as Json, path) !== undefined) return false;
  if (section === 'deployment') return true;
  const { deployment, billing } = study;
  const ownPrice = billing?.usdPerReplicaHour !== undefined;
  switch (key) {
    case 'gpus':
      return !ownPrice && which === deployment?.gpu;
    case 'regions':
      return !ownPrice && which === deployment?.region;
    case 'usdPerCoreSecond':
      return !ownPrice && deployment?.cores !== undefined;
    case 'usdPerGiBSecond':
      return !ownPrice && deployment?.memory !== undefined;
    default:
      return true;
  }
}
