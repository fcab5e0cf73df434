/** The panels with a picture: each from the builders that single pictures are made with. */
import { rowText } from '../report/charts/chart.ts';
import {
  curveChart,
  curvePoints,
  type NamedRow,
  type Timed,
} from '../report/charts/curve-chart.ts';
import { frontChart } from '../report/charts/front-chart.ts';
import { firstChoice, type HeatChoice, heatCells, heatChart } from '../report/charts/heat-chart.ts';
import { hoursChart } from '../report/charts/hours-chart.ts';
import { moneyChart, monthlyParts } from '../report/charts/money-chart.ts';
import { namedRows } from '../report/charts/named-rows.ts';
import { momentText, timeChart } from '../report/charts/time-chart.ts';
import { dollars, percent, seconds, significant } from '../report/numbers.ts';
import { keyFigure } from '../report/page/key-figures.ts';
import { choice, el, replaceChildren } from './dom.ts';
import { type ChartPanel, chartPanel, zoomOf } from './panel.ts';
import { focusOf, type State } from './state.ts';

const LARGE = 2_000;

export function frontPanel(state: State): ChartPanel {
  const { page } = state;
  const { grid, marks } = page;
  let figure = 'p99';
  const figures = ['p99', 'p95', 'p50', 'p999', 'waitP99', 'cold'].filter((id) => grid.figures[id]);
  const chosen = choice(
    'Upwards',
    figures.map((id) => ({ value: id, text: keyFigure(id).name })),
    figure,
    (value) => {
      figure = value;
      panel.draw();
    },
  );
  const cost = keyFigure(page.costBy);
  const panel = chartPanel(state, {
    id: 'front',
    title: 'Cost against latency',
    lead: 'Each point is a configuration. No other one beats those on the line in both cost and p99 latency. Click a point to show it in every panel.',
    height: 440,
    renderer: grid.rows > LARGE ? 'canvas' : 'svg',
    controls: [chosen.field],
    option: () => frontChart(page, state.theme, state.selected, figure),
    label: () =>
      `${keyFigure(figure).name} over ${cost.name} of ${grid.rows} configurations; ${marks.front.length} are on the front. ${page.conclusion.headline}.`,
    table: () => ({
      caption: 'The cost and latency front',
      head: ['configuration', cost.label, ...figures.map((id) => keyFigure(id).label)],
      rows: [...marks.front]
        .sort(
          (a, b) => (grid.figures[page.costBy]?.[a] ?? 0) - (grid.figures[page.costBy]?.[b] ?? 0),
        )
        .map((index) => [
          rowText(grid, index),
          cost.text(grid.figures[page.costBy]?.[index] ?? null),
          ...figures.map((id) => keyFigure(id).text(grid.figures[id]![index] ?? null)),
        ]),
    }),
    onPick: (data) => {
      const index = Array.isArray(data) ? data[2] : null;
      if (typeof index === 'number') state.select(index);
    },
  });
  return panel;
}

export function heatPanel(state: State): ChartPanel {
  const { page } = state;
  const { grid } = page;
  const first = firstChoice(page);
  const controls = el('div', { class: 'controls' });
  let chosen: HeatChoice | null = first;
  const change = (to: Partial<HeatChoice>): void => {
    if (chosen === null) return;
    const next = { ...chosen, ...to };
    // Axes that are not drawn stand at the configuration shown.
    const rest = [...grid.axes.keys()].filter((axis) => axis !== next.x && axis !== next.y);
    const fixed = rest.map((axis): [number, number] => [
      axis,
      (to.fixed ?? next.fixed)[axis] ?? Math.max(0, grid.axes[axis]!.at[state.selected]!),
    ]);
    chosen = { ...next, fixed: Object.fromEntries(fixed) };
    layOut();
    panel.draw();
  };
  const axisOptions = (without: number | null) =>
    [...grid.axes.entries()]
      .filter(([axis]) => axis !== without)
      .map(([axis, { word }]) => ({ value: String(axis), text: word }));
  const layOut = (): void => {
    if (chosen === null) return;
    const { x, y, figure, fixed } = chosen;
    const figures = Object.keys(grid.figures).map((id) => ({
      value: id,
      text: keyFigure(id).label,
    }));
    replaceChildren(
      controls,
      choice('Figure', figures, figure, (value) => change({ figure: value })).field,
      choice('Across', axisOptions(y), String(x), (value) => change({ x: Number(value) })).field,
      y === null
        ? null
        : choice('Upwards', axisOptions(x), String(y), (value) => change({ y: Number(value) }))
            .field,
      ...Object.entries(fixed).map(
        ([axis, place]) =>
          choice(
            grid.axes[Number(axis)]!.word,
            grid.axes[Number(axis)]!.values.map((text, i) => ({ value: String(i), text })),
            String(place),
            (value) => change({ fixed: { ...fixed, [axis]: Number(value) } }),
          ).field,
      ),
    );
  };
  const panel = chartPanel(state, {
    id: 'heat',
    title: 'Two keys against each other',
    lead:
      grid.met === null
        ? null
        : '\u2717 marks what breaks an objective, \u25c6 the answer. Click a cell to show it in every panel.',
    height: 340,
    renderer: grid.rows > LARGE ? 'canvas' : 'svg',
    controls: [controls],
    option: () =>
      chosen === null
        ? grid.isSearched
          ? 'A search runs few of its configurations: `coldfront sweep` runs them all and has the map.'
          : 'Nothing varies: a map needs a key with at least two values.'
        : heatChart(page, chosen, state.theme, state.selected),
    label: () =>
      chosen === null
        ? ''
        : `${keyFigure(chosen.figure).name} by ${grid.axes[chosen.x]!.word}${chosen.y === null ? '' : ` and ${grid.axes[chosen.y]!.word}`}.`,
    table: () => heatTable(state, chosen),
    onPick: (data) => {
      const index = (data as { value?: readonly unknown[] } | null)?.value?.[3];
      if (typeof index === 'number') state.select(index);
    },
  });
  layOut();
  return panel;
}

