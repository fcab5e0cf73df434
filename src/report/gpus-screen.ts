/** The GPUs of the catalogue: what they hold, how fast they are against a reference, and what that rests on. */
import {
  type Gpu,
  type Gpus,
  REFERENCE_GPU,
  type RelativeSpeed,
  relativeSpeedOf,
} from '../platform/gpus.ts';
import { figureLines, weakestGrade } from './figure-lines.ts';
import { NOTHING, short, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const LEFT = 'left';
const COLUMNS: readonly Column[] = [
  { head: 'gpu', align: LEFT },
  { head: 'memory GB' },
  { head: 'GB/s' },
  { head: 'host link GB/s' },
  { head: 'FP16 TFLOPS' },
  { head: 'decode' },
  { head: 'prefill' },
  { head: 'weakest grade', align: LEFT },
];

/** One line a GPU. */
export function gpusScreen(gpus: Gpus, style: Style = PLAIN): string {
  const rows = [...gpus.values()].map((gpu) => {
    const { decode, prefill } = speedOf(gpu, gpus);
    return [
      gpu.id,
      short(gpu.memoryGB),
      short(gpu.memoryGBPerSecond, 4),
      short(gpu.hostLinkGBPerSecond),
      short(gpu.denseFp16Teraflops),
      times(decode),
      times(prefill),
      weakestGrade(gpu.figures),
    ];
  });
  const [head, ...body] = table(COLUMNS, rows);
  return [
    style.dim(head!),
    ...body,
    '',
    wrapped(basis(gpus)),
    'coldfront gpus GPU shows every figure with its source, date and grade.',
  ].join('\n');
}

/** Every figure of one GPU, and its speeds. */
export function gpuScreen(gpu: Gpu, gpus: Gpus, style: Style = PLAIN): string {
  const { decode, prefill } = speedOf(gpu, gpus);
  return [
    style.bold(`${harmless(gpu.name)} (${gpu.id})`),
    '',
    `  decode   ${times(decode)}   by memory bandwidth`,
    `  prefill  ${times(prefill)}   by FP16 arithmetic`,
    ...(gpu.relativeSpeed === null ? [] : [`  measured ${times(gpu.relativeSpeed)}`]),
    wrapped(`  ${basis(gpus)}`, 2),
    '',
    ...figureLines(gpu.figures, style),
  ].join('\n');
}

function speedOf(gpu: Gpu, gpus: Gpus): RelativeSpeed {
  const reference = gpus.get(REFERENCE_GPU);
  return reference === undefined
    ? { decode: null, prefill: null }
    : relativeSpeedOf(gpu, reference);
}

function basis(gpus: Gpus): string {
  const reference = gpus.get(REFERENCE_GPU);
  if (reference === undefined)
    return `${REFERENCE_GPU} is not in the catalogue: no relative speeds.`;
  return `Speeds are inferred, against ${harmless(reference.name)}: decode by memory bandwidth (a token reads all weights once), prefill by FP16 arithmetic (prompts, images). What a server makes of it differs.`;
}

function times(factor: number | null): string {
  return factor === null ? NOTHING : `${significant(factor)}x`;
}
