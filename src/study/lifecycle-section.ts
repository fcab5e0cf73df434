/** What happens to replicas beyond starting and idling: spells of shortage, failures, preemption, age, rollouts, drain. */
import type { ControlRule } from '../engine/control/control-rule.ts';
import type { Lifecycle } from '../engine/lifecycle.ts';
import { spellMistakes, type WeatherRule } from '../engine/weather.ts';
import { shareOf } from '../platform/values.ts';
import { limitUs, usOf, wholeUs } from './distribution-section.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { Merged } from './merged.ts';
import { epochUsOf } from './schedule.ts';
import type { DeploymentSection, Study } from './schema.ts';
import { CAPACITY, type Starts } from './start-section.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A time since time 0, or since 1970 where a date was written. */
export interface Rollout {
  readonly us: number;
  readonly isDate: boolean;
}

export function weatherOf({ weather }: Study, findings: Finding[]): WeatherRule | null {
  if (weather === undefined) return null;
  const { meanLength, meanGap, spells } = weather;
  const wrong = (key: string, message: string): null => {
    findings.push(finding(['weather', key], message));
    return null;
  };
  if (spells !== undefined) {
    if (meanLength !== undefined || meanGap !== undefined) {
      return wrong('spells', 'stand beside meanLength and meanGap: keep the ones or the others');
    }
    const given = spells.map(({ from, to }) => ({ fromUs: wholeUs(from), toUs: wholeUs(to) }));
    const mistakes = spellMistakes(given);
    for (const message of mistakes) wrong('spells', `are none: ${message}`);
    return mistakes.length > 0 || given.length === 0 ? null : given;
  }
  if (meanLength === undefined) return wrong('meanLength', 'is missing: how long is a spell?');
  if (meanGap === undefined) return wrong('meanGap', 'is missing: how long is it between spells?');
  return { meanGapUs: usOf(meanGap), meanSpellUs: usOf(meanLength) };
}

/** @param timeZone of dates without an offset */
export function rolloutsOf(
  { rollouts = [] }: Merged,
  timeZone: string,
  findings: Finding[],
): readonly Rollout[] {
  return rollouts.flatMap((text, i): Rollout[] => {
    if (!/^\d{4}-/.test(text)) return [{ us: wholeUs(text), isDate: false }];
    const epochUs = epochUsOf(text, timeZone);
    if (epochUs !== null) return [{ us: epochUs, isDate: true }];
    findings.push(finding(['deployment', 'rollouts', i], `there is no ${text}`));
    return [];
  });
}

/** @returns null where nothing of it is used: such a pool is faster. When rollouts are, the trace decides. */
export function lifecycleOf(
  deployment: Merged,
  own: DeploymentSection,
  given: {
    readonly starts: Starts;
    readonly weather: WeatherRule | null;
    readonly control: ControlRule | null;
    readonly rollouts: readonly Rollout[];
  },
  findings: Finding[],
): Lifecycle | null {
  const { starts, weather, control, rollouts } = given;
  const { failures = {}, drain = {} } = deployment;
  const above0 = (text: string | undefined, ...path: KeyPath): number => {
    const us = limitUs(text);
    if (us > 0) return us;
    findings.push(finding(['deployment', ...path], `must be above 0s, is ${text}`));
    return NEVER;
  };
  const startFailure = shareOf(failures.start ?? 0);
  if (startFailure === 1) {
    const message = 'must be below 100%: no replica would ever be ready';
    findings.push(finding(['deployment', 'failures', 'start'], message));
  }
  const lifecycle: Lifecycle = {
    shortcuts: starts.shortcuts,
    reviveWithinUs: starts.reviveWithinUs,
    link: starts.link,
    startFailure,
    startTimeoutUs: above0(failures.startTimeout, 'failures', 'startTimeout'),
    weather,
    capacityPhase: Math.max(
      0,
      starts.phases.findIndex(({ name }) => name === CAPACITY),
    ),
    preemption: preemptionOf(deployment, own, weather !== null, above0, findings),
    crashMeanUs: above0(failures.crashEvery, 'failures', 'crashEvery'),
    maxAgeUs: above0(deployment.maxAge, 'maxAge'),
    rolloutsUs: [],
    drainTimeoutUs: limitUs(drain.timeout),
    interrupted: drain.interrupted ?? 'requeue',
  };
  const { preemption, link, shortcuts, startTimeoutUs, crashMeanUs, maxAgeUs } = lifecycle;
  const limits = [startTimeoutUs, crashMeanUs, maxAgeUs];
  const cutsDrains = lifecycle.drainTimeoutUs < NEVER && control?.retires === 'target';
  const isUsed =
    shortcuts.length > 0 ||
    link !== null ||
    weather !== null ||
    preemption !== null ||
    startFailure > 0 ||
    limits.some((us) => us < NEVER) ||
    rollouts.length > 0 ||
    cutsDrains;
  return isUsed ? lifecycle : null;
}

function preemptionOf(
  { preemption = {} }: Merged,
  own: DeploymentSection,
  hasWeather: boolean,
  above0: (text: string | undefined, ...path: KeyPath) => number,
  findings: Finding[],
): Lifecycle['preemption'] {
  const at: KeyPath = ['deployment', 'preemption'];
  const inSpells = preemption.inSpells === true;
  if (own.preemption?.inSpells === true && !hasWeather) {
    const message = 'needs weather: { meanLength: 20m, meanGap: 8h }, or its spells';
    findings.push(contradiction([...at, 'inSpells'], message));
  }
  if (own.preemption !== undefined && preemption.every === undefined && !inSpells) {
    const message = 'is missing: how long does a replica live on average? write 4h, or inSpells';
    findings.push(finding([...at, 'every'], message));
  }
  const meanUs = above0(preemption.every, 'preemption', 'every');
  if (meanUs === NEVER && !(inSpells && hasWeather)) return null;
  return { meanUs, noticeUs: wholeUs(preemption.notice ?? '0s'), inSpells: inSpells && hasWeather };
}
