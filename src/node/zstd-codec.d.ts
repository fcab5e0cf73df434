/** zstd compiled to WebAssembly comes without types: https://github.com/yoshihitoh/zstd-codec, lib/zstd-stream.js, 0.1.5. */
declare module 'zstd-codec/lib/zstd-stream.js' {
  import type { Transform } from 'node:stream';

  export interface ZstdStreams {
    ZstdCompressTransform: new (level: number) => Transform;
    ZstdDecompressTransform: new () => Transform;
  }

  /** Makes a memory of its own for the streams of each call. */
  export function run(ready: (streams: ZstdStreams) => void): void;
}
