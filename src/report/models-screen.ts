/** The models of the catalogue: what their weights come to, how long they load from where, and which GPUs hold them. */
import { US_PER_S } from '../base/units.ts';
import type { Gpu, Gpus } from '../platform/gpus.ts';
import type { Hardware } from '../platform/library.ts';
import { loadUs } from '../platform/load-times.ts';
import type { ServedModel, ServedModels } from '../platform/served-models.ts';
import { ON_THE_NODE } from '../platform/storage.ts';
import { decodeTokensPerSecond, fitOf, weightBytesOf } from '../platform/weights.ts';
import { figureLines, weakestGrade } from './figure-lines.ts';
import { count, NOTHING, seconds, short } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const LEFT = 'left';
const GB = 1e9;
const BILLION = 1e9;

/** One line a model. */
export function modelsScreen(models: ServedModels, style: Style = PLAIN): string {
  const columns: Column[] = [
    { head: 'model', align: LEFT },
    { head: 'billions' },
    { head: 'bits' },
    { head: 'weights GB' },
    { head: 'at 8 bits' },
    { head: 'at 4 bits' },
    { head: 'kB/token' },
    { head: 'weakest grade', align: LEFT },
  ];
  const rows = [...models.values()].map((model) => [
    model.id,
    short(model.parameters / BILLION),
    short(model.bits),
    short(weightBytesOf(model.parameters, model.bits) / GB),
    short(weightBytesOf(model.parameters, 8) / GB),
    short(weightBytesOf(model.parameters, 4) / GB),
    model.kvBytesPerToken === null ? NOTHING : short(model.kvBytesPerToken / 1e3),
    weakestGrade(model.figures),
  ]);
  const [head, ...body] = table(columns, rows);
  return [
    style.dim(head!),
    ...body,
    '',
    'Weights are parameters x bits / 8; files of few bits are larger by scales and embeddings.',
    'coldfront models MODEL shows load times, the GPUs that hold it, and every figure with its source.',
  ].join('\n');
}

export interface ModelView {
  /** As published where null. */
  readonly bits: number | null;
  /** Its host link bounds loads; null: without a GPU. */
  readonly gpu: Gpu | null;
}

/** One model: weights, load time from each storage for one replica alone, the GPUs, every figure. */
export function modelScreen(
  model: ServedModel,
  hardware: Hardware,
  view: ModelView = { bits: null, gpu: null },
  style: Style = PLAIN,
): string {
  const bits = view.bits ?? model.bits;
  const bytes = weightBytesOf(model.parameters, bits);
  const scales = hardware.scaleBitsPerWeight;
  const quantized =
    bits < model.bits && scales !== null
      ? ` (${short(weightBytesOf(model.parameters, bits + Number(scales.value)) / GB)} GB with scales)`
      : '';
  const cache =
    model.kvBytesPerToken === null
      ? []
      : [`  Cache    ${short(model.kvBytesPerToken / 1e3)} kB a token at 16 bits a value`];
  const places = [...hardware.storage.values()];
  return [
    style.bold(`${harmless(model.name)} (${model.id})`),
    `  Weights  ${short(bytes / GB)} GB at ${short(bits)} bits${quantized}: ${short(model.parameters / BILLION)} billion parameters`,
    ...cache,
    '',
    ...loadLines(bytes, hardware.storage, view.gpu, style),
    '',
    ...gpuLines(model, bits, hardware.gpus, style),
    '',
    ...figureLines([...model.figures, ...places.flatMap(({ figures }) => figures)], style),
  ].join('\n');
}

function loadLines(
  bytes: number,
  storage: Hardware['storage'],
  gpu: Gpu | null,
  style: Style,
): string[] {
  const rows = [...storage.values()].map((place) => {
    const at =
      place.bytesPerSecond === null ? 'host link' : `${short(place.bytesPerSecond / GB)} GB/s`;
    const took = loadUs(bytes, place, storage, gpu);
    return [
      place.id,
      place.kind,
      at,
      took === null ? 'needs --gpu' : seconds(took / US_PER_S),
      place.figures.length === 0 ? NOTHING : weakestGrade(place.figures),
    ];
  });
  const [head, ...body] = table(
    [
      { head: 'load from', align: LEFT },
      { head: 'how', align: LEFT },
      { head: 'alone' },
      { head: 'takes' },
      { head: 'grade', align: LEFT },
    ],
    rows,
  );
  const bound = gpu === null ? '' : `, into ${gpu.id}, no faster than its host link`;
  return [
    style.dim(head!),
    ...body,
    wrapped(
      `Bytes over bandwidth for one replica alone${bound}; what is copied is then read from ${ON_THE_NODE}. Container, imports and warm-up come on top.`,
    ),
  ];
}

/** How many of a GPU hold it is a power of 2, as replicas are made. */
const MOST_GPUS = 16;

function gpuLines(model: ServedModel, bits: number, gpus: Gpus, style: Style): string[] {
  const bytes = weightBytesOf(model.parameters, bits);
  const read = weightBytesOf(model.activeParameters, bits);
  const rows = [...gpus.values()].flatMap((gpu) => {
    let needed = 1;
    while (needed <= MOST_GPUS && fitOf(bytes, gpu.memoryGB, needed, null).freeBytes <= 0)
      needed *= 2;
    if (needed > MOST_GPUS) return [];
    const fit = fitOf(bytes, gpu.memoryGB, needed, model.kvBytesPerToken);
    const speed = gpu.memoryGBPerSecond;
    const isText = model.kind === 'language';
    return [
      [
        `${needed} x ${gpu.id}`,
        short(fit.freeBytes / GB),
        fit.kvTokens === null ? NOTHING : count(fit.kvTokens),
        speed === null || !isText ? NOTHING : count(decodeTokensPerSecond(speed, needed, read)),
      ],
    ];
  });
  const [head, ...body] = table(
    [
      { head: 'fits on', align: LEFT },
      { head: 'free GB' },
      { head: 'tokens of cache' },
      { head: 'tokens/s of one stream' },
    ],
    rows,
  );
  return [
    style.dim(head!),
    ...body,
    'All three are upper bounds: what a server keeps for itself and the work between GPUs come off.',
  ];
}
