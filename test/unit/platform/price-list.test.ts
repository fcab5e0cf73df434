import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { parsePlatform } from '../../../src/platform/catalogue.ts';
import { priceFileText } from '../../../src/platform/price-file.ts';
import { choosePrices, type Offer, readPriceTable } from '../../../src/platform/price-list.ts';
import { HARDWARE } from './hardware.ts';

const { gpus } = HARDWARE;

const GPUHUNT = `instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor
g6.xlarge,us-east-1,0.8048,4,16.0,1,L4,24.0,False,,nvidia
g6.xlarge,us-east-1,0.3219,4,16.0,1,L4,24.0,True,,nvidia
g6.xlarge,eu-west-1,0.9,4,16.0,1,L4,24.0,False,,nvidia
p4d.24xlarge,us-east-1,32.7726,96,1152.0,8,A100,40.0,False,,nvidia
m5.large,us-east-1,0.096,2,8.0,0,,,False,,
trn1.2xlarge,us-east-1,1.34,8,32.0,1,Trainium,32.0,False,,aws
`;

const MIB = (mib: number) =>
  `"{'Gpus': [{'Name': 'A100', 'Manufacturer': 'NVIDIA', 'Count': 1.0, 'MemoryInfo': {'SizeInMiB': ${mib}}}], 'TotalGpuMemoryInMiB': ${mib}}"`;
const SKYPILOT = `InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
cpu_4x_general,,,4.0,16.0,0.2,us-east-1,,
gpu_1x_a100,A100,1.0,30.0,200.0,1.29,us-east-1,${MIB(40960)},0.9
gpu_8x_a100,A100,8.0,124.0,1800.0,10.32,us-east-1,${MIB(40960)},
gpu_8x_a100_80gb,A100-80GB,8.0,124.0,1800.0,14.32,us-east-1,,
gpu_1x_a100_odd,A100,1.0,30.0,200.0,1.5,us-east-1,,
gpu_1x_h100,H100,1.0,26.0,200.0,,us-east-1,,
`;

describe('readPriceTable', () => {
  it("reads gpuhunt's layout: a spot row is one, memory tells GPUs of one name apart", () => {
    const table = readPriceTable(GPUHUNT, 'aws.csv', gpus);
    expect(table).toMatchObject({ layout: 'gpuhunt', rows: 6, withoutGpu: 1, damaged: 0 });
    expect(
      table.offers.map(({ gpu, gpus: n, spot, usdPerHour }) => [gpu, n, spot, usdPerHour]),
    ).toEqual([
      ['l4', 1, false, 0.8048],
      ['l4', 1, true, 0.3219],
      ['l4', 1, false, 0.9],
      ['a100-40gb', 8, false, 32.7726],
    ]);
    expect([...table.unknownGpus]).toEqual([['Trainium', 1]]);
  });

  it("reads SkyPilot's layout: a spot price is a second price, GpuInfo has the memory", () => {
    const table = readPriceTable(SKYPILOT, 'vms.csv', gpus);
    expect(table).toMatchObject({ layout: 'SkyPilot', rows: 6, withoutGpu: 1, withoutPrice: 1 });
    expect(
      table.offers.map(({ gpu, gpus: n, spot, usdPerHour }) => [gpu, n, spot, usdPerHour]),
    ).toEqual([
      ['a100-40gb', 1, false, 1.29],
      ['a100-40gb', 1, true, 0.9],
      ['a100-40gb', 8, false, 10.32],
      ['a100-80gb', 8, false, 14.32],
    ]);
    // Two are called A100, and this row does not say how large it is.
    expect([...table.unknownGpus]).toEqual([['A100', 1]]);
  });

  it('counts damaged rows and keeps the first as examples', () => {
    const text = `${GPUHUNT}x,us-east-1,free,1,1,1,L4,24,False,,nvidia\nshort,row\ny,z,-1,1,1,1,L4,24,False,,nvidia\nq,z,1,1,1,1.5,L4,24,False,,nvidia\n`;
    const { damaged, examples } = readPriceTable(text, 'aws.csv', gpus);
    expect(damaged).toBe(4);
    expect(examples).toEqual([
      { line: 8, reason: 'free is no price' },
      { line: 9, reason: '2 fields where the header has 11' },
      { line: 10, reason: '-1 is no price' },
    ]);
  });

  it('reads any table whose columns are named', () => {
    const text = 'card_x,usd\nh100,2.99\nl4,0.5\n';
    const table = readPriceTable(text, 'ours.csv', gpus, { gpu: 'card_x', price: 'usd' });
    expect(table.layout).toBe('your columns');
    expect(table.offers.map(({ gpu, gpus: n, usdPerHour }) => [gpu, n, usdPerHour])).toEqual([
      ['h100', 1, 2.99],
      ['l4', 1, 0.5],
    ]);
    expect(() => readPriceTable(text, 'ours.csv', gpus)).toThrow(
      "ours.csv  has the columns card_x, usd: neither gpuhunt's nor SkyPilot's; name them with --columns gpu=...,price=...",
    );
    expect(() => readPriceTable(text, 'ours.csv', gpus, { gpu: 'card_y', price: 'eur' })).toThrow(
      UserError,
    );
  });

  it('refuses a table without a single price that it can use, and says why', () => {
    const text = 'gpu_name,price,gpu_count\nTrainium,1,1\n,2,0\n';
    expect(() => readPriceTable(text, 'aws.csv', gpus)).toThrow(
      'aws.csv  states no price of a GPU that the catalogue knows, in 2 rows: 1 without a GPU, 0 without a price, 0 damaged, unknown GPUs Trainium',
    );
  });
});

