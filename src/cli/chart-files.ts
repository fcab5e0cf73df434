/** `--chart front.svg`: single pictures of a sweep, each chosen by the beginning of its file's name. */
import { writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { type Mistake, UserError } from '../base/errors.ts';
import { fileError } from '../node/file-errors.ts';
import { reportOf } from '../node/report.ts';
import { NOTHING_BESIDE } from '../node/report-source.ts';
import type { OpenStudy } from '../node/studies.ts';
import { needsFocus, PICTURES, type PictureKind, pictureOf } from '../report/charts/picture.ts';
import { LIGHT } from '../report/charts/theme.ts';
import type { Swept } from '../study/row-figures.ts';
import { note, today } from './terminal.ts';

export interface ChartFile {
  readonly kind: PictureKind;
  readonly file: string;
}

export const CHART_HELP = `a picture: ${PICTURES.join(', ')}, by how its name begins, as .svg or .png; may be repeated`;

/** @throws UserError for every one that names no picture */
export function chartFiles(files: readonly string[]): readonly ChartFile[] {
  const mistakes: Mistake[] = [];
  const found = files.flatMap((file) => {
    const name = basename(file);
    const kind = PICTURES.find((known) => name.startsWith(known));
    const isPicture = ['.svg', '.png'].includes(extname(name));
    const wrong = (message: string) =>
      void mistakes.push({ at: `--chart ${file}`, path: null, message });
    if (kind === undefined) {
      wrong(
        `names no picture: its name begins with one of ${PICTURES.join(', ')}, as in front.svg`,
      );
    } else if (!isPicture) wrong('is neither .svg nor .png: a picture is written as one of them');
    return kind === undefined || !isPicture ? [] : [{ kind, file }];
  });
  if (mistakes.length > 0) throw new UserError(mistakes);
  return found;
}

/** @throws UserError where one cannot be drawn or written */
export async function writeCharts(
  charts: readonly ChartFile[],
  study: OpenStudy,
  document: Swept,
  workers: number,
): Promise<void> {
  if (charts.length === 0) return;
  const again = charts.some(({ kind }) => needsFocus(kind));
  const page = await reportOf(
    { document, study, why: null, folder: '.', ...NOTHING_BESIDE },
    { today: today(), commands: [], workers, isRunAgain: again },
  );
  const { picturePng, pictureSvg, pngTheme } = await import('../node/pictures.ts');
  for (const { kind, file } of charts) {
    const isPng = file.endsWith('.png');
    const theme = isPng ? pngTheme(LIGHT) : LIGHT;
    const picture = pictureOf(kind, page, theme);
    if (typeof picture === 'string') {
      throw new UserError([
        { at: `--chart ${file}`, path: null, message: `cannot be drawn: ${picture}` },
      ]);
    }
    const data = isPng ? picturePng(picture, theme) : pictureSvg(picture, theme);
    try {
      writeFileSync(file, data);
    } catch (error) {
      throw fileError(error, file);
    }
    note(`Picture: ${file}`);
  }
}
