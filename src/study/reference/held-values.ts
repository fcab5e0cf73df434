/** What a key may hold, in words, out of its JSON Schema. */
import {
  BANDWIDTH_PATTERN,
  DURATION_PATTERN,
  RATE_PATTERN,
  SIZE_PATTERN,
} from '../../base/units.ts';

/** What this project's schemas use of JSON Schema. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly not?: unknown;
  readonly description?: string;
}

const PATTERNS: readonly (readonly [pattern: string | RegExp, word: string])[] = [
  [DURATION_PATTERN, 'duration'],
  [RATE_PATTERN, 'rate'],
  [SIZE_PATTERN, 'size'],
  [BANDWIDTH_PATTERN, 'bandwidth'],
  [/%\$$/, 'share such as 70%'],
  [/^\^\\d\{4\}-/, 'date and time'],
  [/24:00/, 'time of day'],
];

/** JSON Schema gives every whole number this upper bound, which is none. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

export function heldBy(node: SchemaNode): string {
  const words = [...new Set(wordsOf(node))];
  return words.join(' or ');
}

function wordsOf(node: SchemaNode): readonly string[] {
  const branches = node.anyOf ?? node.oneOf;
  if (branches !== undefined) return branches.flatMap(wordsOf);
  if (node.const !== undefined) return [`\`${String(node.const)}\``];
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``);
  switch (node.type) {
    case 'integer':
      return [`whole number${boundOf(node)}`];
    case 'number':
      return [`number${boundOf(node)}`];
    case 'boolean':
      return ['true or false'];
    case 'string':
      return [node.pattern === undefined ? 'text' : patternWord(node.pattern)];
    case 'array':
      return [`list of ${plural(node.items)}`];
    case 'object':
      return [node.properties === undefined ? `map of ${plural(valueNode(node))}` : 'map'];
    default:
      return ['any value'];
  }
}

function boundOf({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const parts = [
    exclusiveMinimum !== undefined && exclusiveMinimum > -NO_BOUND
      ? `above ${exclusiveMinimum}`
      : '',
    minimum !== undefined && minimum > -NO_BOUND ? `of at least ${minimum}` : '',
    maximum !== undefined && maximum < 1_000 ? `at most ${maximum}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function patternWord(pattern: string): string {
  // A regular expression's source has its slashes escaped.
  const plain = pattern.replaceAll('\\/', '/');
  const known = PATTERNS.find(([form]) =>
    typeof form === 'string' ? form === plain : form.test(plain),
  );
  return known === undefined ? 'text' : known[1];
}

function valueNode({ additionalProperties }: SchemaNode): SchemaNode | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function plural(node: SchemaNode | undefined): string {
  if (node === undefined) return 'values';
  const words = [...new Set(wordsOf(node))].map((word) =>
    word.startsWith('`')
      ? word
      : word.replace(/^(duration|number|map|text|rate|whole number)\b/, '$1s'),
  );
  return words.join(' or ');
}
