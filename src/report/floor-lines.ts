/** What any scaling would cost at least, beside what this one costs. */
import type { Bounds } from '../study/bounds/bounds-document.ts';
import { line } from './labeled-line.ts';
import { counted, dollarsPerHour } from './numbers.ts';

export function floorLines(bounds: Bounds | undefined): string[] {
  if (bounds === undefined) return [];
  const { work, ownServices, fixedFleet, sentence } = bounds;
  const least = [
    ['work alone', work.usdPerHour],
    ['services as this run had them', ownServices.usdPerHour],
  ] as const;
  const known = least.flatMap(([what, usd]) => (usd === null ? [] : [[what, usd] as const]));
  return [
    line('Floor', sentence),
    ...(known.length === 0
      ? []
      : [line('', ...known.map(([what, usd]) => `${what} ${dollarsPerHour(usd)}`))]),
    ...fixedLine(fixedFleet, known.length > 0),
  ];
}

function fixedLine(fixed: Bounds['fixedFleet'], isSaid: boolean): string[] {
  const { usdPerHour, replicas, meets, why } = fixed;
  if (usdPerHour === null) return isSaid && why !== null ? [line('', `fixed fleet: ${why}`)] : [];
  const enough = meets === 'the objectives' ? 'that meet the objectives' : 'that let nobody wait';
  const fleet = counted(replicas!, 'always-ready replica');
  return [line('', `${fleet}, the fewest ${enough}: ${dollarsPerHour(usdPerHour)}`)];
}
