import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueOf, parsePlatform } from '../../../src/platform/catalogue.ts';
import { billingMatrix, billingMatrixScreen } from '../../../src/report/billing-matrix.ts';
import { SCREEN_WIDTH } from '../../../src/report/text.ts';
import { platformFile } from '../platform/plan.ts';

const LAMBDA = parsePlatform(
  readFileSync(new URL('../platform/lambda-like.yaml', import.meta.url), 'utf8'),
  'lambda-like.yaml',
);
const catalogue = catalogueOf([
  LAMBDA,
  ...['modal', 'runpod-flex', 'dedicated'].map((id) => platformFile(id)),
]);

const row = (id: string) =>
  billingMatrix(catalogue).platforms.find((platform) => platform.id === id);

describe('who bills what', () => {
  it('is one row a platform, in order of id', () => {
    const { schema, platforms } = billingMatrix(catalogue);
    expect(schema).toBe('coldfront.billing-matrix.v1');
    expect(platforms.map(({ id }) => id)).toEqual([
      'dedicated',
      'lambda-like',
      'modal',
      'runpod-flex',
    ]);
  });

  it('tells start phases apart: RunPod pulls and downloads free of charge, loads for money', () => {
    expect(row('runpod-flex')?.time).toEqual({
      states: { starting: true, idle: true, busy: true, draining: true },
      startPhases: {
        capacity: false,
        provision: false,
        pull: false,
        download: false,
        boot: true,
        load: true,
        init: true,
        restore: true,
      },
      of: 'replicas',
      quantum: '1s',
      scope: 'replica',
      minimum: '0s',
      parts: ['GPU'],
      meters: [],
    });
  });

  it('tells what is paid by the request, by a meter of its own and for capacity that stands', () => {
    expect(row('lambda-like')).toMatchObject({
      time: {
        of: 'requests',
        states: { starting: true, idle: false, busy: true, draining: false },
        startPhases: { pull: false, init: true },
        parts: ['memory'],
        meters: ['INIT'],
      },
      requests: 'completed',
      alwaysOn: 'own rate, and another for its work',
      freeTier: ['giBSeconds', 'requests'],
      tiers: ['giBSeconds'],
    });
    expect(row('modal')).toMatchObject({
      time: { parts: ['GPU', 'CPU', 'memory'] },
      requests: null,
      regions: ['none', 'broad', 'narrow'],
      alwaysOn: 'same rate',
    });
  });

  it('fits the screen', () => {
    const screen = billingMatrixScreen(catalogue);
    for (const line of screen.split('\n')) expect(line.length).toBeLessThanOrEqual(SCREEN_WIDTH);
    expect(screen).toContain('by request');
    if (process.env['SHOW']) console.log(screen);
  });
});
