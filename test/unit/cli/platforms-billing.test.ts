import { describe, expect, it } from 'vitest';
import { platformsCommand } from '../../../src/cli/platforms.ts';
import { runCommand } from './in-process.ts';

describe('platforms --billing', () => {
  it('prints who bills what, a row a platform', async () => {
    const { stdout } = await runCommand(platformsCommand(), ['--billing']);
    expect(stdout).toMatch(/^runpod-flex +paid +paid +paid +1s a replica +- +GPU$/m);
    expect(stdout).toMatch(/^modal +- +- +paid +paid +paid +paid +paid +paid$/m);
  });

  it('is one JSON document with --json, of one platform if one is named', async () => {
    const { stdout } = await runCommand(platformsCommand(), ['modal', '--billing', '--json']);
    const { schema, platforms } = JSON.parse(stdout) as {
      schema: string;
      platforms: { id: string; time: { parts: string[] } }[];
    };
    expect(schema).toBe('coldfront.billing-matrix.v1');
    expect(platforms.map(({ id, time }) => [id, ...time.parts])).toEqual([
      ['modal', 'GPU', 'CPU', 'memory'],
    ]);
  });
});
