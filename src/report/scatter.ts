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
  const { width, height, line } = options;
  const shown = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const levels = [...shown.map(({ y }) => y), ...(line === null ? [] : [line.y])];
  const xs = scaleOf(
    shown.map(({ x }) => x),
    false,
  );
  const ys = scaleOf(levels, true);
  if (xs === null || ys === null) return [];
  const columnOf = (x: number): number => Math.round(xs.share(x) * (width - 1));
  const nearest = (y: number): number => height - 1 - Math.round(ys.share(y) * (height - 1));
  const lineRow = line === null ? null : nearest(line.y);
  // What breaks the objective stands above its line, however close.
  const rowOf = (y: number): number =>
    line !== null && y > line.y && nearest(y) === lineRow ? nearest(y) - 1 : nearest(y);

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
  return [options.title, ...body, `${' '.repeat(margin + 1)}${axis}`];
}

interface Scale {
  share(value: number): number;
  at(share: number): number;
}

function scaleOf(values: readonly number[], mayBeLog: boolean): Scale | null {
  const low = Math.min(...values);
  const high = Math.max(...values);
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
