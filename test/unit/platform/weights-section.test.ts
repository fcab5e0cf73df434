import { describe, expect, it } from 'vitest';
import { weightsSchema } from '../../../src/platform/weights-schema.ts';
import { compileWeights, type WeightsInput } from '../../../src/platform/weights-section.ts';
import { HARDWARE } from './hardware.ts';

const INPUT: WeightsInput = {
  weights: { from: 'registry' },
  model: 'llama-3-8b',
  bits: undefined,
  gpu: 'l4',
  gpus: 1,
  phaseNames: [],
};

const compiled = (input: Partial<WeightsInput>) => compileWeights({ ...INPUT, ...input }, HARDWARE);
const mistakes = (input: Partial<WeightsInput>) =>
  compiled(input).mistakes.map(({ path, message }) => `${path.join('.')}  ${message}`);

describe('deployment.weights', () => {
  it('is spelled as the rest of a study: sizes, bandwidths and shares', () => {
    const section = {
      size: '16.1GB',
      from: 'object-store',
      bandwidth: '2GB/s',
      cached: '80%',
      cachedFrom: 'local-nvme',
      cachedBandwidth: '5GiB/s',
      snapshot: { chance: 0.9, size: '20GB', bandwidth: '4GB/s' },
      link: '25Gbit/s',
    };
    expect(weightsSchema.parse(section)).toEqual(section);
    const wrong = weightsSchema.safeParse({
      size: 16,
      bandwidth: '2GB',
      cached: '120%',
      link: '0GB/s',
      form: 'registry',
    });
    expect(wrong.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual(
      [
        'size: must be a size such as 26GB or 16GiB',
        'bandwidth: must be a bandwidth such as 2GB/s or 25Gbit/s',
        'cached: must be a share from 0 to 1, or a percentage such as 80%',
        'link: must be above 0',
        ': is no key here: there are size, from, bandwidth, cached, cachedFrom, cachedBandwidth, snapshot, link',
      ],
    );
  });

  it('becomes bytes and bandwidths, with the figures that they rest on', () => {
    const {
      plan,
      figures,
      mistakes: none,
    } = compiled({
      weights: { from: 'registry', cached: '80%', link: '25Gbit/s' },
    });
    expect(none).toEqual([]);
    expect(plan).toEqual({
      bytes: 16e9,
      from: { kind: 'copied', bytesPerSecond: 0.5e9 },
      node: { kind: 'local', bytesPerSecond: 3e9 },
      cachedChance: 0.8,
      snapshot: null,
      linkBytesPerSecond: 3.125e9,
      hostLinkBytesPerSecond: 31.5e9,
    });
    expect(figures.map(({ path }) => path)).toEqual([
      'models.llama-3-8b.billionParameters',
      'models.llama-3-8b.bits',
      'gpus.l4.memoryGB',
      'storage.registry.gigabytesPerSecond',
      'storage.local-nvme.gigabytesPerSecond',
      'gpus.l4.hostLinkGBPerSecond',
    ]);
  });

  it('lets a study say every number itself, and then rests on none', () => {
    const { plan, figures } = compiled({
      weights: { size: '26GB', from: 'network-volume', bandwidth: '1.3GB/s' },
      model: 'ours',
      gpu: undefined,
    });
    expect(plan).toMatchObject({
      bytes: 26e9,
      from: { kind: 'streamed', bytesPerSecond: 1.3e9 },
      hostLinkBytesPerSecond: null,
    });
    expect(figures).toEqual([]);
  });

  it('reads host memory at the link of all GPUs of a replica', () => {
    const { plan } = compiled({ weights: { from: 'host-memory' }, gpu: 'h100', gpus: 4 });
    // 4 x 63 GB/s
    expect(plan?.from).toEqual({ kind: 'local', bytesPerSecond: 252e9 });
  });

  it('restores a snapshot of the size of the weights, unless it says otherwise', () => {
    const { plan, figures } = compiled({
      weights: { from: 'registry', snapshot: { chance: '90%' } },
    });
    expect(plan?.snapshot).toEqual({ chance: 0.9, bytes: 16e9, bytesPerSecond: 3e9 });
    expect(figures.map(({ path }) => path)).toContain('storage.snapshot.gigabytesPerSecond');
  });

  it('reports all mistakes, each with what would be right', () => {
    expect(mistakes({ weights: {}, model: 'lama-3-8b', phaseNames: ['pull', 'load'] })).toEqual([
      'deployment.model  lama-3-8b is no model of the catalogue (did you mean llama-3-8b?): name one, or give weights.size',
      'deployment.coldStart  has load, which weights gives: leave one of them out',
      'deployment.weights.from  is missing: there are registry, object-store, network-volume, network-file-system, parallel-file-system, local-nvme, host-memory',
    ]);
    expect(mistakes({ weights: { from: 'registri' }, model: undefined })).toEqual([
      'deployment.weights.size  is missing: give it, or deployment.model',
      'deployment.weights.from  registri is none of storage here: did you mean registry?',
    ]);
    expect(mistakes({ weights: { from: 'local-nvme', cached: 0.5, link: '1GB/s' } })).toEqual([
      'deployment.weights.cached  means nothing: in local-nvme they are on the node already',
      'deployment.weights.link  means nothing: in local-nvme they are on the node already',
    ]);
    expect(mistakes({ weights: { from: 'host-memory' }, gpu: undefined })).toEqual([
      "deployment.weights.bandwidth  is missing: host-memory is read at the speed of the GPU's host link, and no GPU is named",
    ]);
    expect(mistakes({ weights: { from: 'registry', cachedFrom: 'object-store' } })).toEqual([
      'deployment.weights.cachedFrom  object-store is none of storage here: there are local-nvme, host-memory',
    ]);
  });

  it('says that a model does not fit', () => {
    const { notes } = compiled({ model: 'llama-2-70b', gpu: 'a100-80gb', weights: undefined });
    expect(notes).toEqual([
      'llama-2-70b at 16 bits needs 140 GB, 1 x a100-80gb has 80 GB: it does not fit',
    ]);
  });

  it('says how much room is left for the cache', () => {
    // 2 x 80 - 140 = 20 GB; 2 x 80 layers x 8 heads x 128 x 2 bytes = 327,680; 20e9 / 327,680 = 61,035.2
    expect(compiled({ model: 'llama-2-70b', gpu: 'a100-80gb', gpus: 2 }).notes).toEqual([
      'beside 140 GB of weights 2 x a100-80gb has room for the cache of 61,035 tokens at most',
    ]);
  });

  it('says what quantization adds to 7B at 4 bits: 3.5 GB are 3.64 GB (claim 8)', () => {
    const { plan, notes } = compiled({ model: 'llama-2-7b', bits: 4 });
    expect(plan?.bytes).toBe(3.5e9);
    expect(notes[1]).toBe(
      'llama-2-7b at 4 bits is 3.5 GB without what quantization adds: with scales some 3.64 GB, more where embeddings stay at 16 bits; weights.size gives the size of your files',
    );
  });

  it('takes models and GPUs that nobody knows as labels where it has nothing to work out', () => {
    expect(compiled({ weights: undefined, model: 'ours', gpu: 'theirs' })).toEqual({
      plan: null,
      notes: [],
      figures: [],
      mistakes: [],
    });
  });
});
