/** Of the library what the page draws with. */
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  AxisPointerComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  LegendScrollComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init as create, type ECharts, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

export type { ECharts };

let isReady = false;

export const init: typeof create = (...given) => {
  if (!isReady) {
    use([
      ...[BarChart, HeatmapChart, LineChart, ScatterChart],
      ...[AriaComponent, AxisPointerComponent, DataZoomComponent, GridComponent],
      ...[
        LegendComponent,
        LegendScrollComponent,
        MarkLineComponent,
        TooltipComponent,
        VisualMapComponent,
      ],
      ...[LabelLayout, CanvasRenderer, SVGRenderer],
    ]);
    isReady = true;
  }
  return create(...given);
};
