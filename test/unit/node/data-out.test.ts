import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportCommand } from '../../../src/cli/export.ts';
import { writeResultFiles } from '../../../src/node/result-files.ts';
import { sweepLargeStudy } from '../../../src/node/run.ts';
import { openStudy } from '../../../src/node/studies.ts';
import { openSweepFile } from '../../../src/node/sweep-file.ts';
import { resultsTable } from '../../../src/report/columns.ts';
import type { Result, SweepDocument } from '../../../src/study/document.ts';
import { runCommand } from '../cli/in-process.ts';

/** A log with dates, so that time lines and hours have them; its name would be a formula in a spreadsheet. */
const STUDY = `version: 1
name: '=cmd|"calc"!A1, and more'
replications: 3
workload: { replay: { file: log.csv } }
deployment:
  replicas: { max: 2 }
  coldStart: { distribution: exponential, mean: 12s }
billing: { usdPerReplicaHour: 2, usdPerRequest: 0.001 }
vary:
  deployment.replicas.min: [0, 1]
  deployment.idleWindow: [5s, 90s, 10m]
  deployment.admission.queue: [none, 3]
slo: [latencyS.p99 <= 30, coldStarts.fraction <= 0.2]
`;

function log(): string {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const second = (i * i * 7 + i * 40) % 20_000;
    return { at: new Date(Date.UTC(2026, 9, 12, 8) + second * 1_000).toISOString(), serviceS: 2 };
  }).sort((a, b) => (a.at < b.at ? -1 : 1));
  return ['timestamp,service_s', ...rows.map(({ at, serviceS }) => `${at},${serviceS}`)].join('\n');
}

/** Tables of their own, lists, and what differs from machine to machine. */
const NO_COLUMNS = [
  'vary',
  'lines',
  'objectives',
  'timeline',
  'hours',
  'curves',
  'engine',
  'ci95',
  'ci95Traffic',
  'startPaths',
];

/** Paths of numbers and of what is met. */
function figuresIn(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) => {
    if (NO_COLUMNS.includes(key) || Array.isArray(entry)) return [];
    if (typeof entry === 'object' && entry !== null) return figuresIn(entry, `${prefix}${key}.`);
    return typeof entry === 'number' || typeof entry === 'boolean' ? [`${prefix}${key}`] : [];
  });
}

