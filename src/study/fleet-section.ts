/**
 * Several pools and endpoints: `deployment.pools`, `endpoints`, `account`. Each pool is compiled as the one pool of a
 * study of its own, whose `deployment` is the pool's keys over those of its endpoint over those of the common block; what
 * is wrong there is told where the key stands.
 */

import { listed } from '../base/counts.ts';
import { billOver } from '../platform/bill-merge.ts';
import type { Catalogue } from '../platform/catalogue.ts';
import { type Hardware, NO_HARDWARE } from '../platform/library.ts';
import {
  type Compiled,
  compilePoint,
  type DeploymentPlan,
  type FleetPlan,
  isCompiled,
  type PoolPlan,
} from './compile.ts';
import { wholeUs } from './distribution-section.ts';
import { ALL, EACH } from './endpoint-names.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import { canonical, type Json } from './json.ts';
import { getAt, type KeyPath } from './key-path.ts';
import { mergedSections } from './merged.ts';
import type { DeploymentSection, EndpointSection, PoolSection, Study } from './schema.ts';

/** Keys of one pool, and where they stand. */
interface Layer {
  readonly at: KeyPath;
  readonly section: PoolSection;
}

/** One deployment with its keys, the innermost layer first. */
interface Source {
  readonly endpoints: string;
  readonly layers: readonly Layer[];
  readonly pools: readonly Layer[];
  readonly overflow: DeploymentSection['overflow'];
  readonly overflowAt: KeyPath;
}

/** @returns the compiled point, or every finding that stands in its way */
export function compileStudy(
  study: Study,
  catalogue: Catalogue,
  hardware: Hardware = NO_HARDWARE,
): Compiled | readonly Finding[] {
  const compiledAlone = isFleet(study) ? null : compilePoint(study, catalogue, hardware);
  if (compiledAlone !== null) return withoutEndpoints(compiledAlone);
  const findings: Finding[] = [];
  const one: CompileOne = (pool) => compilePoint(pool, catalogue, hardware);
  const sources = sourcesOf(study, findings);
  const deployments = sources.map((source) => deploymentOf(study, source, one, findings));
  const account = accountOf(study, findings);
  const first = deployments[0]?.pools[0]?.compiled;
  if (findings.length > 0 || first === undefined) return onlyOnce(findings);
  const whole = wholeOf({ deployments, account });
  return study.endpoints === undefined ? withoutEndpoints(whole) : whole;
}

/** Where no deployment is an endpoint's own, no objective can be about one. */
function withoutEndpoints(compiled: Compiled | readonly Finding[]): Compiled | readonly Finding[] {
  if (!isCompiled(compiled)) return compiled;
  const findings = compiled.objectives.flatMap(({ endpoint }, i) =>
    endpoint === undefined
      ? []
      : finding(
          ['slo', i],
          `is about endpoint ${endpoint}, and one deployment serves all: give endpoints: each`,
        ),
  );
  return findings.length > 0 ? findings : compiled;
}

type CompileOne = (study: Study) => Compiled | readonly Finding[];

function isFleet({ deployment, endpoints, account }: Study): boolean {
  const { pools, overflow } = deployment ?? {};
  return [pools, overflow, endpoints, account].some((block) => block !== undefined);
}

function sourcesOf({ deployment = {}, endpoints }: Study, findings: Finding[]): Source[] {
  const common: KeyPath = ['deployment'];
  if (endpoints === undefined) return [sourceOf(ALL, {}, null, deployment)];
  if (endpoints === 'each') return [sourceOf(EACH, {}, null, deployment)];
  const own = Object.entries(endpoints);
  if (own.length === 0) findings.push(finding(['endpoints'], 'names no endpoint: write each'));
  return own.map(([name, section]) =>
    sourceOf(name, section, ['endpoints', name], deployment, common),
  );
}

