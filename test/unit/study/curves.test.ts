import { describe, expect, it } from 'vitest';
import { compareRows } from '../../../src/study/compare.ts';
import { curvesOf, sidesOf } from '../../../src/study/curves.ts';
import type { CliffDocument, CrossoverDocument } from '../../../src/study/curves-document.ts';
import { laboratory } from './studies.ts';

const STUDY = `
version: 1
workload:
  synthesize: { duration: 4h, arrivals: { process: fixed, rate: 0.02/s } }
  service: 4s
deployment: { platform: modal, gpu: a10g, memory: 8GiB, coldStart: 10s }
vary: { deployment.idleWindow: [5s, 60s, 5m] }
current: { deployment.replicas.min: 1 }
slo: [latencyS.p99 <= 20]
`;

describe('the curves of a comparison', () => {
  it('cross the cheapest row of each kind, a fleet as large as it takes', async () => {
    const lab = laboratory(STUDY);
    const document = await compareRows(lab, { dedicated: ['ec2-reserved'], disputes: false });
    const sides = sidesOf(document);
    const fleet = sides.find(({ isSized }) => isSized)!;
    expect(fleet.name).toBe('all dedicated on ec2-reserved');
    expect(JSON.stringify(fleet.overrides)).not.toMatch(/replicas\.m/);
    const kinds = document.kinds.rows.map(({ kind }) => kind);
    expect(sides).toHaveLength(kinds.length);
    expect(kinds).toContain('serverless');
  });

  it('cross the recommended row and today where there is one kind alone', async () => {
    const lab = laboratory(STUDY.replace('slo: [latencyS.p99 <= 20]', 'slo: [latencyS.p99 <= 9]'));
    const document = await compareRows(lab, { disputes: false });
    const onlyServerless = {
      ...document,
      kinds: { ...document.kinds, rows: document.kinds.rows.slice(0, 1) },
    };
    const sides = sidesOf(onlyServerless);
    expect(sides).toHaveLength(2);
    const today = document.rows[document.base]!;
    expect(sides.map(({ overrides }) => overrides)).toContain(today.vary);
  });

  it('are those that were asked for, of the rows that may be recommended', async () => {
    const lab = laboratory(STUDY);
    const document = await compareRows(lab, { disputes: false });
    expect(
      await curvesOf(lab, document, { crossover: null, sensitivity: false, cliff: null }),
    ).toEqual({});
    const found = await curvesOf(lab, document, {
      crossover: 'hoursPerDay',
      sensitivity: false,
      cliff: { phase: null },
    });
    expect((found.crossover as CrossoverDocument).lever).toBe('hoursPerDay');
    const candidates = document.rows.filter(({ candidate }) => candidate);
    const cliff = found.cliff as CliffDocument;
    expect(cliff.rows.map(({ vary }) => vary)).toEqual(candidates.map(({ vary }) => vary));
    const { recommended } = document.conclusion;
    expect(cliff.rows[cliff.recommended]!.vary).toEqual(document.rows[recommended!]!.vary);
  });
});
