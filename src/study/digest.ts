/** A 64-bit fingerprint of texts and columns, to find finished outcomes again. Not against an adversary. */

const PRIME_A = 0x85ebca6b;
const PRIME_B = 0xc2b2ae35;

/** Two lanes of multiply-and-xor over 32-bit words, mixed at the end as MurmurHash3 does (Appleby, public domain). */
class Digest {
  #a = 0x9e3779b9 | 0;
  #b = 0x7f4a7c15 | 0;
  #words = 0;

  add(words: Uint32Array): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      a = Math.imul(a ^ word, PRIME_A);
      a ^= a >>> 15;
      b = Math.imul(b ^ word, PRIME_B) + a;
      b ^= b >>> 13;
    }
    this.#a = a | 0;
    this.#b = b | 0;
    this.#words += words.length;
  }

  hex(): string {
    const word = (value: number) =>
      (mixed(value ^ this.#words) >>> 0).toString(16).padStart(8, '0');
    return word(this.#a) + word(this.#b ^ Math.imul(this.#a, PRIME_A));
  }
}

function mixed(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), PRIME_A);
  x = Math.imul(x ^ (x >>> 13), PRIME_B);
  return x ^ (x >>> 16);
}

export function digestText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  const digest = new Digest();
  digest.add(words);
  digest.add(Uint32Array.of(bytes.length));
  return digest.hex();
}

/** Of the rows [0, count) of columns; a missing column is told from an empty one. */
export function digestColumns(
  columns: readonly (Float64Array | Int32Array | null)[],
  count: number,
): string {
  const digest = new Digest();
  for (const column of columns) {
    digest.add(Uint32Array.of(column === null ? 0 : 1, count));
    if (column === null) continue;
    const words = column.BYTES_PER_ELEMENT / Uint32Array.BYTES_PER_ELEMENT;
    digest.add(new Uint32Array(column.buffer, column.byteOffset, words * count));
  }
  return digest.hex();
}
