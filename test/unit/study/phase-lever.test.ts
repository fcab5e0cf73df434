import { describe, expect, it } from 'vitest';
import type { Varied } from '../../../src/study/document.ts';
import { type Lifted, meanLoadS, phaseTurned, turned } from '../../../src/study/levers.ts';
import { laboratory, mistakesOf } from './studies.ts';

const STUDY = `
version: 1
workload: { synthesize: { duration: 1h, arrivals: { process: poisson, rate: 1/s } }, service: 1s }
deployment: { coldStart: [{ phase: boot, time: 2s }, { phase: load, time: 8s }] }
`;

function lifted(text: string, overrides: Varied = {}): Lifted {
  const lab = laboratory(text);
  const compiled = lab.compile(overrides);
  if (typeof compiled === 'string') throw new Error(compiled);
  return { study: lab.loaded.study, overrides, compiled };
}

/** Seconds of boot and load after a lever has been turned. */
function phasesAfter(text: string, overrides: Varied | string): readonly number[] {
  const { compiled } = lifted(text, overrides as Varied);
  return compiled.pool.startPhases.map(({ time }) => time.meanUs / 1e6);
}

describe('one phase of a start', () => {
  it('is scaled and leaves the others as they are', () => {
    const overrides = phaseTurned(lifted(STUDY), 'load', 0.5);
    expect(phasesAfter(STUDY, overrides)).toEqual([2, 4]);
    expect(meanLoadS(lifted(STUDY).compiled, 'load')).toBe(8);
    expect(meanLoadS(lifted(STUDY).compiled)).toBe(10);
  });

  it('goes on from a scale that is there, of all phases or of some', () => {
    for (const [scale, phases] of [
      ['startScale: 3', [6, 12]],
      ['startScale: { load: 3 }', [2, 12]],
      ['startScale: { load: 3, other: 2 }', [4, 12]],
    ] as const) {
      const text = STUDY.replace('deployment: {', `deployment: { ${scale},`);
      expect(phasesAfter(text, phaseTurned(lifted(text), 'load', 0.5))).toEqual(phases);
    }
  });

  it('is scaled with all others by the lever of the load time', () => {
    const text = STUDY.replace('deployment: {', 'deployment: { startScale: { load: 3 },');
    expect(phasesAfter(text, turned(lifted(text), 'load', 2))).toEqual([4, 48]);
  });

  it('that is none, or takes no time, is said', () => {
    expect(phaseTurned(lifted(STUDY), 'pull', 2)).toBe(
      'no start has a phase pull: there are boot, load',
    );
    const text = STUDY.replace('time: 8s', 'time: 0s');
    expect(phaseTurned(lifted(text), 'load', 2)).toBe('load takes no time');
  });

  it('that a study misspells is a mistake', () => {
    const text = STUDY.replace('deployment: {', 'deployment: { startScale: { laod: 3 },');
    expect(mistakesOf(text).join()).toMatch(
      /startScale.laod.*is no phase of a start: there are boot, load/,
    );
  });
});
