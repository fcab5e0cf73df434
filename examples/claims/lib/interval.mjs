/** A mean over seeds with the half width of its 95 % Student interval; null as soon as one seed has no value. */
import jStat from 'jstat';

export function meanOf(values) {
  if (values.includes(null)) return { mean: null, half: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, half: null };
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = jStat.studentt.inv(0.975, values.length - 1) * Math.sqrt(spread / values.length);
  return { mean, half: half > 0 ? half : null };
}
