/** A file that is written piece by piece beside its place, and takes it when it is whole. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Pieces are joined to at least this length, so that each write is worth its while. */
const LEAST_BYTES = 2 ** 16;

export class PartFile {
  readonly #path: string;
  readonly #file: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(`${path}.part`, 'w');
  }

  write(piece: string | Uint8Array): void {
    if (piece.length === 0) return;
    const bytes = Buffer.from(piece);
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= LEAST_BYTES) this.#flush();
  }

  finish(): void {
    this.#flush();
    fsyncSync(this.#file);
    closeSync(this.#file);
    renameSync(`${this.#path}.part`, this.#path);
  }

  /** It never was. */
  drop(): void {
    closeSync(this.#file);
    rmSync(`${this.#path}.part`, { force: true });
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from);
  }
}
