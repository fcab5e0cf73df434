import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  catalogueOf,
  overPlatform,
  parsePlatform,
  platformOf,
  platformsDocument,
  priceAgeDays,
} from '../../../src/platform/catalogue.ts';
import { mistakesIn } from './plan.ts';

const MODAL = readFileSync(
  new URL('../../../models/platforms/modal.yaml', import.meta.url),
  'utf8',
);

const SMALL = `id: small
name: Small
description: A platform for tests.
sources: { page: example.com/prices }
deployment:
  scaling: { rule: { value: per-request, source: page, date: 2026-09-18, grade: inferred } }
  idleWindow: { value: 60s, source: page, date: 2026-09-18, grade: documented }
billing:
  gpus:
    l4: { usdPerGpuSecond: { value: 0.0002, source: page, date: 2026-09-18, grade: documented } }
  states: { value: [idle, busy], source: page, date: 2026-09-18, grade: documented }
  startPhases: { value: all, source: page, date: 2026-09-18, grade: documented }
  quantum: { value: 1s, source: page, date: 2026-09-18, grade: documented }
  scope: { value: replica, source: page, date: 2026-09-18, grade: documented }
  minimum: { value: 0s, source: page, date: 2026-09-18, grade: documented }
  usdPerRequest: { value: 0, source: page, date: 2026-09-18, grade: documented }
`;

const mistakesOf = (text: string) => mistakesIn(() => parsePlatform(text, 'small.yaml'));

describe('parsePlatform', () => {
  it('gives deployment defaults in the keys of a study', () => {
    expect(parsePlatform(MODAL, 'modal.yaml').deployment).toMatchObject({
      scaling: { rule: 'per-request' },
      replicas: { min: 0, max: 'unlimited' },
      idleWindow: '60s',
      concurrency: 1,
      binding: 'shared',
      routing: 'most-recent',
      admission: { queue: 2000 },
      executionTimeout: '300s',
    });
  });

  it('gives every figure with its path, unit, source, date and grade', () => {
    const { figures } = parsePlatform(SMALL, 'small.yaml');
    expect(figures.map(({ path }) => path)).toEqual([
      'deployment.scaling.rule',
      'deployment.idleWindow',
      'billing.gpus.l4.usdPerGpuSecond',
      'billing.states',
      'billing.startPhases',
      'billing.quantum',
      'billing.scope',
      'billing.minimum',
      'billing.usdPerRequest',
    ]);
    expect(figures[2]).toEqual({
      path: 'billing.gpus.l4.usdPerGpuSecond',
      value: 0.0002,
      unit: 'USD/GPU s',
      source: 'page: example.com/prices',
      date: '2026-09-18',
      grade: 'documented',
      note: null,
    });
    expect(figures[3]?.value).toBe('idle, busy');
  });

  it('reports every mistake at once, each at its line and column, and says what would be right', () => {
    const text = SMALL.replace('60s', '60')
      .replace('quantum:', 'quantom:')
      .replace('value: 0.0002', 'value: -1')
      .replace('[idle, busy], source: page', '[idle, busy], source: leaflet')
      .replace('{ value: replica, source: page, date: 2026-09-18, grade: documented }', 'replica');
    expect(mistakesOf(text)).toEqual([
      'small.yaml:7:24  deployment.idleWindow.value  must be a duration with a unit or unlimited',
      'small.yaml:9:3  billing.quantum  is missing',
      'small.yaml:10:37  billing.gpus.l4.usdPerGpuSecond.value  must be dollars: a number of at least 0',
      'small.yaml:11:42  billing.states.source  leaflet is not among the sources: page',
      expect.stringContaining('small.yaml:13:3  billing.quantom  is no key here: there are gpus, '),
      'small.yaml:14:10  billing.scope  must be a map of value, source, date, grade, note, alternatives',
    ]);
  });

  it('keeps the alternatives of a figure, each as valid as the value', () => {
    const withOthers = (others: string) =>
      SMALL.replace('value: 60s,', `value: 60s, alternatives: ${others},`);
    const { figures } = parsePlatform(withOthers('[5m, unlimited]'), 'small.yaml');
    expect(figures.flatMap(({ path, alternatives = [] }) => [[path, ...alternatives]])[1]).toEqual([
      'deployment.idleWindow',
      '5m',
      'unlimited',
    ]);
    expect(figures[0]).not.toHaveProperty('alternatives');
    expect(mistakesOf(withOthers('[5]'))).toEqual([
      'small.yaml:7:44  deployment.idleWindow.alternatives.0  must be a duration with a unit or unlimited',
    ]);
    expect(mistakesOf(withOthers('[]'))).toHaveLength(1);
  });

  it('takes the name of a law for no unit', () => {
    const from = 'source: page, date: 2026-09-18, grade: documented';
    const law = `  scaling: { laws: { requests: { target: { value: 4, ${from} } } }, rule:`;
    const { figures } = parsePlatform(SMALL.replace('  scaling: { rule:', law), 'small.yaml');
    expect(figures.find(({ value }) => value === 4)?.unit).toBeNull();
  });

  it.each(['source', 'date', 'grade'])('refuses a figure without a %s', (key) => {
    const text = SMALL.replace(
      /60s, .*\}/,
      `60s, ${['source: page', 'date: 2026-09-18', 'grade: documented'].filter((part) => !part.startsWith(key)).join(', ')} }`,
    );
    expect(mistakesOf(text)).toEqual([`small.yaml:7:15  deployment.idleWindow.${key}  is missing`]);
  });

  it('refuses a source that the file does not name, a date that is none and a grade of its own', () => {
    expect(mistakesOf(SMALL.replace('60s, source: page', '60s, source: leaflet'))).toEqual([
      'small.yaml:7:37  deployment.idleWindow.source  leaflet is not among the sources: page',
    ]);
    expect(
      mistakesOf(
        SMALL.replace('60s, source: page, date: 2026-09-18', '60s, source: page, date: 2026-02-31'),
      )[0],
    ).toContain('must be a date');
    expect(mistakesOf(SMALL.replace('grade: inferred', 'grade: rumor'))[0]).toContain(
      'deployment.scaling.rule.grade',
    );
  });

  it('refuses a GPU with two prices or none', () => {
    const second = '{ value: 0.0002, source: page, date: 2026-09-18, grade: documented }';
    const both = SMALL.replace(second, `${second}, usdPerGpuHour: ${second}`);
    expect(mistakesOf(both)[0]).toContain('must have one price');
  });

  it('reports text that is no YAML and text that is no map', () => {
    expect(mistakesOf('id: [')[0]).toMatch(/^small\.yaml:1:\d+ {2}/);
    expect(mistakesOf('')[0]).toContain('must be a map of id, name');
  });
});

