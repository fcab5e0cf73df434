/**
 * The snippets of a document, run in their order in one folder, as a reader would: a `yaml` or `ts` block that begins with
 * `# file: NAME` or `// file: NAME` is that file, and each line of a `console` block that begins with `$ ` is a command whose
 * output must have the lines that stand below it. `...` stands for any lines.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = new URL('../../', import.meta.url).pathname;

export interface Snippet {
  readonly language: string;
  readonly text: string;
  /** Of the line after the fence, from 1. */
  readonly line: number;
}

export interface Command {
  readonly command: string;
  /** What the document shows of its output. */
  readonly shown: readonly string[];
  /** Shown as `# exit 3` behind the command. */
  readonly status: number;
  readonly line: number;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

export function snippetsOf(document: string): readonly Snippet[] {
  return [...document.matchAll(FENCE)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: document.slice(0, index).split('\n').length + 1,
  }));
}

/** A command goes on in the next line after a backslash. */
export function commandsOf({ text, line }: Snippet): readonly Command[] {
  const commands: { command: string; shown: string[]; status: number; line: number }[] = [];
  let isOpen = false;
  for (const [i, raw] of text.replace(/\n$/, '').split('\n').entries()) {
    const last = commands.at(-1);
    if (isOpen && last !== undefined) last.command += `\n${raw}`;
    else if (raw.startsWith('$ ')) {
      commands.push({ command: raw.slice(2), shown: [], status: 0, line: line + i });
    } else {
      last?.shown.push(raw);
      continue;
    }
    isOpen = raw.endsWith('\\');
  }
  return commands.map(({ command, ...rest }) => {
    const exit = /\s+# exit (\d+)$/.exec(command);
    return {
      ...rest,
      command: command.replace(/\s+# exit \d+$/, ''),
      status: Number(exit?.[1] ?? 0),
    };
  });
}

/** A folder with the samples of traces/ and a `coldfront` to call. */
export function readersFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-reader-'));
  symlinkSync(`${ROOT}traces`, join(folder, 'traces'));
  symlinkSync(`${ROOT}examples`, join(folder, 'examples'));
  mkdirSync(join(folder, '.bin'));
  const bin = join(folder, '.bin', 'coldfront');
  writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}dist/cli/main.js" "$@"\n`);
  chmodSync(bin, 0o755);
  return folder;
}

export function writeNamedFile(folder: string, { text }: Snippet): string | null {
  const name = /^(?:#|\/\/) file: (\S+)\n/.exec(text)?.[1];
  if (name === undefined) return null;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

export function runIn(folder: string, command: string): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}/.bin:${process.env['PATH']}`, NO_COLOR: '1' },
    maxBuffer: 2 ** 28,
  });
  return { status, output: `${stdout}${stderr}` };
}

/** @returns the shown lines that the output does not have, in their order */
export function missingLines(shown: readonly string[], output: string): readonly string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  let from = 0;
  const missing: string[] = [];
  for (const line of shown.map((text) => text.trimEnd())) {
    if (line === '...' || line === '') continue;
    const at = lines.indexOf(line, from);
    if (at < 0) missing.push(line);
    else from = at + 1;
  }
  return missing;
}

export function documentAt(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
