/**
 * Bytes out of gzip (of several members) and zstd (of several frames), told by what they are and not by what the file is
 * called, in constant memory. What is damaged, ends too early, has something else behind it or grows out of all proportion
 * is refused.
 */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { createGunzip } from 'node:zlib';
import { run, type ZstdStreams } from 'zstd-codec/lib/zstd-stream.js';
import { HEAD_BYTES, type Packing, packingOf, strangerOf } from './file-kinds.ts';
import { BombWatch, Flow, FlowError, fail, onTheWay, operandOf, userError } from './unpack-flow.ts';
import { type ZstdFault, ZstdFrames } from './zstd-frames.ts';

/** Gzip unpacks to at most 1,032 times its size, a match of 258 bytes in two bits: 32 MiB a slice. */
const GZIP_SLICE_BYTES = 2 ** 15;
const PIECE_BYTES = 2 ** 18;
/** Of up to 128 KiB each: 8 MiB a slice. */
const ZSTD_SLICE_BLOCKS = 64;

/**
 * What the bytes of a file say, unpacked if they are packed.
 * @param name for messages
 * @throws UserError for what is no text, or packed in a way that is not read, damaged or cut off; `raw`'s errors as they are
 */
export async function* unpacked(
  raw: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer, void> {
  const outer = await beginning(raw);
  const packing = packingOf(outer.head);
  refuseStranger(outer.head, null, name);
  if (packing === null) return yield* outer.all;
  const content = packing === 'gzip' ? gunzipped(outer.all, name) : unzstd(outer.all, name);
  const inner = await beginning(content);
  refuseStranger(inner.head, packing, name);
  yield* inner.all;
}

interface Beginning {
  /** The first `HEAD_BYTES` or more, if there are as many. */
  readonly head: Buffer;
  /** With the head. */
  readonly all: AsyncGenerator<Buffer, void>;
}

async function beginning(bytes: AsyncIterable<Buffer>): Promise<Beginning> {
  const pieces = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await pieces.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, all: chain(head, pieces) };
}

async function* chain(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** @param packing what the bytes came out of; null for those of the file itself */
function refuseStranger(head: Buffer, packing: Packing | null, name: string): void {
  const again = packing === null ? null : packingOf(head);
  const stranger =
    again === null
      ? strangerOf(head)
      : {
          title: `packed twice: ${again}`,
          command: (input: string) => `${again} -dc ${input}`,
        };
  if (stranger === null) return;
  const title = `is ${stranger.title}${packing === null ? '' : ` in ${packing}`}`;
  if (stranger.command === null) fail(name, title);
  const command =
    packing === null
      ? stranger.command(operandOf(name))
      : `${packing} -dc ${operandOf(name)} | ${stranger.command('-')}`;
  fail(name, `${title}: unpack it on the way, ${onTheWay(command)}`);
}

async function* gunzipped(
  packed: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const watch = new BombWatch('gzip', name);
  const flow = new Flow(gunzip, watch);
  try {
    for await (const piece of packed) {
      for (let at = 0; at < piece.length; at += GZIP_SLICE_BYTES) {
        const slice = piece.subarray(at, at + GZIP_SLICE_BYTES);
        yield* flow.pass(slice);
        // Zeros, which fill up a block or a tape, end the data, as they do for gzip itself.
        const unread = Math.min(slice.length, watch.packed - gunzip.bytesWritten);
        if (flow.ended && slice.subarray(slice.length - unread).some((byte) => byte !== 0)) {
          fail(name, garbageBehind('gzip'));
        }
      }
    }
    yield* flow.finish();
  } catch (error) {
    throw error instanceof FlowError ? userError(name, gzipFault(error.cause)) : error;
  } finally {
    gunzip.destroy();
  }
}

function gzipFault(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'Z_BUF_ERROR') return cutOff('gzip');
  // The header of the first member was seen before.
  if (message === 'incorrect header check') return garbageBehind('gzip');
  return damaged('gzip');
}

async function* unzstd(packed: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer, void> {
  const decoders = await zstdDecoders();
  const watch = new BombWatch('zstd', name);
  const frames = new ZstdFrames(decoders.longestWindow);
  let flow: Flow | null = null;
  try {
    for await (const piece of packed) {
      for (let from = 0; from < piece.length; ) {
        const to = frames.follow(piece, from, ZSTD_SLICE_BLOCKS);
        if (frames.fault !== null) fail(name, zstdFault(frames.fault, name));
        flow ??= new Flow(decoders.next(), watch);
        yield* flow.pass(piece.subarray(from, to));
        from = to;
        if (!frames.whole || !decoders.oneFrameEach) continue;
        yield* flow.finish();
        flow = null;
      }
    }
    if (!frames.whole) fail(name, cutOff('zstd'));
    if (flow !== null) yield* flow.finish();
  } catch (error) {
    throw error instanceof FlowError ? userError(name, damaged('zstd')) : error;
  } finally {
    flow?.stop();
  }
}

interface ZstdDecoders {
  next(): Transform;
  readonly oneFrameEach: boolean;
  readonly longestWindow: number;
}

/** Node's own from 22.15 on, which reads one frame; else one in WebAssembly, whose memory does not grow. */
async function zstdDecoders(): Promise<ZstdDecoders> {
  const { createZstdDecompress: own } = zlib as {
    createZstdDecompress?: (options: { chunkSize: number }) => Transform;
  };
  if (own !== undefined) {
    const next = () => own({ chunkSize: PIECE_BYTES });
    return { next, oneFrameEach: true, longestWindow: 2 ** 27 };
  }
  const { ZstdDecompressTransform } = await new Promise<ZstdStreams>(run);
  const next = () => new ZstdDecompressTransform();
  return { next, oneFrameEach: false, longestWindow: 2 ** 23 };
}

function zstdFault(fault: ZstdFault, name: string): string {
  const zstd = (option: string) => onTheWay(`zstd -dc ${option} ${operandOf(name)}`);
  switch (fault) {
    case 'damaged':
      return damaged('zstd');
    case 'garbage':
      return garbageBehind('zstd');
    case 'dictionary':
      return `needs the dictionary that it was packed with: ${zstd('-D DICTIONARY')}`;
    case 'window':
      return `was packed with a window that is too long (above 128 MiB, or 8 MiB before Node 22.15): ${zstd('--long=31')}`;
  }
}

function cutOff(packing: Packing): string {
  return `the ${packing} data ends too early: the file is cut off, copy or download it again`;
}

function damaged(packing: Packing): string {
  return `the ${packing} data is damaged: copy or download the file again`;
}

function garbageBehind(packing: Packing): string {
  return `holds something else behind its ${packing} data: copy or download the file again`;
}
