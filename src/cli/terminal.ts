/** The two streams: stdout has the answer and nothing else, stderr has the rest. */
import colors from 'picocolors';
import { errorCode } from '../node/file-errors.ts';
import { harmless, PLAIN, type Style } from '../report/text.ts';
import { EXIT } from './failure.ts';

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/** A message to the person at the terminal. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `coldfront ... | head` is no failure; an output that cannot be written is one that the user mends. */
export function guardStdout(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) === 'EPIPE') process.exit(EXIT.done);
    note(
      `coldfront: stdout cannot be written (${errorCode(error) ?? error.message}): free space or write elsewhere`,
    );
    process.exit(EXIT.wrongInput);
  });
}

/** What a user's own models replace. */
export function noteLibrary({
  library,
}: {
  readonly library: { readonly notes: readonly string[] };
}): void {
  for (const line of library.notes) note(harmless(line, 400));
}

export function styleOfStdout(): Style {
  return styleOf(process.stdout.isTTY);
}

export function styleOfStderr(): Style {
  return styleOf(process.stderr.isTTY);
}

/** Colors on a terminal only; picocolors knows NO_COLOR and FORCE_COLOR, but looks at stdout as a whole. */
function styleOf(isTerminal: boolean): Style {
  if (!colors.isColorSupported || !isTerminal) return PLAIN;
  return {
    bold: colors.bold,
    dim: colors.dim,
    good: colors.green,
    bad: colors.red,
    warn: colors.yellow,
  };
}

/** `2026-11-21`: for the age of prices on a screen, never in a result. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
