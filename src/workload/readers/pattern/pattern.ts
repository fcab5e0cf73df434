/** A server's format line as the sequence of literals and fields that it is, compiled for what is wanted of it. */
import { UserError } from '../../../base/errors.ts';
import type { ColumnMap, ColumnSource } from '../../read-options.ts';
import type { ReaderOptions } from '../line-reader.ts';
import { type Field, layoutOf } from '../records/field-layout.ts';
import { TimeColumn } from '../records/time-column.ts';
import {
  CLOCK_PARTS,
  type FormatLine,
  field,
  ISO,
  LOG_STAMP,
  type Mark,
  MICROSECONDS,
  MILLISECONDS,
  type Part,
  type PatternField,
  type PatternFigure,
  SECONDS,
} from './pattern-fields.ts';
import { slashJoined, statusField, textField, tokensField } from './pattern-texts.ts';
import { durationField, zoneOf } from './pattern-times.ts';

/** Fields and, at the same index, what stands behind each. */
export interface Pattern {
  readonly line: FormatLine;
  readonly before: string;
  readonly fields: readonly PatternField[];
  readonly behind: readonly string[];
  /** What is read, by what it tells. */
  readonly read: Chosen;
  /** The times that the user named. */
  readonly timeColumns: readonly TimeColumn[];
}

type Chosen = ReadonlyMap<PatternFigure, PatternField>;

const MARKS: readonly Mark[] = ['start', 'end'];
const EPOCH_RANKS: ReadonlySet<number> = new Set([MICROSECONDS, MILLISECONDS, SECONDS]);
const TEXTS: ReadonlySet<PatternFigure> = new Set(['requestLine', 'method', 'path', 'host']);
/** A rank before all of the format's own. */
export const ASKED_FOR = -10;

/** @throws UserError with all that keeps it from being read */
export function compilePattern(line: FormatLine, options: ReaderOptions): Pattern {
  const timeColumns: TimeColumn[] = [];
  const named = withColumns(line.parts, options.columns, timeColumns);
  const chosen = chosenFields(named, options.texts);
  const mistakes: string[] = [];
  if (!chosen.has('start') && !chosen.has('end')) {
    mistakes.push(`${line.title} tells no time of a request: ${line.timeAdvice}`);
  }
  const parts = joined(
    named.map((part) => withoutUnread(part, chosen)),
    mistakes,
  );
  if (parts.some((part) => typeof part === 'string' && part.includes('\n'))) {
    mistakes.push(`${line.title} writes a request over several lines, which is not read`);
  }
  if (mistakes.length > 0) {
    throw new UserError(mistakes.map((message) => ({ at: null, path: null, message })));
  }
  const fields: PatternField[] = [];
  const behind: string[] = [];
  let before = '';
  for (const part of parts) {
    if (typeof part !== 'string') {
      fields.push(part);
      behind.push('');
    } else if (fields.length === 0) before = bytesOf(part);
    else behind[fields.length - 1] = bytesOf(part);
  }
  // Blanks at the end of a line come and go with whoever copies it.
  if (behind.length > 0) behind[behind.length - 1] = behind.at(-1)!.trimEnd();
  return { line, before, fields, behind, read: chosen, timeColumns };
}

/** The fields that the user named, by the names that they have in the format, tell what the user says. */
function withColumns(
  parts: readonly Part[],
  columns: ColumnMap | null,
  times: TimeColumn[],
): readonly Part[] {
  if (columns === null) return parts;
  const names = parts.filter((part) => typeof part !== 'string').map(({ name }) => name);
  const byName = Object.fromEntries(
    Object.entries(columns).map(([figure, source]: [string, ColumnSource | null]) => [
      figure,
      source === null ? null : { ...source, name: nameIn(names, source.name) },
    ]),
  ) as Record<keyof ColumnMap, ColumnSource | null>;
  const layout = layoutOf(names, byName);
  let at = 0;
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const index = at++;
    for (const [figure, source] of Object.entries(layout) as [keyof ColumnMap, Field | null][]) {
      if (source?.index !== index) continue;
      const { width, list } = part;
      return { ...columnField(figure, source, times), rank: ASKED_FOR, width, list };
    }
    return part;
  });
}

/** `http_x_model` and `x-model` name `$http_x_model` and `%{X-Model}o` where these are the only ones. */
function nameIn(names: readonly string[], name: string): string {
  if (names.includes(name)) return name;
  const bare = (text: string) => text.toLowerCase().replace(/^\W+|\W+\w?$/g, '');
  return names.find((there) => bare(there) === bare(name)) ?? name;
}

