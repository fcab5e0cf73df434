import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, ended, Folder, runCli, STUDY, startCli, withoutEngine } from './run-cli.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
  folder.write('chat.yaml', STUDY);
});
afterAll(() => folder.remove());

const GRID = [
  '--vary',
  'deployment.replicas.min=0..4',
  '--vary',
  'deployment.idleWindow=5s,60s,5m',
  '--vary',
  'deployment.replicas.max=15,20,unlimited',
];

const read = (name: string): string => withoutEngine(readFileSync(folder.at(name), 'utf8'));

describe('a sweep', () => {
  it('prints one JSON document and nothing else, in grid order', async () => {
    const { stdout } = await runCli(['sweep', 'chat.yaml', ...GRID, '--json'], {
      cwd: folder.path,
    });
    const sweep = JSON.parse(stdout) as {
      schema: string;
      results: { vary: Record<string, unknown>; provedEqualTo: number | null }[];
      front: number[];
    };
    expect(sweep.schema).toBe('coldfront.sweep.v1');
    expect(sweep.results).toHaveLength(45);
    expect(sweep.results[0]!.vary).toEqual({
      'deployment.replicas.min': 0,
      'deployment.idleWindow': '5s',
      'deployment.replicas.max': 15,
    });
    expect(sweep.results.some(({ provedEqualTo }) => provedEqualTo !== null)).toBe(true);
  });

  it('gives the same bytes on one worker and on two, on screen, in JSON and on disk', async () => {
    const run = (workers: string, ...more: string[]) =>
      runCli(['sweep', 'chat.yaml', ...GRID, '--workers', workers, ...more], { cwd: folder.path });
    const [one, two] = [await run('1'), await run('2')];
    expect(two.stdout).toBe(one.stdout);
    expect(two.code).toBe(one.code);
    const [oneJson, twoJson] = [await run('1', '--json'), await run('2', '--json')];
    expect(withoutEngine(twoJson.stdout)).toBe(withoutEngine(oneJson.stdout));
    await run('1', '--out', 'one');
    await run('2', '--out', 'two');
    expect(read('two/results.json')).toBe(read('one/results.json'));
    expect(read('two/results.csv')).toBe(read('one/results.csv'));
  });

  it('leaves a study in its folder that says what the grid was and can be run again', async () => {
    folder.write('few.csv', 'arrival_s,service_s\n0,1\n30,2\n600,1\n');
    const args = ['sweep', 'few.csv', '--price', '2', ...GRID];
    await runCli([...args, '--out', 'first/run'], { cwd: folder.path });
    await runCli(['sweep', 'first/run/study.json', '--out', 'again'], { cwd: folder.path });
    expect(read('again/results.json')).toBe(read('first/run/results.json'));
    const study = JSON.parse(readFileSync(folder.at('first/run/study.json'), 'utf8')) as {
      vary: Record<string, unknown[]>;
    };
    expect(Object.values(study.vary).map(({ length }) => length)).toEqual([5, 3, 3]);
  });

  describe('that takes a while', () => {
    const sweep = ['sweep', 'long.yaml', '--vary', 'deployment.idleWindow=10s..200s+10s'];
    let whole: string;
    beforeAll(async () => {
      folder.write('long.yaml', STUDY.replace('duration: 30m', 'duration: 120h'));
      await runCli([...sweep, '--out', 'whole'], { cwd: folder.path });
      whole = read('whole/results.json');
    });

    /** Starts the sweep, and stops it when so many results are on disk. */
    async function cutShort(
      out: string,
      workers: string,
      signal: 'SIGINT' | 'SIGKILL',
      lines: number,
    ): Promise<Ended> {
      const child = startCli([...sweep, '--out', out, '--workers', workers], { cwd: folder.path });
      const end = ended(child);
      await untilFinished(lines, `${out}/results.jsonl`);
      child.kill(signal);
      return end;
    }

    it.each(['1', '2'])(
      'and is interrupted on %s workers says so, keeps what is finished, and resumes to the same bytes',
      async (workers) => {
        const out = `cut${workers}`;
        const { code, stdout, stderr } = await cutShort(out, workers, 'SIGINT', 1);
        expect(stdout).toBe('');
        expect(stderr).toMatch(/interrupted after [1-9]\d* config.* --resume goes on from there/);
        expect(code).toBe(130);
        const kept = linesOf(`${out}/results.jsonl`);
        const resumed = await runCli([...sweep, '--out', out, '--resume'], { cwd: folder.path });
        expect(resumed.stderr).toContain(`${kept} from the earlier run`);
        expect(read(`${out}/results.json`)).toBe(whole);
      },
    );

    it('and is killed outright resumes to the same bytes as well', async () => {
      await cutShort('killed', '2', 'SIGKILL', 1);
      await runCli([...sweep, '--out', 'killed', '--resume'], { cwd: folder.path });
      expect(read('killed/results.json')).toBe(whole);
    });
  });

  it('ends with 3 if no configuration meets the SLO, and with 0 if one does', async () => {
    const slo = (seconds: number) => ['--set', `slo=["latencyS.p99 <= ${seconds}"]`];
    const strict = await runCli(['sweep', 'chat.yaml', ...slo(0.001)], { cwd: folder.path });
    expect(strict.stdout).toContain('No configuration meets the SLO.');
    expect(strict.code).toBe(3);
    const loose = await runCli(['sweep', 'chat.yaml', ...slo(1000)], { cwd: folder.path });
    expect(loose.stdout).toContain('Cheapest within the SLO:');
    expect(loose.code).toBe(0);
  });
});

