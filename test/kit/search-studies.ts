/** Random studies with small grids: traffic, service, starts, bills, objectives and what varies, all drawn from a seed. */
import { streamOf } from '../../src/base/random.ts';

const ARRIVALS = [
  'poisson, rate: 0.1/s',
  'poisson, rate: 30/h',
  'poisson, rate: 1/s',
  'gamma, rate: 0.05/s, cv: 4',
  'gamma, rate: 2/s, cv: 1.5',
  'mmpp, states: [{ rate: 0.01/s, mean: 20m }, { rate: 1/s, mean: 2m }]',
  'diurnal, rate: { mean: 0.3/s, peakToMean: 3 }',
  'hawkes, rate: 0.1/s, branching: 0.7, decay: 20s',
];
const SERVICE = [
  '4s',
  '{ distribution: exponential, mean: 4s }',
  '{ distribution: lognormal, mean: 20s, cv: 2 }',
  '{ distribution: lognormal, mean: 2s, cv: 1 }',
];
const STARTS = ['0s', '5s', '{ distribution: lognormal, mean: 20s, cv: 0.5 }', '40s', '90s'];
const DEPLOYMENTS = [
  'overhead: 20ms',
  'overhead: 20ms',
  'overhead: 20ms',
  'binding: own',
  'routing: least-loaded',
  'routing: round-robin',
  'admission: { timeout: 60s }',
  'admission: { queue: 5 }',
  'concurrency: 3',
  'unusedWindow: 20s',
  'failures: { start: 10% }',
];
const BILLS = [
  'usdPerReplicaHour: 2',
  'usdPerReplicaHour: 2',
  'usdPerReplicaHour: 2',
  'usdPerReplicaHour: 2, states: [idle, busy]',
  'usdPerReplicaHour: 2, states: [starting, busy]',
  'usdPerReplicaHour: 2, quantum: 1m',
  'usdPerReplicaHour: 2, usdPerRequest: 0.001',
];
const OBJECTIVES = [
  "'latencyS.p99 <= 15'",
  "'latencyS.p99 <= 30'",
  "'latencyS.p99 <= 60'",
  "'latencyS.p95 <= 20'",
  "'share(waitS <= 1) >= 0.98'",
  "'share(waitS <= 0) >= 0.9', 'latencyS.p99 <= 90'",
  "'coldStarts.fraction <= 0.01'",
  "'coldStarts.fraction <= 0.05', 'latencyS.p99 <= 60'",
  "'latencyS.mean <= 12'",
  "'waitS.max <= 60'",
  "'requests.failedFraction <= 0.001', 'latencyS.p95 <= 30'",
];
/** What varies beside replicas and windows; the larger lists for the larger grids. */
const OTHERS: readonly (readonly [path: string, few: string, many: string] | null)[] = [
  null,
  ['deployment.replicas.max', '8,unlimited', '8,12,20,40,unlimited'],
  ['deployment.concurrency', '1,4', '1,2,4,8'],
  ['deployment.replicas.startRate', '2/m,1/s', '1/m,6/m,1/s,unlimited'],
  ['deployment.routing', 'most-recent,oldest', 'most-recent,least-loaded,oldest'],
];
const SMALL = {
  mins: ['0..3', '0..5', '0,1,2,4,8', '0..8'],
  windows: ['5s,30s,2m,10m', '2s,60s,5m,20m', '5s,10s,20s,60s,2m,5m,15m', '10s,1m,10m'],
};
const LARGE = {
  mins: ['0..12', '0..20', '0..24'],
  windows: [
    '5s,10s,20s,30s,45s,60s,90s,2m,3m,5m,10m,15m,30m',
    '2s..30m*1.5',
    '5s,20s,60s,2m,5m,10m,30m',
  ],
};

export interface SearchStudy {
  readonly text: string;
  readonly vary: readonly string[];
}

/** @param replications 1 where the only luck is that of the study's seed */
export function searchStudy(
  seed: number,
  replications: readonly number[],
  requests: readonly [least: number, most: number],
  size: 'small' | 'large',
): SearchStudy {
  const uniforms = streamOf(`search-study-${seed}`, 0, 'service');
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniforms.next() * from.length)]!;
  const [least, most] = requests;
  const count = Math.round(least * (most / least) ** uniforms.next());
  const { mins, windows } = size === 'small' ? SMALL : LARGE;
  const text = `
version: 1
seed: ${seed}
replications: ${pick(replications)}
workload:
  synthesize: { requests: ${count}, arrivals: { process: ${pick(ARRIVALS)} } }
  service: ${pick(SERVICE)}
deployment: { coldStart: ${pick(STARTS)}, ${pick(DEPLOYMENTS)} }
billing: { ${pick(BILLS)} }
slo: [${pick(OBJECTIVES)}]
`;
  const other = pick(OTHERS);
  const vary = [
    `deployment.replicas.min=${pick(mins)}`,
    `deployment.idleWindow=${pick(windows)}`,
    ...(other === null ? [] : [`${other[0]}=${size === 'small' ? other[1] : other[2]}`]),
  ];
  return { text, vary };
}
