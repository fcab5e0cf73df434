/** Packed bytes through a transform, slice by slice, and what there is to say where that goes wrong. */
import type { Transform } from 'node:stream';
import { UserError } from '../base/errors.ts';
import type { Packing } from './file-kinds.ts';

/** A bomb unpacks to more than this, and to more than so many times what was read; logs to 10 or 30 times. */
export const BOMB_BYTES = 2 ** 26;
export const BOMB_RATIO = 500;
/** Counts what goes in and comes out. */
export class BombWatch {
  packed = 0;
  unpacked = 0;
  readonly #packing: Packing;
  readonly #name: string;

  constructor(packing: Packing, name: string) {
    this.#packing = packing;
    this.#name = name;
  }

  refuseBomb(): void {
    if (this.unpacked <= BOMB_BYTES || this.unpacked <= BOMB_RATIO * this.packed) return;
    const way = onTheWay(`${this.#packing} -dc ${operandOf(this.#name)}`);
    const message = `unpacks to more than ${BOMB_RATIO} times its size, as no log does`;
    fail(this.#name, `${message}: if it is one, ${way}`);
  }
}

/** What a transform says of its input. */
export class FlowError extends Error {}

/**
 * A transform that is fed slice by slice, so that what two slices unpack to is all that is ever held. While one is unpacked,
 * what came out of those before is on its way to the reader.
 */
export class Flow {
  /** Whether the data has ended, though bytes may follow it. */
  ended = false;
  readonly #transform: Transform;
  readonly #watch: BombWatch;
  #out: Buffer[] = [];
  #error: FlowError | null = null;
  #wake: () => void = () => {};

  constructor(transform: Transform, watch: BombWatch) {
    this.#transform = transform;
    this.#watch = watch;
    transform.on('data', (piece: Buffer) => {
      this.#out.push(piece);
      watch.unpacked += piece.length;
    });
    transform.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    transform.on('error', (error) => this.#fail(error));
  }

  /** Puts a slice in, unless the data has ended; gives what has come out before. */
  async *pass(slice: Buffer): AsyncGenerator<Buffer, void> {
    this.#watch.packed += slice.length;
    const passing = this.ended ? null : this.#run((done) => this.#transform.write(slice, done));
    yield* this.#take();
    await passing;
    this.#refuse();
  }

  /** Gives the rest. */
  async *finish(): AsyncGenerator<Buffer, void> {
    if (!this.ended) await this.#run(() => this.#transform.end());
    this.#refuse();
    yield* this.#take();
    this.stop();
  }

  stop(): void {
    this.#transform.destroy();
  }

  /** Until it is done, the data has ended or the transform has failed. */
  #run(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      try {
        start(resolve);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #fail(cause: unknown): void {
    this.#error ??= new FlowError('a transform failed', { cause });
    this.#wake();
  }

  #refuse(): void {
    if (this.#error !== null) throw this.#error;
    this.#watch.refuseBomb();
  }

  #take(): Buffer[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

/** How a file that is not read as it is can be read all the same. */
export function onTheWay(command: string): string {
  return `\`${command} | coldfront ... -\``;
}

/** A file's name as a shell takes it. */
export function operandOf(name: string): string {
  if (name === 'stdin') return '-';
  return /^[\w./@%+:,=-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

export function fail(name: string, message: string): never {
  throw userError(name, message);
}

export function userError(name: string, message: string): UserError {
  return new UserError([{ at: name, path: null, message }]);
}
