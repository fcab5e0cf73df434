/** What a folder of results says of itself: the study that was run, so that it can be run again there, and the command. */
import { versions } from '../node/package-files.ts';
import { ABOUT, type About, STUDY } from '../node/report-source.ts';
import type { ResultFolder } from '../node/results.ts';
import type { OpenStudy } from '../node/studies.ts';
import { studyCopy } from '../node/study-copy.ts';

export function writeOrigin(folder: Pick<ResultFolder, 'path' | 'write'>, study: OpenStudy): void {
  const command = ['coldfront', ...process.argv.slice(2)];
  const about: About = { schema: 'coldfront.about.v1', command, versions: versions() };
  const text = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`;
  folder.write(STUDY, text(studyCopy(study, folder.path)));
  folder.write(ABOUT, text(about));
}
