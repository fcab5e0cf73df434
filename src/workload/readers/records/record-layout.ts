/**
 * Which keys of records are which figures. Records are data, whose time is the arrival, or lines of a log, which say how
 * grave they are or hold a message: those are written when the request is over, among others that are no requests.
 */
import { UserError } from '../../../base/errors.ts';
import type { ColumnMap } from '../../read-options.ts';
import { type Field, type Figure, type Layout, layoutOf, tellsArrivals } from './field-layout.ts';

export interface RecordLayout {
  readonly layout: Layout;
  /** Whether the time of a line is taken as the end of the request, because they are lines of a log. */
  readonly isLog: boolean;
}

/** What libraries for logs name so, in every language. */
const LOG_KEYS = /(?:^|\.)(?:level|lvl|severity|loglevel|msg|message|logger)$/i;
/** A time by this name is when the line was written; one named arrival, start or end is what it says. */
const WRITTEN = /^(?:timestamp|ts?|time|datetime|date_time)(?:_(?:s|ms|us|ns))?$/;

/**
 * @param names the keys, in dotted form where they are nested: those are used only if `columns` names them
 * @param stampName the one of them that stands before the record of a log, if there is one
 * @throws UserError for a key that is not there, or for two of one figure
 */
export function recordLayoutOf(
  names: readonly string[],
  columns: ColumnMap | null,
  stampName: string | null = null,
): RecordLayout {
  if (columns !== null) return { layout: layoutOf(names, columns), isLog: false };
  const plain = names.map(snakeCase);
  // As Go's loggers write it; where there is another time, that one may be anything.
  if (!plain.includes('ts') && plain.includes('t')) plain[plain.indexOf('t')] = 'ts';
  const known = layoutOf(plain, null);
  const layout = {} as Record<Figure, Field | null>;
  for (const [figure, field] of Object.entries(known) as [Figure, Field | null][]) {
    layout[figure] = field === null ? null : { ...field, name: names[field.index]!.trim() };
  }
  if (layout.start === null && layout.end === null && stampName !== null) {
    const index = names.indexOf(stampName);
    if (index >= 0) layout.start = { index, name: stampName, scale: null, factor: 1 };
  }
  const { start } = layout;
  const written =
    start !== null && (start.name === stampName || WRITTEN.test(snakeCase(start.name)));
  const isLog = written && (start.name === stampName || names.some((name) => LOG_KEYS.test(name)));
  if (isLog && layout.end === null && layout.service !== null) {
    layout.end = start;
    layout.start = null;
  }
  return { layout, isLog };
}

/** Whether the records are requests with arrivals, and not just any messages of a log. */
export function tellsRequests({ layout, isLog }: RecordLayout): boolean {
  return tellsArrivals(layout) && (!isLog || requestMarks(layout).length > 0);
}

/** The cells by which a line of a log is a request: it has any of them. */
export function requestMarks(layout: Layout): number[] {
  const { service, status, path, method, inputTokens, outputTokens } = layout;
  const indexOf = (field: Field | null) => (field === null ? [] : [field.index]);
  const marks = [service, status].flatMap(indexOf);
  return marks.length > 0 ? marks : [path, method, inputTokens, outputTokens].flatMap(indexOf);
}

/** The same figures over cells in the order of `indices`, which are all that the layout uses. */
export function compacted(layout: Layout): { readonly layout: Layout; readonly indices: number[] } {
  const indices: number[] = [];
  const compact = {} as Record<Figure, Field | null>;
  for (const [figure, field] of Object.entries(layout) as [Figure, Field | null][]) {
    if (field === null) {
      compact[figure] = null;
      continue;
    }
    let index = indices.indexOf(field.index);
    if (index < 0) index = indices.push(field.index) - 1;
    compact[figure] = { ...field, index };
  }
  return { layout: compact, indices };
}

/** @throws UserError if requests have no arrivals */
export function mustTellArrivals(layout: Layout, names: readonly string[]): void {
  if (tellsArrivals(layout)) return;
  const found = names.slice(0, 20).map((name) => name.slice(0, 40));
  throw new UserError(
    `has no key of arrival times: its keys are ${found.join(', ')}${names.length > 20 ? ', ...' : ''}; say which it is: \`columns: { start: NAME }\`, or \`{ end: NAME, service: NAME }\``,
  );
}

/** `startTime` as `start_time`; a dotted name stays none that is known. */
function snakeCase(name: string): string {
  if (name.includes('.')) return '';
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/^@/, '');
}
