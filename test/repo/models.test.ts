import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GRADES } from '../../src/platform/schema.ts';
import { START_PHASES } from '../../src/platform/values.ts';
import { CATALOGUE, PLATFORM_FILES as FILES } from '../kit/shipped-platforms.ts';
import { planOf } from '../unit/platform/plan.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe.each([...CATALOGUE.values()])('models/platforms/$id.yaml', (platform) => {
  it('is named after its id', () => {
    expect(FILES).toContain(`${platform.id}.yaml`);
  });

  it('has a source, a date and a grade for every figure', () => {
    expect(platform.figures.length).toBeGreaterThan(10);
    for (const { path, source, date, grade } of platform.figures) {
      expect(source, path).toMatch(/^[a-z0-9-]+: .{10,}/);
      expect(date, path).toMatch(/^\d{4}(-\d\d){0,2}$/);
      expect(GRADES, path).toContain(grade);
    }
  });

  it('says in a note why an inferred scaling rule or start of the meter is as it is', () => {
    for (const path of ['deployment.scaling.rule', 'billing.startPhases']) {
      const figure = platform.figures.find((candidate) => candidate.path === path);
      if (figure?.grade === 'inferred') expect(figure.note, path).toMatch(/.{20,}/);
    }
  });

  it('names start phases that a study can name', () => {
    const { startPhases = 'all' } = platform.billing;
    if (startPhases === 'all') return;
    const names = Array.isArray(startPhases) ? startPhases : startPhases.except;
    expect(START_PHASES).toEqual(expect.arrayContaining(names));
  });

  it('has a price above 0 for every GPU', () => {
    for (const gpu of platform.gpus) {
      const gpus = platform.billing.gpus?.[gpu]?.gpusPerReplica?.[0] ?? 1;
      const [meter] = planOf({ platform, gpu, gpus }).timed;
      expect(meter?.usdPerReplicaHour.numerator, gpu).toBeGreaterThan(0n);
    }
  });
});

describe('src', () => {
  it('knows no platform by name: a platform is a file', () => {
    // A planner's word for a kind of deployment, which one file is named after.
    const ids = FILES.map((file) => basename(file, '.yaml'))
      .filter((id) => id !== 'dedicated')
      .join('|');
    const quoted = new RegExp(`['"\`](?:${ids})['"\`]`, 'i');
    const named = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => quoted.test(readFileSync(join(ROOT, 'src', file), 'utf8')));
    expect(named).toEqual([]);
  });
});
