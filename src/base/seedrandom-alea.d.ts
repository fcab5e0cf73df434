/** seedrandom ships this generator without types: https://github.com/davidbau/seedrandom, lib/alea.js, 3.0.5. */
declare module 'seedrandom/lib/alea.js' {
  /** Johannes Baagoe's Alea: a multiply-with-carry generator whose outputs are multiples of 2^-32 in [0, 1). */
  export default function alea(seed: string): () => number;
}
