/** What ships beside the program. Source (`src/node`) and build (`dist/node`) lie equally deep below the package. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../base/errors.ts';

export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8'));
  const { version } = manifest as { version?: unknown };
  assert(typeof version === 'string', 'package.json has no version');
  return version;
}

/** What a result may depend on. */
export function versions(): readonly string[] {
  return [
    `coldfront ${packageVersion()}`,
    `Node ${process.version}`,
    `${process.platform} ${process.arch}`,
  ];
}
