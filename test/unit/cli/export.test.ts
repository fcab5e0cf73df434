import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/base/errors.ts';
import { exportCommand } from '../../../src/cli/export.ts';
import { runCommand } from './in-process.ts';

async function mistakeOf(...args: readonly string[]): Promise<string> {
  const error = await runCommand(exportCommand(), args).then(
    () => null,
    (error: UserError) => error,
  );
  expect(error?.name).toBe('UserError');
  return String(error);
}

describe('export', () => {
  it('refuses a format that the name of the file contradicts, packed or not', async () => {
    expect(await mistakeOf('none', '--format', 'csv', '--out', 'x.parquet')).toContain(
      '--format csv  contradicts --out x.parquet',
    );
    expect(await mistakeOf('none', '--format', 'json', '--out', 'x.csv.gz')).toContain(
      '--format json  contradicts --out x.csv.gz',
    );
  });

  it('takes the format from the name: Parquet by another name is refused', async () => {
    expect(await mistakeOf('none', '--out', 'x.parquet.gz')).toContain('packs what is packed');
  });

  it('refuses bytes to a terminal', async () => {
    const before = process.stdout.isTTY;
    process.stdout.isTTY = true;
    try {
      expect(await mistakeOf('none', '--format', 'parquet')).toContain('is binary');
    } finally {
      process.stdout.isTTY = before;
    }
  });
});
