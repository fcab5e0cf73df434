/** Platforms as data: what a file of models/platforms says, every figure with where it comes from. Text in, no files here. */
import { type Mistake, UserError } from '../base/errors.ts';
import { US_PER_DAY, US_PER_MS } from '../base/units.ts';
import { checkYaml, readYaml } from '../base/yaml-source.ts';
import {
  type FileFigure,
  figuresIn,
  type Grade,
  isMap,
  type Plain,
  type PlatformFile,
  plain,
  platformSchema,
  unknownSources,
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
}

export type PlatformBilling = Plain<PlatformFile['billing']>;
export type ScalingRule = PlatformFile['scaling']['rule']['value'];

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
  readonly billing: PlatformBilling;
}

/** Platforms by id, in order of id. */
export type Catalogue = ReadonlyMap<string, Platform>;

const UNIT_OF_KEY: Readonly<Record<string, string>> = {
  min: 'replicas',
  max: 'replicas',
  concurrency: 'requests',
  queue: 'requests',
  usdPerGpuSecond: 'USD/GPU s',
  usdPerGpuHour: 'USD/GPU h',
  gpusPerReplica: 'GPUs',
  usdPerCoreSecond: 'USD/core s',
  usdPerGiBSecond: 'USD/GiB s',
  regions: 'times the price',
  usdPerRequest: 'USD/request',
};

/** @throws UserError with every mistake of the file, each at its line and column */
export function parsePlatform(text: string, fileName: string): Platform {
  const file = checkYaml(readYaml(text, fileName), platformSchema, unknownSources);
  const { id, name, description, sources, ...rest } = file;
  return {
    id,
    name,
    description,
    figures: figuresIn(rest).map(({ path, figure }) => figureOf(path, figure, sources)),
    scaling: file.scaling.rule.value,
    deployment: plain(file.deployment),
    gpus: Object.keys(file.billing.gpus),
    billing: plain(file.billing),
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

/** @throws UserError that lists the platforms there are */
export function platformOf(catalogue: Catalogue, id: string): Platform {
  const platform = catalogue.get(id);
  if (platform) return platform;
  const message = `${id} is no platform of the catalogue: there are ${[...catalogue.keys()].join(', ')}`;
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
  readonly platforms: readonly Pick<Platform, 'id' | 'name' | 'description' | 'figures'>[];
}

export function platformsDocument(catalogue: Catalogue): PlatformsDocument {
  return {
    schema: 'coldfront.platforms.v1',
    platforms: [...catalogue.values()].map(({ id, name, description, figures }) => ({
      id,
      name,
      description,
      figures,
    })),
  };
}

/** Whole days from the earliest day that the figure's date may mean to `today` (`2026-11-21`). */
export function priceAgeDays(figure: Pick<Figure, 'date'>, today: string): number {
  const ms = Date.parse(today) - Date.parse(figure.date);
  return Math.floor((ms * US_PER_MS) / US_PER_DAY);
}

function figureOf(
  path: readonly string[],
  figure: FileFigure,
  sources: Readonly<Record<string, string>>,
): Figure {
  const { value, source, date, grade, note } = figure;
  const carriesUnit = typeof value === 'string';
  const unit = UNIT_OF_KEY[path.at(-1) ?? ''] ?? UNIT_OF_KEY[path.at(-2) ?? ''] ?? null;
  return {
    path: path.join('.'),
    value: shown(value),
    unit: figure.unit ?? (carriesUnit ? null : unit),
    source: `${source}: ${sources[source]}`,
    date,
    grade,
    note: note ?? null,
  };
}

function shown(value: unknown): string | number {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.join(', ');
  if (isMap(value)) return `all except ${shown(value['except'])}`;
  return String(value);
}
