/** The answer in a sentence, what it costs and how slow it is, and what stands next to it. */
import { rowText } from '../report/charts/chart.ts';
import { keyFigure } from '../report/page/key-figures.ts';
import type { PageDocument } from '../report/page/page-document.ts';
import { el, glued } from './dom.ts';
import { focusOf, type State } from './state.ts';

const TILES = ['usdPerMonth', 'usdPerHour', 'usdPerThousand', 'p50', 'p99', 'cold', 'busy', 'mean'];

export function header(state: State): HTMLElement {
  const { page } = state;
  const { conclusion, name } = page;
  const answer = page.marks.best ?? conclusion.rows[0]?.index ?? null;
  return el(
    'header',
    { class: `top ${conclusion.tone}` },
    el(
      'div',
      { class: 'bar' },
      el('p', { class: 'kicker' }, el('strong', {}, 'coldfront'), ` report · ${name}`),
      themeButton(state),
    ),
    el('h1', {}, glued(conclusion.headline)),
    ...conclusion.sentences.map((sentence) => el('p', { class: 'sentence' }, glued(sentence))),
    answer === null ? null : tiles(page, answer),
  );
}

function themeButton(state: State): HTMLElement {
  const wanted = matchMedia('(prefers-color-scheme: dark)');
  let isDark = wanted.matches;
  const button = el('button', { type: 'button', class: 'theme', onclick: () => show(!isDark) });
  const show = (dark: boolean): void => {
    isDark = dark;
    button.textContent = dark ? 'Light' : 'Dark';
    button.setAttribute('aria-label', dark ? 'Light theme' : 'Dark theme');
    state.setTheme(dark ? 'dark' : 'light');
  };
  wanted.addEventListener('change', ({ matches }) => show(matches));
  show(isDark);
  // Paper is white.
  let wasDark = false;
  window.addEventListener('beforeprint', () => {
    wasDark = isDark;
    if (isDark) show(false);
  });
  window.addEventListener('afterprint', () => {
    if (wasDark) show(true);
  });
  return button;
}

function tiles(page: PageDocument, index: number): HTMLElement {
  const intervals = focusOf(page, index)?.result.ci95 ?? {};
  const shown = TILES.filter((id) => page.grid.figures[id] !== undefined);
  return el(
    'dl',
    { class: 'tiles' },
    ...shown.map((id) => {
      const { label, name, text } = keyFigure(id);
      const interval = intervals[PATHS[id] ?? ''];
      return el(
        'div',
        { title: name },
        el('dt', {}, label),
        el(
          'dd',
          {},
          text(page.grid.figures[id]![index] ?? null),
          interval === undefined
            ? null
            : el('small', {}, ` ${text(interval[0])} to ${text(interval[1])}`),
        ),
      );
    }),
  );
}

/** Where a figure's interval is. */
const PATHS: Readonly<Record<string, string>> = {
  usdPerMonth: 'cost.usdPerMonth',
  usdPerHour: 'cost.usdPerHour',
  p99: 'latencyS.p99',
  cold: 'coldStarts.fraction',
};

/** The rows that a decision is made between. */
export function alternatives(state: State): HTMLElement | null {
  const { page } = state;
  const { conclusion, grid } = page;
  if (conclusion.rows.length === 0) return null;
  const ids = ['usdPerHour', 'usdPerMonth', 'p50', 'p99', 'cold', 'mean'].filter(
    (id) => grid.figures[id] !== undefined,
  );
  return el(
    'section',
    { id: 'next', class: 'panel wide', 'aria-labelledby': 'next-title' },
    el('h2', { id: 'next-title' }, 'The answer and what stands next to it'),
    conclusion.changes.length === 0
      ? null
      : el(
          'ul',
          { class: 'changes' },
          ...conclusion.changes.map(({ key, from, to }) =>
            el('li', {}, el('code', {}, key), ` ${from} \u2192 `, el('strong', {}, to)),
          ),
        ),
    el(
      'div',
      {
        class: 'scroll',
        tabindex: 0,
        role: 'group',
        'aria-label': 'The answer and what stands next to it',
      },
      el(
        'table',
        {},
        el('caption', { class: 'hidden' }, 'The answer and what stands next to it'),
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...['', 'configuration'].map((text) =>
              el('th', { scope: 'col' }, text || el('span', { class: 'hidden' }, 'role')),
            ),
            ...ids.map((id) => el('th', { scope: 'col', class: 'number' }, keyFigure(id).label)),
            el('th', { scope: 'col', class: 'number' }, 'cost against it'),
            el('th', { scope: 'col' }, 'breaks'),
          ),
        ),
        el(
          'tbody',
          {},
          ...conclusion.rows.map(({ label, index, change, breaks }) =>
            el(
              'tr',
              { class: label === 'the answer' ? 'answer' : null },
              el('th', { scope: 'row' }, label),
              el('td', {}, selectButton(state, index)),
              ...ids.map((id) =>
                el('td', { class: 'number' }, keyFigure(id).text(grid.figures[id]![index] ?? null)),
              ),
              el('td', { class: 'number' }, change ?? ''),
              el('td', { class: breaks.length > 0 ? 'bad' : null }, breaks.join(', ')),
            ),
          ),
          ...conclusion.refused.map(({ row, usdPerHour, change, breaks }) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row' }, 'cheaper, but'),
              el('td', {}, row),
              ...ids.map((id) =>
                el(
                  'td',
                  { class: 'number' },
                  id === 'usdPerHour' && usdPerHour !== null ? keyFigure(id).text(usdPerHour) : '',
                ),
              ),
              el('td', { class: 'number' }, change ?? ''),
              el('td', { class: breaks.length > 0 ? 'bad' : null }, breaks.join(', ')),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A row by its name: choosing it shows it everywhere. */
export function selectButton(state: State, index: number): HTMLButtonElement {
  return el(
    'button',
    { type: 'button', class: 'link', onclick: () => state.select(index) },
    rowText(state.page.grid, index),
  );
}