describe('results on disk', () => {
  let folder: string;
  let document: SweepDocument;
  let connection: DuckDBConnection;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'coldfront-data-'));
    writeFileSync(join(folder, 'log.csv'), log());
    writeFileSync(join(folder, 'study.yaml'), STUDY);
    const study = await openStudy({ files: [join(folder, 'study.yaml')], overrides: {} });
    const swept = await sweepLargeStudy(study, { timelineUs: 600e6, hourly: true });
    await writeResultFiles(folder, swept);
    document = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as SweepDocument;
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });

  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true });
  });

  const query = async (sql: string): Promise<unknown[]> => {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson();
  };
  const at = (name: string) => `'${join(folder, name)}'`;
  const exported = async (what: string, format: string): Promise<string> => {
    const name = join(folder, `out-${what}.${format}`);
    const args = [folder, '--what', what, '--format', format, '--out', name, '--overwrite'];
    await runCommand(exportCommand(), args);
    return `'${name}'`;
  };
  const sum = (of: (result: Result) => number | null) =>
    document.results.reduce((total, result) => total + (of(result) ?? 0), 0);

  it('are whole files, none of them half written', () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(document.results).toHaveLength(12);
  });

  it('hold something to say', () => {
    expect(sum(({ requests }) => requests.rejected)).toBeGreaterThan(0);
  });

  it('say in CSV, JSON and Parquet what the document says, read by DuckDB', async () => {
    const sources = [at('results.csv'), at('results.parquet')];
    for (const format of ['csv', 'json', 'parquet'])
      sources.push(await exported('results', format));
    for (const source of sources) {
      const [row] = await query(`
        select count(*)::int as rows, sum("cost.usd") as usd, sum("latencyS.p99") as p99,
          sum("requests.rejected")::double as rejected, sum("ci95.cost.usd.hi") as hi,
          sum("vary.deployment.idleWindowS")::double as windowS, count(distinct "vary.deployment.idleWindow")::int as windows,
          count_if("slo.met")::int as met, count_if("slo.1.met")::int as second, min(name) as name
        from ${source}`);
      expect(row).toEqual({
        rows: 12,
        usd: expect.closeTo(
          sum(({ cost }) => cost!.usd),
          9,
        ),
        p99: expect.closeTo(
          sum(({ latencyS }) => latencyS.p99),
          9,
        ),
        rejected: expect.closeTo(
          sum(({ requests }) => requests.rejected),
          9,
        ),
        hi: expect.closeTo(
          sum(({ ci95 }) => ci95!['cost.usd']![1]),
          9,
        ),
        windowS: 4 * (5 + 90 + 600),
        windows: 3,
        met: document.results.filter(({ slo }) => slo!.met).length,
        second: document.results.filter(({ slo }) => slo!.objectives[1]!.met).length,
        // In CSV alone a text that begins as a formula has an apostrophe before it.
        name: `${source.endsWith("csv'") ? "'" : ''}=cmd|"calc"!A1, and more`,
      });
    }
  });

  it('have a column for every figure that a result has', () => {
    const { columns } = resultsTable({ rows: document.results, first: document.results[0] });
    const names = new Set(columns.map(({ name }) => name));
    const missing = document.results.flatMap((result) =>
      figuresIn(result).filter((path) => !names.has(path)),
    );
    expect([...new Set(missing)]).toEqual([]);
    for (const { ci95 } of document.results) {
      for (const path of Object.keys(ci95!)) expect(names).toContain(`ci95.${path}.lo`);
    }
  });

  it('have typed columns, and null where there is no figure', async () => {
    const types = await query(`
      select column_name as name, column_type as type
      from (describe select * from ${at('results.parquet')})
      where column_name in ('index', 'cost.usd', 'name', 'slo.met', 'provedEqualTo', 'pings.sent', 'vary.deployment.admission.queue')`);
    expect(Object.fromEntries(types.map((one) => Object.values(one as object)))).toEqual({
      index: 'INTEGER',
      name: 'VARCHAR',
      provedEqualTo: 'INTEGER',
      'cost.usd': 'DOUBLE',
      'slo.met': 'BOOLEAN',
      'pings.sent': 'DOUBLE',
      'vary.deployment.admission.queue': 'VARCHAR',
    });
    const pings = 'count("pings.sent")::int as pings, count("provedEqualTo")::int as proved';
    for (const source of [at('results.csv'), at('results.parquet')]) {
      expect(await query(`select ${pings} from ${source}`)).toEqual([
        {
          pings: 0,
          proved: document.results.filter(({ provedEqualTo }) => provedEqualTo !== null).length,
        },
      ]);
    }
  });

  it('have time lines a row an interval, which join on the index and have dates', async () => {
    for (const source of [
      at('timeline.csv'),
      at('timeline.parquet'),
      await exported('timeline', 'json'),
    ]) {
      const [row] = await query(`
        select count(*)::int as rows, sum(line.busy * line."intervalS") as busy,
          strftime(min(line.at::timestamp), '%Y-%m-%d %H:%M:%S') as first
        from ${source} line join ${at('results.parquet')} result using ("index")
        where result."vary.deployment.replicas.min" = 1`);
      const kept = document.results.filter(({ vary }) => vary['deployment.replicas.min'] === 1);
      const busyS = kept.flatMap(({ timeline }) => timeline!.busy.map((busy) => 600 * busy));
      expect(row).toEqual({
        rows: busyS.length,
        busy: expect.closeTo(
          busyS.reduce((a, b) => a + b),
          6,
        ),
        first: '2026-10-12 08:00:00',
      });
    }
  });

  it('have hours that add up to the requests, and lines that add up to the invoice', async () => {
    for (const format of ['csv', 'json', 'parquet']) {
      const [hours] = await query(`select sum(arrived)::double as arrived
        from ${await exported('hours', format)}`);
      expect(hours).toMatchObject({ arrived: 12 * 300 });
      const lines = await query(`
        select line."index", sum(line.usd) - any_value(result."cost.usd") as off
        from ${await exported('lines', format)} line join ${at('results.csv')} result using ("index")
        group by 1 having abs(off) > 1e-9`);
      expect(lines).toEqual([]);
    }
  });

  it('are read back one by one, as they were written', () => {
    const { swept, close } = openSweepFile(join(folder, 'results.json'));
    const { results, resultAt, ...head } = swept;
    const { results: expected, ...expectedHead } = document;
    expect(head).toEqual(expectedHead);
    for (const index of results.keys()) {
      expect(resultAt(index)).toEqual(expected[index]);
      expect(results[index]!.cost?.usdPerHour).toBe(expected[index]!.cost?.usdPerHour);
      expect(results[index]!.vary).toEqual(expected[index]!.vary);
    }
    close();
  });

  it('are read in any other layout too', () => {
    writeFileSync(join(folder, 'compact.json'), JSON.stringify(document));
    const { swept, close } = openSweepFile(join(folder, 'compact.json'));
    expect(swept.resultAt(3)).toEqual(document.results[3]);
    close();
  });

  it('that have no time lines say which flag makes them', async () => {
    const bare = document.results.map(({ timeline: _, ...result }) => result);
    writeFileSync(join(folder, 'bare.json'), JSON.stringify({ ...document, results: bare }));
    const args = [join(folder, 'bare.json'), '--what', 'timeline'];
    await expect(runCommand(exportCommand(), args)).rejects.toThrow(
      'run the sweep with --timeline',
    );
  });
});
