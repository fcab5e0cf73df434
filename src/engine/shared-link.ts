/**
 * Weights that come over one shared link: each starting replica loads with at most the bandwidth of its own, all together
 * with at most the link's. All replicas being alike, the max-min fair share is the same for each: the lesser of its own and
 * an equal part of the link. Who joins slows the others down, who is done or called off speeds them up.
 *
 * Not modeled: replicas of different bandwidth on one link, for which what one leaves would have to be shared by the rest.
 */
import { assert } from '../base/errors.ts';
import { ProcessorSharing } from './processor-sharing.ts';

const LINK = 0;

export class SharedLink {
  private readonly sharing: ProcessorSharing;

  /**
   * @param ownBytesPerUs what a replica loads with by itself; Infinity if only the link limits
   * @param linkBytesPerUs what all load with together; Infinity if nothing is shared
   */
  constructor(ownBytesPerUs: number, linkBytesPerUs: number) {
    const alone = Math.min(ownBytesPerUs, linkBytesPerUs);
    assert(alone > 0 && alone < Number.POSITIVE_INFINITY, 'weights load at some bandwidth');
    this.sharing = new ProcessorSharing(
      (replicas) => Math.min(ownBytesPerUs, linkBytesPerUs / replicas),
      alone,
    );
  }

  /** When the next replica has its weights; Infinity while none loads. */
  get nextUs(): number {
    return this.sharing.nextUs;
  }

  /** How many load now. */
  get loading(): number {
    return this.sharing.count(LINK);
  }

  /** @param bytes a whole number; 0 is done at once */
  join(replica: number, bytes: number, nowUs: number): void {
    this.sharing.join(LINK, replica, bytes, nowUs);
  }

  /** A start is called off. */
  leave(replica: number, nowUs: number): void {
    this.sharing.leave(replica, nowUs);
  }

  /** The replica that has its weights at `nextUs`: of several, the one that would have had them first, then joined first. */
  pop(): number {
    return this.sharing.pop();
  }
}
