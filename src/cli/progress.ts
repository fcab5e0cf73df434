/** How far a sweep is: a bar on a terminal, a line at the end elsewhere; on stderr either way. */
import { Presets, SingleBar } from 'cli-progress';
import { count, counted, rough, seconds } from '../report/numbers.ts';
import type { SweepProgress } from '../study/sweep.ts';
import { Pace } from './pace.ts';
import { note } from './terminal.ts';

export interface Progress {
  show(state: SweepProgress): void;
  stop(): void;
  done(): number;
}

/** Long runs say that they live, even in a log file. */
const SIGN_OF_LIFE_MS = 30_000;

export function createProgress(): Progress {
  const startedMs = performance.now();
  const bar = process.stderr.isTTY ? createBar() : null;
  const pace = new Pace();
  let last: SweepProgress | null = null;
  let saidMs = startedMs;
  let stopped = false;
  return {
    show: (state) => {
      last = state;
      if (state.phase === 'grid') pace.note(performance.now(), state.done - state.resumed);
      if (bar !== null) {
        drawBar(bar, state, startedMs, pace);
      } else if (performance.now() - saidMs > SIGN_OF_LIFE_MS) {
        saidMs = performance.now();
        note([lineOf(state, startedMs), ...timeLeft(state, pace)].join(' · '));
      }
    },
    stop: () => {
      bar?.stop();
      if (last !== null && !stopped) note(lineOf(last, startedMs));
      stopped = true;
    },
    done: () => Math.min(last?.done ?? 0, last?.configurations ?? 0),
  };
}

function createBar(): SingleBar {
  return new SingleBar(
    {
      format: '{phase} {bar} {value}/{total}{speed} · {elapsed}{left}',
      barsize: 32,
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
      // The sweep ends the bar on Ctrl-C, after it has kept what is finished.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
}

const PHASES: Readonly<Record<SweepProgress['phase'], string>> = {
  plan: 'laying out',
  grid: 'configurations',
  confirm: 'confirming on fresh seeds',
};

function drawBar(bar: SingleBar, state: SweepProgress, startedMs: number, pace: Pace): void {
  const speed = speedOf(state, startedMs);
  const payload = {
    phase: PHASES[state.phase],
    speed: speed === null ? '' : ` · ${speed}`,
    elapsed: seconds((performance.now() - startedMs) / 1_000),
    left: timeLeft(state, pace)
      .map((text) => ` · ${text}`)
      .join(''),
  };
  if (!bar.isActive) bar.start(state.configurations, state.done, payload);
  bar.setTotal(state.configurations);
  bar.update(Math.min(state.done, state.configurations), payload);
}

/** `420/s`, `3.2 min left`: once there is a pace. */
function timeLeft({ configurations, done, phase }: SweepProgress, pace: Pace): string[] {
  const perSecond = pace.perSecond();
  if (perSecond === null || phase !== 'grid') return [];
  const left = Math.max(0, configurations - done);
  return [`${rough(perSecond)} configurations/s`, `${seconds(left / perSecond)} left`];
}

/** Below this the start of the threads is most of what a clock sees. */
const LEAST_MS_FOR_SPEED = 3_000;

function speedOf({ requestRuns }: SweepProgress, startedMs: number): string | null {
  const elapsedMs = performance.now() - startedMs;
  return elapsedMs < LEAST_MS_FOR_SPEED
    ? null
    : `${rough((requestRuns * 1_000) / elapsedMs)} requests/s`;
}

function lineOf(state: SweepProgress, startedMs: number): string {
  const { configurations, done, provedEqual, resumed } = state;
  const notes = [
    provedEqual > 0 ? `${count(provedEqual)} proved equal, not run` : '',
    resumed > 0 ? `${count(Math.min(resumed, configurations))} from the earlier run` : '',
  ].filter((text) => text !== '');
  const parts = [
    `${count(Math.min(done, configurations))}/${counted(configurations, 'configuration')}`,
    speedOf(state, startedMs),
    seconds((performance.now() - startedMs) / 1_000),
  ].filter((part) => part !== null);
  return [parts.join(' · '), ...(notes.length > 0 ? [`(${notes.join(', ')})`] : [])].join(' ');
}
