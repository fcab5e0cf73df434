import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCatalogue, loadLibrary } from '../../../src/node/models.ts';
import { openStudy } from '../../../src/node/studies.ts';

const SHIPPED = resolve(import.meta.dirname, '../../../models');
const FROM = 'source: us, date: 2026-11-20, grade: documented';
const SOURCES = 'sources: { us: our own measurements }';

let folder = '';
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldfront-models-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const OWN_PLATFORM = `id: ours
name: Ours
description: Modal with a longer window.
extends: modal
sources: { us: our own measurements }
deployment: { idleWindow: { value: 5m, ${FROM} } }
`;

describe('loadLibrary', () => {
  it('reads what ships, without notes', async () => {
    const library = await loadLibrary();
    expect(library.notes).toEqual([]);
    expect([...library.platforms.keys()]).toContain('modal');
    expect(library.gpus.get('h100')?.memoryGB).toBe(80);
    expect(library.models.get('llama-3-8b')?.parameters).toBe(8e9);
    expect(library.storage.get('registry')?.kind).toBe('copied');
  });

  it("adds a user's own, lets it take the place of what ships, and says so", async () => {
    write('platforms/ours.yaml', OWN_PLATFORM);
    mkdirSync(join(folder, 'platforms'), { recursive: true });
    copyFileSync(join(SHIPPED, 'platforms/modal.yaml'), join(folder, 'platforms/modal.yaml'));
    write(
      'gpus.yaml',
      `${SOURCES}\ngpus:\n  h100: { name: Ours, memoryGB: { value: 96, ${FROM} } }\n`,
    );
    write(
      'storage.yaml',
      `${SOURCES}\nstorage:\n  cache: { name: our cache, kind: streamed, gigabytesPerSecond: { value: 9, ${FROM} } }\n`,
    );
    const library = await loadLibrary({ models: `${folder}/` });
    expect(library.notes).toEqual([
      `platforms: modal of ${folder}/platforms/modal.yaml takes the place of the one that ships`,
      `gpus: h100 of ${folder}/gpus.yaml takes the place of the one that ships`,
    ]);
    expect(library.platforms.get('ours')?.deployment.idleWindow).toBe('5m');
    expect(library.gpus.get('h100')?.memoryGB).toBe(96);
    expect(library.gpus.get('l4')?.memoryGB).toBe(24);
    expect(library.storage.get('cache')?.bytesPerSecond).toBe(9e9);
  });

  it('is told by COLDFRONT_MODELS where no flag tells it', async () => {
    write('platforms/ours.yaml', OWN_PLATFORM);
    vi.stubEnv('COLDFRONT_MODELS', folder);
    expect([...(await loadCatalogue()).keys()]).toContain('ours');
    const other = join(folder, 'other');
    mkdirSync(join(other, 'platforms'), { recursive: true });
    expect([...(await loadCatalogue([], '.', other)).keys()]).not.toContain('ours');
  });

  it('lets a platform file of its own path extend one of the folder', async () => {
    const modal = readFileSync(join(SHIPPED, 'platforms/modal.yaml'), 'utf8');
    write('own/platforms/base.yaml', modal.replace(/^id: .*/m, 'id: base'));
    write('mine.yaml', OWN_PLATFORM.replace('extends: modal', 'extends: base'));
    const { platforms } = await loadLibrary({
      models: join(folder, 'own'),
      platformFiles: ['mine.yaml'],
      folder,
    });
    expect(platforms.get('mine.yaml')?.deployment.idleWindow).toBe('5m');
  });

  it('refuses a folder that is none, an empty one, and files that it would not read', async () => {
    await expect(loadLibrary({ models: join(folder, 'none') })).rejects.toThrow(/no such file/);
    await expect(loadLibrary({ models: folder })).rejects.toThrow(/holds no models: a folder of/);
    write('gpu.yaml', '');
    await expect(loadLibrary({ models: folder })).rejects.toThrow(
      'gpu.yaml would not be read: a folder of models has platforms/*.yaml, gpus.yaml, models.yaml, storage.yaml',
    );
  });

  it('refuses two platforms of one id in one folder, and shows a mistake with its file', async () => {
    write('platforms/a.yaml', OWN_PLATFORM);
    write('platforms/b.yaml', OWN_PLATFORM);
    await expect(loadLibrary({ models: folder })).rejects.toThrow(
      'ours is the id of two platforms',
    );
    write('platforms/b.yaml', OWN_PLATFORM.replace('5m', '5'));
    await expect(loadLibrary({ models: folder })).rejects.toThrow(
      `${folder}/platforms/b.yaml:6:36  deployment.idleWindow.value  must be`,
    );
  });
});

describe('a study', () => {
  it("runs on a platform of the user's folder", async () => {
    write('own/platforms/ours.yaml', OWN_PLATFORM);
    write('trace.csv', 'arrival_s,service_s\n0,1\n');
    const study = write(
      'study.yaml',
      'version: 1\nworkload: { replay: { file: trace.csv } }\ndeployment: { platform: ours, gpu: l4, coldStart: 8s }\n',
    );
    const { loaded, library } = await openStudy({
      files: [study],
      overrides: {},
      models: join(folder, 'own'),
    });
    expect(loaded.points[0]?.compiled.pool.idleWindowUs).toBe(300e6);
    expect(library.gpus.get('l4')?.id).toBe('l4');
  });
});
