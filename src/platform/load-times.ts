/** How long one replica alone takes to load weights from each storage: the catalogue's answer before any study. */
import type { Gpu } from './gpus.ts';
import { ON_THE_NODE, type Storage } from './storage.ts';
import { weightPaths } from './weights.ts';

/**
 * Whole microseconds, download and load together; what is copied is then read from the node's own disk.
 * @param gpu whose host link bounds the load; null: nothing does
 * @returns null where the speed is the host link's, and no GPU tells it
 */
export function loadUs(
  bytes: number,
  place: Storage,
  storage: ReadonlyMap<string, Storage>,
  gpu: Gpu | null,
): number | null {
  const link = gpu?.hostLinkGBPerSecond ?? null;
  const hostLinkBytesPerSecond = link === null ? null : link * 1e9;
  const bytesPerSecond = place.bytesPerSecond ?? hostLinkBytesPerSecond;
  const nodeSpeed = storage.get(ON_THE_NODE)?.bytesPerSecond ?? hostLinkBytesPerSecond;
  if (bytesPerSecond === null || (place.kind === 'copied' && nodeSpeed === null)) return null;
  const restored = place.kind === 'restored';
  const [path] = weightPaths({
    bytes,
    from: { kind: place.kind, bytesPerSecond },
    node: { kind: 'local', bytesPerSecond: nodeSpeed ?? bytesPerSecond },
    cachedChance: 0,
    snapshot: restored ? { chance: 1, bytes, bytesPerSecond } : null,
    linkBytesPerSecond: null,
    hostLinkBytesPerSecond,
  });
  return path!.phases.reduce((sum, { us }) => sum + us, 0);
}