function columnField(figure: keyof ColumnMap, source: Field, times: TimeColumn[]): PatternField {
  const { name, scale, factor } = source;
  switch (figure) {
    case 'start':
    case 'end': {
      const column = new TimeColumn(source);
      times.push(column);
      return field(name, {
        figure,
        take: (text, from, to, found) => {
          if (!column.read(text, from, to)) return false;
          found[figure].us = column.stamp.us;
          found[figure].zoneMin = column.stamp.zoneMin;
          return true;
        },
      });
    }
    case 'service':
      return durationField(name, 'upstreamTime', { scale: scale ?? 6, factor, list: true });
    case 'inputTokens':
    case 'cachedTokens':
    case 'outputTokens':
      return tokensField(name, figure);
    case 'status':
      return statusField(name, 0, true);
    default:
      return textField(name, figure);
  }
}

/** Of each figure the field that tells it best. */
function chosenFields(parts: readonly Part[], texts: boolean): Chosen {
  const fields = parts.filter((part) => typeof part !== 'string');
  const chosen = new Map<PatternFigure, PatternField>();
  for (const part of fields) {
    const { figure, take, rank } = part;
    if (figure === null || take === null || (TEXTS.has(figure) && !texts)) continue;
    if (part.clockPart !== null && !isComplete(fields, figure)) continue;
    const other = chosen.get(figure);
    if (other === undefined || rank < other.rank) chosen.set(figure, part);
  }
  for (const mark of MARKS) {
    // A fraction belongs to a stamp of whole seconds.
    if (chosen.get(mark)?.wholeSeconds !== true) chosen.delete(`${mark}Fraction`);
  }
  // The request line has the path with its query, and as it was sent.
  if (chosen.has('requestLine')) {
    for (const figure of ['method', 'path'] as const) {
      if (chosen.get(figure)?.rank !== ASKED_FOR) chosen.delete(figure);
    }
  }
  return chosen;
}

/** Whether the parts of a time are a date and a clock. */
function isComplete(fields: readonly PatternField[], mark: PatternFigure): boolean {
  const letters = fields
    .filter(({ figure }) => figure === mark)
    .map(({ clockPart }) => clockPart ?? '');
  const has = (...of: string[]) => of.some((letter) => letters.includes(letter));
  const day = has('j') || (has('m', 'b', 'h') && has('d', 'e'));
  return has('Y', 'y') && day && has('H', 'k', 'I', 'l');
}

/** What is not read is only passed over, except that a stamp beside a finer one tells its zone. */
function withoutUnread(part: Part, chosen: Chosen): Part {
  if (typeof part === 'string' || part.figure === null) return part;
  const best = chosen.get(part.figure);
  if (best === part) return part;
  const isMark = part.figure === 'start' || part.figure === 'end';
  if (isMark && best?.rank === CLOCK_PARTS && part.rank === CLOCK_PARTS) return part;
  const hasZone = part.rank === ISO || part.rank === LOG_STAMP;
  if (isMark && hasZone && best !== undefined && EPOCH_RANKS.has(best.rank)) {
    return { ...part, take: zoneOf(part, part.figure as Mark) };
  }
  return { ...part, take: null };
}

/** Makes one of neighbors without anything between them, where it can be told what is whose. */
function joined(parts: readonly Part[], mistakes: string[]): Part[] {
  const joint: Part[] = [];
  for (const part of parts) {
    const before = joint.at(-1);
    if (typeof part === 'string' && typeof before === 'string')
      joint[joint.length - 1] = before + part;
    else if (typeof part === 'string' || typeof before !== 'object' || before.width > 0) {
      if (part !== '') joint.push(part);
    } else joint[joint.length - 1] = joinedFields(before, part, mistakes);
  }
  return joint;
}

function joinedFields(
  before: PatternField,
  behind: PatternField,
  mistakes: string[],
): PatternField {
  const name = `${before.name}${behind.name}`;
  // A path is read with its query.
  if (behind.figure === 'query') return { ...before, name };
  if (before.take === null && behind.take === null) return field(name);
  if (behind.figure === 'path') return slashJoined(before, behind);
  mistakes.push(
    `\`${before.name}\` and \`${behind.name}\` have nothing between them: it cannot be told where the one ends`,
  );
  return field(name);
}

/** A character a byte, as logs are read. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
