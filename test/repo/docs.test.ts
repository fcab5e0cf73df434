/** What the documents show must run: the README's console blocks, study and library example; every study of TRACES.md; the
 * studies, the commands and the example platform of PLATFORMS.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/study/load.ts';
import { FORMAT_NAMES } from '../../src/workload/readers/formats.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const README = readFileSync(`${ROOT}README.md`, 'utf8');

function blocks(language: string, document = README): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...document.matchAll(fence)].map(([, text]) => text ?? '');
}

const commands = blocks('console')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('$ coldfront '))
  .map((line) => line.slice('$ coldfront '.length));

describe('the README', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-docs-'));
    symlinkSync(`${ROOT}traces`, join(folder, 'traces'));
    writeFileSync(join(folder, 'support-chatbot.yaml'), blocks('yaml')[0] ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows commands', () => {
    expect(commands.length).toBeGreaterThanOrEqual(5);
  });

  it.each(commands)('coldfront %s', (command) => {
    const run = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${ROOT}dist/cli/main.js" ${command}`],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout.length + run.stderr.length).toBeGreaterThan(50);
  });

  it('has a library example that runs', () => {
    const file = `${ROOT}dist/readme-example.mjs`;
    writeFileSync(file, blocks('ts')[0] ?? '');
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('true true\n');
    rmSync(file);
  });

  it('names only files that are there', () => {
    const named = [...README.matchAll(/\b(MODEL|ARCHITECTURE|CHANGELOG|TRACES|PLATFORMS)\.md\b/g)];
    for (const [name] of named) expect(readFileSync(`${ROOT}${name}`, 'utf8')).not.toBe('');
  });
});

describe('TRACES.md', () => {
  const traces = readFileSync(`${ROOT}TRACES.md`, 'utf8');

  it.each(blocks('yaml', traces).map((text, i) => [i + 1, text] as const))(
    'study %i is one',
    (_, text) => {
      expect(loadStudy({ name: 'TRACES.md', text }, {}, new Map()).points).toHaveLength(1);
    },
  );

  it('names every format that there is', () => {
    const named = FORMAT_NAMES.filter((name) => name !== 'auto' && !traces.includes(`\`${name}\``));
    expect(named).toEqual([]);
  });
});

describe('PLATFORMS.md', () => {
  const document = readFileSync(`${ROOT}PLATFORMS.md`, 'utf8');
  const yaml = blocks('yaml', document);
  const studies = yaml.filter((text) => text.startsWith('version: 1'));
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-platforms-'));
    mkdirSync(join(folder, 'models', 'platforms'), { recursive: true });
    const acme = yaml.find((text) => text.startsWith('id: acme')) ?? '';
    writeFileSync(join(folder, 'models', 'platforms', 'acme.yaml'), acme);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [`${ROOT}dist/cli/main.js`, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });

  it.each(studies.map((text) => [/^name: (.+)$/m.exec(text)?.[1] ?? '', text] as const))(
    'study %s runs, the example platform among those that it may name',
    (name, text) => {
      writeFileSync(join(folder, `${name}.yaml`), text);
      const { status, stdout, stderr } = run([
        ...['simulate', `${name}.yaml`, '--models', 'models', '--json'],
      ]);
      expect(status, stderr).toBe(0);
      const result = JSON.parse(stdout) as { requests: { completed: number }; cost: object | null };
      expect(result.requests.completed).toBeGreaterThan(100);
      expect(result.cost).not.toBeNull();
    },
  );

  it('there is a study of each kind that it speaks of', () => {
    expect(studies.length).toBeGreaterThanOrEqual(6);
  });

  it.each(
    blocks('console', document)
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('$ coldfront '))
      .map((line) => line.slice('$ coldfront '.length)),
  )('coldfront %s', (command) => {
    const { status, stdout, stderr } = run(command.split(' '));
    expect(status, stderr).toBe(0);
    expect(stdout.length).toBeGreaterThan(100);
  });

  it('a figure without a source is refused, with its line', () => {
    const acme = readFileSync(join(folder, 'models', 'platforms', 'acme.yaml'), 'utf8');
    const bare = acme.replace('{ value: 10, source: docs,', '{ value: 10,');
    mkdirSync(join(folder, 'bare', 'platforms'), { recursive: true });
    writeFileSync(join(folder, 'bare', 'platforms', 'acme.yaml'), bare);
    const { status, stderr } = run(['platforms', 'acme', '--models', 'bare']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/acme\.yaml:9:\d+ .*source/s);
  });
});
