import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../src/platform/catalogue.ts';
import { priceLines } from '../../../src/report/prices.ts';
import { platformFile } from '../platform/plan.ts';

const catalogue = catalogueOf(['modal', 'runpod-flex'].map((id) => platformFile(id)));

type Loaded = Parameters<typeof priceLines>[0];

const lines = (
  study: object,
  today: string,
  overrides: readonly object[] = [],
  which: 'all' | 'stale' = 'all',
) =>
  priceLines(
    {
      study,
      kinds: overrides.map((point) => ({ overrides: point, compiled: { fleet: null } })),
    } as unknown as Loaded,
    catalogue,
    today,
    which,
  ).map((line) => line.replaceAll(/\s+/g, ' '));

describe('the line about prices', () => {
  const deployment = { platform: 'runpod-flex', gpu: 'l4' };

  it('says how old they are', () => {
    expect(lines({ deployment }, '2026-06-18')).toEqual([
      'Prices: RunPod Serverless (flex), 2026-06-08 (10 days old, documented): coldfront platforms runpod-flex',
    ]);
  });

  it('marks those of more than 60 days', () => {
    expect(lines({ deployment }, '2026-08-08')).toEqual([
      'Prices: RunPod Serverless (flex), 2026-06-08 (61 days old, documented); 1 price more than 60 days old, check: coldfront platforms runpod-flex',
    ]);
  });

  it('with --json is said where a price is old, and only there', () => {
    expect(lines({ deployment }, '2026-06-18', [], 'stale')).toEqual([]);
    expect(lines({ deployment }, '2026-08-08', [], 'stale')).toHaveLength(1);
  });

  it('counts every GPU of a grid once', () => {
    const grid = [
      { 'deployment.gpu': 'l4' },
      { 'deployment.gpu': 'b200' },
      { 'deployment.gpu': 'l4' },
    ];
    expect(lines({ deployment }, '2026-08-08', grid)[0]).toContain('2 prices more than 60 days');
  });

  it('says those of reference rows too, of pools and beside a price of its own', () => {
    const references = [
      { deployment: { platform: 'modal', gpu: 'l4' } },
      { deployment: { pools: [{ platform: 'runpod-flex', gpu: 'l4' }] } },
    ];
    const own = { deployment: { gpu: 'l4' }, billing: { usdPerReplicaHour: 3.6 } };
    const loaded = { study: own, kinds: [], references };
    const told = priceLines(loaded, catalogue, '2026-06-18');
    expect(told.map((line) => line.split(',')[0])).toEqual([
      'Prices: Modal',
      'Prices: RunPod Serverless (flex)',
    ]);
    expect(priceLines({ study: own, kinds: [] }, catalogue, '2026-06-18')).toEqual([]);
  });

  it('counts a plan where the study names it', () => {
    const modal = { deployment: { platform: 'modal', gpu: 'l4' } };
    // L4, core, GiB, three regions; and of the plan its fee and its credit.
    expect(lines(modal, '2026-12-31')[0]).toContain('6 prices more than 60 days');
    const team = { ...modal, billing: { plan: 'team' } };
    expect(lines(team, '2026-12-31')[0]).toContain('8 prices more than 60 days');
  });

  it('says nothing where the study has a price of its own', () => {
    expect(lines({ deployment, billing: { usdPerReplicaMinute: 1 } }, '2026-08-08')).toEqual([]);
  });
});
