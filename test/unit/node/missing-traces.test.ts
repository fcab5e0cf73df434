import { describe, expect, it } from 'vitest';
import { openStudy } from '../../../src/node/studies.ts';

describe('a trace that is not there', () => {
  it('is told first, with what else is wrong', async () => {
    const overrides = {
      flags: [{ flag: '--platform', path: 'deployment.platform', value: 'modal' }],
    };
    const opened = openStudy({ files: ['no-such-trace.log'], overrides });
    await expect(opened).rejects.toThrow(
      /^no-such-trace\.log {2}no such file.*\n.*deployment\.gpu {2}is missing/,
    );
  });
});
