import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePlatform } from '../../../src/platform/catalogue.ts';
import { platformData } from '../../../src/platform/extension.ts';

const MODAL = readFileSync(
  new URL('../../../models/platforms/modal.yaml', import.meta.url),
  'utf8',
);
const BASES = new Map([['modal', platformData(MODAL, 'modal.yaml')]]);
const FROM = 'source: contract, date: 2026-11-20, grade: documented';

const OWN = `id: ours
name: Ours
description: Modal under a contract of ours.
extends: modal
sources: { contract: our contract of November 2026 }
deployment:
  idleWindow: { value: 5m, ${FROM} }
`;

describe('extends', () => {
  it('changes what it says and keeps the rest, with where each is from', () => {
    const modal = parsePlatform(MODAL, 'modal.yaml');
    const ours = parsePlatform(OWN, 'ours.yaml', BASES);
    expect(ours.deployment).toEqual({ ...modal.deployment, idleWindow: '5m' });
    expect(ours.billing).toEqual(modal.billing);
    const window = ours.figures.find(({ path }) => path === 'deployment.idleWindow');
    expect(window?.source).toBe('contract: our contract of November 2026');
    expect(ours.figures).toHaveLength(modal.figures.length);
  });

  it('has no price of the other once it states one, and its terms', () => {
    const priced = `${OWN}billing:\n  gpus:\n    l4: { usdPerGpuHour: { value: 0.5, ${FROM} } }\n`;
    const { billing, gpus } = parsePlatform(priced, 'ours.yaml', BASES);
    expect(gpus).toEqual(['l4']);
    expect(Object.keys(billing)).toEqual(
      expect.arrayContaining(['gpus', 'states', 'startPhases', 'quantum', 'scope', 'minimum']),
    );
    expect(Object.keys(billing).filter((key) => key.startsWith('usdPer'))).toEqual([]);
    expect(billing.regions).toBeUndefined();
  });

  it('refuses a platform that is none and a short name of two documents', () => {
    const modl = OWN.replace('extends: modal', 'extends: modl');
    expect(() => parsePlatform(modl, 'ours.yaml', BASES)).toThrow(
      'ours.yaml:4:10  extends  modl is no platform: did you mean modal?',
    );
    const taken = OWN.replace('contract:', 'hostfleet:');
    expect(() => parsePlatform(taken, 'ours.yaml', BASES)).toThrow(
      'ours.yaml:5:12  sources.hostfleet  is another document in modal: give yours a name of its own',
    );
  });

  it('goes on through what its base extends, and tells a circle', () => {
    const further = OWN.replace('id: ours', 'id: theirs').replace(
      'extends: modal',
      'extends: ours',
    );
    const named = further.replace('sources: { contract', 'sources: { addendum').replace('5m', '7m');
    const text = named.replace('source: contract', 'source: addendum');
    const bases = new Map([...BASES, ['ours', platformData(OWN, 'ours.yaml')]]);
    const theirs = parsePlatform(text, 'theirs.yaml', bases);
    expect(theirs.deployment.idleWindow).toBe('7m');
    expect(theirs.billing).toEqual(parsePlatform(MODAL, 'modal.yaml').billing);
    const round = new Map([
      ['ours', platformData(OWN.replace('extends: modal', 'extends: theirs'), 'ours.yaml')],
      ['theirs', platformData(text, 'theirs.yaml')],
    ]);
    expect(() => parsePlatform(text, 'theirs.yaml', round)).toThrow(
      /extends\s+goes in a circle: ours, theirs, ours/,
    );
  });
});
