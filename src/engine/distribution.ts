/** Distributions of durations, by inversion: every draw takes a fixed number of uniforms, whatever it returns. */
import { UserError } from '../base/errors.ts';
import type { Uniforms } from '../base/random.ts';
import { formatDurationUs } from '../base/units.ts';
import { cumulative, FAMILIES, type Family, type Parameters, type Quantile } from './families.ts';

export type { Parameters, Quantile };

export interface Distribution {
  /** One draw in microseconds, at least 0, not rounded. */
  sample(uniforms: Uniforms): number;
  readonly meanUs: number;
  /** In square microseconds; Infinity where there is none. */
  readonly varianceUs2: number;
  /** How many uniforms a draw takes; 0 where nothing is drawn. */
  readonly uniformsPerDraw: number;
  /** For messages and results: `lognormal, mean 3s, cv 0.6`. */
  readonly label: string;
}

export type DistributionKind = Family | 'mixture';

/**
 * A distribution as plain data that can be sent to a thread. Some parameters go together: a
 * lognormal takes mean and cv, or median and sigma, or mu and sigma, or two quantiles, and nothing besides.
 */
export interface DistributionSpec extends Parameters {
  readonly distribution: DistributionKind;
  /** Of a mixture. */
  readonly components?: readonly Component[];
}

export interface Component {
  readonly weight: number;
  readonly distribution: DistributionSpec;
}

/** @throws UserError with every mistake of `distributionMistakes` */
export function compileDistribution(spec: DistributionSpec): Distribution {
  const mistakes: string[] = [];
  const distribution = build(spec, mistakes);
  if (distribution === null) {
    throw new UserError(mistakes.map((message) => ({ at: null, path: null, message })));
  }
  return distribution;
}

/** What is wrong with the parameters, a sentence each, without full stops; empty where all is well. */
export function distributionMistakes(spec: DistributionSpec): string[] {
  const mistakes: string[] = [];
  build(spec, mistakes);
  return mistakes;
}

export function fixed(us: number): Distribution {
  return { sample: () => us, meanUs: us, varianceUs2: 0, uniformsPerDraw: 0, label: 'fixed' };
}

/** The same law with all its times so many times as long: the same luck, the same quantile. */
export function scaledBy(law: Distribution, factor: number): Distribution {
  if (factor === 1) return law;
  return {
    ...law,
    sample: (uniforms) => factor * law.sample(uniforms),
    meanUs: factor * law.meanUs,
    varianceUs2: factor ** 2 * law.varianceUs2,
    label: `${law.label}, x ${factor}`,
  };
}

function build(spec: DistributionSpec, mistakes: string[]): Distribution | null {
  const { distribution: kind, components, ...parameters } = spec;
  if (kind === 'mixture') return mixture(components ?? [], Object.keys(parameters), mistakes);
  const given = Object.keys(parameters).filter(
    (key) => parameters[key as keyof Parameters] !== undefined,
  );
  const way = FAMILIES[kind].find(
    ({ parameters: wanted, optional = [] }) =>
      wanted.every((key) => given.includes(key)) &&
      given.every((key) => [...wanted, ...optional].includes(key as keyof Parameters)),
  );
  if (way === undefined) {
    const ways = FAMILIES[kind].map((w) => w.parameters.map(spoken).join(' and ')).join(', or ');
    const here = given.length === 0 ? 'nothing' : given.map(spoken).join(' and ');
    mistakes.push(`${kind} takes ${ways}; here is ${here}`);
    return null;
  }
  const before = mistakes.length;
  for (const key of given) checkParameter(key as keyof Parameters, parameters, mistakes);
  if (mistakes.length > before) return null;
  const label = `${kind}${given.map((key) => labelOf(key, parameters)).join('')}`;
  if (parameters.cv === 0) return { ...fixed(parameters.meanUs!), label };
  const law = way.law(parameters as Required<Parameters>);
  if (typeof law === 'string') {
    mistakes.push(law);
    return null;
  }
  const { inverse, meanUs, varianceUs2 } = law;
  if (!(meanUs < Number.POSITIVE_INFINITY)) {
    mistakes.push(`the mean of this ${kind} is too large for a number`);
    return null;
  }
  if (inverse === null) return { ...fixed(meanUs), label };
  const sample = (uniforms: Uniforms) => inverse(uniforms.next());
  return { sample, meanUs, varianceUs2, uniformsPerDraw: 1, label };
}

