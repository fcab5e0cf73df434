/** Panels of what `optimize` and `compare` found; only those that there are. */
import { cliffChart } from '../report/charts/cliff-chart.ts';
import { crossoverChart } from '../report/charts/crossover-chart.ts';
import { INPUT_WORDS, tornadoChart } from '../report/charts/tornado-chart.ts';
import { dollars, percent, rate, seconds, short } from '../report/numbers.ts';
import { el, table } from './dom.ts';
import { type ChartPanel, chartPanel, section } from './panel.ts';
import type { State } from './state.ts';

/** The margin matters more than the third digit. */
export function headroomPanel({ page }: State): HTMLElement | null {
  const { headroom } = page.further;
  if (headroom.length === 0) return null;
  const levers = headroom[0]!.margins.map(({ lever }) => lever);
  return section(
    'headroom',
    'How far it holds',
    'What may grow, one thing at a time, before an objective breaks.',
    table({
      caption: 'Margins',
      head: ['configuration', ...levers],
      rows: headroom.map(({ row, margins }) => [row, ...margins.map(({ text }) => text)]),
      words: 9,
    }),
  );
}

/** Sentences stand where other panels have one. */
function told(panel: ChartPanel, sentences: readonly string[]): ChartPanel {
  const title = panel.element.querySelector('h2');
  title?.after(...sentences.map((sentence) => el('p', { class: 'lead' }, sentence)));
  return panel;
}

export function furtherPanels(state: State): readonly ChartPanel[] {
  const { crossover, sensitivity, cliff } = state.page.further;
  return [
    crossover === null
      ? null
      : told(
          chartPanel(state, {
            id: 'crossover',
            title: 'From which load on another one is cheaper',
            lead: null,
            height: 340,
            option: () => crossoverChart(crossover, state.theme),
            label: () => crossover.sentences.join(' '),
            table: () => ({
              caption: 'Cost by load',
              head: ['load', ...crossover.names.flatMap((name) => [`${name}, $/month`, 'p99'])],
              rows: crossover.curve.loads.map((load, i) => [
                `${short(load)} (${rate(crossover.curve.sides[0]?.points[i]?.requestsPerS ?? null)})`,
                ...crossover.curve.sides.flatMap(({ points }) => [
                  dollars(points[i]?.usdPerMonth ?? null),
                  seconds(points[i]?.p99S ?? null),
                ]),
              ]),
            }),
          }),
          crossover.sentences,
        ),
    sensitivity === null
      ? null
      : told(
          chartPanel(state, {
            id: 'sensitivity',
            title: 'Which input moves the answer',
            lead: null,
            height: 340,
            option: () => tornadoChart(sensitivity, state.theme),
            label: () => sensitivity.sentences.join(' '),
            table: () => ({
              caption: 'One input moved at a time',
              head: ['input', 'less of it', 'more of it', 'another answer'],
              rows: sensitivity.curve.bars.map(({ input, platform, down, up, turns, why }) => [
                platform === null ? INPUT_WORDS[input] : `${INPUT_WORDS[input]} (${platform})`,
                why ?? percent(down?.changeFraction ?? null),
                why === null ? percent(up?.changeFraction ?? null) : '',
                turns ? 'yes' : 'no',
              ]),
            }),
          }),
          sensitivity.sentences,
        ),
    cliff === null
      ? null
      : told(
          chartPanel(state, {
            id: 'cliff',
            title: 'At which load time it breaks',
            lead: null,
            height: 340,
            option: () => cliffChart(cliff, state.page.p99LimitS, state.theme),
            label: () => cliff.sentences.join(' '),
            table: () => ({
              caption: 'p99 latency and cost by load time',
              head: [
                'load time',
                'p99',
                '$/month',
                'the cheapest that meets the objectives',
                '$/month',
              ],
              rows: cliff.curve.points.map(({ loadS, recommended: own, cheapest }) => [
                seconds(loadS),
                `${seconds(own.p99S)}${own.met === false ? ' (breaks)' : ''}`,
                dollars(own.usdPerMonth),
                cheapest === null ? 'none' : (cliff.names[cheapest.row] ?? ''),
                dollars(cheapest?.usdPerMonth ?? null),
              ]),
            }),
          }),
          cliff.sentences,
        ),
  ].filter((panel) => panel !== null);
}
