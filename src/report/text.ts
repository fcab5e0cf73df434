/** Text on a terminal: what a log or a file says never reaches it as a command, and columns have a width. */

/** How words are set off; the command line gives colors, a pipe and a browser nothing. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

const asIs = (text: string): string => text;
export const PLAIN: Style = { bold: asIs, dim: asIs, good: asIs, bad: asIs, warn: asIs };

/** What stands around a result: where its traffic came from, what its prices are. */
export interface Surroundings {
  readonly style?: Style;
  /** Lines about what was read. */
  readonly traffic?: readonly string[];
  /** Lines about the prices. */
  readonly prices?: readonly string[];
}

/** Width that every screen keeps to. */
export const SCREEN_WIDTH = 100;

// C0 and C1 controls, and the marks that turn the direction of writing or hide: what could repaint a terminal.
const CONTROL = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Text from a log or a file name as one harmless line, cut to a length. */
export function harmless(text: string, maxLength = 120): string {
  const clean = text.replace(/[\t\r\n]/g, ' ').replace(CONTROL, '\u{fffd}');
  const points = [...clean];
  return points.length <= maxLength ? clean : `${points.slice(0, maxLength - 3).join('')}...`;
}

/** Words wrapped at the screen's width, further lines indented. */
export function wrapped(text: string, indent = 0, width = SCREEN_WIDTH): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/ *[^ ]+/g) ?? []) {
    const room = lines.length === 0 ? width : width - indent;
    if (line !== '' && line.length + word.length > room) {
      lines.push(line);
      line = word.trimStart();
    } else {
      line += word;
    }
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** Parts side by side, wrapped between them and, where one has the room of a line, never within. */
export function wrappedParts(parts: readonly string[], gap: string, indent = 0): string {
  const whole = parts.filter((part) => part !== '').map((part) => part.replaceAll(' ', GLUE));
  return wrapped(whole.join(gap), indent).replaceAll(GLUE, ' ');
}

/** A character that `harmless` lets nobody else write. */
const GLUE = '\u0000';
