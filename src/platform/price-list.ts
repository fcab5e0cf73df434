/** Prices of GPUs out of someone's table: which column is what, which row means which GPU, and what is left out and why. */

import { type CsvRecord, csvRecords } from '../base/csv-records.ts';
import { type Mistake, UserError } from '../base/errors.ts';
import { meantOf } from '../base/nearest.ts';
import { type Gpus, gpuNamed } from './gpus.ts';

/** Names of columns; prices are dollars an hour for all GPUs of the row. */
export interface PriceColumns {
  readonly gpu: string;
  readonly price: string;
  /** GPUs of the row; one where there is no such column. */
  readonly count?: string | undefined;
  /** GB of one GPU. */
  readonly memory?: string | undefined;
  readonly region?: string | undefined;
  readonly instance?: string | undefined;
  /** true or false: whether `price` is a spot price. */
  readonly spot?: string | undefined;
  /** A spot price beside `price`. */
  readonly spotPrice?: string | undefined;
}

export const COLUMN_KEYS = [
  'gpu',
  'price',
  'count',
  'memory',
  'region',
  'instance',
  'spot',
  'spotPrice',
] as const;

interface Layout {
  readonly name: string;
  readonly columns: PriceColumns;
}

/** Layouts told by their columns. In SkyPilot's the memory of one GPU stands inside GpuInfo, in MiB. */
const LAYOUTS: readonly Layout[] = [
  {
    name: 'gpuhunt',
    columns: {
      gpu: 'gpu_name',
      price: 'price',
      count: 'gpu_count',
      memory: 'gpu_memory',
      region: 'location',
      instance: 'instance_name',
      spot: 'spot',
    },
  },
  {
    name: 'SkyPilot',
    columns: {
      gpu: 'AcceleratorName',
      price: 'Price',
      count: 'AcceleratorCount',
      memory: 'GpuInfo',
      region: 'Region',
      instance: 'InstanceType',
      spotPrice: 'SpotPrice',
    },
  },
];

export interface Offer {
  readonly gpu: string;
  readonly gpus: number;
  readonly spot: boolean;
  /** For all its GPUs. */
  readonly usdPerHour: number;
  readonly region: string;
  readonly instance: string;
}

export interface PriceTable {
  /** `gpuhunt`, `SkyPilot` or `your columns`. */
  readonly layout: string;
  readonly rows: number;
  readonly offers: readonly Offer[];
  /** Rows without a GPU. */
  readonly withoutGpu: number;
  /** Rows that state neither price. */
  readonly withoutPrice: number;
  /** Rows by the name of a GPU that the catalogue does not know, or that fits several. */
  readonly unknownGpus: ReadonlyMap<string, number>;
  readonly damaged: number;
  /** The first damaged rows. */
  readonly examples: readonly { readonly line: number; readonly reason: string }[];
}

const EXAMPLES = 3;

/**
 * @param columns null: the layout is told by the header
 * @throws UserError for a table of no known layout, for columns that it has not, and for one that states no price at all
 */
export function readPriceTable(
  text: string,
  fileName: string,
  gpus: Gpus,
  columns: PriceColumns | null = null,
): PriceTable {
  const [head, ...records] = csvRecords(text);
  const header = head?.fields.map((name) => name.trim()) ?? [];
  const layout = columns === null ? layoutOf(header, fileName) : own(columns, header, fileName);
  const reader = new RowReader(header, layout.columns, gpus);
  for (const record of records) reader.read(record);
  if (reader.offers.length === 0) {
    const message = `states no price of a GPU that the catalogue knows, in ${records.length} rows: ${reader.why()}`;
    throw new UserError([{ at: fileName, path: null, message }]);
  }
  return { layout: layout.name, rows: records.length, ...reader.result() };
}

function layoutOf(header: readonly string[], at: string): Layout {
  const found = LAYOUTS.find(({ columns: { gpu, price } }) =>
    [gpu, price].every((name) => header.includes(name)),
  );
  if (found !== undefined) return found;
  const message = `has the columns ${header.slice(0, 12).join(', ')}: neither gpuhunt's nor SkyPilot's; name them with --columns gpu=...,price=...`;
  throw new UserError([{ at, path: null, message }]);
}

function own(columns: PriceColumns, header: readonly string[], at: string): Layout {
  const mistakes = COLUMN_KEYS.flatMap((key): Mistake[] => {
    const name = columns[key];
    if (name === undefined || header.includes(name)) return [];
    const message = `${name} is no column: ${meantOf(name, header)}`;
    return [{ at, path: `--columns ${key}`, message }];
  });
  if (mistakes.length > 0) throw new UserError(mistakes);
  return { name: 'your columns', columns };
}

class RowReader {
  readonly offers: Offer[] = [];
  readonly #header: readonly string[];
  readonly #columns: PriceColumns;
  readonly #gpus: Gpus;
  readonly #unknown = new Map<string, number>();
  readonly #examples: { line: number; reason: string }[] = [];
  #withoutGpu = 0;
  #withoutPrice = 0;
  #damaged = 0;

  constructor(header: readonly string[], columns: PriceColumns, gpus: Gpus) {
    this.#header = header;
    this.#columns = columns;
    this.#gpus = gpus;
  }

