/**
 * Two kinds of failure, never mixed. A user's mistake is a `UserError`: where, what, how to mend it; all mistakes of an
 * input at once. A fault of ours is an `InvariantError`: it stops the program and asks for a report.
 */

/** One mistake in what the user gave. */
export interface Mistake {
  /** `chat.yaml:7:13`, `access.log:18211`, `--vary`; null where the place is the whole input. */
  readonly at: string | null;
  /** The key as the user writes it, `deployment.replicas.max`; null outside a study. */
  readonly path: string | null;
  /** What is wrong and what would be right, one sentence, no full stop. */
  readonly message: string;
}

/** The input was wrong: exit code 2, nothing was run. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[] | string) {
    const list =
      typeof mistakes === 'string' ? [{ at: null, path: null, message: mistakes }] : mistakes;
    super(list.map(formatMistake).join('\n'));
    this.mistakes = list;
  }
}

export function formatMistake({ at, path, message }: Mistake): string {
  return [at, path, message].filter((part) => part !== null && part !== '').join('  ');
}

/** A fault of ours: exit code 1. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** What is a mistake, with the place where it has none of its own: a file, a line of it. */
export function located(error: unknown, at: string): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(error.mistakes.map((mistake) => ({ ...mistake, at: mistake.at ?? at })));
}
