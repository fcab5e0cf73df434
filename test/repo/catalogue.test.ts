/** What every figure under models/ must have, whatever kind of file it stands in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePlatform } from '../../src/platform/catalogue.ts';
import { platformData } from '../../src/platform/extension.ts';
import { parseGpus } from '../../src/platform/gpus.ts';
import { isMap } from '../../src/platform/schema.ts';
import { parseModels } from '../../src/platform/served-models.ts';
import { parseStorage } from '../../src/platform/storage.ts';
import { HARDWARE } from '../unit/platform/hardware.ts';

const ROOT = resolve(import.meta.dirname, '../../models');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ya?ml$/.test(file))
  .sort();

const GRADES = ['documented', 'third-party', 'inferred', 'unverified'];
/** Keys of a file that are no figures: what names and describes an entry. */
const WORDS = new Set(['id', 'name', 'description', 'aliases', 'kind', 'extends', 'sources']);
const PROVENANCE = ['source', 'date', 'grade'];

interface Leaf {
  readonly path: string;
  readonly figure: Readonly<Record<string, unknown>> | null;
}

/** Every leaf: a map with `value`, or a bare value, which is a figure without a source. */
function leavesOf(node: unknown, path = ''): Leaf[] {
  if (Array.isArray(node)) return node.flatMap((child, i) => leavesOf(child, `${path}.${i}`));
  if (!isMap(node)) return [{ path, figure: null }];
  if ('value' in node) return [{ path, figure: node }];
  return Object.entries(node).flatMap(([key, child]) => {
    // A GPU may be called kind, a key of an entry is a word.
    if (WORDS.has(key) && (!isMap(child) || key === 'sources')) return [];
    return leavesOf(child, path === '' ? key : `${path}.${key}`);
  });
}

describe('models/', () => {
  it('has platforms, GPUs, models and storage', () => {
    expect(FILES).toEqual(expect.arrayContaining(['gpus.yaml', 'models.yaml', 'storage.yaml']));
    expect(FILES.filter((file) => file.startsWith('platforms/')).length).toBeGreaterThan(2);
  });
});

describe.each(FILES)('models/%s', (file) => {
  const data: unknown = parse(readFileSync(join(ROOT, file), 'utf8'));
  const leaves = leavesOf(data);
  const sources = isMap(data) && isMap(data['sources']) ? data['sources'] : {};

  it('has a source that it explains, a date and a grade at every figure', () => {
    const wrong = leaves.filter(({ figure }) => {
      if (figure === null) return true;
      if (PROVENANCE.some((key) => typeof figure[key] !== 'string')) return true;
      return typeof sources[String(figure['source'])] !== 'string';
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
    expect(leaves.every(({ figure }) => GRADES.includes(String(figure?.['grade'])))).toBe(true);
  });

  it('grades nothing that comes from memory as anything but unverified', () => {
    const recalled = leaves.filter(
      ({ figure }) =>
        figure !== null &&
        /general knowledge|not looked up|from memory/i.test(
          `${figure['source']} ${sources[String(figure['source'])]}`,
        ),
    );
    const graded = recalled.filter(({ figure }) => figure?.['grade'] !== 'unverified');
    expect(graded.map(({ path }) => path)).toEqual([]);
  });

  it('grades as documented only what a document of the vendor says: a page, a repository, a data sheet', () => {
    const documented = leaves.filter(({ figure }) => figure?.['grade'] === 'documented');
    for (const { path, figure } of documented) {
      expect(String(sources[String(figure?.['source'])]), path).toMatch(/\w\.\w|\w\/\w/);
    }
  });
});

describe('models/README.md', () => {
  const blocks = [
    ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm),
  ].map(([, text]) => text ?? '');
  const own = (key: string): string =>
    blocks.find((text) => text.includes('sources:') && new RegExp(`^${key}:`, 'm').test(text)) ??
    '';
  const modal = readFileSync(join(ROOT, 'platforms/modal.yaml'), 'utf8');

  it("shows a user's own GPU, model, storage and platform that are read as they stand", () => {
    const [gpu] = parseGpus(own('gpus'), 'gpus.yaml');
    expect(gpu).toMatchObject({ id: 'h100-ours', memoryGB: 80, relativeSpeed: 1.8 });
    const [model] = parseModels(own('models'), 'models.yaml');
    expect(model).toMatchObject({ id: 'support-9b', bits: 8 });
    const [place] = parseStorage(own('storage'), 'storage.yaml').storage;
    expect(place).toMatchObject({ id: 'our-cache', bytesPerSecond: 8.4e9 });
    const bases = new Map([['modal', platformData(modal, 'modal.yaml')]]);
    const platform = parsePlatform(own('extends'), 'ours.yaml', bases);
    expect(platform).toMatchObject({ id: 'ours', gpus: ['h100'] });
    expect(platform.deployment.idleWindow).toBe('5m');
  });
});

/**
 * Facts that were written down from memory when the platforms were described: until somebody reads them in the vendor's
 * own words they are unverified, wherever they stand.
 */
const FROM_MEMORY: readonly (readonly [platform: RegExp, path: RegExp, fact: string])[] = [
  [/^runpod/, /^limits\.idleWindow/, 'idleTimeout of 1 to 3600 s'],
  [/^replicate/, /^deployment\.(concurrency|executionTimeout)$/, 'one prediction, some 30 minutes'],
  [/^baseten/, /predictConcurrency/i, 'predict_concurrency of 1'],
  [/^sagemaker-serverless/, /^billing\.usdPer/, 'price of a GB-second and of a GB'],
  [/^(aws-)?lambda/, /^deployment\.executionTimeout$|^limits\.(memory|image|payload)/, 'limits'],
  [/(gcp|gce|azure|runpod).*spot|spot.*(gcp|gce|azure|runpod)/, /notice/i, 'notice of a spot end'],
];

describe('facts from memory', () => {
  it.each(FROM_MEMORY)('%s %s (%s) is never documented', (platform, path) => {
    const graded = FILES.filter((file) => file.startsWith('platforms/'))
      .map((file) => parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, unknown>)
      .filter(({ id }) => platform.test(String(id)))
      .flatMap((data) => leavesOf(data))
      .filter((leaf) => path.test(leaf.path) && leaf.figure?.['grade'] === 'documented');
    expect(graded.map((leaf) => leaf.path)).toEqual([]);
  });
});

describe('models/gpus.yaml', () => {
  it('has every GPU that a platform sells', () => {
    const sold = FILES.filter((file) => file.startsWith('platforms/')).flatMap((file) => {
      const data: unknown = parse(readFileSync(join(ROOT, file), 'utf8'));
      const billing = isMap(data) ? data['billing'] : null;
      const gpus = isMap(billing) ? billing['gpus'] : null;
      return isMap(gpus) ? Object.keys(gpus) : [];
    });
    expect([...new Set(sold)].filter((id) => !HARDWARE.gpus.has(id))).toEqual([]);
  });

  it('says nothing that physics forbids: a GPU reads its own memory faster than that of the host', () => {
    for (const { id, memoryGBPerSecond, hostLinkGBPerSecond } of HARDWARE.gpus.values()) {
      expect(memoryGBPerSecond, id).toBeGreaterThan(hostLinkGBPerSecond ?? 0);
    }
  });
});

describe('models/models.yaml', () => {
  it('has a cache for every language model and for no other', () => {
    for (const { id, kind, kvBytesPerToken } of HARDWARE.models.values()) {
      expect(kvBytesPerToken !== null, id).toBe(kind === 'language');
    }
  });
});
