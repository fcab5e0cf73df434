/** Counts in sentences. */

/** 51,204 */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 request`, `51,204 requests`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}