function heatTable({ page: { grid } }: State, chosen: HeatChoice | null) {
  if (chosen === null) return { caption: '', head: [], rows: [] };
  const cells = new Map(heatCells(grid, chosen).map((cell) => [`${cell.x}/${cell.y}`, cell]));
  const { text, name } = keyFigure(chosen.figure);
  const columns = grid.axes[chosen.x]!;
  const rows = chosen.y === null ? null : grid.axes[chosen.y]!;
  return {
    caption: `${name}, across by ${columns.word}`,
    head: [rows?.word ?? keyFigure(chosen.figure).label, ...columns.values],
    rows: (rows?.values ?? ['all']).map((value, y) => [
      value,
      ...columns.values.map((_, x) => {
        const cell = cells.get(`${x}/${y}`);
        const breaks = cell !== undefined && grid.met?.[cell.index] === 0;
        return cell === undefined ? '' : `${text(cell.value)}${breaks ? ' (breaks)' : ''}`;
      }),
    ]),
  };
}

/** The answer, today, the chosen one, and what stands next to them. */
const compared = (state: State): readonly NamedRow[] => namedRows(state.page, state.selected);

export function curvePanel(state: State): ChartPanel {
  let timed: Timed = 'latencyS';
  const { field } = choice(
    'Time',
    [
      { value: 'latencyS', text: 'latency: arrival to completion' },
      { value: 'waitS', text: 'wait: arrival to start of service' },
    ],
    timed,
    (value) => {
      timed = value === 'waitS' ? 'waitS' : 'latencyS';
      panel.draw();
    },
  );
  const panel = chartPanel(state, {
    id: 'curves',
    title: 'How slow, for how many',
    lead: 'The share of completed requests that take longer than a time, one line a configuration. At 1 % the line passes its p99.',
    height: 340,
    controls: [field],
    option: () => {
      const rows = compared(state);
      return rows.length === 0
        ? missing(state, 'curves')
        : curveChart(state.page, rows, timed, state.theme);
    },
    label: () =>
      `Share of requests by ${timed === 'latencyS' ? 'latency' : 'wait'}: ${compared(state)
        .map(({ name, row }) => `${name}, p99 ${seconds(row.result[timed].p99)}`)
        .join('; ')}.`,
    table: () => ({
      caption: timed === 'latencyS' ? 'Latency' : 'Wait',
      head: ['configuration', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'longest', 'points drawn'],
      rows: compared(state).map(({ name, row }) => {
        const { p50, p90, p95, p99, p999, max } = row.result[timed];
        const drawn = String(curvePoints(row, timed).length);
        return [name, ...[p50, p90, p95, p99, p999, max].map(seconds), drawn];
      }),
    }),
  });
  return panel;
}

export function timePanel(state: State): ChartPanel {
  const { page } = state;
  const row = () => focusOf(page, state.selected);
  const zoom = (factor: number, shift: number) => () => {
    const chart = panel.chart();
    const now = chart === null ? null : zoomOf(chart);
    if (chart === null || now === null) return;
    const length = Math.min(100, Math.max(0.5, (now.end - now.start) * factor));
    const middle = (now.start + now.end) / 2 + shift * length;
    const start = Math.min(100 - length, Math.max(0, middle - length / 2));
    chart.dispatchAction({ type: 'dataZoom', start, end: start + length });
  };
  const button = (text: string, label: string, onclick: () => void) =>
    el('button', { type: 'button', 'aria-label': label, onclick }, text);
  const panel = chartPanel(state, {
    id: 'time',
    title: 'Replicas through time',
    lead: `What the replicas of the configuration shown do, over what is asked of them; below, who waits.${page.timeZone === null ? '' : ` Times are ${page.timeZone}.`}`,
    height: 430,
    keepsZoom: true,
    controls: [
      button('\u2190', 'Earlier', zoom(1, -0.5)),
      button('+', 'Zoom in', zoom(0.5, 0)),
      button('\u2212', 'Zoom out', zoom(2, 0)),
      button('\u2192', 'Later', zoom(1, 0.5)),
      button('whole', 'The whole time', zoom(1_000, 0)),
    ],
    option: () => {
      const focus = row();
      const option = focus === null ? null : timeChart(focus, page.clockAtMs, state.theme);
      return option ?? missing(state, 'time');
    },
    label: () => {
      const result = row()?.result;
      return `Replicas of ${rowText(page.grid, state.selected)} through time: mean ${significant(result?.replicas.mean ?? null)}, at most ${result?.replicas.peak ?? 0}.`;
    },
    table: () => timeTable(state),
  });
  return panel;
}

