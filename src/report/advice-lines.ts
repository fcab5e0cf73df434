/** What a run shows that should change, a line each, most important first. */
import type { Result } from '../study/document.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

/** More than these nobody acts on; `--json` has them all. */
const MOST_LINES = 5;
/** A line is made of figures and of settings that a file may have named. */
const LONGEST = 500;

export function adviceLines({ advice }: Pick<Result, 'advice'>, style: Style = PLAIN): string[] {
  const lines = advice
    .slice(0, MOST_LINES)
    .map(({ line }) => wrapped(`* ${harmless(line, LONGEST)}`, 2));
  const more = advice.length - lines.length;
  return lines.length === 0
    ? []
    : [style.bold('Advice'), ...lines, ...(more > 0 ? [`  and ${more} more with --json`] : [])];
}
