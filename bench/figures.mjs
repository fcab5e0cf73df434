// Medians and spreads, printed alike by all parts.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `12.3 (11.8 .. 12.9)`: median, least and greatest. */
export function spread(values, unit = 1, digits = 2) {
  const show = (value) => (value / unit).toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))} .. ${show(Math.max(...values))})`;
}
