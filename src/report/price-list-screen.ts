/** What `gpus import` read, what it took and what it left out. */
import type { ChosenPrices, PriceTable } from '../platform/price-list.ts';
import { count, counted, dollars } from './numbers.ts';
import { table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const MOST_UNKNOWN = 12;

/** Counts of a table, a line each; only what there is. */
export function priceTableLines(
  { layout, rows, offers, withoutGpu, withoutPrice, unknownGpus, damaged, examples }: PriceTable,
  { otherRegions, otherCounts }: Pick<ChosenPrices, 'otherRegions' | 'otherCounts'>,
  style: Style = PLAIN,
): string[] {
  const names = [...unknownGpus];
  const unknown = names.reduce((sum, [, times]) => sum + times, 0);
  const listed = names
    .slice(0, MOST_UNKNOWN)
    .map(([name, times]) => `${harmless(name, 40)} (${count(times)})`)
    .join(', ');
  const more = names.length > MOST_UNKNOWN ? ` and ${names.length - MOST_UNKNOWN} others` : '';
  return [
    `${counted(rows, 'row')} in ${layout === 'your columns' ? layout : `${layout}'s layout`}, ${counted(offers.length, 'price')} of GPUs that the catalogue knows`,
    ...(withoutGpu > 0 ? [`  ${counted(withoutGpu, 'row')} without a GPU`] : []),
    ...(withoutPrice > 0 ? [`  ${counted(withoutPrice, 'row')} without a price`] : []),
    ...(unknown > 0
      ? [
          style.warn(
            wrapped(
              `! ${counted(unknown, 'row')} of GPUs that are unknown, or that several fit: ${listed}${more}; gpus.yaml in a folder for --models adds one`,
              2,
            ),
          ),
        ]
      : []),
    ...(damaged > 0
      ? [
          style.warn(
            `! ${counted(damaged, 'row')} damaged: ${examples.map(({ line, reason }) => `line ${count(line)}, ${harmless(reason)}`).join('; ')}`,
          ),
        ]
      : []),
    ...(otherRegions > 0 ? [`  ${counted(otherRegions, 'price')} of other regions left out`] : []),
    ...(otherCounts > 0
      ? [
          `  ${counted(otherCounts, 'price')} for other numbers of GPUs left out: --count takes them`,
        ]
      : []),
  ];
}

export function chosenLines(
  { prices }: Pick<ChosenPrices, 'prices'>,
  style: Style = PLAIN,
): string[] {
  const rows = prices.map(({ gpu, spot, usdPerHour, gpus, note }) => [
    gpu,
    spot ? 'spot' : 'on demand',
    dollars(usdPerHour),
    gpus.join(', '),
    harmless(note, 60),
  ]);
  const [head, ...body] = table(
    [
      { head: 'gpu', align: 'left' },
      { head: 'kind', align: 'left' },
      { head: '$/GPU h' },
      { head: 'GPUs a replica', align: 'left' },
      { head: 'from', align: 'left' },
    ],
    rows,
  );
  return [style.dim(head!), ...body];
}