/** One uniform chooses the component; the others take as many as the greediest component, used or not. */
function mixture(
  components: readonly Component[],
  others: readonly string[],
  mistakes: string[],
): Distribution | null {
  const before = mistakes.length;
  if (components.length === 0) mistakes.push('a mixture takes components, each with a weight');
  if (others.length > 0)
    mistakes.push(`a mixture takes components only, not ${others.map(spoken)}`);
  if (!components.every(({ weight }) => weight > 0 && Number.isFinite(weight))) {
    mistakes.push('the weights of a mixture must be above 0');
  }
  const parts = components.map(({ distribution }) => build(distribution, mistakes));
  if (mistakes.length > before) return null;
  const laws = parts as readonly Distribution[];
  const whole = components.reduce((sum, { weight }) => sum + weight, 0);
  const share = components.map(({ weight }) => weight / whole);
  const upTo = cumulative(share);
  const most = Math.max(...laws.map(({ uniformsPerDraw }) => uniformsPerDraw));
  const meanUs = laws.reduce((sum, law, i) => sum + share[i]! * law.meanUs, 0);
  const varianceUs2 = laws.reduce(
    (sum, law, i) => sum + share[i]! * (law.varianceUs2 + (law.meanUs - meanUs) ** 2),
    0,
  );
  const sample = (uniforms: Uniforms) => {
    const u = uniforms.next();
    let i = 0;
    while (i < upTo.length - 1 && u >= upTo[i]!) i++;
    const us = laws[i]!.sample(uniforms);
    for (let unused = laws[i]!.uniformsPerDraw; unused < most; unused++) uniforms.next();
    return us;
  };
  const label = `mixture of ${laws.length}`;
  return { sample, meanUs, varianceUs2, uniformsPerDraw: 1 + most, label };
}

function checkParameter(key: keyof Parameters, parameters: Parameters, mistakes: string[]): void {
  const value = parameters[key];
  const name = spoken(key);
  if (key === 'quantiles') {
    const quantiles = parameters.quantiles!;
    const rising = quantiles.every(
      ([p, us], i) => i === 0 || (p > quantiles[i - 1]![0] && us > quantiles[i - 1]![1]),
    );
    if (quantiles.length === 0) mistakes.push('quantiles are missing, such as p50 and p99');
    if (!quantiles.every(([p]) => p > 0 && p < 1))
      mistakes.push('quantiles lie between p0 and p100');
    if (!quantiles.every(([, us]) => us > 0 && us < Number.POSITIVE_INFINITY)) {
      mistakes.push('quantiles must be above 0');
    }
    if (!rising) mistakes.push('a higher quantile must be longer than a lower one');
  } else if (typeof value === 'object') {
    const list = value as readonly number[];
    if (list.length === 0) mistakes.push(`${name} are missing`);
    if (!list.every((one) => one >= 0 && one !== Number.POSITIVE_INFINITY)) {
      mistakes.push(`${name} must be at least 0`);
    }
  } else if (!Number.isFinite(value)) {
    mistakes.push(`${name} must be a finite number`);
  } else if (ABOVE_0.has(key) && value! <= 0) {
    mistakes.push(`${name} must be above 0, is ${value}`);
  } else if (AT_LEAST_0.has(key) && value! < 0) {
    mistakes.push(`${name} must be at least 0, is ${value}`);
  }
}

const ABOVE_0: ReadonlySet<string> = new Set(['meanUs', 'medianUs', 'shape', 'scaleUs', 'alpha']);
const AT_LEAST_0: ReadonlySet<string> = new Set([
  'valueUs',
  'cv',
  'minUs',
  'maxUs',
  'sigma',
  'sdUs',
]);

/** As the study file has it. */
function spoken(key: string): string {
  return key.replace(/Us$/, '');
}

function labelOf(key: string, parameters: Parameters): string {
  const value = parameters[key as keyof Parameters];
  if (key === 'quantiles') {
    return parameters
      .quantiles!.map(([p, us]) => `, p${+(100 * p).toFixed(6)} ${inUnits(us)}`)
      .join('');
  }
  if (typeof value === 'object') return `, ${value.length} ${spoken(key)}`;
  return `, ${spoken(key)} ${key.endsWith('Us') ? inUnits(value!) : value}`;
}

function inUnits(us: number): string {
  return us < 0 ? `-${formatDurationUs(-us)}` : formatDurationUs(us);
}
