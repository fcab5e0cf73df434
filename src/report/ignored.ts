/** Keys that a study gives and that change no figure. */
import { getAt, parseKeyPath } from '../study/key-path.ts';
import type { LoadedStudy } from '../study/study.ts';

/** A line each, for a screen or for stderr. */
export function ignoredLines({ study, points }: Pick<LoadedStudy, 'study' | 'points'>): string[] {
  const given = (path: string): boolean =>
    getAt(study, parseKeyPath(path)) !== undefined ||
    points.some(({ overrides }) => path in overrides);
  const lines: string[] = [];
  if (given('deployment.gpu') && !given('deployment.platform')) {
    lines.push('! deployment.gpu changes nothing without a platform: name one, or give the price');
  }
  if (given('deployment.model')) {
    lines.push(
      '! deployment.model is a name only: load and service times are what the study gives',
    );
  }
  return lines;
}