function sourceOf(
  endpoints: string,
  own: EndpointSection,
  ownAt: KeyPath | null,
  common: DeploymentSection,
  commonAt: KeyPath = ['deployment'],
): Source {
  const { pools: ownPools, overflow: ownOverflow, ...ownKeys } = own;
  const { pools: commonPools, overflow: commonOverflow, ...commonKeys } = common;
  const poolsAt = [...(ownPools === undefined || ownAt === null ? commonAt : ownAt), 'pools'];
  const overflowAt = ownOverflow === undefined || ownAt === null ? commonAt : ownAt;
  return {
    endpoints,
    layers: [
      ...(ownAt === null ? [] : [{ at: ownAt, section: ownKeys }]),
      { at: commonAt, section: commonKeys },
    ],
    pools: (ownPools ?? commonPools ?? []).map((section, i) => ({ at: [...poolsAt, i], section })),
    overflow: ownOverflow ?? commonOverflow,
    overflowAt: [...overflowAt, 'overflow'],
  };
}

function deploymentOf(
  study: Study,
  source: Source,
  one: CompileOne,
  findings: Finding[],
): DeploymentPlan {
  const { endpoints, layers, pools, overflow, overflowAt } = source;
  if (overflow !== undefined && pools.length < 2) {
    findings.push(contradiction(overflowAt, 'needs a second pool to move on to: give pools'));
  }
  findings.push(...sharedFloors(layers, pools));
  const names = namesOf(pools, findings);
  const sets = pools.length === 0 ? [layers] : pools.map((pool) => [pool, ...layers]);
  return {
    endpoints,
    pools: sets.flatMap((set, i) => poolOf(study, set, names[i] ?? null, one, findings)),
    overflowAfterUs: overflow === undefined ? Number.POSITIVE_INFINITY : wholeUs(overflow.after),
  };
}

/** `replicas.min` beside several pools would keep so many in each: nobody means that. */
function sharedFloors(layers: readonly Layer[], pools: readonly Layer[]): Finding[] {
  const floorOf = ({ section }: Layer) => section.replicas?.min;
  if (pools.length < 2 || pools.every((pool) => floorOf(pool) !== undefined)) return [];
  const outer = layers.find((layer) => floorOf(layer) !== undefined);
  if (outer === undefined || floorOf(outer) === 0) return [];
  const message = `would keep so many in each of ${pools.length} pools: write it in the pool that keeps them`;
  return [contradiction([...outer.at, 'replicas', 'min'], message)];
}

function namesOf(pools: readonly Layer[], findings: Finding[]): readonly string[] {
  const names: string[] = [];
  for (const [i, { at, section }] of pools.entries()) {
    const name = section.name ?? `pool ${i + 1}`;
    if (names.includes(name)) {
      findings.push(
        finding([...at, 'name'], `is ${name}, as an earlier pool's: name it otherwise`),
      );
    }
    names.push(name);
  }
  return names;
}

function poolOf(
  study: Study,
  layers: readonly Layer[],
  name: string | null,
  one: CompileOne,
  findings: Finding[],
): PoolPlan[] {
  const outward = layers.map(({ section }) => section).toReversed();
  const deployment = outward
    .map(({ billing: _, name: __, ...keys }) => keys as DeploymentSection)
    .reduce(mergedSections, {});
  const billing = [study.billing, ...outward.map((section) => section.billing)].reduce(
    (below, own) =>
      below === undefined || own === undefined ? (own ?? below) : billOver(below, own),
  );
  const { endpoints: _, account, billing: __, ...rest } = study;
  const compiled = one({ ...rest, deployment, ...(billing && { billing }) });
  if (!isCompiled(compiled)) {
    findings.push(...compiled.map((fault) => ({ ...fault, path: placeOf(fault.path, layers) })));
    return [];
  }
  const { gpu, gpus } = deployment;
  if (account?.gpus !== undefined && gpu === undefined && gpus === undefined) {
    const message = `has no GPUs that account.gpus could count: give gpu or gpus`;
    findings.push(contradiction(layers[0]!.at, message));
  }
  const shown = name ?? compiled.platform?.id ?? 'replicas';
  return [{ name: shown, compiled, gpus: gpus ?? 1 }];
}

/** Where a key of the pool's own study stands: in the innermost block that has it, or where it could be written. */
function placeOf(path: KeyPath, layers: readonly Layer[]): KeyPath {
  const [block] = path;
  if (block !== 'deployment' && block !== 'billing') return path;
  const inPool = block === 'billing' ? path : path.slice(1);
  const has = ({ section }: Layer, keys: KeyPath) =>
    getAt(section as unknown as Json, keys) !== undefined;
  for (let length = inPool.length; length > 0; length--) {
    const found = layers.find((layer) => has(layer, inPool.slice(0, length)));
    if (found !== undefined) return [...found.at, ...inPool];
  }
  return block === 'billing' ? path : [...layers[0]!.at, ...inPool];
}

