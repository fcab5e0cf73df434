/** Pictures without a browser: ECharts writes SVG, and resvg makes a PNG of it. */
import { existsSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AxisPointerComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { UserError } from '../base/errors.ts';
import type { Picture } from '../report/charts/picture.ts';
import type { Theme } from '../report/charts/theme.ts';
import { escapeHtml } from '../report/page/page-html.ts';

/** A title above the chart takes this much. */
const TITLE_HEIGHT = 40;
const MARGIN = 16;
/** Points of a PNG for one of the SVG: sharp on paper and dense screens. */
const PNG_SCALE = 2;

let isReady = false;

function prepared(): void {
  if (isReady) return;
  use([
    ...[BarChart, HeatmapChart, LineChart, ScatterChart],
    ...[AxisPointerComponent, GridComponent, LegendComponent, MarkLineComponent],
    ...[TitleComponent, TooltipComponent, VisualMapComponent, LabelLayout, SVGRenderer],
  ]);
  // There is no canvas that measures; without one the library takes letters to be narrower than most fonts have them.
  setPlatformAPI({ measureText: (text, font) => ({ width: widthOf(text, font) }) });
  isReady = true;
}

const NARROW = /[ijlftrI.,:;'|()[\]! ]/;
const WIDE = /[mwMW%@\u2190-\u2bff]/;

/** Of a sans-serif as wide as DejaVu, in pixels. */
function widthOf(text: string, font = ''): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  const weight = /bold/.test(font) ? 1.1 : 1;
  const ems = [...text].map((sign) => (NARROW.test(sign) ? 0.36 : WIDE.test(sign) ? 0.92 : 0.62));
  return size * weight * ems.reduce((sum, em) => sum + em, 0);
}

/** A whole SVG document, with its title and what it shows in words. */
export function pictureSvg(
  { title, description, width, height, option }: Picture,
  theme: Theme,
): string {
  prepared();
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: width - 2 * MARGIN,
    height: height - TITLE_HEIGHT - MARGIN,
  });
  try {
    chart.setOption({ ...option, animation: false });
    const drawn = chart.renderToSVGString();
    const body = drawn.slice(drawn.indexOf('>') + 1, drawn.lastIndexOf('</svg>'));
    const label = escapeHtml(`${title}. ${description}`);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">`,
      `<title>${escapeHtml(title)}</title>`,
      `<desc>${escapeHtml(description)}</desc>`,
      `<rect width="${width}" height="${height}" fill="${theme.surface}"/>`,
      `<text x="${MARGIN}" y="27" font-family="${escapeHtml(theme.font)}" font-size="16" font-weight="bold" fill="${theme.text}">${escapeHtml(title)}</text>`,
      `<g transform="translate(${MARGIN} ${TITLE_HEIGHT})">${body}</g>`,
      '</svg>',
      '',
    ].join('\n');
  } finally {
    // It keeps the process alive else.
    chart.dispose();
  }
}

/** With a font that is there. @throws UserError where there is none */
export function pngTheme(theme: Theme): Theme {
  return { ...theme, font: `'${fontOf().family}'` };
}

/** @param picture drawn with the theme of `pngTheme` */
export function picturePng(picture: Picture, theme: Theme): Uint8Array {
  const { family, files } = fontOf();
  const resvg = new Resvg(pictureSvg(picture, theme), {
    fitTo: { mode: 'zoom', value: PNG_SCALE },
    font: { loadSystemFonts: false, fontFiles: [...files], defaultFontFamily: family },
  });
  return resvg.render().asPng();
}

interface Font {
  readonly family: string;
  readonly files: readonly string[];
}

/** Where systems keep a font that has every letter and sign of a picture. */
const FONTS: readonly Font[] = [
  dejavu('/usr/share/fonts/truetype/dejavu'),
  dejavu('/usr/share/fonts/dejavu-sans-fonts'),
  dejavu('/usr/share/fonts/TTF'),
  dejavu('/usr/share/fonts/dejavu'),
  dejavu('/run/current-system/sw/share/X11/fonts'),
  regularAndBold('Liberation Sans', '/usr/share/fonts/truetype/liberation', 'LiberationSans-'),
  regularAndBold('Liberation Sans', '/usr/share/fonts/liberation-sans', 'LiberationSans-'),
  regularAndBold('Noto Sans', '/usr/share/fonts/truetype/noto', 'NotoSans-'),
  regularAndBold('Noto Sans', '/usr/share/fonts/noto', 'NotoSans-'),
  {
    family: 'Arial',
    files: [
      '/System/Library/Fonts/Supplemental/Arial.ttf',
      '/System/Library/Fonts/Supplemental/Arial Bold.ttf',
    ],
  },
  { family: 'Arial', files: ['C:\\Windows\\Fonts\\arial.ttf', 'C:\\Windows\\Fonts\\arialbd.ttf'] },
];

function dejavu(folder: string): Font {
  const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => `${folder}/${name}`);
  return { family: 'DejaVu Sans', files };
}

function regularAndBold(family: string, folder: string, prefix: string): Font {
  return { family, files: ['Regular', 'Bold'].map((weight) => `${folder}/${prefix}${weight}.ttf`) };
}

/** @throws UserError where there is none: letters would be missing, and nobody told */
export function fontOf(exists: (file: string) => boolean = existsSync): Font {
  const found = FONTS.find(({ files }) => exists(files[0]!));
  if (found !== undefined) return { ...found, files: found.files.filter(exists) };
  throw new UserError([
    {
      at: '--chart',
      path: null,
      message:
        'a PNG needs a font, and none is installed: install DejaVu (Debian: fonts-dejavu-core), or write .svg, which is drawn with the fonts of whoever looks at it',
    },
  ]);
}
