/** What a line of a log tells in words: what requests are chosen and named by. */

/** Null where the line does not tell it, or where nobody asked for it. */
export interface RequestText {
  readonly method: string | null;
  /** With its query. */
  readonly path: string | null;
  readonly host: string | null;
  /** After the endpoint rule. */
  readonly endpoint: string | null;
  /** NaN or 0 where the log has none. */
  readonly status: number;
}

export function withoutQuery(path: string): string {
  const at = path.indexOf('?');
  return at < 0 ? path : path.slice(0, at);
}
