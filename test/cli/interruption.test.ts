import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;

/** Longer than any test waits. */
const STUDY = `
version: 1
workload:
  synthesize: { duration: 3000h, arrivals: { process: poisson, rate: 60/s } }
  service: 1s
deployment: { coldStart: 8s }
billing: { usdPerReplicaHour: 1 }
`;

const folder = mkdtempSync(join(tmpdir(), 'coldfront-interruption-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['simulate', 'compare'])(
  'Ctrl-C ends %s with a word and exit 130',
  { timeout: 60_000 },
  async (command) => {
    const file = join(folder, 'long.yaml');
    writeFileSync(file, STUDY);
    const child = spawn(process.execPath, [MAIN, command, file]);
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    const code = new Promise((resolve) => child.on('exit', resolve));
    setTimeout(() => child.kill('SIGINT'), 4_000);
    expect(await code).toBe(130);
    expect(said).toMatch(/interrupted/);
  },
);
