/** Models as data: parameters, bits and what a token takes, from models/models.yaml and a user's own. Text in, no files here. */
import { z } from 'zod';
import { checkYaml, type PathMistake, readYaml } from '../base/yaml-source.ts';
import { type Figure, figureOf } from './catalogue.ts';
import { figure, figuresIn, isMap, unknownSources } from './schema.ts';
import { oneOf, strict } from './values.ts';

export interface ServedModel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'language' | 'image' | 'speech' | 'embedding';
  readonly parameters: number;
  /** Those read for each token; all of them in a dense model. */
  readonly activeParameters: number;
  /** A parameter, as published. */
  readonly bits: number;
  /** Of the key-value cache at 16 bits a value; null where the file does not tell, or there is no such cache. */
  readonly kvBytesPerToken: number | null;
  readonly figures: readonly Figure[];
}

/** By id, in the order of the file. */
export type ServedModels = ReadonlyMap<string, ServedModel>;

const amount = z.number('must be a number above 0').positive('must be above 0');
const count = z.int('must be a whole number').positive('must be at least 1');

const entry = strict({
  name: z.string().min(1),
  kind: oneOf(['language', 'image', 'speech', 'embedding']),
  billionParameters: figure(amount),
  billionActiveParameters: figure(amount).optional(),
  bits: figure(amount),
  layers: figure(count).optional(),
  kvHeads: figure(count).optional(),
  headDimension: figure(count).optional(),
  /** Where a layer keeps something else than heads. */
  kvValuesPerLayer: figure(count).optional(),
});
type Entry = z.infer<typeof entry>;

const schema = strict({
  sources: z.record(z.string(), z.string().min(1)),
  models: z.record(
    z.string().regex(/^[a-z0-9]+([-.][a-z0-9]+)*$/, 'must be lower case words joined by -'),
    entry,
  ),
});

const UNITS = {
  billionParameters: '10^9 parameters',
  billionActiveParameters: '10^9 parameters',
  bits: 'bits/parameter',
  layers: 'layers',
  kvHeads: 'heads',
  headDimension: 'values',
  kvValuesPerLayer: 'values/token',
};

const BILLION = 1e9;
const KV_BYTES_PER_VALUE = 2;

/** @throws UserError with every mistake of the file, each at its line and column */
export function parseModels(text: string, fileName: string): ServedModel[] {
  const file = checkYaml(readYaml(text, fileName), schema, (data) => [
    ...unknownSources(data),
    ...cacheMistakes(data),
  ]);
  return Object.entries(file.models).map(([id, model]) => ({
    id,
    name: model.name,
    kind: model.kind,
    parameters: model.billionParameters.value * BILLION,
    activeParameters: (model.billionActiveParameters ?? model.billionParameters).value * BILLION,
    bits: model.bits.value,
    kvBytesPerToken: kvBytesOf(model),
    figures: figuresIn({ models: { [id]: model } }).map(({ path, figure: one }) =>
      figureOf(path, one, file.sources, UNITS),
    ),
  }));
}

/** layers x 2 (a key and a value) x KV heads x head dimension x 2 bytes */
function kvBytesOf({ layers, kvHeads, headDimension, kvValuesPerLayer }: Entry): number | null {
  if (layers === undefined) return null;
  const values =
    kvValuesPerLayer?.value ??
    (kvHeads === undefined || headDimension === undefined
      ? null
      : 2 * kvHeads.value * headDimension.value);
  return values === null ? null : layers.value * values * KV_BYTES_PER_VALUE;
}

const BY_HEADS = ['layers', 'kvHeads', 'headDimension'];
const BY_VALUES = ['layers', 'kvValuesPerLayer'];

/** What makes a cache goes together. */
function cacheMistakes(data: unknown): PathMistake[] {
  if (!isMap(data) || !isMap(data['models'])) return [];
  return Object.entries(data['models']).flatMap(([id, model]): PathMistake[] => {
    if (!isMap(model)) return [];
    const given = [...new Set([...BY_HEADS, ...BY_VALUES])].filter((key) => key in model);
    const fits = [[], BY_HEADS, BY_VALUES].some(
      (way) => way.length === given.length && way.every((key) => given.includes(key)),
    );
    if (fits) return [];
    const message =
      'must have layers, kvHeads and headDimension, or layers and kvValuesPerLayer, or none of them';
    return [{ path: ['models', id], part: 'key', message }];
  });
}
