import { Resvg } from '@resvg/resvg-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { fontOf, picturePng, pictureSvg, pngTheme } from '../../../src/node/pictures.ts';
import { reportOf } from '../../../src/node/report.ts';
import { NOTHING_BESIDE } from '../../../src/node/report-source.ts';
import { sweepStudy } from '../../../src/node/run.ts';
import { openStudyText } from '../../../src/node/studies.ts';
import { sweptInMemory } from '../../../src/node/sweep-file.ts';
import { PICTURES, pictureOf } from '../../../src/report/charts/picture.ts';
import { DARK, LIGHT } from '../../../src/report/charts/theme.ts';
import type { PageDocument } from '../../../src/report/page/page-document.ts';

const HOSTILE = '<b>&"\'</svg>';
const STUDY = JSON.stringify({
  version: 1,
  name: HOSTILE,
  workload: {
    synthesize: { duration: '2h', arrivals: { process: 'poisson', rate: '0.05/s' } },
    startAt: '2026-11-02T00:00',
    service: '4s',
  },
  deployment: { replicas: { max: 5 }, coldStart: '10s' },
  billing: { usdPerReplicaHour: 2 },
  vary: { 'deployment.replicas.min': [0, 1], 'deployment.idleWindow': ['10s', '60s'] },
  slo: ['latencyS.p99 <= 12'],
});

describe('pictures without a browser', () => {
  let page: PageDocument;
  beforeAll(async () => {
    const study = await openStudyText({ name: 'study', text: STUDY }, {});
    const document = sweptInMemory(await sweepStudy(study));
    page = await reportOf(
      { ...NOTHING_BESIDE, document, study, why: null, folder: '.' },
      { today: '2026-11-22', commands: [] },
    );
  });

  it.each(PICTURES)('%s is a whole SVG that says in words what it shows', (kind) => {
    const picture = pictureOf(kind, page, LIGHT);
    if (typeof picture === 'string') throw new Error(picture);
    const svg = pictureSvg(picture, LIGHT);
    // An XML parser takes it, whatever the names in it.
    expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(900);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]{20,}"/);
    expect(svg).toContain('<title>&#60;b&#62;&#38;&#34;&#39;&#60;/svg&#62;: ');
    expect(svg.match(/<(?:path|rect|text)\b/g)!.length).toBeGreaterThan(15);
    expect(svg).not.toMatch(/<script|<b>|\son\w+=/);
  });

  it('is the same every time, and another in dark colors', () => {
    const draw = (theme = LIGHT) => {
      const picture = pictureOf('front', page, theme);
      return typeof picture === 'string' ? picture : pictureSvg(picture, theme);
    };
    expect(plain(draw())).toBe(plain(draw()));
    expect(plain(draw(DARK))).not.toBe(plain(draw()));
  });

  it('is a PNG with letters', () => {
    const theme = pngTheme(LIGHT);
    const picture = pictureOf('front', page, theme);
    if (typeof picture === 'string') throw new Error(picture);
    const png = picturePng(picture, theme);
    expect([...png.slice(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)));
    // Without a font the same picture has no text and is much smaller.
    const bare = new Resvg(pictureSvg(picture, theme), {
      fitTo: { mode: 'zoom', value: 2 },
      font: { loadSystemFonts: false },
    });
    expect(png.length).toBeGreaterThan(bare.render().asPng().length * 1.2);
  });

  it('says what to do where no font is installed', () => {
    expect(() => fontOf(() => false)).toThrow(UserError);
    expect(() => fontOf(() => false)).toThrow(/fonts-dejavu-core.*or write \.svg/);
    expect(fontOf((file) => file.endsWith('LiberationSans-Regular.ttf'))).toMatchObject({
      family: 'Liberation Sans',
      files: [expect.stringContaining('Regular')],
    });
  });

  it('says why there is nothing to draw', () => {
    const bare = { ...page, focus: [] };
    expect(pictureOf('timeline', bare, LIGHT)).toBe('there is no time line');
    expect(pictureOf('money', bare, LIGHT)).toBe('nothing has a price');
    expect(pictureOf('heat', { ...page, grid: { ...page.grid, axes: [] } }, LIGHT)).toMatch(
      /^nothing varies/,
    );
  });
});

/** The library numbers its clip paths on and on. */
function plain(svg: string): string {
  return svg.replaceAll(/zr\d+-[\w-]+/g, 'zr');
}
