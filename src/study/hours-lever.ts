/** This study with its traffic in some hours of each day and none in the others: what an office has. */
import { formatDurationUs, parseDurationUs, US_PER_DAY, US_PER_H } from '../base/units.ts';
import type { Varied } from './document.ts';
import { isMap, type Json } from './json.ts';
import { getAt } from './key-path.ts';
import type { Lifted } from './levers.ts';
import { withOverrides } from './load.ts';

const AT = 'workload.synthesize';
const HOURS_A_DAY = US_PER_DAY / US_PER_H;

/**
 * The rate of the study from each midnight on for so many hours, whole days of it.
 * @param hours above 0, at most 24
 * @returns the configuration's overrides and these, or in words why they mean nothing
 */
export function onHoursADay({ study, overrides }: Lifted, hours: number): Varied | string {
  const map = withOverrides(study, overrides) as Json;
  const made = getAt(map, ['workload', 'synthesize']);
  if (made === undefined || !isMap(made)) {
    return 'hours a day are asked of made traffic: a log has hours of its own';
  }
  const rate = getAt(made, ['arrivals', 'rate']);
  if (typeof rate !== 'string') {
    return 'hours a day are asked of arrivals at a constant rate: these have a course of their own';
  }
  const dayUs = Math.min(1, hours / HOURS_A_DAY) * US_PER_DAY;
  const off = dayUs < US_PER_DAY ? [{ at: formatDurationUs(Math.round(dayUs)), rate: '0/s' }] : [];
  const { duration } = made;
  const lengthUs = typeof duration === 'string' ? (parseDurationUs(duration) ?? 0) : 0;
  const days = Math.max(1, Math.round(lengthUs / US_PER_DAY));
  return {
    ...overrides,
    [`${AT}.duration`]: `${days * HOURS_A_DAY}h`,
    ...('requests' in made && { [`${AT}.requests`]: null }),
    [`${AT}.arrivals.rate`]: {
      period: '24h',
      interpolate: 'step',
      points: [{ at: '0h', rate }, ...off],
    },
  };
}
