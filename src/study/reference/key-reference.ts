/**
 * Every key of a study with what it may hold and what it means: out of the schema, so that none is forgotten. Keys of a shape
 * that stands in several places (a distribution, a bill, a deployment) are told once, under the shape's name.
 */
import { assert } from '../../base/errors.ts';
import { BILLING_WORDS } from './billing-words.ts';
import { DEPLOYMENT_WORDS, SCALING_WORDS } from './deployment-words.ts';
import { heldBy, type SchemaNode } from './held-values.ts';
import { STUDY_WORDS } from './study-words.ts';
import {
  ARRIVALS_WORDS,
  COLUMN_WORDS,
  DISTRIBUTION_WORDS,
  RATE_WORDS,
  REPLAY_WORDS,
  SERVICE_WORDS,
  SYNTHESIS_WORDS,
} from './workload-words.ts';

export interface KeyWord {
  /** Of the shape: `study`, `replay`, `deployment`. */
  readonly shape: string;
  /** Within the shape: `replicas.min.rules[].from`; `*` is any name. */
  readonly path: string;
  /** `duration`, `whole number of at least 0 or unlimited`. */
  readonly holds: string;
  readonly means: string;
}

interface Shape {
  readonly name: string;
  /** Keys by which a map of the schema is known to be one. */
  readonly has: readonly string[];
  readonly words: Readonly<Record<string, string>>;
}

/** In the order of the reference; a map is of the first whose keys it has. */
export const SHAPES: readonly Shape[] = [
  { name: 'study', has: ['version'], words: STUDY_WORDS },
  { name: 'replay', has: ['file', 'rateScale'], words: REPLAY_WORDS },
  { name: 'column', has: ['name', 'unit'], words: COLUMN_WORDS },
  { name: 'synthesize', has: ['duration', 'clients'], words: SYNTHESIS_WORDS },
  { name: 'arrivals', has: ['branching'], words: ARRIVALS_WORDS },
  { name: 'rate', has: ['points', 'interpolate'], words: RATE_WORDS },
  { name: 'rate', has: ['peakToMean'], words: RATE_WORDS },
  { name: 'service', has: ['perInputToken'], words: SERVICE_WORDS },
  { name: 'service', has: ['byEndpoint', 'other'], words: SERVICE_WORDS },
  { name: 'distribution', has: ['distribution', 'quantiles'], words: DISTRIBUTION_WORDS },
  { name: 'deployment', has: ['idleWindow', 'coldStart'], words: DEPLOYMENT_WORDS },
  { name: 'scaling', has: ['rule', 'laws'], words: SCALING_WORDS },
  { name: 'billing', has: ['usdPerReplicaHour', 'commitmentUsdPerMonth'], words: BILLING_WORDS },
];

/** @param schema the study's JSON Schema @returns every key once, in the schema's order */
export function keyReference(schema: SchemaNode): readonly KeyWord[] {
  const found = new Map<string, KeyWord>();
  visitKeys(schema, (shape, path, node) => {
    const key = `${shape.name} ${path}`;
    const known = found.get(key);
    const holds = heldBy(node);
    if (known === undefined)
      found.set(key, { shape: shape.name, path, holds, means: meaningOf(shape, path) });
  });
  return [...found.values()];
}

/** Puts what each key means into the schema, where editors show it. @returns another schema */
export function describedSchema(schema: SchemaNode): SchemaNode {
  const copy = structuredClone(schema) as SchemaNode;
  visitKeys(copy, (shape, path, node) => {
    (node as { description?: string }).description = meaningOf(shape, path);
  });
  return copy;
}

/** The words of the longest end of the path that has any: a test holds that each has. */
function meaningOf({ words }: Shape, path: string): string {
  const parts = path.split('.');
  for (let from = 0; from < parts.length; from++) {
    const means = words[parts.slice(from).join('.')];
    if (means !== undefined) return means;
  }
  return '';
}

type Visit = (shape: Shape, path: string, node: SchemaNode) => void;

function visitKeys(schema: SchemaNode, visit: Visit): void {
  const [study] = SHAPES;
  assert(study !== undefined, 'a reference without shapes');
  visitNode(schema, study, '', visit);
}

function visitNode(node: SchemaNode, shape: Shape, path: string, visit: Visit): void {
  const { properties = {} } = node;
  const names = Object.keys(properties);
  const own = SHAPES.find(({ has }) => has.every((key) => names.includes(key)));
  const [at, inside] = own === undefined ? [path, shape] : ['', own];
  for (const [name, child] of Object.entries(properties)) {
    if (child.not !== undefined) continue;
    const below = at === '' ? name : `${at}.${name}`;
    visit(inside, below, child);
    visitNode(child, inside, below, visit);
  }
  for (const branch of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) {
    visitNode(branch, shape, path, visit);
  }
  if (node.items !== undefined) visitNode(node.items, shape, `${path}[]`, visit);
  if (typeof node.additionalProperties === 'object') {
    visitNode(node.additionalProperties, shape, `${path}.*`, visit);
  }
}