function accountOf({ account }: Study, findings: Finding[]): FleetPlan['account'] {
  if (account === undefined) return null;
  const { concurrency = 'unlimited', whenFull, gpus = 'unlimited' } = account;
  if (account.concurrency === undefined && account.gpus === undefined) {
    findings.push(finding(['account'], 'limits nothing: give concurrency, gpus or both'));
  }
  if (whenFull !== undefined && concurrency === 'unlimited') {
    const message = 'means nothing without a limit: give account.concurrency';
    findings.push(contradiction(['account', 'whenFull'], message));
  }
  const limitOf = (limit: number | 'unlimited') =>
    limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit;
  return {
    concurrency: limitOf(concurrency),
    whenFull: whenFull === 'refuse' ? 'refuse' : 'wait',
    gpus: limitOf(gpus),
  };
}

/** Requests are the workload's: where a pool's own law of service times differs from it, the pool has the law. */
function wholeOf({ deployments, account }: FleetPlan): Compiled {
  const all = deployments.flatMap((deployment) =>
    deployment.pools.map((pool) => ({
      label: labelOf(deployment.endpoints, deployment, pool.name),
      pool,
    })),
  );
  const compiled = all.map(({ pool }) => pool.compiled);
  const base = compiled.find(({ hasOwnService }) => !hasOwnService) ?? compiled[0]!;
  const codes = new Set(compiled.map(({ refusalCode }) => refusalCode));
  return {
    ...base,
    platform: null,
    fleet: {
      deployments: deployments.map((deployment) => ({
        ...deployment,
        pools: deployment.pools.map((pool) => ({
          ...pool,
          compiled: servedBy(pool.compiled, base.workload),
        })),
      })),
      account,
    },
    refusalCode: codes.size === 1 ? base.refusalCode : null,
    warnings: sharedWarnings(all.map(({ label, pool }) => [label, pool.compiled.warnings])),
  };
}

function servedBy(compiled: Compiled, workload: Compiled['workload']): Compiled {
  const { service } = compiled.workload;
  if (service.kind !== 'tokens' || canonical(service) === canonical(workload.service)) {
    return compiled;
  }
  const { baseUs, perInputTokenUs, perOutputTokenUs } = service;
  const serviceLaw = {
    tokens: { baseUs, perInputTokenUs, perOutputTokenUs },
    speed: compiled.pool.serviceLaw?.speed ?? 1,
  };
  return { ...compiled, pool: { ...compiled.pool, serviceLaw } };
}

/** All pools of a compiled point, whether it is one or a fleet. */
export function poolsOf(compiled: Compiled): readonly Compiled[] {
  const { fleet } = compiled;
  if (fleet === null) return [compiled];
  return fleet.deployments.flatMap(({ pools }) => pools.map((pool) => pool.compiled));
}

/** Whether there may be several deployments that nothing ties. */
export function mayRunApart({ fleet }: Compiled): boolean {
  return fleet !== null && fleet.account === null && fleet.deployments[0]?.endpoints !== ALL;
}

/** For people: `chat / overflow`; the endpoint alone where it has one pool, the pool where one deployment serves all. */
export function labelOf(
  endpoint: string,
  { pools }: { readonly pools: readonly unknown[] },
  pool: string,
): string {
  if (endpoint === ALL) return pool;
  return pools.length === 1 ? endpoint : `${endpoint} / ${pool}`;
}

/** What is true of every pool is said once; else it is said of whom. */
export function sharedWarnings(
  pools: readonly (readonly [label: string, warnings: readonly string[]])[],
): readonly string[] {
  const saidOf = new Map<string, string[]>();
  for (const [label, warnings] of pools) {
    for (const warning of new Set(warnings)) {
      saidOf.set(warning, [...(saidOf.get(warning) ?? []), label]);
    }
  }
  return [...saidOf].map(([warning, labels]) => {
    if (labels.length === pools.length) return warning;
    return `${listed(labels, MOST_NAMED)}: ${warning}`;
  });
}

const MOST_NAMED = 3;

/** What concerns the whole study every pool has found. */
function onlyOnce(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [canonical(one), one])).values()];
}
