/** Keys that a study gives and that change no figure. */
import { poolsOf } from '../study/fleet-section.ts';
import { getAt, parseKeyPath } from '../study/key-path.ts';
import type { LoadedStudy } from '../study/study.ts';

/** A line each, for a screen or for stderr. */
export function ignoredLines({ study, kinds }: Pick<LoadedStudy, 'study' | 'kinds'>): string[] {
  const given = (path: string): boolean =>
    getAt(study, parseKeyPath(path)) !== undefined ||
    kinds.some(({ overrides }) => path in overrides);
  const isAt = (path: string): boolean =>
    given(path) ||
    kinds.some(({ overrides }) => Object.keys(overrides).some((key) => key.startsWith(`${path}.`)));
  const lines: string[] = [];
  const weighs = isAt('deployment.weights');
  const pools = kinds.flatMap(({ compiled }) => poolsOf(compiled));
  const hasPlatform = pools.some(({ platform }) => platform !== null);
  const isCounted = kinds.some(({ compiled }) => compiled.fleet?.account != null);
  if (given('deployment.gpu') && !hasPlatform && !weighs && !isCounted) {
    lines.push('! deployment.gpu changes nothing without a platform: name one, or give the price');
  }
  const isPriced =
    isAt('billing.models') || pools.some(({ platform }) => platform?.billing.models !== undefined);
  if (given('deployment.model') && !weighs && !isPriced) {
    lines.push(
      '! deployment.model is a name only: load and service times are what the study gives',
    );
  }
  const rules = pools.map(({ pool }) => pool.control);
  if (given('deployment.idleWindow') && rules.every((rule) => rule?.retires === 'target')) {
    lines.push(
      '! deployment.idleWindow changes nothing: replicas leave when the controller wants fewer',
    );
  }
  if (isAt('deployment.scaling.laws') && rules.every((rule) => rule === null)) {
    lines.push('! deployment.scaling.laws change nothing: write rule: controlled');
  }
  return lines;
}
