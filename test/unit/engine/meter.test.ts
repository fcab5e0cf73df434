/** Which time of a life a meter counts, state by state and phase by phase, and how it rounds it. */
import { describe, expect, it } from 'vitest';
import { Meter } from '../../../src/engine/meter.ts';
import { BUSY, DRAINING, IDLE, Replicas, STARTING } from '../../../src/engine/replicas.ts';
import type { MeterRule } from '../../../src/engine/scenario.ts';

const S = 1e6;

const NONE: MeterRule = {
  idle: false,
  busy: false,
  draining: false,
  phases: [false, false],
  quantumUs: 1,
  minimumUs: 0,
  scope: 'replica',
  minuteOffsetUs: 0,
};

/** Pull for 30 s, load for 20 s; ready at 50 s. */
function started(): { replicas: Replicas; id: number } {
  const replicas = new Replicas(2);
  const id = replicas.start(0);
  replicas.phaseUs.set([30 * S, 20 * S], id * 2);
  return { replicas, id };
}

function ready(state: number, sinceS: number, busyS = 0): { replicas: Replicas; id: number } {
  const { replicas, id } = started();
  replicas.state[id] = state;
  replicas.readyUs[id] = 50 * S;
  replicas.sinceUs[id] = sinceS * S;
  replicas.busyUs[id] = busyS * S;
  return { replicas, id };
}

const seconds = (meter: Meter, atS: number): [used: number, paid: number] => {
  const { usedUs, paidUs } = meter.reading(atS * S);
  return [Number(usedUs) / S, Number(paidUs) / S];
};

describe('start phases', () => {
  it.each([
    [[true, false], 40, 30],
    [[false, true], 40, 10],
    [[false, true], 20, 0],
    [[true, true], 40, 40],
  ])('%j after %d s of starting: %d s', (phases, atS, usedS) => {
    const { replicas, id } = started();
    expect(replicas.state[id]).toBe(STARTING);
    expect(seconds(new Meter({ ...NONE, phases }, replicas), atS)).toEqual([usedS, usedS]);
  });

  it('of a load alone are rounded by themselves, with their own minimum', () => {
    const { replicas } = ready(IDLE, 50);
    const rule = { ...NONE, phases: [false, true], quantumUs: 15 * S, minimumUs: 60 * S };
    expect(seconds(new Meter(rule, replicas), 1000)).toEqual([20, 60]);
    expect(seconds(new Meter({ ...rule, minimumUs: 0 }, replicas), 1000)).toEqual([20, 30]);
  });
});

describe('draining', () => {
  // Ready at 50 s, idle until 100 s, busy until it drains from 130 s on; now it is 190 s.
  const draining = () => {
    const made = ready(DRAINING, 130, 30);
    made.replicas.drainSinceUs[made.id] = 130 * S;
    return made.replicas;
  };

  it.each([
    ['idle and busy', { idle: true, busy: true }, 80],
    ['idle, busy and draining', { idle: true, busy: true, draining: true }, 140],
    ['busy', { busy: true }, 30],
    ['idle', { idle: true }, 50],
    ['draining', { draining: true }, 60],
    ['busy and draining', { busy: true, draining: true }, 90],
  ])('%s', (_, states, usedS) => {
    expect(seconds(new Meter({ ...NONE, ...states }, draining()), 190)).toEqual([usedS, usedS]);
  });

  it('is paid by the calendar minute like the rest', () => {
    const rule = { ...NONE, scope: 'minute' as const, quantumUs: 60 * S };
    // 50-130 s touches three minutes, 130-190 s the third and the fourth.
    const all = { ...rule, idle: true, busy: true, draining: true };
    expect(seconds(new Meter(all, draining()), 190)).toEqual([140, 240]);
    expect(seconds(new Meter({ ...rule, idle: true, busy: true }, draining()), 190)).toEqual([
      80, 180,
    ]);
    const followed = new Meter({ ...rule, busy: true, draining: true }, draining());
    followed.state(0, true, 100 * S, 130 * S);
    // 100-130 s touches two minutes, 130-190 s one more.
    expect(seconds(followed, 190)).toEqual([90, 180]);
  });
});

describe('a life', () => {
  it('is paid when it has ended as it was read just before', () => {
    const { replicas, id } = ready(BUSY, 60);
    const meter = new Meter({ ...NONE, busy: true, quantumUs: 7 * S }, replicas);
    const before = seconds(meter, 70);
    meter.life(id, 70 * S);
    replicas.leave(id);
    expect(seconds(meter, 500)).toEqual(before);
    expect(before).toEqual([10, 14]);
  });
});

describe('a start that comes to nothing', () => {
  const rule = { ...NONE, phases: [true, true], quantumUs: 60 * S, minimumUs: 90 * S };

  it.each([
    ['is billed', {}, [40, 90]],
    ['is not, with paysOnceReady', { paysOnceReady: true }, [0, 0]],
  ])('%s', (_, more, expected) => {
    const { replicas, id } = started();
    const meter = new Meter({ ...rule, ...more }, replicas);
    meter.life(id, 40 * S);
    replicas.leave(id);
    expect(seconds(meter, 60)).toEqual(expected);
  });

  it('paysOnceReady: phases are paid when they are over', () => {
    const { replicas } = ready(IDLE, 50);
    expect(seconds(new Meter({ ...rule, paysOnceReady: true }, replicas), 55)).toEqual([50, 90]);
  });
});
