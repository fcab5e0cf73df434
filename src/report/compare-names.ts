/** What the rows of a comparison are called, and what they cost beside one another. */
import type { CompareDocument, CompareRow } from '../study/compare-document.ts';
import { dollarsPerHour, relative, significant } from './numbers.ts';
import { harmless } from './text.ts';
import { rowName } from './varied.ts';

/** `modal a10g, min 1`: a platform and a GPU are known by their names, and said where rows differ in them. */
export type NameOf = (row: CompareRow, length?: number) => string;

export function namesOf({ rows }: Pick<CompareDocument, 'rows'>): NameOf {
  const asked = rows.filter(({ candidate }) => candidate);
  const differ = (key: 'platform' | 'gpu') => new Set(asked.map((row) => row[key])).size > 1;
  const [saysPlatform, saysGpu] = [differ('platform'), differ('gpu')];
  return ({ label, vary, candidate, platform, gpu }, length = 60) => {
    if (label !== null && !candidate) return harmless(label, length);
    const where = [saysPlatform ? platform : null, saysGpu ? gpu : null].filter(Boolean).join(' ');
    const settings = Object.entries(vary).filter(
      ([path, value]) => !/^deployment\.(platform|gpu)$/.test(path) && value !== null,
    );
    const parts = [where, settings.length === 0 ? '' : rowName(Object.fromEntries(settings))];
    const name = parts.filter((part) => part !== '').join(', ');
    if (label === null) return harmless(name === '' ? 'the study as it is' : name, length);
    return harmless(name === '' ? label : `${label}: ${name}`, length);
  };
}

export function costText({ result: { cost, replicas } }: CompareRow): string {
  return cost === null ? `${significant(replicas.mean)} replicas` : dollarsPerHour(cost.usdPerHour);
}

/** null where it rounds to nothing. */
export function costChange(row: CompareRow, best: CompareRow): string | null {
  const [a, b] = [row.result.cost?.usdPerHour ?? null, best.result.cost?.usdPerHour ?? null];
  const change = a === null || b === null ? null : relative(a, b);
  return change !== null && /^[+-]0(\.0)? %$/.test(change) ? null : change;
}
