/** Points on a plane of characters: cost to the right, latency upwards, the objective as a line. */

export interface Point {
  readonly x: number;
  readonly y: number;
  /** One character. Of several points in one cell the last one shows. */
  readonly mark: string;
}

export interface ScatterOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly width: number;
  readonly height: number;
  /** A level to draw through, with its name. */
  readonly line: { readonly y: number; readonly label: string } | null;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** Latencies that span more than this factor are drawn on a logarithmic scale. */
const LOG_SPAN = 20;

/** @returns lines of text; none if fewer than two points differ */
export function scatter(points: readonly Point[], options: ScatterOptions): string[] {
  const { width, height } = options;
  const shown = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const xs = scaleOf(
    shown.map(({ x }) => x),
    false,
  );
  const levels = shown.map(({ y }) => y);
  const line = options.line !== null && isNear(options.line.y, levels) ? options.line : null;
  const ys = scaleOf(line === null ? levels : [...levels, line.y], true);
  if (xs === null || ys === null) return [];
  const columnOf = (x: number): number => Math.round(xs.share(x) * (width - 1));
  const nearest = (y: number): number => height - 1 - Math.round(ys.share(y) * (height - 1));
  // What breaks the objective stands above its line, however close: the line leaves a row for it.
  const isAbove = line !== null && shown.some(({ y }) => y > line.y);
  const lineRow = line === null ? null : Math.max(nearest(line.y), isAbove ? 1 : 0);
  const rowOf = (y: number): number => {
    if (line === null || lineRow === null) return nearest(y);
    return y > line.y ? Math.min(nearest(y), lineRow - 1) : Math.max(nearest(y), lineRow);
  };

  const cells = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  if (lineRow !== null) {
    const row = cells[lineRow]!;
    for (let i = 0; i < width; i += 2) row[i] = '-';
  }
  for (const { x, y, mark } of shown) cells[rowOf(y)]![columnOf(x)] = mark;

  const labels = cells.map((_, row) =>
    options.formatY(line !== null && lineRow === row ? line.y : ys.at(1 - row / (height - 1))),
  );
  const margin = Math.max(...labels.map((label) => label.length));
  const body = cells.map((row, i) => {
    const note = line !== null && lineRow === i ? `  ${line.label}` : '';
    return `${labels[i]!.padStart(margin)} ┤${row.join('')}${note}`.trimEnd();
  });
  const [left, right] = [options.formatX(xs.at(0)), options.formatX(xs.at(1))];
  const middle = ` ${options.xLabel} `;
  const room = Math.max(0, width - left.length - right.length - middle.length);
  const before = '─'.repeat(room >> 1);
  const axis = `└${left}${before}${middle}${'─'.repeat(room - (room >> 1))}${right}`;
  const beyond =
    options.line === null || line !== null
      ? ''
      : `    ${options.line.label} ${options.formatY(options.line.y)} lies far ${options.line.y > levels[0]! ? 'above' : 'below'}`;
  return [`${options.title}${beyond}`, ...body, `${' '.repeat(margin + 1)}${axis}`];
}

/** A level that would leave the points less than half of the rows is named, not drawn. */
function isNear(y: number, levels: readonly number[]): boolean {
  const { low, high } = extentOf(levels);
  if (y >= low && y <= high) return true;
  const scale = scaleOf([...levels, y], true);
  return low === high || scale === null || Math.abs(scale.share(high) - scale.share(low)) >= 0.5;
}

function extentOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { low, high };
}

interface Scale {
  share(value: number): number;
  at(share: number): number;
}

function scaleOf(values: readonly number[], mayBeLog: boolean): Scale | null {
  const { low, high } = extentOf(values);
  if (!(high > low)) return null;
  if (mayBeLog && low > 0 && high / low > LOG_SPAN) {
    const span = Math.log(high / low);
    return {
      share: (value) => Math.log(value / low) / span,
      at: (share) => low * Math.exp(share * span),
    };
  }
  return {
    share: (value) => (value - low) / (high - low),
    at: (share) => low + share * (high - low),
  };
}
