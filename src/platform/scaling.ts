/** `deployment.scaling` as the numbers of a control rule, with every contradiction at its path. */
import { type Mistake, UserError } from '../base/errors.ts';
import { formatDurationUs, parseDurationUs, US_PER_S } from '../base/units.ts';
import type {
  BufferRule,
  ControlRule,
  Law,
  PanicRule,
  StepDownRule,
  ZeroRule,
} from '../engine/control/control-rule.ts';
import { compileLaw } from './scaling-law.ts';
import { compileRate } from './scaling-rate.ts';
import type { ScalingContext, ScalingReader } from './scaling-reader.ts';
import type { ScalingSection } from './scaling-schema.ts';
import { shareOf } from './values.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** More than that many ticks make a window that no loop keeps. */
const MOST_TICKS = 100_000;

/** @throws UserError with every contradiction, the paths below `deployment.scaling` */
export function compileScaling(section: ScalingSection, context: ScalingContext): ControlRule {
  const mistakes: Mistake[] = [];
  const reader = readerOf(section, context, mistakes);
  const laws = lawsOf(section, reader);
  const rule: ControlRule = {
    tickUs: reader.tickUs,
    onArrival: section.onArrival ?? 'never',
    onCompletion: section.onCompletion ?? false,
    laws,
    buffer: bufferOf(section, laws, reader),
    reach: reachOf(section),
    panic: panicOf(section, laws, reader),
    stabilization: {
      upUs: reader.window('stabilization.up', section.stabilization?.up, 0),
      downUs: reader.window('stabilization.down', section.stabilization?.down, 0),
      pursuesLargest: section.stabilization?.largest === 'pursue',
      includesEdge: section.stabilization?.edge !== 'exclusive',
    },
    rateUp: compileRate('rates.up', section.rates?.up, reader),
    rateDown: compileRate('rates.down', section.rates?.down, reader),
    stepDown: stepDownOf(section, reader),
    cooldown: {
      upUs: reader.us('cooldown.up', section.cooldown?.up, 0),
      downUs: reader.us('cooldown.down', section.cooldown?.down, 0),
    },
    zero: zeroOf(section, reader),
    retires: section.retirement ?? 'target',
    stopsStarting: section.stopsStarting ?? true,
  };
  if (rule.stabilization.upUs > 0 && rule.stabilization.pursuesLargest) {
    const path = 'stabilization.largest';
    reader.report(path, 'must be hold beside an up window, which waits for the smallest wish');
  }
  if (rule.tickUs === NEVER && rule.onArrival === 'never') {
    reader.report('tick', 'is none and onArrival never: nothing would ever be decided');
  }
  if (mistakes.length > 0) throw new UserError(mistakes);
  return rule;
}

function readerOf(
  section: ScalingSection,
  context: ScalingContext,
  mistakes: Mistake[],
): ScalingReader {
  const report = (path: string, message: string) => {
    mistakes.push({ at: null, path: `deployment.scaling.${path}`, message });
  };
  const us = (path: string, text: string | undefined, otherwise: number): number => {
    const parsed = text === undefined ? otherwise : (parseDurationUs(text) ?? Number.NaN);
    if (parsed === NEVER || Number.isInteger(parsed)) return parsed;
    report(path, `must be a whole number of microseconds, is ${text}`);
    return otherwise;
  };
  const tick = section.tick ?? 'none';
  const tickUs = tick === 'none' ? NEVER : us('tick', tick, NEVER);
  if (tickUs === 0) report('tick', 'must be above 0s');
  const window = (path: string, text: string | undefined, otherwise: number): number => {
    const windowUs = us(path, text, otherwise);
    if (windowUs === 0 || tickUs === 0) return windowUs;
    if (tickUs === NEVER) {
      report(path, 'needs a loop: give tick, or leave the window out');
    } else if (windowUs % tickUs !== 0) {
      const ticks = formatDurationUs(tickUs);
      report(path, `must be a whole number of ticks of ${ticks}, is ${formatDurationUs(windowUs)}`);
    } else if (windowUs / tickUs > MOST_TICKS) {
      report(path, `must be at most ${MOST_TICKS} ticks of ${formatDurationUs(tickUs)}`);
    }
    return windowUs;
  };
  return { context, tickUs, report, us, window };
}

function lawsOf(section: ScalingSection, reader: ScalingReader): Law[] {
  const enabled = Object.entries(section.laws ?? {}).filter(([, law]) => law.enabled !== false);
  if (enabled.length === 0) {
    reader.report('laws', 'must have at least one law: rule: controlled follows the largest wish');
  }
  return enabled.map(([name, law]) => compileLaw(name, law, reader));
}

