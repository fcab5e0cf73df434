/** Which input moves the cost most: a bar to either side of today's. */

import type {
  SensitivityDocument,
  SensitivityEnd,
  SensitivityInput,
} from '../../study/curves-document.ts';
import { dollars, seconds } from '../numbers.ts';
import type { Told } from '../page/further.ts';
import {
  axisOf,
  baseOption,
  type ChartOption,
  INSIDE,
  legendOf,
  percentTick,
  tooltipOf,
} from './chart.ts';
import type { Theme } from './theme.ts';

export const INPUT_WORDS: Readonly<Record<SensitivityInput, string>> = {
  price: 'price',
  loadTime: 'load time',
  traffic: 'traffic',
  burstiness: 'burstiness',
  service: 'service time',
};

export function tornadoChart(
  { curve, names }: Told<SensitivityDocument>,
  theme: Theme,
): ChartOption {
  const bars = curve.bars.filter(({ why }) => why === null).toReversed();
  const { step } = curve;
  const endText = (end: SensitivityEnd | null): string =>
    end === null
      ? ''
      : [
          `${dollars(end.usdPerHour)}/h, p99 ${seconds(end.p99S)}`,
          end.met === false ? 'the objectives break' : '',
          end.recommended === null
            ? 'no configuration meets the objectives then'
            : end.recommended === curve.recommended
              ? ''
              : `better then: ${names[end.recommended]}`,
        ]
          .filter((line) => line !== '')
          .join('\n');
  const series = (name: string, side: 'down' | 'up', color: string) => ({
    name,
    type: 'bar',
    stack: 'change',
    barMaxWidth: 26,
    itemStyle: { color },
    data: bars.map((bar) => bar[side]?.changeFraction ?? 0),
    label: {
      show: true,
      color: theme.text,
      position: 'inside',
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        bars[dataIndex]?.[side]?.met === false ? '\u2717' : '',
    },
  });
  return {
    ...baseOption(theme),
    grid: { left: 8, right: 24, top: 34, bottom: 28, ...INSIDE },
    legend: legendOf(theme, [`-${percentTick(step)}`, `+${percentTick(step)}`]),
    tooltip: tooltipOf(theme, {
      trigger: 'item',
      formatter: ({ seriesIndex, dataIndex = 0 }: { seriesIndex?: number; dataIndex?: number }) => {
        const bar = bars[dataIndex];
        const end = seriesIndex === 0 ? bar?.down : bar?.up;
        return bar === undefined
          ? ''
          : `${INPUT_WORDS[bar.input]} x ${end?.factor ?? 1}: cost ${percentTick(end?.changeFraction ?? 0)}\n${endText(end ?? null)}`;
      },
    }),
    xAxis: axisOf(theme, 'change of cost', {
      type: 'value',
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { color: theme.dim, formatter: percentTick },
    }),
    yAxis: axisOf(theme, '', {
      type: 'category',
      data: bars.map(({ input, platform, turns }) => {
        const word = platform === null ? INPUT_WORDS[input] : `${INPUT_WORDS[input]} (${platform})`;
        return turns ? `${word} *` : word;
      }),
      axisLabel: { color: theme.text },
    }),
    series: [
      series(`-${percentTick(step)}`, 'down', theme.states.kept),
      series(`+${percentTick(step)}`, 'up', theme.states.idle),
    ],
  };
}
