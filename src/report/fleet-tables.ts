/** Pools and endpoints of a fleet, the largest first: what each took, how many were cold, what it costs. */
import type { EndpointResult, Figure, PoolResult, Result } from '../study/document.ts';
import { count, dollarsPerHour, percent, seconds, significant } from './numbers.ts';
import { table } from './table.ts';
import { harmless } from './text.ts';

const MOST_ROWS = 12;
const MOST_LETTERS = 40;

export function poolLines({ pools = [] }: Result): string[] {
  // Where each endpoint has one pool, its own table says the same.
  if (pools.length < 2 || isAlone(pools)) return [];
  const { shown, rest } = largest(pools);
  const columns = ['pool', 'requests', 'cold', 'replicas', 'peak', 'busy', 'cost'];
  const rows = shown.map((pool) => [
    nameOf(pool),
    count(pool.requests.arrived),
    percent(pool.coldStarts.fraction),
    significant(pool.replicas.mean),
    count(pool.replicas.peak),
    percent(pool.utilization),
    perHour(pool.cost?.usdPerHour ?? null),
  ]);
  return tableOf(columns, rows, restRow(rest, columns.length));
}

export function endpointLines({ endpoints = [] }: Result): string[] {
  if (endpoints.length === 0) return [];
  const { shown, rest } = largest(endpoints);
  const columns = ['endpoint', 'requests', 'cold', 'p50', 'p99', 'busy', 'cost'];
  const rows = shown.map((endpoint) => [
    harmless(endpoint.name, MOST_LETTERS),
    count(endpoint.requests.arrived),
    percent(endpoint.coldStarts.fraction),
    seconds(endpoint.latencyS.p50),
    seconds(endpoint.latencyS.p99),
    percent(endpoint.utilization),
    perHour(endpoint.cost?.usdPerHour ?? null),
  ]);
  return tableOf(columns, rows, restRow(rest, columns.length));
}

type Row = PoolResult | EndpointResult;

function isAlone(pools: readonly PoolResult[]): boolean {
  const endpoints = new Set(pools.map(({ endpoint }) => endpoint));
  return endpoints.size === pools.length;
}

function nameOf({ endpoint, name, platform }: PoolResult): string {
  const where = platform === null || platform === name ? '' : ` (${platform})`;
  return harmless(`${endpoint === undefined ? '' : `${endpoint} / `}${name}${where}`, MOST_LETTERS);
}

/** In their own order where there is room for all. */
function largest<Each extends Row>(all: readonly Each[]) {
  if (all.length <= MOST_ROWS) return { shown: all, rest: [] };
  const sorted = all.toSorted((a, b) => b.requests.arrived - a.requests.arrived);
  return { shown: sorted.slice(0, MOST_ROWS), rest: sorted.slice(MOST_ROWS) };
}

/** Requests, cold ones and cost of all that are not shown; what has no sum is left out. */
function restRow(rest: readonly Row[], columns: number): string[] | null {
  if (rest.length === 0) return null;
  const sum = (of: (row: Row) => number) => rest.reduce((total, row) => total + of(row), 0);
  const completed = sum(({ requests }) => requests.completed);
  const cold = completed === 0 ? null : sum(({ coldStarts }) => coldStarts.requests) / completed;
  const isPriced = rest.every(({ cost }) => cost !== null && cost.usdPerHour !== null);
  const usdPerHour = isPriced ? sum(({ cost }) => cost!.usdPerHour!) : null;
  const between = Array.from({ length: columns - 4 }, () => '');
  return [
    `${count(rest.length)} more`,
    count(sum(({ requests }) => requests.arrived)),
    percent(cold),
    ...between,
    perHour(usdPerHour),
  ];
}

function perHour(usd: Figure): string {
  return usd === null ? 'unknown' : dollarsPerHour(usd);
}

function tableOf(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  rest: readonly string[] | null,
): string[] {
  const columns = heads.map((head, i) => ({ head, ...(i === 0 && { align: 'left' as const }) }));
  const all = rest === null ? rows : [...rows, rest];
  return table(columns, all).map((text) => `  ${text}`);
}
