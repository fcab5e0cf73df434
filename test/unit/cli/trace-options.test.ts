import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inputOf, takesTrace } from '../../../src/cli/study-options.ts';
import { studyFromFlags } from '../../../src/study/load.ts';
import type { ReplaySource } from '../../../src/study/replay-section.ts';
import { CATALOGUE, mistakesOf } from '../study/studies.ts';

function flagsOf(...args: readonly string[]) {
  const command = takesTrace(new Command('inspect').argument('<file...>'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(['a.log', ...args], { from: 'user' });
  return inputOf(command.args, command.opts());
}

function replayOf(...args: readonly string[]): ReplaySource {
  const { files, overrides } = flagsOf(...args);
  return studyFromFlags({ ...overrides, files, name: 'a.log' }, CATALOGUE).replays[0]!;
}

describe('flags of a trace set the keys of workload.replay', () => {
  it('how it is read', () => {
    const line =
      'log_format timed \'$remote_addr [$time_local] "$request" $status $request_time\';';
    const { read } = replayOf(
      ...['--format', line, '--columns', 'start=ts:ms,service=took:s,path=request.uri'],
      ...['--where', 'path=/v1/*', '--where', 'path=!/v1/health', '--where', 'status=<500'],
      ...[
        '--endpoint',
        '^/v1/models/([^/]+)',
        '--spread',
        'uniform',
        '--time-zone',
        'Asia/Kolkata',
      ],
    ).parts[0]!;
    expect(read).toMatchObject({
      format: line,
      columns: {
        start: { name: 'ts', unit: 'ms' },
        service: { name: 'took', unit: 's' },
        path: { name: 'request.uri', unit: null },
        end: null,
      },
      where: { path: ['/v1/*', '!/v1/health'], status: ['<500'] },
      endpoint: { path: '^/v1/models/([^/]+)' },
      spreadSeed: '1',
      timeZone: 'Asia/Kolkata',
    });
    expect(replayOf('--endpoint', 'path').parts[0]!.read.endpoint).toEqual({ field: 'path' });
    const named = replayOf('--columns', 'start=time: local,endpoint="a, b"').parts[0]!.read.columns;
    expect(named).toMatchObject({
      start: { name: 'time: local', unit: null },
      endpoint: { name: 'a, b', unit: null },
    });
  });

  it('what is done to it then', () => {
    const { shaping } = replayOf(
      ...['--window', '2026-11-02T08:00..20h', '--sample', '10%', '--time-scale', '0.5'],
      ...['--rate-scale', '2.5', '--repeat', '7'],
    ).parts[0]!;
    expect(shaping).toEqual({
      window: { from: '2026-11-02T08:00', to: '20h' },
      sample: 0.1,
      timeScale: 0.5,
      rateScale: { factor: 2.5, shiftUs: 60e6 },
      repeat: 7,
      seed: '1',
    });
    expect(replayOf('--window', '..1h').parts[0]!.shaping.window).toEqual({ from: null, to: '1h' });
  });

  it('mistakes name the flag, those of its own shape at once', () => {
    const { overrides } = flagsOf(
      '--sample',
      '120%',
      '--where',
      'status=ok',
      '--columns',
      'strat=ts',
    );
    const study = 'version: 1\nworkload: { replay: { file: a.log } }\n';
    expect(mistakesOf(study, overrides)).toEqual([
      '--columns  workload.replay.columns.strat  is no key of workload.replay.columns. Did you mean start?',
      '--sample  workload.replay.sample  must be a share such as 10% or 0.1, is 120%',
      expect.stringMatching(/^--where {2}workload\.replay\.where\.status {2}must be 200, 2xx/),
    ]);
    expect(() => flagsOf('--where', '/v1/*')).toThrow('path=/v1/*, say, is expected');
    expect(() => flagsOf('--window', '1h')).toThrow('FROM..TO is expected');
  });
});
