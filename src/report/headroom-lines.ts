/** How far an answer holds: traffic, load time and service, in a line. */
import type { Headroom, HeadroomAxis } from '../study/optimize-document.ts';
import { percent, seconds, short } from './numbers.ts';
import { harmless } from './text.ts';

/** `traffic +34 %, load time 11.2 s (+40 %), service +12 %` */
export function headroomText({ axes }: Headroom): string {
  return axes.map(axisText).join(', ');
}

const NAMES = { traffic: 'traffic', load: 'load time', service: 'service' } as const;

function axisText(axis: HeadroomAxis): string {
  const { lever, factor, breaksAt, meanS, why } = axis;
  const name = NAMES[lever];
  if (factor === null) return `${name}: ${harmless(why ?? 'not known', 200)}`;
  if (breaksAt === null) return `${name} at least x ${short(factor)}`;
  if (factor === 1) return `${name} no further`;
  const more = `+${percent(factor - 1)}`;
  return meanS === null ? `${name} ${more}` : `${name} ${seconds(meanS)} (${more})`;
}

/** What breaks first, by lever; empty where nothing does. */
export function headroomBreaks({ axes }: Headroom): string {
  const byObjective = new Map<string, string[]>();
  for (const { lever, breaks } of axes) {
    for (const objective of breaks) {
      byObjective.set(objective, [...(byObjective.get(objective) ?? []), NAMES[lever]]);
    }
  }
  const parts = [...byObjective].map(
    ([objective, levers]) => `${harmless(objective)} (${levers.join(', ')})`,
  );
  return parts.length === 0 ? '' : `then breaks ${parts.join('; ')}`;
}

/** A tenth more or less is worth a word. */
const WORTH_A_WORD = 0.1;

/** What one holds for more than another: `+28 % load time`, and for what less: `traffic (+79 %, not +135 %)`. */
export function headroomGains(
  { axes }: Headroom,
  than: Headroom,
): { readonly more: readonly string[]; readonly less: readonly string[] } {
  const more: string[] = [];
  const less: string[] = [];
  for (const { lever, factor } of axes) {
    const other = than.axes.find((axis) => axis.lever === lever)?.factor ?? null;
    if (factor === null || other === null) continue;
    const gain = factor - other;
    if (gain > WORTH_A_WORD - 1e-9) more.push(`+${percent(factor - 1)} ${NAMES[lever]}`);
    if (gain < -WORTH_A_WORD + 1e-9) {
      less.push(`${NAMES[lever]} (+${percent(factor - 1)}, not +${percent(other - 1)})`);
    }
  }
  return { more, less };
}
