/** A command as one types it into a shell, whatever its words hold. */
import { harmless } from './text.ts';

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;
const LONGEST_WORD = 4_000;

/** Single quotes take everything but themselves; control characters are shown, not passed on. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  const clean = harmless(word, LONGEST_WORD);
  return PLAIN_WORD.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
}
