/** Signals as a pool shows them: at the instant, and as figures that grow, whose growth over a window is a mean or a rate. */
import { assert } from '../../base/errors.ts';
import { US_PER_S } from '../../base/units.ts';
import type { Signal } from './control-rule.ts';
import type { ControlView } from './control-view.ts';

/** integral: grows by the instant's value a microsecond. rate: by 1 second an event. count: by 1 an event. */
export type SignalKind = 'integral' | 'rate' | 'count' | 'instant' | 'quantile';

export const SIGNAL_KIND: Readonly<Record<Signal, SignalKind>> = {
  'in-flight': 'integral',
  'in-service': 'integral',
  waiting: 'integral',
  utilization: 'integral',
  'request-rate': 'rate',
  'token-rate': 'rate',
  refusals: 'count',
  'oldest-wait': 'instant',
  'tokens-in-flight': 'instant',
  latency: 'quantile',
};

/** Whether the signal adds up over replicas, so that a share of it can be each one's; a time does not. */
export function addsUp(signal: Signal): boolean {
  return signal !== 'oldest-wait' && signal !== 'latency';
}

/** What the signal is now; 0 for one that only a window has. */
export function instantOf(signal: Signal, view: ControlView): number {
  switch (signal) {
    case 'in-flight':
      return view.inService + view.waiting;
    case 'in-service':
      return view.inService;
    case 'waiting':
      return view.waiting;
    case 'utilization':
      return view.busy;
    case 'oldest-wait':
      return view.oldestWaitUs();
    case 'tokens-in-flight':
      return view.tokensInFlight;
    default:
      return 0;
  }
}

/**
 * A figure that grows, as a double: past 2^53 it is rounded, to 10 us in a mean over a minute at 50,000 requests in flight
 * for a year, and not at all while it stands still.
 */
export function figureOf(signal: Signal, view: ControlView): number {
  switch (signal) {
    case 'in-flight':
      return view.inServiceUs() + view.waitingUs();
    case 'in-service':
      return view.inServiceUs();
    case 'waiting':
      return view.waitingUs();
    case 'utilization':
      return view.busyUs();
    case 'request-rate':
      return view.attempts * US_PER_S;
    case 'token-rate':
      return view.tokensCompleted * US_PER_S;
    case 'refusals':
      return view.refused;
    default:
      assert(false, `${signal} does not grow`);
  }
}
