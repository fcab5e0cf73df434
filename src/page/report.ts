/** The page: reads its data, lays out the panels, draws them. */
import type { PageDocument } from '../report/page/page-document.ts';
import { advicePanel, basisPanel } from './basis.ts';
import { curvePanel, frontPanel, heatPanel, hoursPanel, moneyPanel, timePanel } from './charts.ts';
import { el } from './dom.ts';
import { furtherPanels, headroomPanel } from './further.ts';
import { gridTable } from './grid-table.ts';
import { alternatives, header } from './header.ts';
import { facts, selectionBar } from './selection.ts';
import { createState } from './state.ts';

const data = document.getElementById('data')?.textContent ?? '';
const state = createState(JSON.parse(data) as PageDocument);
const charts = [frontPanel, heatPanel, curvePanel, timePanel, moneyPanel, hoursPanel].map((panel) =>
  panel(state),
);
const further = furtherPanels(state);
const [front, heat, curves, time, money, hours] = charts.map(({ element }) => element);

const main = el('main', { id: 'main' });
main.append(
  ...[
    alternatives(state),
    selectionBar(state),
    front,
    facts(state),
    heat,
    curves,
    time,
    money,
    hours,
    headroomPanel(state),
    ...further.map(({ element }) => element),
    gridTable(state),
    advicePanel(state),
    basisPanel(state),
  ].filter((part) => part !== null && part !== undefined),
);
document
  .getElementById('page')
  ?.replaceWith(
    el('a', { class: 'skip', href: '#main' }, 'To the panels'),
    header(state),
    main,
    el('footer', {}, 'Made by coldfront. This file is whole: it asks no other for anything.'),
  );
// Not before they have a place: their width is that of it.
for (const chart of [...charts, ...further]) chart.draw();
