import { describe, expect, it } from 'vitest';
import { optimizeCommand } from '../../../src/cli/optimize.ts';
import { runCommand } from './in-process.ts';

describe('optimize --budget', () => {
  it('is a number of runs: who gives dollars is told where they belong', async () => {
    await expect(
      runCommand(optimizeCommand(), ['log.csv', '--budget', '$2500/month']),
    ).rejects.toThrow(/number of runs.*coldfront compare/);
  });
});
