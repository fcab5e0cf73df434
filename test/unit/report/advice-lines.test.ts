import { describe, expect, it } from 'vitest';
import { adviceLines } from '../../../src/report/advice-lines.ts';
import type { Advice } from '../../../src/study/document.ts';

const of = (count: number): { advice: Advice[] } => ({
  advice: Array.from({ length: count }, (_, i) => ({ rule: `r${i}`, line: `line ${i}`, keys: [] })),
});

describe('advice on the screen', () => {
  it('is nothing where there is none', () => {
    expect(adviceLines(of(0))).toEqual([]);
  });

  it('has five lines at most, the first of the list, and says how many more there are', () => {
    expect(adviceLines(of(2))).toEqual(['Advice', '* line 0', '* line 1']);
    const lines = adviceLines(of(7));
    expect(lines.filter((line) => line.startsWith('* '))).toHaveLength(5);
    expect(lines.at(-1)).toBe('  and 2 more with --json');
  });

  it('keeps to the width of a screen, and lets no file speak to the terminal', () => {
    const line = `a platform \u001b[2J ${'word '.repeat(40)}`;
    const text = adviceLines({ advice: [{ rule: 'r', line, keys: [] }] }).join('\n');
    expect(text).not.toContain('\u001b');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });
});
