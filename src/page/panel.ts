/** A section with a heading, and a chart in one: drawn when it comes into view, again when something was chosen. */

import type { ChartOption } from '../report/charts/chart.ts';
import { asTable, el, type TableData } from './dom.ts';
import { type ECharts, init } from './echarts.ts';
import type { State } from './state.ts';

export function section(
  id: string,
  title: string,
  lead: string | null,
  ...children: readonly (Node | null)[]
): HTMLElement {
  return el(
    'section',
    { id, class: 'panel', 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, title),
    lead === null ? null : el('p', { class: 'lead' }, lead),
    ...children,
  );
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly lead: string | null;
  readonly height: number;
  readonly renderer?: 'svg' | 'canvas';
  readonly controls?: readonly Node[];
  /** null where there is nothing to draw, and then why. */
  readonly option: () => ChartOption | string;
  /** What the picture shows, for those who do not see it. */
  readonly label: () => string;
  readonly table: () => TableData;
  readonly onPick?: (data: unknown) => void;
  /** Whether a choice of zoom stays when the picture is drawn again. */
  readonly keepsZoom?: boolean;
}

export interface ChartPanel {
  readonly element: HTMLElement;
  draw(): void;
  readonly chart: () => ECharts | null;
}

const PRINT_WIDTH = 700;
/** Below this width a legend is one line to leaf through, above the picture. */
const NARROW = 520;
const LEGEND_HEIGHT = 52;

function fitted(option: ChartOption, width: number): ChartOption {
  const { legend, grid } = option;
  if (width >= NARROW || legend === undefined) return option;
  const below = (one: unknown): unknown => {
    const { top } = one as { readonly top?: unknown };
    return typeof top === 'number' && top < LEGEND_HEIGHT
      ? { ...(one as object), top: LEGEND_HEIGHT }
      : one;
  };
  const line = { type: 'scroll', orient: 'horizontal', left: 0, right: 0, top: 0 };
  return {
    ...option,
    legend: { ...(legend as object), ...line },
    grid: Array.isArray(grid) ? grid.map(below) : below(grid),
  };
}

export function chartPanel(state: State, spec: ChartSpec): ChartPanel {
  const canvas = el('div', { class: 'chart', role: 'img', style: `height:${spec.height}px` });
  const nothing = el('p', { class: 'nothing', hidden: true });
  const details = asTable(spec.table);
  const controls =
    spec.controls === undefined ? null : el('div', { class: 'controls' }, ...spec.controls);
  const element = section(spec.id, spec.title, spec.lead, controls, canvas, nothing, details);
  let chart: ECharts | null = null;

  const draw = (): void => {
    const option = spec.option();
    const isDrawn = typeof option !== 'string';
    canvas.hidden = !isDrawn;
    details.hidden = !isDrawn;
    nothing.hidden = isDrawn;
    if (!isDrawn) {
      nothing.textContent = option;
      return;
    }
    canvas.setAttribute('aria-label', spec.label());
    if (chart === null) {
      chart = init(canvas, null, { renderer: spec.renderer ?? 'svg' });
      if (spec.onPick) chart.on('click', ({ data }) => spec.onPick!(data));
      new ResizeObserver(() => chart?.resize()).observe(canvas);
    }
    const zoom = spec.keepsZoom ? zoomOf(chart) : null;
    chart.setOption(fitted(option, canvas.clientWidth), { notMerge: true });
    if (zoom !== null) chart.dispatchAction({ type: 'dataZoom', ...zoom });
    if (details.open) {
      details.open = false;
      details.open = true;
    }
  };
  state.onChange(draw);
  // A printer's page is narrower than a screen.
  window.addEventListener('beforeprint', () => chart?.resize({ width: PRINT_WIDTH }));
  window.addEventListener('afterprint', () => chart?.resize());
  return { element, draw, chart: () => chart };
}

export interface Zoom {
  readonly start: number;
  readonly end: number;
}

/** In per cent of the whole; null before anything was drawn. */
export function zoomOf(chart: ECharts): Zoom | null {
  const option = chart.getOption() as { dataZoom?: { start?: number; end?: number }[] } | undefined;
  const [zoom] = option?.dataZoom ?? [];
  return zoom?.start === undefined || zoom.end === undefined
    ? null
    : { start: zoom.start, end: zoom.end };
}
