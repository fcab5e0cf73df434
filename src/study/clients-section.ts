/** A `clients` block: some that are described, or many by a law. */
import { compileDistribution } from '../engine/distribution.ts';
import {
  arrivalMistakes,
  type ClientSpec,
  type ClientsSpec,
} from '../workload/synthesis/arrivals.ts';
import { zipfShares } from '../workload/synthesis/popularity.ts';
import { scaledRate } from '../workload/synthesis/rate-curve.ts';
import { processOf, sharedProcess } from './arrivals-section.ts';
import { numbersOf, tokensOf } from './number-section.ts';
import { inside, say } from './place.ts';
import { type DatedPlace, rateOf } from './rate-section.ts';
import type {
  ArrivalsSection,
  ClientSection,
  ManyClientsSection,
  SynthesizeSection,
} from './synthesis-schema.ts';

/** @param place of the `synthesize` block. @returns null, and findings more, if a client is none */
export function clientsOf(
  section: NonNullable<SynthesizeSection['clients']>,
  common: ArrivalsSection | undefined,
  place: DatedPlace,
): ClientsSpec | null {
  const here = inside(place, 'clients');
  const uses = Array.isArray(section) && section.some(({ share }) => share !== undefined);
  if (common !== undefined && !uses) {
    say(inside(place, 'arrivals'), [
      'is used by no client: give one share: 0.3 of it, or leave it out',
    ]);
  }
  if (!Array.isArray(section)) return manyClients(section, here);
  const before = place.findings.length;
  const clients = section.flatMap(
    (client, i) => clientOf(client, i, common, inside(here, i), inside(place, 'arrivals')) ?? [],
  );
  return place.findings.length > before ? null : { process: 'clients', clients };
}

function clientOf(
  section: ClientSection,
  i: number,
  common: ArrivalsSection | undefined,
  place: DatedPlace,
  commonPlace: DatedPlace,
): ClientSpec | null {
  const { name = `client-${i + 1}`, share, rate, arrivals, endpoint, tokens } = section;
  const lengths = tokens === undefined ? null : tokensOf(tokens, inside(place, 'tokens'));
  const own = inside(place, 'arrivals');
  const rates = [share, rate, arrivals?.rate].filter((one) => one !== undefined);
  if (rates.length > 1 || (rates.length === 0 && arrivals === undefined)) {
    say(place, ['takes one of share: 0.3 (of arrivals), rate: 2/s and arrivals: with a rate']);
    return null;
  }
  const process =
    share === undefined
      ? processOf(
          arrivals ?? { process: 'poisson' },
          own,
          rate === undefined ? null : { section: rate, place: inside(place, 'rate') },
        )
      : sharedOf(share);
  if (process === null) return null;
  const endpoints = endpoint === undefined ? null : { names: [endpoint], shares: [1] };
  return { name, arrivals: process, endpoints, tokens: lengths };

  function sharedOf(part: number) {
    const at = inside(place, 'share');
    if (common === undefined || (arrivals !== undefined && common.rate === undefined)) {
      say(at, [
        'is of nothing: give arrivals: { process: gamma, rate: 20/s, cv: 2 } beside clients',
      ]);
      return null;
    }
    if (!(part > 0)) {
      say(at, [`must be above 0, is ${part}`]);
      return null;
    }
    const whole =
      arrivals === undefined || common.rate === undefined
        ? processOf(common, commonPlace)
        : processOf(arrivals, own, { section: common.rate, place: inside(commonPlace, 'rate') });
    if (whole === null) return null;
    const shared = sharedProcess(whole, part);
    if (shared === null) say(at, ['counts are not shared: give each client its own']);
    return shared;
  }
}

/** Multiples of it are spread evenly over 0 to 1, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Rates by Zipf's law; cvs by the quantiles of theirs, in no order of the rates, and the same for every seed. */
function manyClients(
  { count, rate: rateSection, zipf = 1, process = 'gamma', cv = 1 }: ManyClientsSection,
  place: DatedPlace,
): ClientsSpec | null {
  const rate = rateOf(rateSection, inside(place, 'rate'), 'step');
  const law = numbersOf(cv, inside(place, 'cv'));
  if (rate === null || law === null) return null;
  const cvs = compileDistribution(law);
  const clients = zipfShares(count, zipf).map((share, i) => ({
    name: `client-${i + 1}`,
    arrivals: {
      process,
      rate: scaledRate(rate, share),
      cv: cvs.sample({ next: () => ((i + 0.5) * GOLDEN_RATIO) % 1 }),
    },
    endpoints: null,
    tokens: null,
  }));
  const wrong = clients.find(({ arrivals }) => arrivalMistakes(arrivals).length > 0);
  if (wrong === undefined) return { process: 'clients', clients };
  say(inside(place, 'cv'), [
    `gives ${wrong.name} ${wrong.arrivals.cv}: ${arrivalMistakes(wrong.arrivals)[0]}`,
  ]);
  return null;
}
