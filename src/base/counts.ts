/** Counts in sentences. */

/** 51,204 */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `a, b, c and 4 more` */
export function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '');
}

/** `1 request`, `51,204 requests`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}
