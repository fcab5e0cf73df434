/** A platform file out of prices: the rules of a platform that it extends, and prices with where they come from. */
import { stringify } from 'yaml';
import type { ChosenPrice } from './price-list.ts';

export interface PriceOrigin {
  /** Of the new platform. */
  readonly id: string;
  readonly name: string;
  /** The platform whose rules of scaling, starting and counting hold. */
  readonly extends: string;
  /** Where the table is from, and which version. */
  readonly source: string;
  readonly version: string;
  /** When its prices held: a day, a month or a year. */
  readonly date: string;
}

const SOURCE = 'price-list';
const GRADE = 'third-party';

/** YAML of the file; prices are of one GPU an hour, spot prices a kind of their own. */
export function priceFileText(origin: PriceOrigin, prices: readonly ChosenPrice[]): string {
  const { id, name, source, version, date } = origin;
  const figure = (value: unknown, note: string) => ({
    value,
    source: SOURCE,
    date,
    grade: GRADE,
    ...(note !== '' && { note }),
  });
  const list = (spot: boolean) =>
    Object.fromEntries(
      prices
        .filter((price) => price.spot === spot)
        .map(({ gpu, usdPerHour, gpus, note }) => [
          gpu,
          {
            usdPerGpuHour: figure(usdPerHour, note),
            gpusPerReplica: figure(gpus, ''),
          },
        ]),
    );
  const onDemand = list(false);
  const spot = list(true);
  // A platform has prices of its own first: where there are spot prices alone, they are those.
  const hasOnDemand = Object.keys(onDemand).length > 0;
  const hasKinds = hasOnDemand && Object.keys(spot).length > 0;
  const file = {
    id,
    name,
    description: `Prices of ${source}, version ${version}; all else as ${origin.extends}.`,
    extends: origin.extends,
    sources: { [SOURCE]: `${source}, version ${version}, read ${date}` },
    billing: {
      gpus: hasOnDemand ? onDemand : spot,
      ...(hasKinds && { kinds: { spot: { gpus: spot } } }),
    },
  };
  return stringify(file, { lineWidth: 0 });
}
