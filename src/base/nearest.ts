/** What a mistyped name may have meant. */

/** Shorter beginnings fit too much. */
const LEAST_BEGINNING = 3;

/** @returns of the known names the one that is near enough to be meant, or the only one that begins so */
export function nearestOf(unknown: string, known: readonly string[]): string | null {
  const plain = plainOf(unknown);
  let best: string | null = null;
  let least = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(plain, plainOf(name));
    // `cnt` is near count, `foo` is not near to.
    const near = distance < least || (distance === 2 && best === null && plain[0] === name[0]);
    if (!near) continue;
    least = distance;
    best = name;
  }
  if (best !== null || plain.length < LEAST_BEGINNING) return best;
  const [begun, ...more] = known.filter((name) => plainOf(name).startsWith(plain));
  return more.length === 0 ? (begun ?? null) : null;
}

/** `did you mean h100?`, `did you mean a100-40gb or a100-80gb?`, or what there is. */
export function meantOf(unknown: string, known: readonly string[]): string {
  const near = nearestOf(unknown, known);
  const plain = plainOf(unknown);
  const isLong = plain.length >= LEAST_BEGINNING;
  const within = isLong ? known.filter((name) => plainOf(name).includes(plain)) : [];
  const meant = within.length > 0 ? within : near === null ? [] : [near];
  if (meant.length === 0) return `there are ${known.join(', ')}`;
  const last = meant.at(-1)!;
  const others = meant.slice(0, -1).join(', ');
  return `did you mean ${others === '' ? last : `${others} or ${last}`}?`;
}

/** Without what is written now one way, now another. */
export function plainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. ]/g, '');
}

/** Levenshtein: the fewest insertions, deletions and replacements that make one text of the other. */
function editDistance(a: string, b: string): number {
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
