/** Every configuration as a row: sorted by a column, filtered by what varies, some at a time. */
import { count, counted } from '../report/numbers.ts';
import { KEY_FIGURES } from '../report/page/key-figures.ts';
import { choice, el, replaceChildren } from './dom.ts';
import { selectButton } from './header.ts';
import { section } from './panel.ts';
import type { State } from './state.ts';

const PAGE_ROWS = 50;
/** More keys than this would be a wall of lists. */
const MOST_FILTERS = 6;

interface Column {
  readonly head: string;
  readonly isNumber: boolean;
  readonly rank: (index: number) => number | null;
  readonly text: (index: number) => string;
}

export function gridTable(state: State): HTMLElement {
  const { page } = state;
  const { grid, marks } = page;
  const columns: Column[] = [
    ...namesColumn(grid.names),
    ...grid.axes.map(
      ({ word, values, at }): Column => ({
        head: word,
        isNumber: true,
        rank: (index) => at[index]!,
        text: (index) => values[at[index]!] ?? '',
      }),
    ),
    ...KEY_FIGURES.flatMap(({ id, label, text }): Column[] => {
      const values = grid.figures[id];
      if (values === undefined) return [];
      const of = (index: number) => values[index] ?? null;
      return [{ head: label, isNumber: true, rank: of, text: (index) => text(of(index)) }];
    }),
  ];
  const front = new Set(marks.front);
  const noteOf = (index: number): string =>
    [
      index === marks.best ? 'the answer' : '',
      index === marks.current ? 'today' : '',
      front.has(index) ? 'on the front' : '',
      grid.met?.[index] === 0 ? 'breaks an objective' : '',
      grid.proved[index] === undefined ? '' : 'proved equal',
    ]
      .filter((note) => note !== '')
      .join(', ');

  const startColumn = columns.findIndex(
    ({ head }) => head === (page.costBy === 'mean' ? 'mean replicas' : '$/h'),
  );
  let sorted = { column: startColumn, isUp: true };
  let shownFrom = 0;
  let which = 'all';
  const filters = new Map<number, number>();
  let rows: number[] = [];

  const head = el('tr');
  const body = el('tbody');
  const status = el('p', { class: 'status', role: 'status' });
  const pager = el('div', { class: 'controls' });

  const compute = (): void => {
    const passes = (index: number): boolean =>
      (which !== 'met' || grid.met?.[index] === 1) &&
      (which !== 'front' || front.has(index)) &&
      [...filters].every(([axis, place]) => grid.axes[axis]!.at[index] === place);
    const { rank } = columns[sorted.column]!;
    const sign = sorted.isUp ? 1 : -1;
    rows = Array.from({ length: grid.rows }, (_, index) => index)
      .filter(passes)
      .sort((a, b) => {
        const [one, other] = [rank(a), rank(b)];
        if (one === null || other === null) return one === other ? a - b : one === null ? 1 : -1;
        return (one - other) * sign || a - b;
      });
    shownFrom = 0;
  };
  const drawHead = (): void => {
    const sortBy = (column: number) => () => {
      sorted = { column, isUp: sorted.column === column ? !sorted.isUp : true };
      compute();
      drawHead();
      draw();
      // The head was drawn anew: the reader stays where he was.
      head.querySelectorAll('button')[column]?.focus();
    };
    replaceChildren(
      head,
      ...columns.map(({ head: text, isNumber }, column) => {
        const isSorted = column === sorted.column;
        const sort = isSorted ? (sorted.isUp ? 'ascending' : 'descending') : null;
        const arrow = isSorted ? (sorted.isUp ? ' \u25b2' : ' \u25bc') : '';
        return el(
          'th',
          { scope: 'col', 'aria-sort': sort, class: isNumber ? 'number' : null },
          el(
            'button',
            { type: 'button', class: 'sort', onclick: sortBy(column) },
            `${text}${arrow}`,
          ),
        );
      }),
      el('th', { scope: 'col' }, 'notes'),
      el('th', { scope: 'col' }, 'show'),
    );
  };
  const draw = (): void => {
    const shown = rows.slice(shownFrom, shownFrom + PAGE_ROWS);
    replaceChildren(
      body,
      ...shown.map((index) =>
        el(
          'tr',
          {
            class:
              [
                index === marks.best ? 'answer' : '',
                grid.met?.[index] === 0 ? 'broken' : '',
                index === state.selected ? 'selected' : '',
              ]
                .join(' ')
                .trim() || null,
          },
          ...columns.map(({ text, isNumber }) =>
            el('td', { class: isNumber ? 'number' : null }, text(index)),
          ),
          el('td', { class: 'note' }, noteOf(index)),
          el('td', {}, showButton(state, index)),
        ),
      ),
    );
    const range =
      rows.length === 0
        ? ''
        : `rows ${count(shownFrom + 1)} to ${count(shownFrom + shown.length)} of `;
    status.textContent = `${range}${counted(rows.length, 'configuration')}${rows.length < grid.rows ? ` (${count(grid.rows)} in all)` : ''}`;
    const turn = (to: number) => () => {
      shownFrom = to;
      draw();
    };
    const button = (text: string, to: number) =>
      el(
        'button',
        { type: 'button', disabled: to < 0 || to >= rows.length, onclick: turn(to) },
        text,
      );
    replaceChildren(
      pager,
      ...(rows.length > PAGE_ROWS
        ? [
            button('first', shownFrom > 0 ? 0 : -1),
            button('previous', shownFrom - PAGE_ROWS),
            button('next', shownFrom + PAGE_ROWS),
          ]
        : []),
    );
  };
  const again = (): void => {
    compute();
    draw();
  };
  const controls = el(
    'div',
    { class: 'controls' },
    choice(
      'Rows',
      [
        { value: 'all', text: 'all' },
        ...(grid.met === null ? [] : [{ value: 'met', text: 'that meet the objectives' }]),
        { value: 'front', text: 'on the front' },
      ],
      which,
      (value) => {
        which = value;
        again();
      },
    ).field,
    ...grid.axes.slice(0, MOST_FILTERS).map(
      ({ word, values }, axis) =>
        choice(
          word,
          [{ value: '', text: 'any' }, ...values.map((text, i) => ({ value: String(i), text }))],
          '',
          (value) => {
            if (value === '') filters.delete(axis);
            else filters.set(axis, Number(value));
            again();
          },
        ).field,
    ),
  );
  state.onChange((change) => change === 'selected' && draw());
  compute();
  drawHead();
  draw();
  return section(
    'table',
    'All configurations',
    'Sort by a column; show a row in every panel.',
    controls,
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'All configurations' },
      el(
        'table',
        { class: 'grid' },
        el('caption', { class: 'hidden' }, 'All configurations'),
        el('thead', {}, head),
        body,
      ),
    ),
    status,
    pager,
  );
}

/** Where rows have names of their own. */
function namesColumn(names: readonly string[] | null): readonly Column[] {
  if (names === null) return [];
  const text = (index: number) => names[index]!;
  return [{ head: 'configuration', isNumber: false, rank: (index) => index, text }];
}

function showButton(state: State, index: number): HTMLElement {
  const button = selectButton(state, index);
  const text = index === state.selected ? 'shown' : 'show';
  button.setAttribute('aria-label', `${text}: ${button.textContent}`);
  button.textContent = text;
  return button;
}
