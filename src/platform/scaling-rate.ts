/** A block of rate policies of `deployment.scaling.rates` as numbers. */
import type { RatePolicy, RateRule } from '../engine/control/control-rule.ts';
import type { ScalingReader } from './scaling-reader.ts';
import type { RateSection } from './scaling-schema.ts';

const KINDS = ['percent', 'replicas', 'count'] as const;

export function compileRate(
  at: string,
  section: RateSection | undefined,
  reader: ScalingReader,
): RateRule | null {
  if (section === undefined) return null;
  const select = section.select ?? 'max';
  const entries = Object.entries(section.policies ?? {});
  if (entries.length === 0 && select !== 'disabled') {
    reader.report(`${at}.policies`, 'must have at least one policy, or select must be disabled');
  }
  const policies = entries.map(([name, policy]): RatePolicy => {
    const path = `${at}.policies.${name}`;
    const given = KINDS.filter((kind) => policy[kind] !== undefined);
    const kind = given[0] ?? 'replicas';
    if (given.length !== 1) {
      reader.report(path, `must have one of ${KINDS.join(', ')}`);
    }
    const isCount = kind === 'count';
    if (isCount !== (policy.period === undefined)) {
      reader.report(
        `${path}.period`,
        isCount ? 'means nothing with count, which holds at any time' : 'is missing',
      );
    }
    return { kind, value: policy[kind] ?? 1, periodUs: reader.us(path, policy.period, 0) };
  });
  return { policies, select };
}
