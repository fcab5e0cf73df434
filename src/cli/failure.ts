/** What is said when a command fails, and with what code it ends. */
import { CommanderError } from 'commander';
import { formatMistake, UserError } from '../base/errors.ts';
import { counted } from '../report/numbers.ts';
import { harmless } from '../report/text.ts';

export const EXIT = {
  done: 0,
  ourFault: 1,
  wrongInput: 2,
  sloNotMet: 3,
  interrupted: 130,
} as const;

/** Ctrl-C: not an error of anyone; what is finished has been kept. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.wrongInput;
  }
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof UserError ? EXIT.wrongInput : EXIT.ourFault;
}

const STACK_LINES = 6;
const MAX_LENGTH = 800;

export function explain(error: unknown): string {
  if (error instanceof Interrupted) return error.message;
  if (error instanceof UserError) return explainMistakes(error);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const where = (stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, STACK_LINES);
  return [
    `coldfront: ${message}`,
    'This is a fault of coldfront, not of your input. Please report it with these lines:',
    ...where,
  ].join('\n');
}

/** Places and keys in columns of their own when there are several. */
function explainMistakes({ mistakes }: UserError): string {
  const clean = mistakes.map(({ at, path, message }) => ({
    at: at === null ? '' : harmless(at),
    path: path === null ? '' : harmless(path),
    message: harmless(message, MAX_LENGTH),
  }));
  if (clean.length < 2) return clean.map(formatMistake).join('\n');
  const widest = (texts: readonly string[]): number =>
    texts.reduce((width, { length }) => Math.max(width, length), 0);
  const atWidth = widest(clean.map(({ at }) => at));
  const pathWidth = widest(clean.map(({ path }) => path));
  const lines = clean.map((mistake) =>
    formatMistake({
      at: mistake.at.padEnd(atWidth),
      path: mistake.path.padEnd(pathWidth),
      message: mistake.message,
    }),
  );
  // Lines of a damaged trace have no key, and their number in their first line.
  if (clean.every(({ path }) => path === '')) return lines.join('\n');
  return [
    ...lines,
    `${counted(mistakes.length, 'mistake')}, nothing was run. \`coldfront schema\` describes every key`,
  ].join('\n');
}
