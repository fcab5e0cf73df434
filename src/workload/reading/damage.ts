/** Lines that could not be read: counted, the first few kept, and the point at which they are too many. */

import { grouped } from '../../base/counts.ts';
import { type Mistake, UserError } from '../../base/errors.ts';
import { readable } from '../readers/records/readable.ts';
import type { SkippedLine, TraceReport } from '../trace.ts';

const MOST_EXAMPLES = 10;
/** From here on a hundredth of the lines is too many; of fewer lines, more than ten or more than half. */
const MANY_LINES = 1000;

export class Damage {
  lines = 0;
  readonly #examples: (SkippedLine & { readonly file: string })[] = [];

  add(file: string, line: number, reason: string): void {
    this.lines++;
    if (this.#examples.length >= MOST_EXAMPLES) return;
    this.#examples.push({ file, line, reason: readable(reason) });
  }

  /** @param severalFiles tells each example's file */
  report(severalFiles: boolean): TraceReport['skipped'] {
    const examples = this.#examples.map(({ file, line, reason }) => ({
      line,
      reason: severalFiles ? `${file}: ${reason}` : reason,
    }));
    return { lines: this.lines, examples };
  }

  /**
   * @param requests lines that were read
   * @throws UserError with the first examples if too many were not
   */
  refuse(name: string, requests: number): void {
    const of = requests + this.lines;
    if (this.lines <= (of >= MANY_LINES ? of / 100 : Math.min(10, of / 2))) return;
    const damaged = `${grouped(this.lines)} of ${grouped(of)} lines are damaged`;
    const mistakes: Mistake[] = [
      {
        at: name,
        path: null,
        message: `${damaged}, too many to go on (--skip-bad-lines leaves them out)`,
      },
    ];
    for (const { file, line, reason } of this.#examples) {
      mistakes.push({ at: `${file}:${line}`, path: null, message: reason });
    }
    throw new UserError(mistakes);
  }
}
