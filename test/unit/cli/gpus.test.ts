import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gpusCommand } from '../../../src/cli/gpus.ts';
import { modelsCommand } from '../../../src/cli/models.ts';
import { platformsCommand } from '../../../src/cli/platforms.ts';
import { runCommand } from './in-process.ts';

const TABLE = `instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size
one,us,2.49,26,200,1,H100,80,False,
eight,us,19.92,208,1800,8,H100,80,False,
big,us,30,1,1,8,XYZ,80,False,
none,us,free,1,1,1,H100,80,False,
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-gpus-'));
  mkdirSync(join(folder, 'own/platforms'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const table = (name: string): string => {
  const path = join(folder, name);
  writeFileSync(path, TABLE);
  return path;
};

describe('coldfront gpus', () => {
  it('lists GPUs with the grade of what is shown, within a screen', async () => {
    const { stdout } = await runCommand(gpusCommand(), []);
    expect(stdout).toMatch(/^a100-80gb +80 +2,039 +31\.5 +312 +1\.00x +1\.00x +third-party$/m);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('shows one with every source, and refuses one that is none', async () => {
    const { stdout } = await runCommand(gpusCommand(), ['l4']);
    expect(stdout).toMatch(/gpus\.l4\.memoryGB +24 GB +documented/);
    expect(stdout).toContain('[1] nim-reranking: docs.nvidia.com');
    await expect(runCommand(gpusCommand(), ['h1000'])).rejects.toThrow('did you mean h100?');
  });

  it('prints coldfront.gpus.v1', async () => {
    const { stdout } = await runCommand(gpusCommand(), ['h100', '--json']);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'coldfront.gpus.v1',
      relativeTo: 'a100-80gb',
      gpus: [{ id: 'h100', memoryGB: 80, inferredSpeed: { decode: 3350 / 2039 } }],
    });
  });
});

describe('coldfront gpus import', () => {
  it('asks for everything that nobody can know, at once', async () => {
    await expect(runCommand(gpusCommand(), ['import', table('prices.csv')])).rejects.toThrow(
      /--extends {2}is missing[\s\S]*--id {2}is missing[\s\S]*--source {2}is missing[\s\S]*--list-version {2}is missing[\s\S]*--date {2}is missing/,
    );
  });

  it('writes a platform that studies can name, with source, version and date; says what it left out', async () => {
    const file = table('aws-v3-20261120.csv');
    const out = join(folder, 'own/platforms/ours.yaml');
    const { stdout, stderr } = await runCommand(gpusCommand(), [
      ...['import', file, '--extends', 'dedicated', '--id', 'ours'],
      ...['--source', 'gpuhunt', '--out', out],
    ]);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      "4 rows in gpuhunt's layout, 2 prices of GPUs that the catalogue knows",
    );
    expect(stderr).toContain('XYZ (1)');
    expect(stderr).toContain('1 row damaged: line 5, free is no price');
    expect(readFileSync(out, 'utf8')).toContain('gpuhunt, version v3, read 2026-11-20');
    const shown = await runCommand(platformsCommand(), ['ours', '--models', join(folder, 'own')]);
    // 19.92 / 8 = 2.49
    expect(shown.stdout).toMatch(
      /billing\.gpus\.h100\.usdPerGpuHour +2\.49 USD\/GPU h +third-party +2026-11-20/,
    );
    expect(shown.stdout).toMatch(/billing\.gpus\.h100\.gpusPerReplica +1, 8 GPUs/);
  });
});

describe('coldfront models', () => {
  it('lists models within a screen', async () => {
    const { stdout } = await runCommand(modelsCommand(), []);
    // 70 billion x 2 bytes, 2 x 80 x 8 x 128 x 2 = 327,680 bytes a token
    expect(stdout).toMatch(/^llama-2-70b +70 +16 +140 +70 +35 +328 /m);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('shows load times from each storage and the GPUs that hold it', async () => {
    const { stdout } = await runCommand(modelsCommand(), ['llama-2-70b', '--gpu', 'a100-80gb']);
    expect(stdout).toMatch(/^host-memory +local +host link +4\.44 s/m);
    expect(stdout).toMatch(/^2 x a100-80gb +20 +61,035 +29$/m);
    await expect(runCommand(modelsCommand(), ['lama-3-8b'])).rejects.toThrow(
      'lama-3-8b is no model of the catalogue: did you mean llama-3-8b?',
    );
  });

  it('prints coldfront.models.v1', async () => {
    const { stdout } = await runCommand(modelsCommand(), ['llama-2-7b', '--bits', '4', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'coldfront.models.v1',
      // 3.5 GB at 3 GB/s; host memory needs a GPU
      models: [
        {
          weights: {
            bits: 4,
            bytes: 3.5e9,
            loadS: { 'local-nvme': 1.166667, 'host-memory': null },
          },
        },
      ],
    });
  });
});
