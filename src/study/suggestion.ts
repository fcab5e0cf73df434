/** What a mistyped key may have meant. */

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
  gpucount: 'gpus',
  cpu: 'cores',
  vcpu: 'cores',
  cpus: 'cores',
  ram: 'memory',
};

/** @returns the key that was meant, if one is near enough to say so */
export function suggestionFor(unknown: string, known: readonly string[]): string | null {
  const plain = unknown.toLowerCase().replaceAll(/[-_. ]/g, '');
  const alias = ALSO_CALLED[plain];
  if (alias !== undefined && known.includes(alias.split('.')[0] ?? '')) return alias;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const key of known) {
    const distance = editDistance(plain, key.toLowerCase());
    // `cnt` is near count, `foo` is not near to.
    const near = distance < least || (distance === 2 && best === null && plain[0] === key[0]);
    if (!near) continue;
    least = distance;
    best = key;
  }
  return best;
}

/** Levenshtein: the fewest insertions, deletions and replacements that make one text of the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
