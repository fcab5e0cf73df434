/**
 * Writes docs/reference: the keys of a study out of its schema, the commands out of their help, the fields of results out of
 * the types of the documents. Run after a build; a test holds that what is committed is what this writes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const MADE = '<!-- Written by `npm run reference`: change the source, not this file. -->';

const SHAPE_TITLES = {
  study: ['The study', 'At the top of the file.'],
  replay: ['Replays', 'Under `workload.replay`, and each part of a list of them.'],
  column: ['Columns', 'In place of the name of a column, under `workload.replay.columns`.'],
  synthesize: ['Made traffic', 'Under `workload.synthesize`.'],
  arrivals: ['Arrival processes', 'Under `workload.synthesize.arrivals`, and of each client.'],
  rate: ['Courses of a rate', 'In place of a rate such as `5/s`.'],
  service: ['Service times', 'Under `workload.service` and `deployment.serviceTime`.'],
  distribution: [
    'Distributions',
    'In place of a duration such as `8s`; of tokens in bare numbers.',
  ],
  deployment: [
    'Deployments',
    'Under `deployment`, each of `deployment.pools`, and each of `endpoints`.',
  ],
  scaling: ['Scaling', 'Under `scaling` of a deployment.'],
  billing: ['Bills', 'Under `billing`, and of a pool. Prices may stand in every block of prices.'],
};

/** The documents that coldfront prints: schema, where its type is, what prints it. */
const DOCUMENTS = [
  ['coldfront.result.v1', 'src/study/document.ts', 'Result', '`simulate --json`'],
  ['coldfront.sweep.v1', 'src/study/document.ts', 'SweepDocument', '`sweep --json`'],
  [
    'coldfront.optimize.v1',
    'src/study/optimize-document.ts',
    'OptimizeDocument',
    '`optimize --json`',
  ],
  ['coldfront.compare.v1', 'src/study/compare-document.ts', 'CompareDocument', '`compare --json`'],
  [
    'coldfront.calibration.v1',
    'src/study/calibration/calibration-document.ts',
    'Calibration',
    '`calibrate --json`',
  ],
  [
    'coldfront.platforms.v1',
    'src/platform/catalogue.ts',
    'PlatformsDocument',
    '`platforms --json`',
  ],
];

async function studyPage() {
  const from = (file) => import(pathToFileURL(`${ROOT}dist/study/${file}`).href);
  const { keyReference } = await from('reference/key-reference.js');
  const { studyJsonSchema } = await from('schema.js');
  const keys = keyReference(studyJsonSchema());
  const sections = Object.entries(SHAPE_TITLES).map(([shape, [title, where]]) => {
    const own = keys.filter((key) => key.shape === shape);
    const rows = (shape === 'billing' ? byLastPart(own) : own).map(
      ({ path, holds, means }) => `| \`${path}\` | ${cell(holds)} | ${cell(means)} |`,
    );
    return [`## ${title}`, where, ['| key | holds | means |', '|---|---|---|', ...rows].join('\n')];
  });
  return page(
    '# Keys of a study',
    'Every key, what it may hold and what it means; `coldfront schema` prints the same for editors. `*` is any name, `[]` an entry\nof a list. Durations, rates and sizes carry units: `60s`, `1h30m`, `5/s`, `26GB`.',
    sections.flat(),
  );
}

/** Blocks of prices are alike at every depth: each key once. */
function byLastPart(keys) {
  const seen = new Set();
  return keys.filter(({ path, means }) => {
    const last = `${path.split('.').at(-1)} ${means}`;
    if (seen.has(last)) return false;
    seen.add(last);
    return true;
  });
}

function commandsPage() {
  const whole = help([]);
  const listed = subcommandsOf(whole);
  const sections = listed.flatMap((name) => [
    `## coldfront ${name}`,
    fenced(help([name])),
    ...subcommandsOf(help([name])).flatMap((sub) => [
      `### coldfront ${name} ${sub}`,
      fenced(help([name, sub])),
    ]),
  ]);
  return page('# Commands', 'What each command says of itself with `--help`.', [
    fenced(whole),
    ...sections,
  ]);
}

