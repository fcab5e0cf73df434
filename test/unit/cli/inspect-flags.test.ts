import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectCommand } from '../../../src/cli/inspect.ts';
import { runCommand } from './in-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-inspect-'));
  const lines = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({
      time: new Date(Date.UTC(2026, 0, 1, 0, 0, 3 * i)).toISOString(),
      method: 'POST',
      path: i % 2 === 0 ? '/v1/chat' : '/v1/embed',
      status: 200,
      duration_ms: 1000 + i,
    }),
  );
  write('x.json', lines.join('\n'));
  const rows = Array.from({ length: 60 }, (_, i) => `${3 * i},${1 + (i % 7) / 10}`);
  write('log.csv', `arrival_s,service_s\n${rows.join('\n')}`);
  const replay = 'workload: { replay: { file: log.csv } }';
  const deployment = 'deployment: { idleWindow: 60s, coldStart: 8s }';
  const current = 'current: { deployment.replicas.max: 2 }';
  write('study.yaml', ['version: 1', replay, deployment, current].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), `${text}\n`);
}

const inspect = (file: string, ...args: readonly string[]) =>
  runCommand(inspectCommand(), [join(folder, file), ...args]);

describe('flags of a fit', () => {
  it('are refused without --fit, all at once', async () => {
    const flags = ['--current', 'deployment.replicas.max=2', '--at-once', '2'];
    const refused = inspect('log.csv', ...flags, '--slo', 'latencyS.p99 <= 5');
    await expect(refused).rejects.toMatchObject({
      mistakes: ['--current', '--at-once', '--slo'].map((at) => ({
        at,
        message: 'says nothing without --fit: add it, or leave this out',
      })),
    });
    await expect(inspect('log.csv', '--at-once', '1')).rejects.toThrow('--at-once  says nothing');
  });

  it('--at-once is refused beside --current, and beside the current: of a study', async () => {
    const both = ['--current', 'deployment.coldStart=8s', '--fit', '--at-once', '2'];
    await expect(inspect('log.csv', ...both)).rejects.toThrow(
      /^--at-once {2}says nothing beside --current,/,
    );
    await expect(inspect('study.yaml', '--fit', '--at-once', '2')).rejects.toThrow(
      /^--at-once {2}says nothing beside the study's `current:`,/,
    );
  });

  it('do what they say with it', async () => {
    const { stdout } = await inspect('log.csv', '--fit', '--at-once', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'coldfront.fit.v1' });
  });
});

describe('endpoints of a log', () => {
  it('are shown by their paths though its name ends in .json, as a study could', async () => {
    const { stdout } = await inspect('x.json', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      endpointCount: 2,
      endpoints: [{ requests: 30 }, { requests: 30 }],
    });
  });
});
