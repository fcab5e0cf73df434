// Logs from disk to columns on one core, plain and packed, beside DuckDB's CSV reader and goaccess where they are there.
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { spread } from './figures.mjs';

const ROUNDS = 5;
const LINES = 2_000_000;
const LINES_A_PIECE = 10_000;

const two = (n) => String(n).padStart(2, '0');
const seconds = (row) => ((row % 7919) / 1000).toFixed(3);

function combined(row) {
  const day = two(1 + (Math.floor(row / 86_400) % 28));
  const clock = `${two(Math.floor(row / 3600) % 24)}:${two(Math.floor(row / 60) % 60)}:${two(row % 60)}`;
  return `10.0.${row % 4}.${row % 250} - - [${day}/Oct/2026:${clock} +0000] "POST /v1/chat/completions HTTP/1.1" 200 ${600 + (row % 7400)} "-" "openai-python/1.52.0"`;
}

const FILES = {
  'combined.log': { title: 'combined log', header: '', line: (row) => `${combined(row)}\n` },
  'timed.log': {
    title: 'combined + $request_time',
    header: '',
    line: (row) => `${combined(row)} ${seconds(row)}\n`,
  },
  'two.csv': {
    title: 'CSV of two columns',
    header: 'arrival_s,service_s\n',
    line: (row) => `${(row * 0.731).toFixed(6)},${seconds(row)}\n`,
  },
};

const CHILD = `
import { readTrace } from '${new URL('../dist/node.js', import.meta.url).href}';
const rates = [];
for (let round = 0; round <= ${ROUNDS}; round++) {
  const start = performance.now();
  const trace = await readTrace(process.argv[1]);
  if (round > 0) rates.push(trace.count / ((performance.now() - start) / 1e3));
  if (round === ${ROUNDS}) {
    const columns = [trace.arrivalUs, trace.serviceUs, trace.endpoint, trace.status];
    const bytes = columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
    console.log(JSON.stringify({ rates, count: trace.count, bytes, peakMiB: process.resourceUsage().maxRSS / 1024 }));
  }
}`;

export async function benchReaders() {
  const folder = mkdtempSync(join(tmpdir(), 'coldfront-bench-'));
  try {
    for (const [name, file] of Object.entries(FILES)) {
      const path = join(folder, name);
      await write(path, file);
      await pack(path);
      for (const ending of ['', '.gz', '.zst']) ours(`${path}${ending}`, `${file.title}${ending}`);
    }
    duckdb(join(folder, 'two.csv'));
    goaccess(join(folder, 'combined.log'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* pieces({ header, line }) {
  yield header;
  for (let row = 0; row < LINES; row += LINES_A_PIECE) {
    let text = '';
    for (let i = 0; i < LINES_A_PIECE; i++) text += line(row + i);
    yield text;
  }
}

async function write(path, file) {
  await pipeline(pieces(file), createWriteStream(path));
}

async function pack(path) {
  const { createReadStream } = await import('node:fs');
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`));
  spawnSync('zstd', ['-q', path, '-o', `${path}.zst`]);
}

/** Kept on one core where the system can, since unpacking runs on a thread of its own. */
function onOneCore(command, args) {
  const pinned = spawnSync('taskset', ['--version']).status === 0;
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  return pinned
    ? execFileSync('taskset', ['-c', '0', command, ...args], options)
    : execFileSync(command, args, options);
}

function ours(path, title) {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    console.log(`  ${title.padEnd(32)} skipped: the command zstd, which packs it, is not here`);
    return;
  }
  const args = ['--input-type=module', '-e', CHILD, path];
  const { rates, count, bytes, peakMiB } = JSON.parse(onOneCore(process.execPath, args));
  const held = (bytes / count).toFixed(0);
  console.log(
    `  ${title.padEnd(32)} ${spread(rates, 1e6)} M lines/s   ${held} B a request held, peak ${Math.round(peakMiB)} MiB`,
  );
}

/** Both columns summed, which is less than to hold them. */
function duckdb(path) {
  const child = `
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const rates = [];
  for (let round = 0; round <= ${ROUNDS}; round++) {
    const start = performance.now();
    await connection.runAndReadAll("select count(*), sum(arrival_s), sum(service_s) from read_csv('" + process.argv[1] + "')");
    if (round > 0) rates.push(${LINES} / ((performance.now() - start) / 1e3));
  }
  console.log(JSON.stringify(rates));
})();`;
  try {
    const found = createRequire(join(process.cwd(), 'x.js')).resolve('@duckdb/node-api');
    const code = child.replace("'@duckdb/node-api'", JSON.stringify(found));
    const rates = JSON.parse(onOneCore(process.execPath, ['-e', code, path]));
    console.log(`  ${'DuckDB, the same CSV'.padEnd(32)} ${spread(rates, 1e6)} M lines/s`);
  } catch {
    console.log(
      '  DuckDB, the same CSV: skipped, `npm install --no-save @duckdb/node-api` brings it',
    );
  }
}

function goaccess(path) {
  if (spawnSync('goaccess', ['--version']).status !== 0) {
    console.log('  goaccess, the same log: skipped, Debian has it as goaccess');
    return;
  }
  const rates = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    onOneCore('goaccess', [path, '--log-format=COMBINED', '--no-progress', '-o', `${path}.json`]);
    rates.push(LINES / ((performance.now() - start) / 1e3));
  }
  console.log(`  ${'goaccess, the same combined log'.padEnd(32)} ${spread(rates, 1e6)} M lines/s`);
}