function subcommandsOf(text) {
  const [, block = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  return [...block.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
}

function help(words) {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [`${ROOT}dist/cli/main.js`, ...words, '--help'],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  if (status !== 0) throw new Error(`coldfront ${words.join(' ')} --help: ${stderr}`);
  return stdout.trimEnd();
}

function resultsPage() {
  const sections = DOCUMENTS.flatMap(([schema, file, name, command]) => {
    const rows = rowsOf(interfaceNamed(file, name), file, '');
    return [
      `## ${schema}`,
      `Printed by ${command}.`,
      ['| field | type | means |', '|---|---|---|', ...rows].join('\n'),
    ];
  });
  return page(
    '# Fields of results',
    'Units are in the names: S seconds, Us microseconds, Usd dollars. A figure over no requests is null, never 0. Fields may be\nadded, none is renamed.',
    sections,
  );
}

const parsed = new Map();

function sourceOf(file) {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(
    file,
    readFileSync(`${ROOT}${file}`, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  parsed.set(file, source);
  return source;
}

function declarationNamed(file, name) {
  const source = sourceOf(file);
  const own = source.statements.find(
    (node) =>
      (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) &&
      node.name.text === name,
  );
  if (own !== undefined) return { node: own, file };
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const names =
      statement.importClause?.namedBindings?.elements ?? statement.exportClause?.elements ?? [];
    const has = names.some((element) => element.name.text === name);
    const from = statement.moduleSpecifier?.text;
    if (!has || !from?.startsWith('.')) continue;
    const target = new URL(from, `file:///${file}`).pathname.slice(1);
    return declarationNamed(target, name);
  }
  return null;
}

function interfaceNamed(file, name) {
  const found = declarationNamed(file, name);
  if (found === null) throw new Error(`${file} has no ${name}`);
  return found;
}

/** Documents within documents are told in their own section. */
const TOLD_ELSEWHERE = new Map([
  ['Result', 'a `coldfront.result.v1`'],
  ['Json', 'any value'],
]);

function rowsOf({ node, file }, _file, path) {
  return membersOf(node, file).flatMap(({ member, from }) => rowsOfMember(member, from, path));
}

/** Of an interface with those that it extends. */
function membersOf(node, file) {
  if (ts.isTypeAliasDeclaration(node)) return [];
  const inherited = (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap((type) => {
      const name = type.expression.text;
      if (name !== 'Pick') {
        const found = declarationNamed(file, name);
        return found === null ? [] : membersOf(found.node, found.file);
      }
      const [base, keys] = type.typeArguments;
      const found = declarationNamed(file, base.typeName.text);
      const wanted = keys
        .getText()
        .match(/'[^']+'/g)
        .map((key) => key.slice(1, -1));
      return membersOf(found.node, found.file).filter(({ member }) =>
        wanted.includes(member.name.text),
      );
    }),
  );
  return [...inherited, ...node.members.map((member) => ({ member, from: file }))];
}

function rowsOfMember(member, file, path) {
  const optional = member.questionToken !== undefined;
  const at = path === '' ? member.name.text : `${path}.${member.name.text}`;
  const means = (ts.getJSDocCommentsAndTags(member) ?? [])
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  const { shown, inside, suffix } = typeOf(member.type, file);
  const row = `| \`${at}\` | ${cell(shown)}${optional ? ', may be left out' : ''} | ${cell(means)} |`;
  return [row, ...(inside === null ? [] : inside(`${at}${suffix}`))];
}

/** What a type is called, and the rows of what is in it. */
function typeOf(type, file) {
  const none = { inside: null, suffix: '' };
  if (ts.isParenthesizedTypeNode(type)) return typeOf(type.type, file);
  if (ts.isTypeOperatorNode(type)) return typeOf(type.type, file);
  if (ts.isArrayTypeNode(type)) {
    const of = typeOf(type.elementType, file);
    return { shown: `list of ${of.shown}`, inside: of.inside, suffix: `[]${of.suffix}` };
  }
  if (ts.isUnionTypeNode(type)) {
    const kinds = type.types.map((one) => typeOf(one, file));
    const shown = [...new Set(kinds.map((kind) => kind.shown))].join(' or ');
    const deep = kinds.find(({ inside }) => inside !== null);
    return { shown, inside: deep?.inside ?? null, suffix: deep?.suffix ?? '' };
  }
  if (ts.isTypeLiteralNode(type)) {
    return {
      shown: 'map',
      inside: (at) => type.members.flatMap((member) => rowsOfMember(member, file, at)),
      suffix: '',
    };
  }
  if (ts.isIntersectionTypeNode(type)) {
    const kinds = type.types.map((one) => typeOf(one, file));
    return {
      shown: 'map',
      inside: (at) => kinds.flatMap(({ inside }) => inside?.(at) ?? []),
      suffix: '',
    };
  }
  if (ts.isLiteralTypeNode(type)) {
    const text = type.literal.getText();
    return { ...none, shown: text === 'null' ? 'null' : `\`${text.replaceAll("'", '')}\`` };
  }
  if (ts.isTypeReferenceNode(type)) return referenceOf(type, file);
  if (ts.isTupleTypeNode(type))
    return { ...none, shown: `[${type.elements.map((e) => typeOf(e, file).shown).join(', ')}]` };
  return { ...none, shown: keywordOf(type.getText()) };
}

function referenceOf(type, file) {
  const none = { inside: null, suffix: '' };
  const name = type.typeName.text;
  const told = TOLD_ELSEWHERE.get(name);
  if (told !== undefined) return { ...none, shown: told };
  if (name === 'Readonly' || name === 'Partial') return typeOf(type.typeArguments[0], file);
  if (name === 'Record') {
    const of = typeOf(type.typeArguments[1], file);
    return { shown: `map of ${of.shown}`, inside: of.inside, suffix: `.*${of.suffix}` };
  }
  if (name === 'Pick' || name === 'Omit' || name === 'Exclude') {
    return { ...none, shown: `part of ${typeOf(type.typeArguments[0], file).shown}` };
  }
  const found = declarationNamed(file, name);
  if (found === null) return { ...none, shown: name };
  if (ts.isTypeAliasDeclaration(found.node)) return typeOf(found.node.type, found.file);
  return { shown: 'map', inside: (at) => rowsOf(found, found.file, at), suffix: '' };
}

function keywordOf(text) {
  if (text === 'string') return 'text';
  if (text === 'boolean') return 'true or false';
  return text;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function fenced(text) {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function page(title, intro, sections) {
  return `${[title, MADE, intro, ...sections].join('\n\n')}\n`;
}

/** Of docs/reference, by file name. */
export async function referencePages() {
  return {
    'study.md': await studyPage(),
    'commands.md': commandsPage(),
    'results.md': resultsPage(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${ROOT}docs/reference`, { recursive: true });
  for (const [name, text] of Object.entries(await referencePages())) {
    writeFileSync(`${ROOT}docs/reference/${name}`, text);
  }
}
