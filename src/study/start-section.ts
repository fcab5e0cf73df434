/**
 * How replicas start: the phases of `coldStart`, those that weights take (bytes over bandwidths), and the shorter ways of
 * `startPaths`, all of them over one list of phases.
 */
import { compileDistribution, type Distribution, fixed, scaledBy } from '../engine/distribution.ts';
import type { LinkRule } from '../engine/lifecycle.ts';
import type { StartPhase } from '../engine/scenario.ts';
import type { StartPath } from '../engine/start-paths.ts';
import type { Figure } from '../platform/catalogue.ts';
import type { Hardware } from '../platform/library.ts';
import { shareOf } from '../platform/values.ts';
import { alignedPaths, weightPaths } from '../platform/weights.ts';
import { compileWeights } from '../platform/weights-section.ts';
import { distributionFaults, distributionOf, wholeUs } from './distribution-section.ts';
import { type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { Merged } from './merged.ts';
import type { DeploymentSection, DistributionSection } from './schema.ts';

export interface Starts {
  readonly phases: readonly StartPhase[];
  /** In the order in which they are tried; one that revives is the first. */
  readonly shortcuts: readonly StartPath[];
  readonly reviveWithinUs: number;
  readonly link: LinkRule | null;
  /** What weights take or leave out, for the reader of the result. */
  readonly notes: readonly string[];
  /** Of GPUs, models and storage, where weights decide how long a start takes. */
  readonly figures: readonly Figure[];
}

/** One way to start, with the phases that it has. */
interface Way {
  readonly name: string;
  readonly chance: number;
  readonly withinUs: number;
  readonly phases: readonly StartPhase[];
}

/** Where spells of shortage are waited for, by its name in START_PHASES. */
export const CAPACITY = 'capacity';
/** Of `startScale`: the phases that it does not name. */
export const OTHER_PHASES = 'other';
const COLD = 'cold';
const AT: KeyPath = ['deployment', 'startPaths'];
const NOTHING = fixed(0);

/** @param waitsForCapacity whether there are spells of shortage: the wait for their end is a phase, the first if none is named so */
export function startsOf(
  deployment: Merged,
  hardware: Hardware,
  waitsForCapacity: boolean,
  findings: Finding[],
): Starts {
  const given = phasesOf(deployment.coldStart, ['deployment', 'coldStart'], findings);
  const { paths, notes, figures, link } = weightWays(deployment, given, hardware, findings);
  const cold = paths.at(-1)!;
  const own = ownWays(deployment.startPaths ?? {}, findings);
  for (const { name } of own) {
    if (name === COLD || !paths.some((path) => path.name === name)) continue;
    const message = 'is a way that weights give: leave one of them out';
    findings.push(finding([...AT, name], message));
  }
  const ways = [...own, ...paths.slice(0, -1)];
  const isMissing = waitsForCapacity && !cold.phases.some(({ name }) => name === CAPACITY);
  const base = isMissing ? [{ name: CAPACITY, time: NOTHING }, ...cold.phases] : cold.phases;
  const names = ways.length === 0 ? base.map(({ name }) => name) : allNames(base, ways, findings);
  const scaleOf = phaseScales(deployment, names, findings);
  const scaled = ({ name, time }: StartPhase) => scaledBy(time, scaleOf(name));
  const phases = ways.length === 0 ? base : alignedTo(names, base);
  return {
    phases: phases.map((phase) => ({ name: phase.name, time: scaled(phase) })),
    shortcuts: ways.map(({ name, chance, phases: own }) => ({
      name,
      chance,
      phases: alignedTo(names, own).map(scaled),
    })),
    reviveWithinUs: ways[0]?.withinUs ?? 0,
    link: link && {
      phase: names.indexOf(link.phase),
      bytes: [...own.map(() => 0), ...link.bytes.map((bytes) => bytes * scaleOf(link.phase))],
      ownBytesPerUs: link.ownBytesPerUs,
      allBytesPerUs: link.allBytesPerUs,
    },
    notes,
    figures,
  };
}

/** @returns what the times of a phase are multiplied by */
function phaseScales(
  { startScale = 1 }: Merged,
  names: readonly string[],
  findings: Finding[],
): (phase: string) => number {
  if (typeof startScale === 'number') return () => startScale;
  for (const name of Object.keys(startScale)) {
    if (names.includes(name) || name === OTHER_PHASES) continue;
    const message = `is no phase of a start: there are ${names.join(', ')}`;
    findings.push(finding(['deployment', 'startScale', name], message));
  }
  return (phase) => startScale[phase] ?? startScale[OTHER_PHASES] ?? 1;
}

/** By the chances of the ways; how often a replica is revived nobody knows before. */
export function meanStartUs({ phases, shortcuts, reviveWithinUs }: Starts): number {
  const timeUs = (times: readonly Distribution[]) => times.reduce((sum, t) => sum + t.meanUs, 0);
  let left = 1;
  let meanUs = 0;
  for (const way of reviveWithinUs > 0 ? shortcuts.slice(1) : shortcuts) {
    meanUs += left * way.chance * timeUs(way.phases);
    left *= 1 - way.chance;
  }
  return meanUs + left * timeUs(phases.map(({ time }) => time));
}

/** @param coldStart one duration or distribution is one phase, `start` */
function phasesOf(
  coldStart: NonNullable<DeploymentSection['coldStart']>,
  path: KeyPath,
  findings: Finding[],
): readonly StartPhase[] {
  if (!Array.isArray(coldStart)) {
    const section = coldStart as string | DistributionSection;
    return [{ name: 'start', time: distribution(section, path, findings) }];
  }
  return coldStart.map(({ phase, time }, i) => ({
    name: phase,
    time: distribution(time, [...path, i, 'time'], findings),
  }));
}

function distribution(
  section: string | DistributionSection,
  path: KeyPath,
  findings: Finding[],
): Distribution {
  const spec = distributionOf(section);
  const wrong = distributionFaults(spec);
  findings.push(...wrong.map((message) => finding(path, message)));
  return wrong.length > 0 ? NOTHING : compileDistribution(spec);
}

/** The ways that weights give, the cold one last, which is the given phases where there is no such block. */
function weightWays(
  deployment: Merged,
  given: readonly StartPhase[],
  hardware: Hardware,
  findings: Finding[],
) {
  const { weights, model, bits, gpu, gpus, coldStart } = deployment;
  // What nobody gave is no phase beside those of weights.
  const others = weights !== undefined && coldStart === '0s' ? [] : given;
  const phaseNames = others.map(({ name }) => name);
  const compiled = compileWeights({ weights, model, bits, gpu, gpus, phaseNames }, hardware);
  findings.push(...compiled.mistakes.map(({ path, message }) => finding(path, message)));
  const { plan, notes } = compiled;
  if (plan === null) {
    const paths: Way[] = [{ name: COLD, chance: 1, withinUs: 0, phases: given }];
    return { paths, notes, figures: [], link: null };
  }
  const { names, paths, link } = alignedPaths(others, weightPaths(plan), fixed);
  return {
    paths: paths.map(
      ({ name, chance, times }): Way => ({
        name,
        chance,
        withinUs: 0,
        phases: names.map((phase, i) => ({ name: phase, time: times[i]! })),
      }),
    ),
    notes,
    figures: compiled.figures,
    link: link && { ...link, phase: names[link.phase]! },
  };
}

/** Those that are ever taken. */
function ownWays(
  sections: NonNullable<DeploymentSection['startPaths']>,
  findings: Finding[],
): readonly Way[] {
  const wrong = (path: KeyPath, message: string) => {
    findings.push(finding([...AT, ...path], message));
  };
  const ways = Object.entries(sections).map(([name, { chance, within, coldStart }]): Way => {
    if (coldStart === undefined) {
      wrong([name, 'coldStart'], 'is missing: how long does a start take this way? write 2s');
    }
    const phases = phasesOf(coldStart ?? '0s', [...AT, name, 'coldStart'], findings);
    const withinUs = within === undefined ? 0 : wholeUs(within);
    if (name === COLD) wrong([name], 'is what deployment.coldStart is called: name it otherwise');
    if (chance === undefined && within === undefined) {
      wrong([name, 'chance'], 'is missing: how often does a start take this way? write 60%');
    }
    const isTaken = within === undefined || withinUs > 0;
    return { name, chance: isTaken ? shareOf(chance ?? 1) : 0, withinUs, phases };
  });
  const taken = ways.filter(({ chance }) => chance > 0);
  const [, ...others] = taken.filter(({ withinUs }) => withinUs > 0);
  for (const { name } of others) wrong([name, 'within'], 'is for one way only: another has it too');
  return taken.toSorted((a, b) => Math.sign(b.withinUs) - Math.sign(a.withinUs));
}

/** Of all phases, in an order that is everyone's. */
function allNames(
  base: readonly StartPhase[],
  ways: readonly Way[],
  findings: Finding[],
): readonly string[] {
  const names: string[] = [];
  for (const { name, phases } of [{ name: COLD, phases: base }, ...ways]) {
    let at = -1;
    for (const phase of phases) {
      const place = names.indexOf(phase.name);
      if (place < 0) names.splice(++at, 0, phase.name);
      else if (place > at) at = place;
      else {
        const path: KeyPath = name === COLD ? ['deployment', 'coldStart'] : [...AT, name];
        const message = `has ${phase.name} twice, or in another order than other ways: phases are matched by name`;
        findings.push(finding(path, message));
        return names;
      }
    }
  }
  return names;
}

function alignedTo(names: readonly string[], own: readonly StartPhase[]): readonly StartPhase[] {
  return names.map((name) => own.find((one) => one.name === name) ?? { name, time: NOTHING });
}
