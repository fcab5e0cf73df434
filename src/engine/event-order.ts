/**
 * The order of events is a contract: by time; at one time by the rank below; within a rank first in, first out.
 *
 * | rank | kind           | what happens                                                                              |
 * |------|----------------|-------------------------------------------------------------------------------------------|
 * | 1    | COMPLETION     | a service ends; its slot takes the head of the queue or is free                            |
 * | 2    | READY          | a replica has started; it takes what waits for it, then the head of the queue              |
 * | 3    | POOL_CHANGE    | the floor of a schedule moves; a rollout; a spell of shortage begins; a start fails, a     |
 * |      |                | replica is preempted, crashes, is too old or has drained too long; a start-rate token comes |
 * | 4    | ARRIVAL        | a request of the trace arrives                                                             |
 * | 5    | RETRY          | a client tries again: after the trace's arrivals of the same instant                       |
 * | 6    | DEADLINE       | a waiting request has waited as long as admission, or its client, allows                   |
 * | 7    | IDLE_EXPIRY    | an idle replica's window ends, or the floor no longer holds it                             |
 * | 8    | CONTROL_TICK   | a controller looks and decides                                                            |
 *
 * Over several pools: by time, then by rank, then by deployment, then by pool within its deployment; trace arrivals in the
 * order of the trace. What follows an event elsewhere happens at its instant, before the next event: first, who has waited
 * long enough moves on to another pool of the deployment; then GPUs that were given back start replicas; then the longest
 * in an account's line come in. That line's own deadlines have rank 6 and come after those of the pools. A request that is
 * to move on is told so at rank 6.
 *
 * So an arrival exactly at the end of the idle window finds the replica warm, and a request whose turn comes exactly at
 * its deadline is served. Work scheduled for the present instant (no load time, no service) takes its place in the order
 * of that instant.
 */

/**
 * When the next event of each kind comes, by rank; Infinity if none will. Whatever holds events of a kind writes its entry,
 * and the loop reads one short column instead of asking everyone. Entry 0 is the next instant at which a reading is due.
 */
export type Front = Float64Array;

export function emptyFront(): Front {
  return new Float64Array(KINDS).fill(Number.POSITIVE_INFINITY);
}

/** The kind of the earliest event, of several at one time the first by rank; its time is the entry. */
export function earliestIn(front: Front): number {
  let what = COMPLETION;
  for (let other = READY; other <= CONTROL_TICK; other++) {
    if (front[other]! < front[what]!) what = other;
  }
  return what;
}

export const READING = 0;
/** What the loop answers when no event comes in time. */
export const NOTHING = 0;
export const COMPLETION = 1;
export const READY = 2;
export const POOL_CHANGE = 3;
export const ARRIVAL = 4;
export const RETRY = 5;
export const DEADLINE = 6;
export const IDLE_EXPIRY = 7;
export const CONTROL_TICK = 8;
const KINDS = 9;
