/** A line of a screen with its label in front, wrapped under its text. */
import { wrapped } from './text.ts';

const LABEL_WIDTH = 11;

/** @param parts those that are empty are left out */
export function line(label: string, ...parts: string[]): string {
  const text = parts.filter((part) => part !== '').join('    ');
  return wrapped(`  ${label.padEnd(LABEL_WIDTH)}${text}`, 2 + LABEL_WIDTH);
}
