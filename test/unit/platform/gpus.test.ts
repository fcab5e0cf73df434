import { describe, expect, it } from 'vitest';
import { gpuNamed, parseGpus, relativeSpeedOf } from '../../../src/platform/gpus.ts';
import { hardwareOf } from '../../../src/platform/library.ts';
import { parseModels } from '../../../src/platform/served-models.ts';
import { parseStorage } from '../../../src/platform/storage.ts';
import { HARDWARE } from './hardware.ts';
import { mistakesIn } from './plan.ts';

const FROM = 'source: page, date: 2026-11-20, grade: documented';
const GPUS = `sources: { page: example.com/gpus }
gpus:
  x1:
    name: X1
    aliases: [X1 Pro]
    memoryGB: { value: 24, ${FROM} }
`;
const MODELS = `sources: { page: example.com/models }
models:
  tiny:
    name: Tiny
    kind: language
    billionParameters: { value: 1, ${FROM} }
    bits: { value: 16, ${FROM} }
`;
const STORAGE = `sources: { page: example.com/disks }
storage:
  tape: { name: a tape, kind: copied, gigabytesPerSecond: { value: 0.1, ${FROM} } }
`;

describe('parseGpus', () => {
  it('gives each figure with its unit, source, date and grade; what a file leaves out is null', () => {
    const [x1] = parseGpus(GPUS, 'gpus.yaml');
    expect(x1).toEqual({
      id: 'x1',
      name: 'X1',
      aliases: ['X1 Pro'],
      memoryGB: 24,
      memoryGBPerSecond: null,
      hostLinkGBPerSecond: null,
      denseFp16Teraflops: null,
      relativeSpeed: null,
      figures: [
        {
          path: 'gpus.x1.memoryGB',
          value: 24,
          unit: 'GB',
          source: 'page: example.com/gpus',
          date: '2026-11-20',
          grade: 'documented',
          note: null,
        },
      ],
    });
  });

  it('reports every mistake at its line and column', () => {
    const text = GPUS.replace('value: 24', 'value: -24').replace('name: X1', 'memory: 24');
    expect(mistakesIn(() => parseGpus(text, 'gpus.yaml'))).toEqual([
      'gpus.yaml:4:5  gpus.x1.name  is missing',
      'gpus.yaml:4:5  gpus.x1.memory  is no key here: there are name, aliases, memoryGB, memoryGBPerSecond, hostLinkGBPerSecond, denseFp16Teraflops, relativeSpeed',
      'gpus.yaml:6:24  gpus.x1.memoryGB.value  must be above 0',
    ]);
  });
});

describe.each([
  ['a GPU', (text: string) => parseGpus(text, 'f.yaml'), GPUS],
  ['a model', (text: string) => parseModels(text, 'f.yaml'), MODELS],
  ['storage', (text: string) => parseStorage(text, 'f.yaml'), STORAGE],
])('a file of %s', (_, parse, text) => {
  it.each(['source: page, ', ', grade: documented', 'date: 2026-11-20, '])(
    'refuses a figure without %s',
    (part) => {
      expect(mistakesIn(() => parse(text))).toEqual([]);
      expect(mistakesIn(() => parse(text.replace(part, '')))[0]).toContain('is missing');
    },
  );

  it('refuses a source that it does not explain', () => {
    expect(mistakesIn(() => parse(text.replace('source: page', 'source: leaflet')))[0]).toContain(
      'leaflet is not among the sources: page',
    );
  });
});

describe('parseModels', () => {
  it('wants what makes a cache whole, or nothing of it', () => {
    const half = `${MODELS}    layers: { value: 2, ${FROM} }\n`;
    expect(mistakesIn(() => parseModels(half, 'models.yaml'))).toEqual([
      'models.yaml:3:3  models.tiny  must have layers, kvHeads and headDimension, or layers and kvValuesPerLayer, or none of them',
    ]);
    const whole = `${half}    kvValuesPerLayer: { value: 100, ${FROM} }\n`;
    // 2 layers x 100 values x 2 bytes
    expect(parseModels(whole, 'models.yaml')[0]?.kvBytesPerToken).toBe(400);
  });
});

describe('relativeSpeedOf', () => {
  it('finds an H100 between 1.6 and 3.2 times an A100, by what it does (claim 32: 2-3 times)', () => {
    const { decode, prefill } = relativeSpeedOf(
      HARDWARE.gpus.get('h100')!,
      HARDWARE.gpus.get('a100-80gb')!,
    );
    // 3,350 / 2,039 and 989 / 312
    expect(decode).toBeCloseTo(1.643, 3);
    expect(prefill).toBeCloseTo(3.17, 2);
  });

  it('knows nothing of what a file leaves out', () => {
    const [x1] = parseGpus(GPUS, 'gpus.yaml');
    expect(relativeSpeedOf(x1!, HARDWARE.gpus.get('l4')!)).toEqual({ decode: null, prefill: null });
  });
});

describe('gpuNamed', () => {
  it.each([
    ['L4', 24, 'l4'],
    ['A100', 80, 'a100-80gb'],
    ['A100', 40, 'a100-40gb'],
    ['A100-80GB', null, 'a100-80gb'],
    ['A100-80GB-SXM', 80, 'a100-80gb'],
    ['RTX4090', 24, 'rtx4090'],
    ['H100', 80, 'h100'],
    ['h100-pcie', null, 'h100-pcie'],
    ['T4', 15, 't4'],
    ['V100', 32, 'v100-32gb'],
    // Two have the name, and nothing tells them apart.
    ['A100', null, null],
    ['V100', 24, null],
    ['Gaudi2', 96, null],
  ])('takes %s of %s GB for %s', (name, memoryGB, id) => {
    expect(gpuNamed(name, memoryGB, HARDWARE.gpus)?.id ?? null).toBe(id);
  });
});

describe("a user's own", () => {
  it('is added, or takes the place of what ships and says so', () => {
    const none = { gpus: null, models: null, storage: null };
    const shipped = { ...none, gpus: { name: 'gpus.yaml', text: GPUS } };
    const own = GPUS.replace('value: 24', 'value: 48').replace('sources:', '# mine\nsources:');
    const { hardware, notes } = hardwareOf(shipped, {
      gpus: { name: 'own/gpus.yaml', text: own },
      models: { name: 'own/models.yaml', text: MODELS },
      storage: null,
    });
    expect(hardware.gpus.get('x1')?.memoryGB).toBe(48);
    expect([...hardware.models.keys()]).toEqual(['tiny']);
    expect(notes).toEqual(['gpus: x1 of own/gpus.yaml takes the place of the one that ships']);
  });
});
