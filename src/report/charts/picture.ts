/** One chart as a picture of its own: which there are, and what one shows in words. */
import { HOURS_PER_MONTH } from '../../base/units.ts';
import { seconds, significant } from '../numbers.ts';
import { keyFigure } from '../page/key-figures.ts';
import type { FocusRow, PageDocument } from '../page/page-document.ts';
import { type ChartOption, rowText } from './chart.ts';
import { curveChart } from './curve-chart.ts';
import { frontChart } from './front-chart.ts';
import { firstChoice, heatChart } from './heat-chart.ts';
import { hoursChart } from './hours-chart.ts';
import { moneyChart } from './money-chart.ts';
import { namedRows } from './named-rows.ts';
import type { Theme } from './theme.ts';
import { timeChart } from './time-chart.ts';

export const PICTURES = ['front', 'heat', 'timeline', 'money', 'latency', 'wait', 'hours'] as const;
export type PictureKind = (typeof PICTURES)[number];

export interface Picture {
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** What every kind but the front and the map needs: rows that were run with a time line. */
export function needsFocus(kind: PictureKind): boolean {
  return kind !== 'front' && kind !== 'heat';
}

/** @returns in words why there is nothing to draw, if so */
export function pictureOf(kind: PictureKind, page: PageDocument, theme: Theme): Picture | string {
  const { name, marks, grid, conclusion } = page;
  const shown = marks.best ?? marks.current ?? conclusion.rows[0]?.index ?? 0;
  const run = grid.proved[shown] ?? shown;
  const focus = page.focus.find(({ index }) => index === shown || index === run) ?? null;
  const row = rowText(grid, shown);
  const framed = (
    title: string,
    description: string,
    option: ChartOption,
    height = 440,
  ): Picture => ({
    title: `${name}: ${title}`,
    description,
    width: 900,
    height,
    option,
  });
  switch (kind) {
    case 'front':
      return framed(
        'cost against latency',
        `p99 latency over ${keyFigure(page.costBy).name} of ${grid.rows} configurations, ${marks.front.length} of them on the front. ${conclusion.headline}.`,
        frontChart(page, theme),
      );
    case 'heat': {
      const choice = firstChoice(page);
      if (choice === null) return 'nothing varies: a map needs a key with at least two values';
      const { name: figure } = keyFigure(choice.figure);
      const words = [choice.x, choice.y].flatMap((axis) =>
        axis === null ? [] : grid.axes[axis]!.word,
      );
      return framed(
        `${figure} by ${words.join(' and ')}`,
        `${figure} by ${words.join(' and ')}.`,
        heatChart(page, choice, theme),
      );
    }
    case 'latency':
    case 'wait': {
      const rows = namedRows(page, null);
      const timed = kind === 'latency' ? 'latencyS' : 'waitS';
      if (rows.length === 0) return 'no configuration was run';
      const texts = rows.map((one) => `${one.name}, p99 ${seconds(one.row.result[timed].p99)}`);
      return framed(
        `${kind}, the share that takes longer`,
        `${texts.join('; ')}.`,
        curveChart(page, rows, timed, theme),
      );
    }
    case 'money': {
      const option = moneyChart(namedRows(page, null), theme);
      return option === null
        ? 'nothing has a price'
        : framed(
            'where the money goes',
            `Dollars in ${HOURS_PER_MONTH} hours by what they are paid for. ${conclusion.headline}.`,
            option,
          );
    }
    case 'timeline': {
      const option = focus === null ? null : timeChart(focus, page.clockAtMs, theme, false);
      return option === null
        ? 'there is no time line'
        : framed(`replicas of ${row}`, descriptionOf(focus!, row), option, 480);
    }
    case 'hours': {
      const hours = focus?.byHour ?? null;
      return hours === null
        ? 'there are no hours'
        : framed(
            `an average day of ${row}`,
            `Cold requests and cost by hour of the day of ${row}.`,
            hoursChart(hours, theme),
            480,
          );
    }
  }
}

function descriptionOf({ result }: FocusRow, row: string): string {
  const { mean, peak } = result.replicas;
  return `Replicas of ${row} through time: mean ${significant(mean)}, at most ${peak}.`;
}
