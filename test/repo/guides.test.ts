/** Everything under docs/ that a reader could type runs, in the order of the page, and prints what the page shows. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Command,
  commandsOf,
  documentAt,
  missingLines,
  ROOT,
  readersFolder,
  runIn,
  type Snippet,
  snippetsOf,
  writeNamedFile,
} from '../kit/snippets.ts';

/** A file to write, or a command to run. */
interface Step {
  readonly name: string;
  readonly line: number;
  readonly snippet: Snippet | null;
  readonly command: Command | null;
}

const pages = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `docs/${path}`)
  .sort();

const told = pages.filter(
  (page) =>
    !page.startsWith('docs/reference/') && !['docs/claims.md', 'docs/columns.md'].includes(page),
);

describe.each(told)('%s', (page) => {
  const folder = readersFolder();
  afterAll(() => rmSync(folder, { recursive: true }));
  const steps = snippetsOf(documentAt(page)).flatMap((snippet): Step[] =>
    snippet.language === 'console'
      ? commandsOf(snippet).map((command) => ({
          name: command.command,
          snippet: null,
          command,
          line: command.line,
        }))
      : [{ name: `the ${snippet.language} block`, snippet, command: null, line: snippet.line }],
  );

  it.each(steps.map((step) => [step.line, step.name, step] as const))(
    'line %i: %s',
    { timeout: 120_000 },
    (_line, _name, step) => {
      const { snippet, command } = step;
      if (snippet !== null && ['yaml', 'ts', 'csv'].includes(snippet.language)) {
        expect(writeNamedFile(folder, snippet), 'a block without a file: line').not.toBeNull();
      }
      if (command === null) return;
      const { status, output } = runIn(folder, command.command);
      expect(status, output).toBe(command.status);
      expect(missingLines(command.shown, output), output).toEqual([]);
    },
  );
});

describe('links', () => {
  const all = [...pages, 'README.md', 'MODEL.md', 'ARCHITECTURE.md', 'PLATFORMS.md', 'TRACES.md'];

  it.each(all)('of %s lead somewhere', (page) => {
    const links = [...documentAt(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)];
    const broken = links
      .map(([, target = '']) => normalize(join(dirname(page), target)))
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(broken).toEqual([]);
  });
});
