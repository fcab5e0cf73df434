import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly sideEffects: boolean;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

describe('package.json', () => {
  it('pins every dependency to one version', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      // DuckDB counts the releases of its binding behind its own version.
      ([, version]) => !/^\d+\.\d+\.\d+(?:-r\.\d+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('has the libraries that the project is named to stand on', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining(['seedrandom', 'simple-statistics', 'piscina', 'vitest']),
    );
  });

  it('is an ESM package for Node 20.19 and later under Apache-2.0', () => {
    expect(manifest.type).toBe('module');
    expect(manifest.engines['node']).toBe('>=20.19');
    expect(manifest.license).toBe('Apache-2.0');
    expect(manifest.sideEffects).toBe(false);
  });

  it('opens two doors: files and threads for Node, neither for a browser', () => {
    expect(manifest.exports).toEqual({
      '.': { types: './dist/node.d.ts', browser: './dist/index.js', default: './dist/node.js' },
      './browser': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    });
  });

  it('ships the build, the figures and a sample, no source and no tests', () => {
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'models', 'traces']));
    expect(manifest.files).not.toContain('src');
    expect(manifest.files).not.toContain('test');
  });
});

const STUDY = `version: 1
name: tiny
seed: 7
workload:
  synthesize:
    duration: 10m
    arrivals: { process: poisson, rate: 1/s }
  service: { distribution: exponential, mean: 1s }
deployment:
  coldStart: 5s
billing: { usdPerReplicaHour: 2 }
vary:
  deployment.replicas.min: [0, 1]
slo: [ latencyS.p99 <= 20 ]
`;

const LIBRARY_USE = `
import { parseDurationUs, UserError } from 'coldfront/browser';
import * as whole from 'coldfront';
if (parseDurationUs('1m') !== 60_000_000) throw new Error('units');
if (whole.UserError !== UserError) throw new Error('two copies');
console.log('library ok');
`;

/** The registry may be out of reach; then an installed package cannot be tried, which is said and is no failure of it. */
const noRegistry = ((): string | null => {
  try {
    execFileSync('npm', ['view', 'picocolors@1.1.1', 'version', '--prefer-offline'], {
      stdio: 'pipe',
      timeout: 60_000,
    });
    return null;
  } catch {
    return 'the npm registry does not answer';
  }
})();

describe.skipIf(noRegistry !== null)(
  `the packed package in an empty folder${noRegistry === null ? '' : ` (skipped: ${noRegistry})`}`,
  () => {
    let folder = '';
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'coldfront-package-'));
      execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
        cwd: ROOT,
        stdio: 'pipe',
      });
      const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
      writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`);
    }, 300_000);

    afterAll(() => {
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });

    it('gives a coldfront command', () => {
      expect(run('npx', '--no-install', 'coldfront', '--version').trim()).toBe(manifest.version);
    });

    it('sweeps with its own worker threads', () => {
      writeFileSync(join(folder, 'tiny.yaml'), STUDY);
      const json = run('npx', '--no-install', 'coldfront', 'sweep', 'tiny.yaml', '--json');
      const sweep = JSON.parse(json) as { schema: string; results: unknown[] };
      expect(sweep.schema).toBe('coldfront.sweep.v1');
      expect(sweep.results).toHaveLength(2);
    });

    it('finds its platforms', () => {
      const json = run('npx', '--no-install', 'coldfront', 'platforms', '--json');
      const { platforms } = JSON.parse(json) as { platforms: { id: string }[] };
      expect(platforms.length).toBeGreaterThan(2);
    });

    it('gives a library with types', () => {
      writeFileSync(join(folder, 'use.mjs'), LIBRARY_USE);
      expect(run('node', 'use.mjs').trim()).toBe('library ok');
      for (const door of ['node.d.ts', 'index.d.ts']) {
        expect(existsSync(join(folder, 'node_modules/coldfront/dist', door))).toBe(true);
      }
    });
  },
);