function bufferOf(
  { buffer }: ScalingSection,
  laws: readonly Law[],
  reader: ScalingReader,
): BufferRule | null {
  const count = buffer?.replicas ?? 0;
  const share = shareOf(buffer?.share ?? '0%');
  if (count === 0 && share === 0) return null;
  for (const { name, kind } of laws.filter((law) => !countsOutright(law))) {
    const why = 'counts from the replicas that are there, the buffer among them';
    const mend = 'it would be added anew at every look: use law: absolute, or leave the buffer out';
    reader.report('buffer', `cannot stand beside laws.${name}, whose law: ${kind} ${why}; ${mend}`);
  }
  return { count, share, whileIdle: buffer?.whileIdle ?? false };
}

/** Whether what the law wishes for does not depend on how many replicas there are, but within a tolerance. */
function countsOutright({ kind, metricType, alarm }: Law): boolean {
  if (kind === 'ratio') return metricType === 'average-value' && alarm === null;
  return kind === 'absolute' || kind === 'fixed';
}

function reachOf({ maxScaleUpRate: up, maxScaleDownRate: down }: ScalingSection) {
  return up === undefined && down === undefined ? null : { up: up ?? NEVER, down: down ?? NEVER };
}

function panicOf(
  { panic }: ScalingSection,
  laws: readonly Law[],
  reader: ScalingReader,
): PanicRule | null {
  if (panic === undefined) return null;
  const windowed = laws.filter(({ kind, windowUs }) => kind === 'absolute' && windowUs > 0);
  const stableUs = Math.max(0, ...windowed.map(({ windowUs }) => windowUs));
  if (windowed.length === 0) {
    reader.report('panic', 'needs a law: absolute with a window, the stable one');
  }
  const text = panic.window ?? '10%';
  const window = text.endsWith('%') ? `${shareOf(text) * stableUs}us` : text;
  const windowUs = windowed.length === 0 ? 0 : reader.window('panic.window', window, 0);
  if (windowed.length > 0 && !(windowUs > 0 && windowUs <= stableUs)) {
    const stable = formatDurationUs(stableUs);
    reader.report('panic.window', `must be above 0s and at most the stable window of ${stable}`);
  }
  const threshold = shareOf(panic.threshold ?? '200%');
  if (threshold <= 0) reader.report('panic.threshold', 'must be above 0%');
  return { windowUs, threshold, calmUs: stableUs };
}

function stepDownOf({ stepDown }: ScalingSection, reader: ScalingReader): StepDownRule | null {
  if (stepDown === undefined) return null;
  const share = shareOf(stepDown.share ?? '100%');
  if (share <= 0 || share > 1) {
    reader.report('stepDown.share', `must be above 0% and at most 100%, is ${stepDown.share}`);
  }
  return { delayUs: reader.us('stepDown.delay', stepDown.delay, 0), share };
}

function zeroOf(
  { scaleToZero: zero, retirement }: ScalingSection,
  reader: ScalingReader,
): ZeroRule | null {
  const { floor, max, wakesAtRefusal } = reader.context;
  if (zero?.allowed === false) {
    if (floor === 0 && max > 0) {
      reader.report(
        'scaleToZero.allowed',
        'is false, and replicas.min is 0: give replicas.min at least 1, or allow zero',
      );
    }
    return null;
  }
  const wake = zero?.wake ?? (wakesAtRefusal ? 'refusal' : 'law');
  if (wakesAtRefusal && wake !== 'refusal') {
    reader.report(
      'scaleToZero.wake',
      `must be refusal with admission.atZero: refuse-and-wake, or nothing wakes the pool, is ${wake}: leave it out, or write atZero: refuse`,
    );
  }
  if (wake === 'poll' && zero?.poll === undefined) {
    reader.report('scaleToZero.poll', 'is missing: how often does wake: poll look?');
  }
  if (wake !== 'poll' && zero?.poll !== undefined) {
    reader.report('scaleToZero.poll', `means nothing with wake: ${wake}`);
  }
  if (wake !== 'law' && retirement === 'idle-window') {
    const whose = zero?.wake === undefined ? ' (of admission.atZero: refuse-and-wake)' : '';
    reader.report(
      'scaleToZero.wake',
      `must be law with retirement: idle-window, where replicas leave by themselves, is ${wake}${whose}`,
    );
  }
  const least = zero?.least ?? 1;
  if (least > max && max > 0) {
    reader.report('scaleToZero.least', `must be at most replicas.max (${max}), is ${least}`);
  }
  const pollUs = wake === 'poll' ? reader.us('scaleToZero.poll', zero?.poll, US_PER_S) : NEVER;
  if (pollUs === 0) reader.report('scaleToZero.poll', 'must be above 0s');
  const loopUs = wake === 'poll' ? pollUs : reader.tickUs;
  const wholeTicks = (key: 'after' | 'grace'): number => {
    const us = reader.us(`scaleToZero.${key}`, zero?.[key], 0);
    if (us > 0 && us % loopUs !== 0) {
      const every = loopUs === NEVER ? 'a loop: give tick' : formatDurationUs(loopUs);
      reader.report(`scaleToZero.${key}`, `must be a whole number of times ${every}`);
    }
    return us;
  };
  return { wake, afterUs: wholeTicks('after'), graceUs: wholeTicks('grace'), pollUs, least };
}
