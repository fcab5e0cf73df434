/** What a screen's header and notes leave out because it decides nothing. */
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/report/varied.ts';
import { planOf, platformFile } from '../platform/plan.ts';

type Point = Parameters<typeof settingsOf>[0];

const settings = (control: { readonly retires: string } | null) =>
  settingsOf(
    {
      compiled: {
        pool: { max: 1, idleWindowUs: 6e7, startPhases: [], control },
        floor: 0,
        fleet: null,
      },
    } as unknown as Point,
    {},
  );

it('the idle window stands in the header only where it ends replicas', () => {
  expect(settings(null)).toHaveProperty(['deployment.idleWindow'], '1m');
  expect(settings({ retires: 'idle-window' })).toHaveProperty(['deployment.idleWindow']);
  expect(settings({ retires: 'target' })).not.toHaveProperty(['deployment.idleWindow']);
});

describe('the note that the whole of a start is billed', () => {
  const notes = (instantPhases: readonly string[]) =>
    planOf({ platform: platformFile('modal'), gpu: 'l4', phaseNames: ['start'], instantPhases })
      .notes;
  const note = expect.stringContaining('the whole of start is billed');

  it('is there where a start takes time', () => expect(notes([])).toContainEqual(note));
  it('is not where it takes none', () => expect(notes(['start'])).not.toContainEqual(note));
});

it('baseten bills no start that comes to nothing', () => {
  const { meters } = planOf({ platform: platformFile('baseten'), gpu: 'l4', phaseNames: ['load'] });
  expect(meters[0]).toMatchObject({ paysOnceReady: true });
});
