/** An `arrivals` block as an arrival process. */
import {
  type ArrivalSpec,
  arrivalMistakes,
  type ProcessSpec,
} from '../workload/synthesis/arrivals.ts';
import type { CountsSpec } from '../workload/synthesis/counts.ts';
import type { HawkesSpec } from '../workload/synthesis/hawkes.ts';
import { type RateSpec, scaledRate } from '../workload/synthesis/rate-curve.ts';
import { usOf } from './distribution-section.ts';
import { inside, type Place, say } from './place.ts';
import { type DatedPlace, perSecond, rateOf } from './rate-section.ts';
import type { ArrivalsSection, RateSection } from './synthesis-schema.ts';

type Key = Exclude<keyof ArrivalsSection, 'process'>;

interface Keys {
  readonly needs: readonly Key[];
  readonly takes: readonly Key[];
}

const RENEWAL: Keys = { needs: ['rate'], takes: [] };
const WITH_CV: Keys = { needs: ['rate'], takes: ['cv'] };
const KEYS: Readonly<Record<ArrivalsSection['process'], Keys>> = {
  poisson: RENEWAL,
  fixed: RENEWAL,
  piecewise: RENEWAL,
  diurnal: RENEWAL,
  gamma: WITH_CV,
  weibull: WITH_CV,
  mmpp: { needs: ['states'], takes: ['rate'] },
  hawkes: { needs: ['branching', 'decay'], takes: ['rate', 'base'] },
  counts: { needs: [], takes: ['counts', 'file', 'column', 'interval', 'placement'] },
};

const EXAMPLES: Partial<Readonly<Record<Key, string>>> = {
  rate: 'a rate such as 5/s or 300/min',
  states: 'states: [{ rate: 2/s, mean: 60s }, { rate: 40/s, mean: 5s }]',
  branching: 'branching: 0.6 (how many requests one causes)',
  decay: 'decay: 10s (how long after it they come)',
};

/** A rate that an `arrivals` block gets from beside it. */
export interface Pace {
  readonly section: RateSection;
  readonly place: DatedPlace;
}

/** @returns null, and findings more, if the block is no process */
export function processOf(
  section: ArrivalsSection,
  place: DatedPlace,
  pace: Pace | null = null,
): ProcessSpec | null {
  const { process } = section;
  const before = place.findings.length;
  checkKeys(section, place, pace);
  const own =
    section.rate === undefined ? null : { section: section.rate, place: inside(place, 'rate') };
  const given = pace ?? own;
  const points = process === 'diurnal' ? 'linear' : 'step';
  const rate = given === null ? null : rateOf(given.section, given.place, points);
  if (
    given !== null &&
    (process === 'piecewise' || process === 'diurnal') &&
    typeof rate === 'number'
  ) {
    const message = `${process} needs a rate that changes: write rate: { mean: 5/s, peakToMean: 3, peakAt: 14:00 }, or rate: { period: 24h, points: [{ at: 0h, rate: 1/s }, { at: 8h, rate: 5/s }] }`;
    say(given.place, [message]);
  }
  if (place.findings.length > before) return null;
  const spec = specOf(section, rate, place);
  return spec !== null && say(place, arrivalMistakes(spec)) ? spec : null;
}

/** The same process at a share of its rate; null where it has none to share. */
export function sharedProcess(spec: ProcessSpec, share: number): ProcessSpec | null {
  switch (spec.process) {
    case 'counts':
      return null;
    case 'mmpp':
      return spec.rate === null
        ? { ...spec, states: spec.states.map((state) => ({ ...state, perS: state.perS * share })) }
        : { ...spec, rate: scaledRate(spec.rate, share) };
    default:
      return { ...spec, rate: scaledRate(spec.rate, share) };
  }
}

/** The same traffic with so many times the requests: rates change, what clusters them stays. */
export function scaledArrivals(spec: ArrivalSpec, factor: number): ArrivalSpec {
  if (factor === 1) return spec;
  if (spec.process !== 'clients') return scaledProcess(spec, factor);
  const clients = spec.clients.map((client) => {
    return { ...client, arrivals: scaledProcess(client.arrivals, factor) };
  });
  return { ...spec, clients };
}

