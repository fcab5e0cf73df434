/** The GPUs, models and storage that ship, for tests. */
import { readFileSync } from 'node:fs';
import { type Hardware, hardwareOf } from '../../../src/platform/library.ts';

const MODELS = new URL('../../../models/', import.meta.url);

function shipped(name: string) {
  return { name, text: readFileSync(new URL(name, MODELS), 'utf8') };
}

export const HARDWARE: Hardware = hardwareOf(
  { gpus: shipped('gpus.yaml'), models: shipped('models.yaml'), storage: shipped('storage.yaml') },
  null,
).hardware;
