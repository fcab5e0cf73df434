/** What a mistyped key may have meant. */
import { nearestOf, plainOf } from '../base/nearest.ts';

/** Words of platforms and of other tools for what a study calls otherwise. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  warmpool: 'replicas.min',
  keepwarm: 'replicas.min',
  warm: 'replicas.min',
  min: 'replicas.min',
  minreplicas: 'replicas.min',
  mincontainers: 'replicas.min',
  mininstances: 'replicas.min',
  workersmin: 'replicas.min',
  max: 'replicas.max',
  maxreplicas: 'replicas.max',
  maxcontainers: 'replicas.max',
  maxinstances: 'replicas.max',
  workersmax: 'replicas.max',
  keepalive: 'idleWindow',
  idletimeout: 'idleWindow',
  scaledownwindow: 'idleWindow',
  containeridletimeout: 'idleWindow',
  slots: 'concurrency',
  maxinputs: 'concurrency',
  concurrentrequests: 'concurrency',
  loadtime: 'coldStart',
  boottime: 'coldStart',
  startuptime: 'coldStart',
  queue: 'admission.queue',
  queuesize: 'admission.queue',
  timeout: 'admission.timeout',
  deadline: 'admission.timeout',
  gpucount: 'gpus',
  cpu: 'cores',
  vcpu: 'cores',
  cpus: 'cores',
  ram: 'memory',
};

/** @returns the key that was meant, if one is near enough to say so */
export function suggestionFor(unknown: string, known: readonly string[]): string | null {
  const plain = plainOf(unknown);
  // A key of a user's may be `constructor`.
  const alias = Object.hasOwn(ALSO_CALLED, plain) ? ALSO_CALLED[plain] : undefined;
  if (alias !== undefined && known.includes(alias.split('.')[0] ?? '')) return alias;
  return nearestOf(unknown, known);
}

/**
 * A key that stands where a whole path should, as tables are headed and as one speaks: `min` for `deployment.replicas.min`.
 * @param paths those of a study, the shallowest first
 */
export function pathSuggestionFor(unknown: string, paths: readonly string[]): string | null {
  const plain = plainOf(unknown);
  const alias = Object.hasOwn(ALSO_CALLED, plain) ? `deployment.${ALSO_CALLED[plain]}` : undefined;
  if (alias !== undefined && paths.includes(alias)) return alias;
  const meant = paths.filter((path) => plainOf(path.slice(path.lastIndexOf('.') + 1)) === plain);
  return meant.find((path) => path.startsWith('deployment.')) ?? meant[0] ?? null;
}
