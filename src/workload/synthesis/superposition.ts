/** Several arrival processes as one: a binary heap of their next arrivals. */
import type { ArrivalStream } from './arrival-stream.ts';

/** Its mark is the position of the stream that an arrival is of. Of one microsecond the first stream's comes first. */
export class Superposition implements ArrivalStream {
  mark = 0;
  readonly #streams: readonly ArrivalStream[];
  readonly #nextUs: Float64Array;
  readonly #heap: Int32Array;

  constructor(streams: readonly ArrivalStream[]) {
    this.#streams = streams;
    this.#nextUs = Float64Array.from(streams, (stream) => stream.nextUs());
    const order = streams.map((_, i) => i);
    // Sorted is a heap.
    order.sort((a, b) => this.#nextUs[a]! - this.#nextUs[b]! || a - b);
    this.#heap = Int32Array.from(order);
  }

  nextUs(): number {
    const first = this.#heap[0]!;
    const us = this.#nextUs[first]!;
    this.mark = first;
    this.#nextUs[first] = this.#streams[first]!.nextUs();
    this.#sink(first);
    return us;
  }

  /** From the top to its place. */
  #sink(stream: number): void {
    const heap = this.#heap;
    const nextUs = this.#nextUs;
    const us = nextUs[stream]!;
    const size = heap.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let least = heap[child]!;
      const right = child + 1 < size ? heap[child + 1]! : least;
      if (nextUs[right]! < nextUs[least]! || (nextUs[right] === nextUs[least] && right < least)) {
        least = right;
        child++;
      }
      const leastUs = nextUs[least]!;
      if (us < leastUs || (us === leastUs && stream < least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = stream;
  }
}
