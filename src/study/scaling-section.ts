/** `deployment.scaling`, the platform's below it: who decides how many replicas there are. */
import { UserError } from '../base/errors.ts';
import type { ControlRule } from '../engine/control/control-rule.ts';
import type { ScalingRule } from '../platform/catalogue.ts';
import { compileScaling } from '../platform/scaling.ts';
import type { ScalingContext } from '../platform/scaling-reader.ts';
import { contradiction, type Finding, finding } from './findings.ts';
import { parseKeyPath } from './key-path.ts';
import type { Merged } from './merged.ts';
import type { DeploymentSection } from './schema.ts';

/** The study's rule, or the platform's: what a study writes for another than that is a mistake, unless it writes the rule itself. */
export function ruleOf(
  { scaling = {} }: Merged,
  own: DeploymentSection,
  findings: Finding[],
): ScalingRule {
  const { rule } = scaling;
  if (rule === undefined && own.scaling !== undefined && Object.keys(own.scaling).length > 0) {
    const message = 'is missing: write rule: controlled, or leave the block out';
    findings.push(finding(['deployment', 'scaling', 'rule'], message));
  }
  const isPlatforms = rule !== undefined && own.scaling?.rule === undefined;
  for (const key of isPlatforms && rule !== 'controlled' ? Object.keys(own.scaling ?? {}) : []) {
    const message = `means nothing with rule: ${rule}: write rule: controlled beside it`;
    findings.push(contradiction(['deployment', 'scaling', key], message));
  }
  return rule ?? 'per-request';
}

/** null unless the rule is controlled: what the block says else is for that rule. */
export function controlOf(
  { scaling = {} }: Merged,
  rule: ScalingRule,
  context: ScalingContext,
  findings: Finding[],
): ControlRule | null {
  if (rule !== 'controlled') return null;
  try {
    return compileScaling(scaling, context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const { path, message } of error.mistakes) {
      findings.push(contradiction(parseKeyPath(path ?? 'deployment.scaling'), message));
    }
    return null;
  }
}
