/** Platforms as data: what a file of models/platforms says, every figure with where it comes from. Text in, no files here. */
import { type Mistake, UserError } from '../base/errors.ts';
import { meantOf } from '../base/nearest.ts';
import { US_PER_DAY, US_PER_MS } from '../base/units.ts';
import { checkYaml, readYaml } from '../base/yaml-source.ts';
import type { Billing } from './billing-terms.ts';
import { extendedSource } from './extension.ts';
import { BILLING_UNITS } from './price-keys.ts';
import type { SCALING_RULES } from './scaling-schema.ts';
import {
  type FileFigure,
  figuresIn,
  type Grade,
  isMap,
  type Plain,
  type PlatformFile,
  plain,
  platformFaults,
  platformSchema,
} from './schema.ts';

/** A number or a choice with its evidence. */
export interface Figure {
  /** The key that it sets: `deployment.idleWindow`, `billing.gpus.l4.usdPerGpuSecond`. */
  readonly path: string;
  readonly value: string | number;
  /** null where the value is no quantity or carries its unit, as in `60s`. */
  readonly unit: string | null;
  /** Short name and document. */
  readonly source: string;
  /** A year, a month or a day: of the document, or of its reading where it has none. */
  readonly date: string;
  readonly grade: Grade;
  readonly note: string | null;
  /** What else it may be, as a study writes it; only where the value is not known for sure. */
  readonly alternatives?: readonly unknown[];
}

export type ScalingRule = (typeof SCALING_RULES)[number];

export interface Platform {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly figures: readonly Figure[];
  /** fixed: the fleet is `replicas.min` and `replicas.max` follows it. */
  readonly scaling: ScalingRule;
  /** Part of a study's `deployment`, as a study file writes it; a study overrides every key of it. */
  readonly deployment: Plain<PlatformFile['deployment']>;
  readonly gpus: readonly string[];
  readonly billing: Billing;
}

/** Platforms by id, in order of id. */
export type Catalogue = ReadonlyMap<string, Platform>;

const UNIT_OF_KEY: Readonly<Record<string, string>> = {
  min: 'replicas',
  max: 'replicas',
  concurrency: 'requests',
  queue: 'requests',
  inFlight: 'requests',
  replicas: 'replicas',
  gpusPerReplica: 'GPUs',
  regions: 'times the price',
  ...BILLING_UNITS,
};

/**
 * @param bases what `extends` may name, as `platformData` reads it
 * @throws UserError with every mistake of the file, each at its line and column
 */
export function parsePlatform(
  text: string,
  fileName: string,
  bases: ReadonlyMap<string, unknown> = new Map(),
): Platform {
  const source = extendedSource(readYaml(text, fileName), bases);
  const file = checkYaml(source, platformSchema, platformFaults);
  const { id, name, description, sources, ...rest } = file;
  const billing = plain(file.billing) as Billing;
  return {
    id,
    name,
    description,
    figures: figuresIn(rest).map(({ path, figure }) => figureOf(path, figure, sources)),
    scaling: file.deployment.scaling?.rule?.value ?? 'per-request',
    deployment: plain(file.deployment),
    gpus: Object.keys(billing.gpus ?? {}),
    billing,
  };
}

/** @throws UserError where two platforms have one id */
export function catalogueOf(platforms: readonly Platform[]): Catalogue {
  const sorted = platforms.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const mistakes: Mistake[] = sorted
    .filter(({ id }, index) => sorted[index - 1]?.id === id)
    .map(({ id }) => ({ at: null, path: 'id', message: `${id} is the id of two platforms` }));
  if (mistakes.length > 0) throw new UserError(mistakes);
  return new Map(sorted.map((platform) => [platform.id, platform]));
}

/** `h10 is no GPU of the catalogue: did you mean h100?` */
export function noneOf(what: string, name: string, known: Iterable<string>): string {
  return `${name} is no ${what} of the catalogue: ${meantOf(name, [...known])}`;
}

/** @throws UserError that says which platform was meant, or which there are */
export function platformOf(catalogue: Catalogue, id: string): Platform {
  const platform = catalogue.get(id);
  if (platform) return platform;
  const message = noneOf('platform', id, catalogue.keys());
  throw new UserError([{ at: null, path: 'deployment.platform', message }]);
}

/**
 * A study's deployment over the platform's: what the study says wins, key by key, within `replicas` and `admission` too.
 * Neither is changed.
 */
export function overPlatform(
  platform: Readonly<Record<string, unknown>>,
  study: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...platform };
  for (const [key, value] of Object.entries(study)) {
    if (value === undefined) continue;
    const below = platform[key];
    merged[key] = isMap(below) && isMap(value) ? overPlatform(below, value) : value;
  }
  return merged;
}

/** What `platforms --json` prints. */
export interface PlatformsDocument {
  readonly schema: 'coldfront.platforms.v1';
  readonly platforms: readonly (Pick<Platform, 'id' | 'name' | 'description'> & {
    readonly figures: readonly (Figure & { readonly stale?: true })[];
  })[];
}

/** @param isStale which figures get `stale: true`, as `isStalePrice` says for a day */
export function platformsDocument(
  catalogue: Catalogue,
  isStale: (figure: Figure) => boolean = () => false,
): PlatformsDocument {
  return {
    schema: 'coldfront.platforms.v1',
    platforms: [...catalogue.values()].map(({ id, name, description, figures }) => ({
      id,
      name,
      description,
      figures: figures.map((figure) =>
        isStale(figure) ? { ...figure, stale: true as const } : figure,
      ),
    })),
  };
}

/** Whole days from the earliest day that the figure's date may mean to `today` (`2026-11-21`). */
export function priceAgeDays(figure: Pick<Figure, 'date'>, today: string): number {
  const ms = Date.parse(today) - Date.parse(figure.date);
  return Math.floor((ms * US_PER_MS) / US_PER_DAY);
}

/** @param units by the last key of a path, or the one before it */
export function figureOf(
  path: readonly string[],
  figure: FileFigure,
  sources: Readonly<Record<string, string>>,
  units: Readonly<Record<string, string>> = UNIT_OF_KEY,
): Figure {
  const { value, source, date, grade, note, alternatives } = figure;
  const carriesUnit = typeof value === 'string';
  // The name of a law may be a word of the bill.
  const group = path[0] === 'deployment' ? '' : (path.at(-2) ?? '');
  const isMeanStart = group === '' && path.at(-1) === 'times';
  const unit = isMeanStart ? 'mean starts' : (units[path.at(-1) ?? ''] ?? units[group] ?? null);
  return {
    path: path.join('.'),
    value: shownValue(value),
    unit: figure.unit ?? (carriesUnit ? null : unit),
    source: `${source}: ${sources[source]}`,
    date,
    grade,
    note: note ?? null,
    ...(alternatives === undefined ? {} : { alternatives }),
  };
}

/** A value as one reads it: lists by commas, what is excepted in words. */
export function shownValue(value: unknown): string | number {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  if (isMap(value) && 'except' in value) return `all except ${shownValue(value['except'])}`;
  if (isMap(value)) {
    const parts = Object.entries(value).map(([key, part]) => `${key} ${shownValue(part)}`);
    return parts.join(' ');
  }
  return String(value);
}