const TABLE_ROWS = 48;

/** Coarser than the picture. */
function timeTable({ page, selected }: State) {
  const timeline = focusOf(page, selected)?.timeline ?? null;
  const head = ['from', 'busy', 'idle', 'starting', 'draining', 'waiting'];
  if (timeline === null) return { caption: '', head, rows: [] };
  const each = Math.ceil(timeline.busy.length / TABLE_ROWS);
  const means = (values: readonly number[], from: number): string => {
    const part = values.slice(from, from + each);
    return significant(part.reduce((sum, value) => sum + value, 0) / part.length);
  };
  const starts = Array.from({ length: Math.ceil(timeline.busy.length / each) }, (_, i) => i * each);
  return {
    caption: `Means over ${seconds(each * timeline.intervalS)} each`,
    head,
    rows: starts.map((from) => {
      const atS = from * timeline.intervalS;
      const at = page.clockAtMs === null ? atS : page.clockAtMs + atS * 1_000;
      const { busy, idle, starting, draining, waiting } = timeline;
      return [
        momentText(at, page.clockAtMs),
        ...[busy, idle, starting, draining, waiting].map((values) => means(values, from)),
      ];
    }),
  };
}

export function moneyPanel(state: State): ChartPanel {
  return chartPanel(state, {
    id: 'money',
    title: 'Where the money goes',
    lead: 'A month like the run, by what replicas do with their paid time and by the other meters of the bill.',
    height: 360,
    option: () => moneyChart(compared(state), state.theme) ?? missing(state, 'money'),
    label: () =>
      compared(state)
        .map(({ name, row }) => `${name}: ${dollars(row.result.cost?.usdPerMonth ?? null)} a month`)
        .join('; '),
    table: () => {
      const rows = compared(state);
      const labels = [...new Set(rows.flatMap(({ row }) => row.money.map(({ label }) => label)))];
      return {
        caption: 'Dollars a month',
        head: ['paid for', ...rows.map(({ name }) => name)],
        rows: labels.map((label) => [
          label,
          ...rows.map(({ row }) => {
            const parts = monthlyParts(row);
            const total = parts.reduce((sum, { usd }) => sum + usd, 0);
            const usd = parts.find((part) => part.label === label)?.usd;
            return usd === undefined
              ? ''
              : `${dollars(usd)} (${percent(total > 0 ? usd / total : null)})`;
          }),
        ]),
      };
    },
  });
}

export function hoursPanel(state: State): ChartPanel {
  const day = () => focusOf(state.page, state.selected)?.byHour ?? null;
  return chartPanel(state, {
    id: 'hours',
    title: 'Cold starts and cost by hour of day',
    lead: 'An average day of the configuration shown.',
    height: 360,
    option: () => {
      const hours = day();
      return hours === null ? missing(state, 'hours') : hoursChart(hours, state.theme);
    },
    label: () => {
      const cold = (day()?.cold ?? []).map((count) => count ?? 0);
      const worst = cold.indexOf(Math.max(...cold));
      return `Cold requests and cost by hour of the day; most cold requests from ${worst}:00 on, ${significant(cold[worst] ?? null)}.`;
    },
    table: () => {
      const hours = day();
      return {
        caption: `An average day${hours?.timeZone ? `, hours of ${hours.timeZone}` : ''}`,
        head: ['hour', 'requests', 'cold', 'replicas started', '$'],
        rows: (hours?.arrived ?? []).map((arrived, hour) => [
          `${hour}:00`,
          significant(arrived),
          significant(hours!.cold[hour]!),
          significant(hours!.starts[hour]!),
          dollars(hours!.usd?.[hour] ?? null),
        ]),
      };
    },
  });
}

/** Why a panel has nothing to show. */
export function missing({ page }: State, panel: string): string {
  const why = page.missing.find((one) => one.panel === panel || one.panel === 'all')?.why;
  return (
    why ??
    'Not known for this configuration: it was not run again for this page. The answer, today, the front and their neighbors were.'
  );
}