describe('catalogueOf', () => {
  const modal = parsePlatform(MODAL, 'modal.yaml');
  const small = parsePlatform(SMALL, 'small.yaml');

  it('prints coldfront.platforms.v1 in order of id', () => {
    const document = platformsDocument(catalogueOf([small, modal]));
    expect(document.schema).toBe('coldfront.platforms.v1');
    expect(document.platforms.map(({ id }) => id)).toEqual(['modal', 'small']);
    expect(Object.keys(document.platforms[1]?.figures[0] ?? {})).toEqual(
      expect.arrayContaining(['path', 'value', 'unit', 'source', 'date', 'grade']),
    );
  });

  it('refuses an unknown platform with a list of those there are, and one id twice', () => {
    const catalogue = catalogueOf([small, modal]);
    expect(platformOf(catalogue, 'small')).toBe(small);
    expect(() => platformOf(catalogue, 'smal')).toThrow(
      'deployment.platform  smal is no platform of the catalogue: did you mean small?',
    );
    expect(() => catalogueOf([small, small])).toThrow('small is the id of two platforms');
  });
});

describe('overPlatform', () => {
  it('lets a study override every key and keeps what it does not name', () => {
    const platform = { replicas: { min: 0, max: 3 }, idleWindow: '5s', admission: { queue: 9 } };
    const study = { replicas: { min: { default: 1 } }, idleWindow: '1m', concurrency: 4 };
    expect(overPlatform(platform, study)).toEqual({
      replicas: { min: { default: 1 }, max: 3 },
      idleWindow: '1m',
      admission: { queue: 9 },
      concurrency: 4,
    });
    expect(platform.replicas).toEqual({ min: 0, max: 3 });
  });
});

describe('priceAgeDays', () => {
  it('counts from the earliest day that a date may mean', () => {
    expect(priceAgeDays({ date: '2026-09-18' }, '2026-11-21')).toBe(64); // 12 + 31 + 21
    expect(priceAgeDays({ date: '2026-09' }, '2026-11-21')).toBe(81);
    expect(priceAgeDays({ date: '2026' }, '2026-01-31')).toBe(30);
  });
});
