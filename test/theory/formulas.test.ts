import { describe, expect, it } from 'vitest';
import { setUpMeans, stationary } from '../../src/study/markov-chain.ts';
import {
  busyVariance,
  erlangB,
  erlangC,
  longerThan,
  lossOfMMcK,
  momentsOf,
  oneReplica,
  pollaczekKhinchine,
  waitOfMMc,
  waitWithSetUp,
} from '../../src/study/theory.ts';

describe('closed forms against published values', () => {
  it('Erlang B(5, 4) = .1990668740 and B(1, a) = a / (1 + a)', () => {
    expect(erlangB(5, 4)).toBeCloseTo(0.199066874, 9);
    expect(erlangB(1, 0.25)).toBeCloseTo(0.2, 15);
  });

  it('M/M/5 at rate 4 and mean service 1: mean wait .5541125541', () => {
    expect(waitOfMMc(5, 4, 1).mean).toBeCloseTo(0.5541125541, 10);
  });

  it('one server is M/M/1: a share of rho waits, on average rho / (mu - lambda)', () => {
    expect(erlangC(1, 0.8)).toBeCloseTo(0.8, 14);
    expect(waitOfMMc(1, 0.8, 1).mean).toBeCloseTo(4, 13);
    expect(longerThan(waitOfMMc(1, 0.8, 1), 5 * Math.log(8))).toBeCloseTo(0.1, 14);
  });

  it('Pollaczek-Khinchine: M/D/1 waits half as long as M/M/1', () => {
    expect(pollaczekKhinchine(0.8, momentsOf(1, 1))).toBeCloseTo(4, 13);
    expect(pollaczekKhinchine(0.8, momentsOf(1, 0))).toBeCloseTo(2, 13);
  });

  it('M/M/c/K lies between Erlang B, without a queue, and Erlang C, with an endless one', () => {
    expect(lossOfMMcK(5, 5, 4, 1).lost).toBeCloseTo(erlangB(5, 4), 14);
    expect(lossOfMMcK(5, 5, 4, 1).meanWait).toBe(0);
    expect(lossOfMMcK(5, 500, 4, 1).meanWait).toBeCloseTo(0.5541125541, 10);
    expect(lossOfMMcK(5, 500, 4, 1).startsAtOnce).toBeCloseTo(1 - erlangC(5, 4), 12);
  });

  it('one replica: with one law for cold and warm the loss is Erlang B(1, a)', () => {
    expect(oneReplica(0.9, 2, 2, 10).lost).toBeCloseTo(erlangB(1, 1.8), 14);
    const { lost, cold, running, idle } = oneReplica(0.9, 2, 5, 0);
    expect(cold).toBeCloseTo(1 - lost, 14);
    expect(running).toBeCloseTo(erlangB(1, 4.5), 14);
    expect(idle).toBe(0);
  });

  it('M/M/1 with exponential set-up: mean response 1 / (mu - lambda) + 1 / alpha', () => {
    for (const rate of [0.1, 0.5, 0.95]) {
      const response = waitWithSetUp(rate, momentsOf(1, 1), momentsOf(4, 1)) + 1;
      expect(response).toBeCloseTo(1 / (1 - rate) + 4, 12);
    }
  });

  it('an idle window that never ends leaves M/G/1 without set-up', () => {
    const service = momentsOf(1, 0.5);
    expect(waitWithSetUp(0.7, service, momentsOf(9, 0), 1e4)).toBe(
      pollaczekKhinchine(0.7, service),
    );
  });

  it('requests in service in M/G/infinity: over a vanishing interval variance = mean, as Poisson has it', () => {
    expect(busyVariance('exponential', 8, 1, 1e-4)).toBeCloseTo(8, 3);
    expect(busyVariance('fixed', 8, 1, 0)).toBe(8);
  });
});

describe('the chain solver against closed forms', () => {
  it('two states', () => {
    const [first, second] = stationary([[[1, 2]], [[0, 3]]]);
    expect(first).toBeCloseTo(0.6, 15);
    expect(second).toBeCloseTo(0.4, 15);
  });

  const rule = 'called-off';
  it.each([0.1, 0.5, 0.8, 0.95])('M/M/1/setup at load %s: Welch 1964', (rate) => {
    const { wait } = setUpMeans({ replicas: 1, rate, serviceRate: 1, startRate: 0.25, rule }, 900);
    expect(wait).toBeCloseTo(waitWithSetUp(rate, momentsOf(1, 1), momentsOf(4, 1)), 9);
  });

  // Gandhi, Harchol-Balter and Adan, Server farms with setup costs, Performance Evaluation 67 (2010): with one start at
  // a time the response time of M/M/k/setup is that of M/M/k plus the set-up time.
  it.each([2, 3, 4])('M/M/%s/setup, staggered: M/M/k and a set-up', (replicas) => {
    for (const load of [0.1, 0.5, 0.8, 0.95]) {
      const rate = load * replicas;
      const fleet = { replicas, rate, serviceRate: 1, startRate: 0.25 } as const;
      const { wait } = setUpMeans({ ...fleet, rule: 'staggered' }, 1400);
      expect(wait).toBeCloseTo(waitOfMMc(replicas, rate, 1).mean + 4, 8);
    }
  });

  // The same paper: in M/M/infinity/setup busy replicas are Poisson(rho), and independent of j starting ones, whose
  // chance is proportional to the product of lambda / (lambda + l alpha) over l = 1 .. j.
  it('M/M/infinity/setup: a Poisson number busy, a product form of those that start', () => {
    const [rate, startRate] = [1.5, 0.5];
    const many = { replicas: 30, rate, serviceRate: 1, startRate, rule } as const;
    const { busyChance, waitingChance } = setUpMeans(many, 40);
    const starting = [1];
    for (let j = 1; j <= 40; j++) starting.push((starting[j - 1]! * rate) / (rate + j * startRate));
    const whole = starting.reduce((a, b) => a + b);
    let poisson = Math.exp(-rate);
    for (let i = 0; i < 12; i++) {
      expect(busyChance[i]).toBeCloseTo(poisson, 10);
      expect(waitingChance[i]).toBeCloseTo(starting[i]! / whole, 10);
      poisson *= rate / (i + 1);
    }
  });

  // So what the engine is held to for two replicas is the published M/M/2/setup itself.
  it.each([0.1, 0.5, 0.95])(
    'with two replicas a start called off saves no wait, load %s',
    (load) => {
      const fleet = { replicas: 2, rate: 2 * load, serviceRate: 1, startRate: 0.25 } as const;
      const goesOn = setUpMeans({ ...fleet, rule: 'goes-on' }, 900);
      const calledOff = setUpMeans({ ...fleet, rule }, 900);
      expect(goesOn.wait).toBeCloseTo(calledOff.wait, 10);
      expect(goesOn.starting).toBeGreaterThan(calledOff.starting);
    },
  );

  it('a start that goes on leaves fewer requests waiting than one that is called off', () => {
    const fleet = { replicas: 3, rate: 1.5, serviceRate: 1, startRate: 0.25 } as const;
    const goesOn = setUpMeans({ ...fleet, rule: 'goes-on' }, 300);
    expect(goesOn.busy).toBeCloseTo(1.5, 12);
    expect(goesOn.wait).toBeLessThan(setUpMeans({ ...fleet, rule }, 300).wait);
  });
});
