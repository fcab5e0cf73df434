/** The study's `workload.replay` block: which files, how they are read, and what is done to what was read. */
import type { EndpointRule } from '../workload/endpoint-rule.ts';
import {
  completeColumns,
  READ_DEFAULTS,
  type ReadOptions,
  readMistakes,
} from '../workload/read-options.ts';
import { SHAPING_DEFAULTS, type Shaping, shapingMistakes } from '../workload/shaping/shape.ts';
import type { MergeNeeds } from '../workload/shaping/shape-merge.ts';
import { DEFAULT_SHIFT_US, type RateScale } from '../workload/shaping/shape-rate.ts';
import type { Where } from '../workload/where.ts';
import { usOf } from './distribution-section.ts';
import { type Finding, finding } from './findings.ts';
import type { KeyPath } from './key-path.ts';
import type { ReplaySection, Study } from './schema.ts';

/** Log files that a study replays, each part read and shaped by itself. */
export interface ReplaySource {
  /** Several are merged by time. */
  readonly parts: readonly ReplayPart[];
  /** What a merge must not lose. */
  readonly needs: MergeNeeds;
}

export interface ReplayPart {
  /** Paths or globs as the study has them; read as one log. */
  readonly files: readonly string[];
  readonly read: ReadOptions;
  readonly shaping: Shaping;
}

export function replaySourceOf({ workload, seed = 1 }: Study): ReplaySource | null {
  const { replay, service } = workload;
  if (replay === undefined) return null;
  const parts = [replay].flat().map((section) => partOf(section, String(seed)));
  const merged = parts.length > 1;
  const tokens = /"per(?:Input|Output)Token"/.test(JSON.stringify(service ?? null));
  return {
    parts,
    needs: { durations: merged && service === undefined, tokens: merged && tokens },
  };
}

/** What the schema cannot say of the block. */
export function replayFindings({ replay }: Study['workload']): Finding[] {
  if (replay === undefined) return [];
  return [replay].flat().flatMap((section, i) => {
    const path: KeyPath = ['workload', 'replay', ...(Array.isArray(replay) ? [i] : [])];
    return partFindings(section, path);
  });
}

function partFindings(section: ReplaySection, path: KeyPath): Finding[] {
  const { read, shaping } = partOf(section, '');
  return [...readMistakes(read), ...shapingMistakes(shaping)].map(({ key, message }) =>
    finding([...path, ...key.split('.')], message),
  );
}

/** @param seed of the study; kept only where something is drawn, so that a varied seed reads nothing twice */
function partOf(section: ReplaySection, seed: string): ReplayPart {
  const { file, format, columns, stampedAt, timeZone, spread, where, endpoint } = section;
  const share = section.sample ?? 1;
  const rateScale = rateScaleOf(section.rateScale);
  const sample = typeof share === 'number' ? share : Number.parseFloat(share) / 100;
  const { window } = section;
  return {
    files: [file].flat(),
    read: {
      ...READ_DEFAULTS,
      format: format ?? READ_DEFAULTS.format,
      columns: columns === undefined ? null : completeColumns(columns),
      stampedAt: stampedAt ?? null,
      timeZone: timeZone ?? null,
      spreadSeed: spread === undefined ? null : seed,
      where: where === undefined ? null : whereOf(where),
      endpoint: endpoint === undefined ? null : endpointOf(endpoint),
    },
    shaping: {
      window: window === undefined ? null : { from: window.from ?? null, to: window.to ?? null },
      sample,
      timeScale: section.timeScale ?? SHAPING_DEFAULTS.timeScale,
      rateScale,
      repeat: section.repeat ?? SHAPING_DEFAULTS.repeat,
      seed: sample < 1 || rateScale !== null ? seed : SHAPING_DEFAULTS.seed,
    },
  };
}

function rateScaleOf(section: ReplaySection['rateScale']): RateScale | null {
  if (section === undefined) return null;
  const { factor, shift } = typeof section === 'number' ? { factor: section } : section;
  if (factor === 1) return null;
  return { factor, shiftUs: shift === undefined ? DEFAULT_SHIFT_US : Math.round(usOf(shift)) };
}

function whereOf(where: NonNullable<ReplaySection['where']>): Where {
  return Object.fromEntries(
    Object.entries(where).map(([key, given]) => [key, [given].flat().map(String)]),
  );
}

function endpointOf(endpoint: NonNullable<ReplaySection['endpoint']>): EndpointRule {
  return typeof endpoint === 'string' ? { field: endpoint } : endpoint;
}
