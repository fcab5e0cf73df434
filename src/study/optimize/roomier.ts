/** Whether something hardly dearer than the answer holds for clearly more. */
import type { Headroom, HeadroomAxis } from '../optimize-document.ts';

/** Room beyond half as much again is room enough: more of it on one side makes up for nothing on another. */
const AMPLE = 1.5;
/** So much more of one thing is clearly more. */
const CLEARLY = 0.1;

/** No less room in anything, up to what is ample, and clearly more in one. */
export function isRoomier({ axes }: Headroom, than: Headroom): boolean {
  const gains = axes.map((axis) => {
    const other = than.axes.find(({ lever }) => lever === axis.lever);
    return roomOf(axis) - (other === undefined ? 0 : roomOf(other));
  });
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain >= CLEARLY - 1e-9);
}

/** What cannot be scaled is in nobody's way. */
function roomOf({ factor }: HeadroomAxis): number {
  return Math.min(AMPLE, factor ?? AMPLE);
}
