/** The built command as a user runs it. `npm run build` comes before these tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const MAIN = join(ROOT, 'dist/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell before it: `ulimit -f 8` say. */
  readonly shell?: string;
}

export function startCli(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const { cwd = ROOT, env = {}, shell } = options;
  const settings = { cwd, env: { ...process.env, ...env } };
  return shell === undefined
    ? spawn(process.execPath, [MAIN, ...args], settings)
    : spawn('bash', ['-c', `${shell}; exec "$0" "$@"`, process.execPath, MAIN, ...args], settings);
}

export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startCli(args, options);
  child.stdin?.end(options.input ?? '');
  return ended(child);
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolveEnd, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolveEnd({ code, stdout, stderr }));
  });
}

/** A folder of its own for a test, with files in it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'coldfront-cli-'));

  write(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A study that runs in a moment; keys are added or changed by text. */
export const STUDY = `version: 1
name: chat
seed: 42
workload:
  synthesize:
    duration: 30m
    arrivals: { process: poisson, rate: 1/s }
  service: { distribution: lognormal, mean: 2s, cv: 0.6 }
deployment:
  replicas: { min: 1, max: 20 }
  idleWindow: 60s
  coldStart: 8s
billing: { usdPerReplicaHour: 2 }
slo: [ latencyS.p99 <= 12 ]
`;

/** What may differ between two runs of one study: the measured speed. */
export function withoutEngine(text: string): string {
  return text.replace(/"engine":\s*\{[^}]*\}/g, '"engine": {}');
}