function linesOf(name: string): number {
  try {
    return readFileSync(folder.at(name), 'utf8').split('\n').length - 1;
  } catch {
    return -1;
  }
}

async function untilFinished(lines: number, name: string): Promise<void> {
  while (linesOf(name) < lines) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a trace made by coldfront', () => {
  const make = (name: string) =>
    runCli(
      ['synthesize', 'chat.yaml', '--out', name, '--set', 'workload.startAt=2026-10-12T00:00'],
      { cwd: folder.path },
    );

  it('is read back request for request, as CSV and as an access log, packed or not', async () => {
    const simulated = await runCli(['simulate', 'chat.yaml', '--json'], { cwd: folder.path });
    const { requests } = JSON.parse(simulated.stdout) as { requests: { arrived: number } };
    for (const name of ['day.csv', 'day.csv.gz', 'day.log.gz']) {
      expect((await make(name)).stderr).toMatch(/: 1,\d{3} requests written\n$/);
      const { stdout } = await runCli(['inspect', name, '--json'], { cwd: folder.path });
      expect(JSON.parse(stdout)).toMatchObject({
        requests: requests.arrived,
        skipped: { lines: 0 },
      });
    }
  });

  it('is one JSON document a line as JSONL', async () => {
    await make('day.jsonl');
    const lines = readFileSync(folder.at('day.jsonl'), 'utf8').trimEnd().split('\n');
    for (const line of lines)
      expect(Object.keys(JSON.parse(line))).toEqual(['arrival_s', 'service_s']);
  });

  it('says what to do where its name says no format, or the disk is full', async () => {
    expect((await make('day.txt')).stderr).toMatch(/day\.txt {2}says no format by its name/);
    expect((await make('/dev/full/day.csv')).stderr).toContain('no such file');
  });

  it('goes through a pipe', async () => {
    const { stdout } = await runCli(['synthesize', 'chat.yaml'], { cwd: folder.path });
    expect(stdout.split('\n')[0]).toBe('arrival_s,service_s');
    const piped = await runCli(['simulate', '-', '--cold-start', '8s'], {
      cwd: folder.path,
      input: stdout,
    });
    expect(piped.code).toBe(0);
    expect(piped.stdout).toContain('all completed');
  });
});
