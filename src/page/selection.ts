/** Which configuration the panels show, and what is known of it. */
import { rowText } from '../report/charts/chart.ts';
import { count, dollars, percent, seconds, significant } from '../report/numbers.ts';
import { KEY_FIGURES, keyFigure } from '../report/page/key-figures.ts';
import type { FocusRow } from '../report/page/page-document.ts';
import { choice, el, replaceChildren } from './dom.ts';
import { section } from './panel.ts';
import { focusOf, type State } from './state.ts';

/** More rows than this and the list has only those that matter. */
const MOST_LISTED = 400;
const SHOWN = ['usdPerHour', 'usdPerMonth', 'p50', 'p99', 'cold', 'busy'];

export function selectionBar(state: State): HTMLElement {
  const { page } = state;
  const { grid, marks } = page;
  const role = (index: number): string =>
    index === marks.best ? ' (the answer)' : index === marks.current ? ' (today)' : '';
  const option = (index: number) => ({
    value: String(index),
    text: `${rowText(grid, index)}${role(index)}`,
  });
  const all = Array.from({ length: grid.rows }, (_, index) => index);
  const matter = [marks.best, marks.current, ...marks.front, ...page.focus.map((row) => row.index)];
  const listed = grid.rows <= MOST_LISTED ? all : [...new Set(matter)].filter((i) => i !== null);
  const { field, select } = choice(
    'Configuration shown',
    listed.map(option),
    String(state.selected),
    (value) => state.select(Number(value)),
  );
  const figures = el('p', { class: 'figures', 'aria-live': 'polite' });
  const along = (step: number) => () => {
    const front = frontByCost(state);
    const at = front.indexOf(state.selected);
    state.select(front[at < 0 ? 0 : Math.min(front.length - 1, Math.max(0, at + step))] ?? 0);
  };
  const button = (text: string, label: string, onclick: () => void) =>
    el('button', { type: 'button', 'aria-label': label, onclick }, text);
  const show = (): void => {
    const { selected } = state;
    if (![...select.options].some(({ value }) => value === String(selected))) {
      const { value, text } = option(selected);
      select.append(el('option', { value }, text));
    }
    select.value = String(selected);
    const parts = SHOWN.filter((id) => grid.figures[id] !== undefined).map((id) => {
      const { label, text } = keyFigure(id);
      return `${label} ${text(grid.figures[id]![selected] ?? null)}`;
    });
    const verdict =
      grid.met === null
        ? ''
        : grid.met[selected] === 1
          ? 'meets the objectives'
          : 'breaks an objective';
    figures.textContent = [...parts, verdict].filter((part) => part !== '').join(' \u00b7 ');
  };
  state.onChange(show);
  show();
  return el(
    'div',
    { class: 'selection', role: 'region', 'aria-label': 'The configuration that the panels show' },
    field,
    el(
      'span',
      { class: 'steps' },
      button('\u2190 cheaper', 'The next cheaper one on the front', along(-1)),
      button('faster \u2192', 'The next faster one on the front', along(1)),
      marks.best === null
        ? null
        : button('the answer', 'Back to the answer', () => state.select(marks.best!)),
    ),
    figures,
  );
}

function frontByCost({ page }: State): number[] {
  const costs = page.grid.figures[page.costBy] ?? [];
  return [...page.marks.front].sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0));
}

/** Everything that one configuration came to. */
export function facts(state: State): HTMLElement {
  const title = el('p', { class: 'row-name' });
  const body = el('div');
  const show = (): void => {
    const { page, selected } = state;
    title.textContent = rowText(page.grid, selected);
    const row = focusOf(page, selected);
    const proved = page.grid.proved[selected];
    replaceChildren(
      body,
      proved === undefined
        ? null
        : el(
            'p',
            { class: 'lead' },
            `Proved equal to ${rowText(page.grid, proved)}, whose limits it never reached.`,
          ),
      row === null ? figureList(state) : resultList(row),
    );
  };
  state.onChange((change) => change === 'selected' && show());
  show();
  return section('facts', 'The configuration shown', null, title, body);
}

type Fact = readonly [term: string, text: string, tone?: 'good' | 'bad'];

function list(facts: readonly Fact[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts' },
    ...facts.map(([term, text, tone]) =>
      el('div', {}, el('dt', {}, term), el('dd', { class: tone ?? null }, text)),
    ),
  );
}

/** Of a row of which no more is known. */
function figureList({ page, selected }: State): HTMLElement {
  const known = KEY_FIGURES.filter(({ id }) => page.grid.figures[id] !== undefined);
  return list(
    known.map(
      ({ id, label, text }): Fact => [label, text(page.grid.figures[id]![selected] ?? null)],
    ),
  );
}

function resultList({ result, settings }: FocusRow): HTMLElement {
  const { cost, latencyS, waitS, requests, coldStarts, replicas, utilization } = result;
  const { rejected, timedOut, late } = requests;
  const lost = [
    rejected > 0 ? `${count(rejected)} rejected` : '',
    timedOut > 0 ? `${count(timedOut)} timed out` : '',
    late > 0 ? `${count(late)} late` : '',
  ].filter((part) => part !== '');
  const times = ({ p50, p95, p99, max }: typeof latencyS) =>
    `p50 ${seconds(p50)}, p95 ${seconds(p95)}, p99 ${seconds(p99)}, max ${seconds(max)}`;
  const facts: Fact[] = [
    ...(cost === null
      ? []
      : [
          [
            'Cost',
            `${dollars(cost.usdPerHour)}/h, ${dollars(cost.usdPerMonth)} a month (730 h), ${dollars(cost.usdPerThousandRequests)} per 1,000 requests`,
          ] as const,
        ]),
    ['Latency', times(latencyS)],
    [
      'Wait',
      waitS.sum === 0
        ? 'no request waited'
        : `${times(waitS)}; ${percent(waitS.forStart / waitS.sum)} of it for a replica to start`,
    ],
    [
      'Requests',
      `${count(requests.arrived)} arrived, ${lost.length === 0 ? 'all completed' : lost.join(', ')}`,
    ],
    [
      'Cold',
      `${count(coldStarts.requests)} requests (${percent(coldStarts.fraction)}); ${count(replicas.starts)} replicas started, ${count(replicas.unusedStarts)} of them for nobody`,
    ],
    [
      'Replicas',
      `mean ${significant(replicas.mean)}, at most ${count(replicas.peak)}, busy ${percent(utilization)} of their time`,
    ],
    ...(result.slo?.objectives ?? []).map(
      ({ objective, met, value, share }): Fact => [
        objective,
        `${met ? 'met' : 'broken'}: is ${significant(value)}${share === null || share === value ? '' : `, ${percent(share)} within`}`,
        met ? 'good' : 'bad',
      ],
    ),
    ['Set', settings.map(([key, value]) => `${key} ${value}`).join(', ')],
  ];
  return list(facts);
}