describe('choosePrices', () => {
  const offer = (gpus: number, usdPerHour: number, region = 'east'): Offer => ({
    gpu: 'h100',
    gpus,
    spot: false,
    usdPerHour,
    region,
    instance: `h100x${gpus}`,
  });
  const offers = [offer(1, 3), offer(1, 2.5, 'west'), offer(2, 5, 'west'), offer(8, 16)];

  it('takes the lowest price for the fewest GPUs, and the counts that are sold at it', () => {
    // 5 / 2 = 2.5 as for one; 16 / 8 = 2 is another price
    expect(choosePrices(offers, { region: null, gpus: null })).toEqual({
      prices: [
        {
          gpu: 'h100',
          spot: false,
          usdPerHour: 2.5,
          gpus: [1, 2],
          note: 'h100x1 in west; 2 rows, 2 regions: from 2.5 to 3',
        },
      ],
      otherRegions: 0,
      otherCounts: 1,
    });
  });

  it('takes another region or number of GPUs if asked, and counts what it leaves out', () => {
    const east = choosePrices(offers, { region: 'east', gpus: null });
    expect(east.prices[0]).toMatchObject({ usdPerHour: 3, gpus: [1] });
    expect(east).toMatchObject({ otherRegions: 2, otherCounts: 1 });
    const eight = choosePrices(offers, { region: null, gpus: 8 });
    expect(eight.prices[0]).toMatchObject({ usdPerHour: 2, gpus: [8] });
    expect(choosePrices(offers, { region: 'north', gpus: null }).prices).toEqual([]);
    expect(choosePrices(offers, { region: null, gpus: 4 })).toMatchObject({
      prices: [],
      otherCounts: 4,
    });
  });
});

describe('priceFileText', () => {
  const origin = {
    id: 'ours',
    name: 'Ours',
    extends: 'base',
    source: 'SkyPilot catalog, aws',
    version: 'v7',
    date: '2026-11-20',
  };
  const fact = { source: 'page', date: '2026', grade: 'inferred' };
  const base = {
    id: 'base',
    name: 'Base',
    description: 'For tests.',
    sources: { page: 'example.com' },
    deployment: { scaling: { rule: { value: 'fixed', ...fact } } },
    billing: {
      gpus: { t4: { usdPerGpuHour: { value: 9, ...fact } } },
      usdPerCoreSecond: { value: 9, ...fact },
      states: { value: ['idle', 'busy'], ...fact },
      startPhases: { value: 'all', ...fact },
      quantum: { value: '1s', ...fact },
      scope: { value: 'replica', ...fact },
      minimum: { value: '60s', ...fact },
    },
  };

  it('is a platform file with source, version and date at every price; no price of the base is in it', () => {
    const { prices } = choosePrices(readPriceTable(SKYPILOT, 'vms.csv', gpus).offers, {
      region: null,
      gpus: null,
    });
    const text = priceFileText(origin, prices);
    const platform = parsePlatform(text, 'ours.yaml', new Map([['base', base]]));
    expect(platform).toMatchObject({
      id: 'ours',
      scaling: 'fixed',
      gpus: ['a100-40gb', 'a100-80gb'],
    });
    const prior = platform.figures.filter(({ path }) => path.includes('usdPer'));
    expect(prior.map(({ path, value }) => [path, value])).toEqual([
      ['billing.gpus.a100-40gb.usdPerGpuHour', 1.29],
      // 14.32 / 8
      ['billing.gpus.a100-80gb.usdPerGpuHour', 1.79],
      ['billing.kinds.spot.gpus.a100-40gb.usdPerGpuHour', 0.9],
    ]);
    for (const figure of prior) {
      expect(figure).toMatchObject({
        source: 'price-list: SkyPilot catalog, aws, version v7, read 2026-11-20',
        date: '2026-11-20',
        grade: 'third-party',
      });
    }
    expect(platform.billing).toMatchObject({ quantum: '1s', minimum: '60s' });
  });
});