function scaledProcess(spec: ProcessSpec, factor: number): ProcessSpec {
  return sharedProcess(spec, factor) ?? scaledCounts(spec as CountsSpec, factor);
}

/** Whole counts whose sum up to any interval is the scaled sum, rounded. */
function scaledCounts({ columns, ...rest }: CountsSpec, factor: number): CountsSpec {
  const scaled = columns.map((column) => {
    let sum = 0;
    let before = 0;
    return column.map((count) => {
      sum += count;
      const upTo = Math.round(sum * factor);
      const here = upTo - before;
      before = upTo;
      return here;
    });
  });
  return { ...rest, columns: scaled };
}

function checkKeys(section: ArrivalsSection, place: Place, pace: Pace | null): void {
  const { process } = section;
  const { needs, takes } = KEYS[process];
  for (const key of needs) {
    if (section[key] !== undefined || (key === 'rate' && pace !== null)) continue;
    say(inside(place, key), [`is missing: write ${EXAMPLES[key]}`]);
  }
  const known = [...needs, ...takes];
  for (const key of Object.keys(section) as (Key | 'process')[]) {
    if (key === 'process' || section[key] === undefined || known.includes(key)) continue;
    if (key === 'cv' && needs.includes('rate')) {
      say(place, [`${process} takes no cv: write gamma or weibull for burstier gaps`]);
    } else say(inside(place, key), [`is no key of ${process}: it takes ${known.join(', ')}`]);
  }
}

function specOf(section: ArrivalsSection, rate: RateSpec | null, place: Place): ProcessSpec | null {
  const { process, cv, states = [] } = section;
  switch (process) {
    case 'mmpp':
      return {
        process,
        rate,
        states: states.map((state) => ({
          perS: perSecond(state.rate),
          meanUs: usOf(state.mean),
          to: state.to ?? null,
        })),
      };
    case 'hawkes':
      return hawkesOf(section, rate, place);
    case 'counts':
      return countsOf(section, place);
    default: {
      const renewal = process === 'piecewise' || process === 'diurnal' ? 'poisson' : process;
      return { process: renewal, rate: rate!, ...(cv !== undefined && { cv }) };
    }
  }
}

/** `base` is what comes by itself; `rate` all of it. */
function hawkesOf(
  { base, branching = 0, decay = '0s' }: ArrivalsSection,
  rate: RateSpec | null,
  place: Place,
): HawkesSpec | null {
  if ((base === undefined) === (rate === null)) {
    say(place, ['takes rate: (the mean) or base: (what comes by itself), one of them']);
    return null;
  }
  const decayUs = usOf(decay);
  const itself = perSecond(base ?? '0/s');
  // At 1 or above there is no mean, and a mistake.
  const mean = rate ?? (branching < 1 ? itself / (1 - branching) : itself);
  return { process: 'hawkes', rate: mean, branching, decayUs };
}

/** Of a file, `counts` and `column` hold what was read. */
function countsOf(
  { counts, column, file, interval = '1m', placement = 'uniform' }: ArrivalsSection,
  place: Place,
): CountsSpec | null {
  if (counts === undefined) {
    if (file === undefined) {
      say(inside(place, 'counts'), ['are missing: write counts: [12, 30, 7], or file: counts.csv']);
    } else say(inside(place, 'file'), ['has not been read: give counts: [12, 30, 7] here']);
    return null;
  }
  const rows = counts.map((row) => (typeof row === 'number' ? [row] : row));
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd >= 0) {
    const message = `has ${rows[odd]?.length} counts, and the first interval ${width}`;
    say(inside(place, 'counts', odd), [message]);
    return null;
  }
  const given = column === undefined ? [] : [column].flat();
  const numbered = () => Array.from({ length: width }, (_, i) => `endpoint-${i + 1}`);
  return {
    process: 'counts',
    intervalUs: Math.round(usOf(interval)),
    columns: Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? 0)),
    names: width < 2 ? [] : given.length > 0 ? given : numbered(),
    placement,
  };
}
