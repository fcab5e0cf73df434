/** What befell replicas and requests: a line each, only where there is something to say. */
import type { Result } from '../study/document.ts';
import { line } from './labeled-line.ts';
import { count, counted, seconds } from './numbers.ts';
import { harmless, type Style } from './text.ts';

/** The ladder: how many starts took which way, and how long. */
export function startLines({ startPaths = [] }: Result): string[] {
  const taken = startPaths.filter(({ starts }) => starts > 0);
  if (taken.length === 0) return [];
  const ways = taken.map(({ path, starts, meanS }) => {
    const mean = meanS === null ? 'none became ready' : `mean ${seconds(meanS)}`;
    return `${harmless(path, 30)} ${count(starts)} (${mean})`;
  });
  return [line('Starts', ...ways)];
}

export function troubleLines({ mishaps, stranded = 0 }: Result, style: Style): string[] {
  const { failedStarts = 0, preemptions = 0, crashes = 0, interrupted = 0 } = mishaps ?? {};
  const troubles = [
    failedStarts > 0 ? `${counted(failedStarts, 'start')} failed` : '',
    preemptions > 0 ? `${counted(preemptions, 'replica')} preempted` : '',
    crashes > 0 ? `${counted(crashes, 'replica')} crashed` : '',
    interrupted > 0 ? `${counted(interrupted, 'request')} interrupted` : '',
    stranded > 0
      ? style.bad(`${counted(stranded, 'request')} waited with nothing to come to serve them`)
      : '',
  ].filter((part) => part !== '');
  return troubles.length === 0 ? [] : [line('Trouble', troubles.join(', '))];
}

const REFUSED: Readonly<Record<string, string>> = {
  queue: 'at a full queue',
  'no-replica': 'with no replica ready',
  'request-rate': 'over the rate of requests',
  'token-rate': 'over the rate of tokens',
  'input-token-rate': 'over the rate of input tokens',
  'uncached-token-rate': 'over the rate of uncached input tokens',
  'output-token-rate': 'over the rate of output tokens',
  'in-flight': 'over the limit in flight',
  account: "over the account's limit",
};

/** Attempts: what is tried again may be refused again. */
export function refusalLines({ refusals, refusalCode }: Result): string[] {
  if (refusals === undefined) return [];
  const reasons = Object.entries(refusals).map(
    ([why, times]) => `${count(times)} ${REFUSED[why] ?? harmless(why)}`,
  );
  const code = refusalCode === undefined ? '' : ` with ${harmless(String(refusalCode), 30)}`;
  return [line('', `attempts refused${code}: ${reasons.join(', ')}`)];
}

export function pingLines({ pings }: Result): string[] {
  if (pings === undefined) return [];
  const { sent, cold, failed } = pings;
  const rest = failed > 0 ? `, ${count(failed)} failed` : '';
  return [line('Pings', `${count(sent)} sent to keep replicas warm, ${count(cold)} cold${rest}`)];
}