  read({ line, fields }: CsvRecord): void {
    if (fields.length !== this.#header.length) {
      const reason = `${fields.length} fields where the header has ${this.#header.length}`;
      this.#damage(line, reason);
      return;
    }
    const cell = (key: keyof PriceColumns): string => {
      const name = this.#columns[key];
      return name === undefined ? '' : (fields[this.#header.indexOf(name)] ?? '').trim();
    };
    const name = cell('gpu');
    const count = cell('count') === '' ? 1 : Number(cell('count'));
    if (name === '' || count === 0) {
      this.#withoutGpu++;
      return;
    }
    if (!Number.isInteger(count) || count < 0) {
      this.#damage(line, `${cell('count')} is no number of GPUs`);
      return;
    }
    const isSpot = /^true$/i.test(cell('spot'));
    const prices = [
      { text: cell('price'), spot: isSpot },
      { text: cell('spotPrice'), spot: true },
    ].filter(({ text }) => text !== '');
    const wrong = prices.find(({ text }) => !(Number(text) > 0 && Number.isFinite(Number(text))));
    if (wrong !== undefined) {
      this.#damage(line, `${wrong.text} is no price`);
      return;
    }
    if (prices.length === 0) {
      this.#withoutPrice++;
      return;
    }
    const gpu = gpuNamed(name, memoryGB(cell('memory')), this.#gpus);
    if (gpu === null) {
      this.#unknown.set(name, (this.#unknown.get(name) ?? 0) + 1);
      return;
    }
    for (const { text, spot } of prices) {
      this.offers.push({
        gpu: gpu.id,
        gpus: count,
        spot,
        usdPerHour: Number(text),
        region: cell('region'),
        instance: cell('instance'),
      });
    }
  }

  #damage(line: number, reason: string): void {
    this.#damaged++;
    if (this.#examples.length < EXAMPLES) this.#examples.push({ line, reason });
  }

  result() {
    return {
      offers: this.offers,
      withoutGpu: this.#withoutGpu,
      withoutPrice: this.#withoutPrice,
      unknownGpus: new Map([...this.#unknown].sort(([, a], [, b]) => b - a)),
      damaged: this.#damaged,
      examples: this.#examples,
    };
  }

  why(): string {
    const unknown = [...this.#unknown.keys()].slice(0, 5).join(', ');
    return [
      `${this.#withoutGpu} without a GPU`,
      `${this.#withoutPrice} without a price`,
      `${this.#damaged} damaged`,
      ...(unknown === '' ? [] : [`unknown GPUs ${unknown}`]),
    ].join(', ');
  }
}

/** `24`, `24.0`, or MiB inside a text of SkyPilot's. */
function memoryGB(text: string): number | null {
  const [, mib] = /SizeInMiB['"]?:\s*(\d+)/.exec(text) ?? [];
  // Memory is sold in GB and counted in GiB; the difference is within what a name's match allows.
  if (mib !== undefined) return Number(mib) / 1024;
  const number = Number(text);
  return text === '' || !(number > 0) ? null : number;
}

export interface PriceChoice {
  /** null: the region that asks least, for each GPU by itself. */
  readonly region: string | null;
  /** How many GPUs a replica has; null: the fewest that are sold together, for each GPU by itself. */
  readonly gpus: number | null;
}

export interface ChosenPrice {
  readonly gpu: string;
  readonly spot: boolean;
  /** For one GPU. */
  readonly usdPerHour: number;
  /** How many together at this price each. */
  readonly gpus: readonly number[];
  /** Where and as what, and between what others. */
  readonly note: string;
}

export interface ChosenPrices {
  /** In order of GPU, on demand before spot. */
  readonly prices: readonly ChosenPrice[];
  /** Offers of another region than asked for. */
  readonly otherRegions: number;
  /** Offers of so many GPUs that one of them costs something else. */
  readonly otherCounts: number;
}

/** One price a GPU: the lowest of those for the fewest GPUs, and all numbers of GPUs that are sold at it. */
export function choosePrices(offers: readonly Offer[], choice: PriceChoice): ChosenPrices {
  const here = offers.filter(({ region }) => choice.region === null || region === choice.region);
  const groups = new Map<string, Offer[]>();
  for (const offer of here) {
    const key = `${offer.gpu} ${offer.spot ? 1 : 0}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [offer]);
    else group.push(offer);
  }
  let otherCounts = 0;
  const prices = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]): ChosenPrice[] => {
      const counts = [...new Set(group.map(({ gpus }) => gpus))].sort((a, b) => a - b);
      const wanted = choice.gpus ?? counts[0]!;
      const best = lowest(group, wanted);
      if (best === null) {
        otherCounts += group.length;
        return [];
      }
      const usdPerHour = perGpu(best);
      const same = counts.filter((count) => perGpu(lowest(group, count)!) === usdPerHour);
      otherCounts += group.filter(({ gpus }) => !same.includes(gpus)).length;
      const { gpu, spot } = best;
      return [{ gpu, spot, usdPerHour, gpus: same, note: noteOf(best, group, wanted) }];
    });
  return { prices, otherRegions: offers.length - here.length, otherCounts };
}

function lowest(offers: readonly Offer[], count: number): Offer | null {
  return offers
    .filter(({ gpus }) => gpus === count)
    .reduce<Offer | null>(
      (best, one) => (best && best.usdPerHour <= one.usdPerHour ? best : one),
      null,
    );
}

/** Twelve digits: a third of 0.1 has no end, and a price has fewer. */
function perGpu({ usdPerHour, gpus }: Offer): number {
  return Number((usdPerHour / gpus).toPrecision(12));
}

function noteOf({ instance, region }: Offer, group: readonly Offer[], count: number): string {
  const same = group.filter(({ gpus }) => gpus === count);
  const regions = new Set(same.map((offer) => offer.region));
  const all = same.map(perGpu);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const where = [instance, region].filter((text) => text !== '').join(' in ');
  const range = least === most ? 'the same' : `from ${least} to ${most}`;
  const others = same.length > 1 ? `${same.length} rows, ${regions.size} regions: ${range}` : '';
  return [where, others].filter((text) => text !== '').join('; ');
}
