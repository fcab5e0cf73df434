/** How far a search is: of how many configurations it is known what they are worth, and the runs that it took; on stderr. */
import { Presets, SingleBar } from 'cli-progress';
import { count, counted, seconds, short } from '../report/numbers.ts';
import type { SearchProgress } from '../study/optimize/search.ts';
import { note } from './terminal.ts';

export interface ShownSearch {
  show(state: SearchProgress): void;
  stop(): void;
}

/** Long runs say that they live, even in a log file. */
const SIGN_OF_LIFE_MS = 30_000;

const PHASES: Readonly<Record<SearchProgress['phase'], string>> = {
  search: 'settled',
  confirm: 'confirming on fresh seeds',
  headroom: 'headroom',
};

export function createSearchProgress(): ShownSearch {
  const startedMs = performance.now();
  const bar = process.stderr.isTTY ? createBar() : null;
  let last: SearchProgress | null = null;
  let saidMs = startedMs;
  let stopped = false;
  const elapsed = () => seconds((performance.now() - startedMs) / 1_000);
  const line = ({ runs, configurations, settled, phase }: SearchProgress) =>
    `${count(settled)}/${counted(configurations, 'configuration')} ${PHASES[phase]} · ${short(runs)} runs · ${elapsed()}`;
  return {
    show: (state) => {
      last = state;
      if (bar !== null) {
        const { runs, configurations, settled, phase } = state;
        const payload = { phase: PHASES[phase], runs: short(runs), elapsed: elapsed() };
        if (!bar.isActive) bar.start(configurations, settled, payload);
        bar.update(settled, payload);
      } else if (performance.now() - saidMs > SIGN_OF_LIFE_MS) {
        saidMs = performance.now();
        note(line(state));
      }
    },
    stop: () => {
      bar?.stop();
      if (last !== null && !stopped) note(line(last));
      stopped = true;
    },
  };
}

function createBar(): SingleBar {
  return new SingleBar(
    {
      format: '{phase} {bar} {value}/{total} · {runs} runs · {elapsed}',
      barsize: 32,
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
      // The search ends the bar on Ctrl-C, and says the best so far.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
}
