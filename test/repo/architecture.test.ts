import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SRC = join(ROOT, 'src');

/** Which layers a layer may import, beside itself. `src/*.ts` are the entry points. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  base: [],
  engine: ['base'],
  workload: ['base', 'engine'],
  platform: ['base', 'engine'],
  study: ['base', 'engine', 'workload', 'platform'],
  report: ['base', 'engine', 'workload', 'platform', 'study'],
  node: ['base', 'engine', 'workload', 'platform', 'study', 'report'],
  cli: ['base', 'engine', 'workload', 'platform', 'study', 'report', 'node'],
  // Runs in the browser of whoever opens a report; its build is read as a file, nobody imports it.
  page: ['base', 'study', 'report'],
  'index.ts': ['base', 'engine', 'workload', 'platform', 'study', 'report'],
  'node.ts': ['base', 'engine', 'workload', 'platform', 'study', 'report', 'node', 'index.ts'],
};

/** Packages that only one place may know. */
const PACKAGE_HOME: Readonly<Record<string, RegExp>> = {
  seedrandom: /^base\/random\.ts$/,
  // The logarithm of the gamma function, for moments of distributions, and statistics of results.
  'simple-statistics': /^(?:study\/|engine\/(?:families|gamma-quantile)\.ts$|workload\/fit\/)/,
  piscina: /^node\/pool\.ts$/,
  hyparquet: /^node\/parquet-/,
  'hyparquet-compressors': /^node\/parquet-/,
  'hyparquet-writer': /^node\/parquet-/,
  'zstd-codec': /^node\//,
  tinyglobby: /^node\/glob\.ts$/,
  commander: /^cli\//,
  'cli-progress': /^cli\//,
  picocolors: /^cli\//,
  'cli-table3': /^report\//,
  echarts: /^(?:page\/echarts|node\/pictures)\.ts$/,
  '@resvg/resvg-js': /^node\/pictures\.ts$/,
};

const BANNED_MEMBERS = new Set(['Math.random', 'Date.now', 'performance.now']);
const BANNED_NAMES = new Set(['console', 'process', 'require', 'Buffer', '__dirname']);

const HAS_A_PROCESS = /^(?:node|cli)\//;

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly dynamic: boolean;
}

interface SourceFile {
  readonly file: string;
  readonly imports: readonly Import[];
  readonly globals: readonly string[];
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => read(file.replaceAll('\\', '/')));
const imports = files.flatMap((file) => file.imports);

function read(file: string): SourceFile {
  const text = readFileSync(join(SRC, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const globals: string[] = [];
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
      found.push({ file, specifier, dynamic: false });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0];
      const specifier = argument && ts.isStringLiteral(argument) ? argument.text : '(computed)';
      found.push({ file, specifier, dynamic: true });
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const specifier = (node.argument.literal as ts.StringLiteral).text;
      found.push({ file, specifier, dynamic: false });
    }
    const clock = clockOrProcess(node);
    if (clock !== null) globals.push(clock);
    if (isBinding(node)) own.add(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(tree);
  // A file that binds the name itself, `const { process } = arrivals`, does not mean the global.
  return { file, imports: found, globals: globals.filter((name) => !own.has(name)) };
}

function isBinding(
  node: ts.Node,
): node is ts.BindingElement | ts.VariableDeclaration | ts.ParameterDeclaration {
  return ts.isBindingElement(node) || ts.isVariableDeclaration(node) || ts.isParameter(node);
}

function clockOrProcess(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    if (BANNED_MEMBERS.has(member)) return member;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    if ((node.arguments?.length ?? 0) === 0) return 'new Date()';
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isIdentifier(node) && BANNED_NAMES.has(node.text)) {
    const parent = node.parent;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    const isKey =
      (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
    if (!isMember && !isKey) return node.text;
  }
  return null;
}

function layerOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
}

/** The file that a relative import means, from src; null for a package. */
function target({ file, specifier }: Import): string | null {
  if (!specifier.startsWith('.')) return null;
  return relative(SRC, resolve(SRC, dirname(file), specifier)).replaceAll('\\', '/');
}

function packageOf(specifier: string): string {
  return specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : specifier.split('/')[0]!;
}

describe('layers', () => {
  it('reads the imports of every file of src', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(imports.length).toBeGreaterThan(5);
  });

  it('know only themselves and what is below them', () => {
    const upward = imports.flatMap((edge) => {
      const to = target(edge);
      if (to === null) return [];
      const [from, onto] = [layerOf(edge.file), layerOf(to)];
      return from === onto || BELOW[from]?.includes(onto) ? [] : [`${edge.file} -> ${to}`];
    });
    expect(upward).toEqual([]);
  });

  it('have no cycle, not even within a folder', () => {
    const edges = new Map(
      files.map(({ file, imports }) => [file, imports.flatMap((edge) => target(edge) ?? [])]),
    );
    expect(cycles(edges)).toEqual([]);
  });

  it('import relative files with their extension, and files that exist', () => {
    const known = new Set(files.map(({ file }) => file));
    const missing = imports.flatMap((edge) => {
      const to = target(edge);
      return to === null || known.has(to) ? [] : [`${edge.file} -> ${edge.specifier}`];
    });
    expect(missing).toEqual([]);
  });

  it('load lazily only in the command line, and what only Parquet files need', () => {
    const lazy = imports.filter(
      ({ file, dynamic, specifier }) =>
        dynamic && !file.startsWith('cli/') && !/^hyparquet(?:[-/]|$)/.test(specifier),
    );
    expect(lazy).toEqual([]);
  });

  it('leave files, threads and the process to node and cli', () => {
    const low = imports.filter(
      ({ file, specifier }) => specifier.startsWith('node:') && !HAS_A_PROCESS.test(file),
    );
    expect(low.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });

  it('below node, have no clock, no hidden luck and no console', () => {
    const used = files.flatMap(({ file, globals }) =>
      HAS_A_PROCESS.test(file) ? [] : globals.map((name) => `${file}: ${name}`),
    );
    expect(used).toEqual([]);
  });

  it('draw no luck outside the random streams, anywhere', () => {
    const used = files.flatMap(({ file, globals }) =>
      globals.includes('Math.random') ? [file] : [],
    );
    expect(used).toEqual([]);
  });
});

describe('packages', () => {
  it.each(Object.entries(PACKAGE_HOME))('%s is known only where it belongs', (name, home) => {
    const strays = imports
      .filter(({ file, specifier }) => packageOf(specifier) === name && !home.test(file))
      .map(({ file }) => file);
    expect(strays).toEqual([]);
  });

  it('that src imports are dependencies, and every dependency is imported', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const used = new Set(
      imports
        .filter((edge) => target(edge) === null && !edge.specifier.startsWith('node:'))
        .map(({ specifier }) => packageOf(specifier)),
    );
    expect([...used].sort()).toEqual(Object.keys(dependencies).sort());
  });
});

/** Every cycle once, as `a -> b -> a`; Tarjan is not needed for a graph this small. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return found;
}

describe('the check itself', () => {
  it('finds a cycle where there is one', () => {
    const edges = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', []],
    ]);
    expect(cycles(edges)).toEqual(['a -> b -> c -> a']);
  });
});
