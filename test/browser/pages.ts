/** Pages made as the command makes them, in a folder of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageParts } from '../../src/node/page-bundle.ts';
import { reportOf } from '../../src/node/report.ts';
import { NOTHING_BESIDE } from '../../src/node/report-source.ts';
import { sweepStudy } from '../../src/node/run.ts';
import { openStudy } from '../../src/node/studies.ts';
import { sweptInMemory } from '../../src/node/sweep-file.ts';
import type { PageDocument } from '../../src/report/page/page-document.ts';
import { pageHtml } from '../../src/report/page/page-html.ts';

export class Pages {
  readonly folder = mkdtempSync(join(tmpdir(), 'coldfront-page-'));

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** @returns the address of the page */
  write(name: string, page: PageDocument): string {
    return pathToFileURL(this.file(name, pageHtml(page, pageParts()))).href;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The page of a study, in this thread. */
export async function pageOf(file: string, set: readonly string[] = []): Promise<PageDocument> {
  const study = await openStudy({ files: [file], overrides: { set } });
  const document = sweptInMemory(await sweepStudy(study));
  return reportOf(
    { document, study, why: null, folder: '.', ...NOTHING_BESIDE },
    { today: '2026-11-22', commands: [{ made: 'Made by', command: 'coldfront report x.yaml' }] },
  );
}
