/**
 * Lines as Docker's json-file driver keeps them, `{"log":"...\\n","stream":"stdout","time":"..."}`: what the program wrote is
 * inside. A line cut at 16 KiB comes as several, and each is damaged by itself.
 */
const WRAPPED = /^\{"log":"/;
const MOSTLY = 0.5;

export function areWrapped(lines: readonly string[]): boolean {
  const written = lines.filter((line) => line !== '');
  const wrapped = written.filter((line) => WRAPPED.test(line) && line.includes('"stream":"'));
  return wrapped.length > 0 && wrapped.length > MOSTLY * written.length;
}

/** What is inside; the line itself if nothing is. */
export function unwrapped(line: string): string {
  if (!WRAPPED.test(line)) return line;
  try {
    const { log } = JSON.parse(line) as { readonly log: unknown };
    return typeof log === 'string' ? log.replace(/\r?\n$/, '') : line;
  } catch {
    return line;
  }
}
