/**
 * The frames and blocks of a zstd file, without what is in them: whether it is whole, and why it cannot be read where it
 * cannot. RFC 8878, section 3.1.
 */

/** `garbage` is what follows a whole frame and is no other. */
export type ZstdFault = 'damaged' | 'garbage' | 'dictionary' | 'window';

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;
const LARGEST_BLOCK = 2 ** 17;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

export class ZstdFrames {
  /** null as long as all is well. */
  fault: ZstdFault | null = null;
  readonly #longestWindow: number;
  #blocks = 0;
  /** Whether a frame may begin here, or the file end. */
  #between = true;
  readonly #parts = this.#walk();
  /** Bytes wanted, to be read if above 0, to be passed over if below. */
  #wanted = this.#parts.next().value as number;
  readonly #part = Buffer.alloc(8);
  #filled = 0;

  /** @param longestWindow what the decoder can look back, in bytes */
  constructor(longestWindow: number) {
    this.#longestWindow = longestWindow;
  }

  /** Whether a frame is finished and none has begun, so that the file may end here. */
  get whole(): boolean {
    return this.#between && this.#filled === 0;
  }

  /**
   * Goes on from `at` to the end of the frame, but not beyond so many blocks of 128 KiB at most, nor a fault.
   * @returns where it stopped
   */
  follow(bytes: Buffer, at: number, mostBlocks: number): number {
    const most = this.#blocks + mostBlocks;
    while (at < bytes.length && this.#blocks < most && this.fault === null) {
      if (this.#wanted < 0) {
        const passed = Math.min(-this.#wanted, bytes.length - at);
        this.#wanted += passed;
        at += passed;
      } else {
        this.#part[this.#filled++] = bytes[at++]!;
      }
      while (this.#filled === this.#wanted && this.fault === null) this.#step();
      if (this.whole) break;
    }
    return at;
  }

  #step(): void {
    this.#filled = 0;
    const next = this.#parts.next(this.#part);
    if (next.done) this.fault = next.value;
    else this.#wanted = next.value;
  }

  *#walk(): Generator<number, ZstdFault, Buffer> {
    for (let frames = 0; ; frames++) {
      this.#between = true;
      const magic = (yield 4).readUInt32LE(0);
      this.#between = false;
      if (magic >>> 4 === SKIPPABLE_MAGIC) {
        yield -(yield 4).readUInt32LE(0);
        continue;
      }
      if (magic !== MAGIC) return frames === 0 ? 'damaged' : 'garbage';
      const descriptor = (yield 1)[0]!;
      const single = (descriptor & 0x20) !== 0;
      let window = single ? 0 : windowOf((yield 1)[0]!);
      const idBytes = DICTIONARY_ID_BYTES[descriptor & 3]!;
      if (idBytes > 0 && (yield idBytes).readUIntLE(0, idBytes) !== 0) return 'dictionary';
      const sizeBytes = descriptor >> 6 === 0 ? Number(single) : 2 ** (descriptor >> 6);
      if (sizeBytes > 0) {
        const size = sizeOf(yield sizeBytes, sizeBytes);
        if (single) window = size;
      }
      if (window > this.#longestWindow) return 'window';
      for (let last = false; !last; ) {
        const header = (yield 3).readUIntLE(0, 3);
        this.#blocks++;
        last = (header & 1) === 1;
        const type = (header >> 1) & 3;
        const size = header >> 3;
        if (type === 3 || size > LARGEST_BLOCK) return 'damaged';
        // One byte stands for a block that repeats it.
        yield type === 1 ? -1 : -size;
      }
      if ((descriptor & 4) !== 0) yield -4;
    }
  }
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function sizeOf(bytes: Buffer, count: number): number {
  return count === 8 ? Number(bytes.readBigUInt64LE(0)) : bytes.readUIntLE(0, count);
}
