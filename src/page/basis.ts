/** What a reader checks before believing the rest: advice, warnings, sources, the study, and how the page was made. */

import { counted } from '../report/numbers.ts';
import { adviceOf } from '../report/page/advice.ts';
import { el, replaceChildren, table } from './dom.ts';
import { section } from './panel.ts';
import { focusOf, type State } from './state.ts';

export function advicePanel(state: State): HTMLElement {
  const list = el('div');
  const show = (): void => {
    const row = focusOf(state.page, state.selected);
    const lines = row === null ? [] : adviceOf(row.advice);
    replaceChildren(
      list,
      lines.length === 0
        ? el(
            'p',
            { class: 'nothing' },
            row === null
              ? 'Not known for this configuration.'
              : 'The run of the configuration shown gives none.',
          )
        : el('ul', {}, ...lines.map((line) => el('li', {}, line))),
    );
  };
  state.onChange((change) => change === 'selected' && show());
  show();
  const { warnings, leftOut, missing } = state.page;
  return section(
    'advice',
    'Advice and warnings',
    null,
    el('h3', {}, 'What should change'),
    list,
    el('h3', {}, 'What to know before believing it'),
    warnings.length === 0
      ? el('p', { class: 'nothing' }, 'Nothing was assumed that is not in the study.')
      : el('ul', {}, ...warnings.map((line) => el('li', {}, line))),
    missing.length === 0 ? null : el('h3', {}, 'What this page lacks'),
    missing.length === 0 ? null : el('ul', {}, ...missing.map(({ why }) => el('li', {}, why))),
    leftOut.length === 0
      ? null
      : el(
          'details',
          {},
          el(
            'summary',
            {},
            `${counted(leftOut.length, 'point')} of the grid left out, for they contradict themselves`,
          ),
          el(
            'ul',
            {},
            ...leftOut.slice(0, 100).map(({ row, reason }) => el('li', {}, `${row}: ${reason}`)),
          ),
        ),
  );
}

export function basisPanel({ page }: State): HTMLElement {
  const { basis } = page;
  const { sources, study, commands } = basis;
  const line = (term: string, ...texts: readonly string[]) =>
    texts.length === 0
      ? null
      : el('div', {}, el('dt', {}, term), ...texts.map((text) => el('dd', {}, text)));
  return section(
    'basis',
    'What this rests on',
    null,
    el(
      'dl',
      { class: 'facts' },
      line('Traffic', ...basis.traffic),
      line('Prices', ...basis.prices),
      line(
        'Luck',
        `seed ${basis.seed}, ${counted(basis.replications, 'replication')}. ${basis.intervals ?? ''}`,
      ),
      line('Made', [`on ${basis.madeOn}`, ...basis.versions].join(' \u00b7 ')),
    ),
    ...commands.flatMap(({ made, command }) => [
      el('p', { class: 'made' }, made),
      el('pre', { tabindex: 0, role: 'group', 'aria-label': made }, el('code', {}, command)),
    ]),
    sources.length === 0
      ? null
      : el(
          'details',
          {},
          el(
            'summary',
            {},
            `${counted(sources.length, 'figure')} of the catalogue, each with its source, date and grade`,
          ),
          table({
            caption: 'Figures that the study takes from the catalogue',
            head: ['figure', 'value', 'grade', 'date', 'source', 'note'],
            rows: sources.map(({ owner, path, value, grade, date, source, note, isStale }) => [
              `${owner}: ${path}`,
              value,
              grade,
              isStale ? `${date} (old)` : date,
              source,
              note ?? '',
            ]),
            words: 6,
          }),
        ),
    study === null
      ? null
      : el(
          'details',
          {},
          el('summary', {}, 'The study'),
          el(
            'pre',
            { tabindex: 0, role: 'group', 'aria-label': 'The study' },
            el('code', {}, study),
          ),
        ),
  );
}
