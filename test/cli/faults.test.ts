import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder, MAIN, ROOT, runCli, STUDY } from './run-cli.ts';

let folder: Folder;
beforeAll(() => {
  if (!existsSync(MAIN))
    throw new Error(`${MAIN} is missing: npm run build comes before the tests`);
  folder = new Folder();
});
afterAll(() => folder.remove());

/** Runs a command that must be refused: exit 2, nothing on stdout, no stack. */
async function refused(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, {
    cwd: folder.path,
    ...(input !== undefined && { input }),
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('fault of coldfront');
  expect(stdout).toBe('');
  expect(code).toBe(2);
  return stderr;
}

const study = (name: string, from: string, to: string): string => {
  expect(STUDY).toContain(from);
  return folder.write(name, STUDY.replace(from, to));
};

describe('a mistake in a study is told with its place and its remedy', () => {
  it('a missing file', async () => {
    expect(await refused(['simulate', 'none.yaml'])).toBe(
      'none.yaml  no such file or folder: check the path\n',
    );
    expect(await refused(['inspect', 'none.csv'])).toContain('none.csv  no such file');
  });

  it('a key that every object has, an alias that leads nowhere', async () => {
    folder.write('constructor.yaml', `${STUDY}\nconstructor: 3\n`);
    expect(await refused(['simulate', 'constructor.yaml'])).toMatch(/constructor {2}is no key/);
    folder.write('alias.yaml', 'version: 1\ndeployment: [1, *x]\n');
    expect(await refused(['simulate', 'alias.yaml'])).toMatch(/alias.yaml {2}Unresolved alias/);
  });

  it('a folder in place of a file', async () => {
    mkdirSync(folder.at('logs'));
    expect(await refused(['inspect', 'logs'])).toMatch(/logs {2}is a folder: name a file in it/);
  });

  it('a wrong key', async () => {
    study('key.yaml', 'idleWindow: 60s', 'idelWindow: 60s');
    expect(await refused(['simulate', 'key.yaml'])).toMatch(
      /key\.yaml:11:3 +deployment\.idelWindow +is no key of a deployment\. Did you mean idleWindow\?/,
    );
  });

  it('a unit left out', async () => {
    study('unit.yaml', 'idleWindow: 60s', 'idleWindow: 60');
    expect(await refused(['simulate', 'unit.yaml'])).toMatch(
      /unit\.yaml:11:15 +deployment\.idleWindow +.*60.* unit.*60s/,
    );
  });

  it('a negative rate', async () => {
    study('rate.yaml', 'rate: 1/s', 'rate: -1/s');
    expect(await refused(['simulate', 'rate.yaml'])).toMatch(
      /rate\.yaml:7:41 +workload\.synthesize\.arrivals\.rate +.*-1\/s/,
    );
  });

  it('a percent over 100', async () => {
    study('percent.yaml', 'latencyS.p99 <= 12', 'share(waitS <= 1) >= 101%');
    expect(await refused(['simulate', 'percent.yaml'])).toMatch(
      /percent\.yaml:14:8 +slo\.0 +a share cannot be over 100%, is 101%/,
    );
  });

  it('a max below the min', async () => {
    study('max.yaml', 'min: 1, max: 20', 'min: 2, max: 1');
    expect(await refused(['simulate', 'max.yaml'])).toMatch(
      /max\.yaml:10:28 +deployment\.replicas\.max +must be at least replicas\.min \(2\), is 1/,
    );
  });

  it('several at once, counted, and where every key is described', async () => {
    folder.write(
      'three.yaml',
      STUDY.replace('min: 1, max: 20', 'min: 2, max: 1')
        .replace('idleWindow: 60s', 'idleWindow: 60')
        .replace('coldStart: 8s', 'warmPool: 8'),
    );
    const text = await refused(['simulate', 'three.yaml']);
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    expect(text).toContain('3 mistakes, nothing was run. `coldfront schema` describes every key');
  });

  it('YAML that is none', async () => {
    folder.write('broken.yaml', 'version: 1\nworkload: [\n');
    expect(await refused(['simulate', 'broken.yaml'])).toMatch(/broken\.yaml:\d+:\d+/);
  });

  it('a file that is no text', async () => {
    folder.write('binary.yaml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]));
    expect(await refused(['simulate', 'binary.yaml'])).toBe(
      'binary.yaml  is not text: is it another file?\n',
    );
  });

  it('a time line of more intervals than anyone can use', async () => {
    folder.write('good.yaml', STUDY);
    expect(await refused(['simulate', 'good.yaml', '--timeline', '1us', '--json'])).toMatch(
      /--timeline {2}cuts a run of 30\.0 min into more than 1,000,000 intervals: 2ms will do/,
    );
  });

  it('a trace to be written over another', async () => {
    folder.write('good.yaml', STUDY);
    folder.write('kept.csv', 'precious');
    expect(await refused(['synthesize', 'good.yaml', '--out', 'kept.csv'])).toContain(
      'kept.csv  is there already: --overwrite replaces it',
    );
    const args = ['synthesize', 'good.yaml', '--out', 'kept.csv', '--overwrite'];
    const { stderr } = await runCli(args, { cwd: folder.path });
    expect(stderr).toMatch(/^kept\.csv: 1,\d{3} requests written$/m);
  });

  it('flags that are wrong', async () => {
    folder.write('good.yaml', STUDY);
    expect(await refused(['sweep', 'good.yaml', '--vary', 'deployment.replicas.min'])).toContain(
      '--vary',
    );
    expect(await refused(['sweep', 'good.yaml', '--workers', 'two'])).toContain('whole number');
    expect(await refused(['sweep', 'good.yaml', '--resume'])).toContain('without --out');
    expect(await refused(['sweep', 'good.yaml', '--frobnicate'])).toContain('unknown option');
    expect(await refused(['frobnicate'])).toContain('unknown command');
    expect(await refused(['simulate', 'good.yaml', '--set', 'deployment.idleWindow=60'])).toMatch(
      /--set deployment\.idleWindow=60 +deployment\.idleWindow +60 has no unit/,
    );
    expect(await refused(['simulate', 'good.yaml', '--platform', 'nowhere'])).toMatch(
      /nowhere is no platform of the catalogue: there are .*modal/,
    );
  });
});

describe('a mistake in a trace is told with its line', () => {
  const ROWS = Array.from({ length: 50 }, (_, i) => `${i},1.5`).join('\n');

  it('a run that idles for a year after its last request is drawn all the same', async () => {
    folder.write('few.csv', 'arrival_s,service_s\n0,1\n10,2\n900,1\n');
    const args = ['simulate', 'few.csv', '--cold-start', '1s', '--idle-window', '10000h'];
    const { code, stdout } = await runCli(args, { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain('0 .. 15.0 min, peak 1');
  });

  it('an empty trace', async () => {
    folder.write('empty.csv', '');
    expect(await refused(['inspect', 'empty.csv'])).toContain('empty.csv  is empty');
    folder.write('header.csv', 'arrival_s,service_s\n');
    expect(await refused(['simulate', 'header.csv'])).toContain('holds no request');
    expect(await refused(['simulate', '-'])).toContain('is empty');
  });

  it('a damaged line: skipped, counted and shown', async () => {
    folder.write('damaged.csv', `arrival_s,service_s\n${ROWS}\nbroken,line\n60,1\n`);
    const { code, stdout } = await runCli(['inspect', 'damaged.csv', '--json'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      requests: 51,
      skipped: { lines: 1, examples: [{ line: 52 }] },
    });
    const { stdout: screen } = await runCli(['simulate', 'damaged.csv'], { cwd: folder.path });
    expect(screen).toContain('1 line skipped');
    expect(screen).toMatch(/line 52: /);
  });

  it('too many damaged lines stop the run, unless told otherwise', async () => {
    const broken = Array.from({ length: 30 }, () => 'broken,line').join('\n');
    folder.write('ruined.csv', `arrival_s,service_s\n${ROWS}\n${broken}\n`);
    const text = await refused(['simulate', 'ruined.csv']);
    expect(text).toContain('30 of 80 lines are damaged, too many to go on (--skip-bad-lines');
    expect(text).not.toMatch(/mistakes|schema/);
    const { code } = await runCli(['simulate', 'ruined.csv', '--skip-bad-lines'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
  });

  it('a trace out of order: sorted, counted and said', async () => {
    folder.write('order.csv', 'arrival_s,service_s\n5,1\n1,1\n9,1\n');
    const { stdout } = await runCli(['simulate', 'order.csv'], { cwd: folder.path });
    expect(stdout).toContain('1 line out of order, sorted');
  });

  it('a trace without durations asks for them', async () => {
    folder.write('bare.csv', 'arrival_s\n1\n2\n3\n');
    expect(await refused(['simulate', 'bare.csv'])).toMatch(/service/);
    const { code } = await runCli(['simulate', 'bare.csv', '--service', '2s'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
  });

  it('control characters of a log never reach the terminal', async () => {
    folder.write('evil.csv', `arrival_s,service_s\n${ROWS}\n\u001b[2Jevil,1\n`);
    const { stdout } = await runCli(['inspect', 'evil.csv'], { cwd: folder.path });
    expect(stdout).toContain('1 line skipped');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a warning comes with the result', () => {
  it('keys that change nothing', async () => {
    folder.write('good.yaml', STUDY);
    const args = ['simulate', 'good.yaml', '--gpu', 'a10g', '--model', 'nosuch'];
    const { stdout } = await runCli(args, { cwd: folder.path });
    expect(stdout).toContain('! deployment.gpu changes nothing without a platform');
    expect(stdout).toContain('! deployment.model is a name only');
    const json = await runCli([...args, '--json'], { cwd: folder.path });
    expect(json.stderr).toContain('! deployment.gpu changes nothing');
  });

  it('an idle window shorter than the load time', async () => {
    study('thrash.yaml', 'idleWindow: 60s', 'idleWindow: 2s');
    const { code, stdout } = await runCli(['simulate', 'thrash.yaml', '--json'], {
      cwd: folder.path,
    });
    expect([0, 3]).toContain(code);
    const { advice } = JSON.parse(stdout) as { advice: { rule: string; line: string }[] };
    const line = advice.find(({ rule }) => rule === 'idle-window-thrashes')?.line;
    expect(line).toMatch(/less than 8.00 s, a mean start, after a replica had left: idleWindow 2s/);
    const { stdout: screen } = await runCli(['simulate', 'thrash.yaml'], { cwd: folder.path });
    expect(screen.replaceAll(/\s+/g, ' ')).toContain(`* ${line}`);
  });

  it('no price', async () => {
    study('free.yaml', 'billing: { usdPerReplicaHour: 2 }\n', '');
    const { stdout } = await runCli(['simulate', 'free.yaml', '--json'], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({ cost: null });
    const { stdout: screen } = await runCli(['simulate', 'free.yaml'], { cwd: folder.path });
    expect(screen).toMatch(/^! no price/m);
  });
});

describe('a disk', () => {
  const GRID = ['--vary', 'deployment.replicas.min=0..9'];

  it('that is full is said, and what was finished is kept and resumed', async () => {
    folder.write('good.yaml', STUDY);
    const whole = folder.at('whole');
    const expected = await runCli(['sweep', 'good.yaml', ...GRID, '--out', whole, '--json'], {
      cwd: folder.path,
    });
    expect([0, 3]).toContain(expected.code);
    const out = folder.at('full');
    const sweep = ['sweep', 'good.yaml', ...GRID, '--out', out, '--workers', '1'];
    // 8 blocks of 1 kB: some results fit, not all.
    const { code, stderr } = await runCli(sweep, { cwd: folder.path, shell: 'ulimit -f 8' });
    expect(stderr).toMatch(/full {2}may not grow any further .*kept: --resume goes on/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
    const kept = readFileSync(folder.at('full/results.jsonl'), 'utf8').split('\n').length - 1;
    expect(kept).toBeGreaterThan(0);
    const resumed = await runCli([...sweep, '--resume'], { cwd: folder.path });
    expect(resumed.stderr).toContain(`${kept} from the earlier run`);
    expect(strip(folder.at('full/results.json'))).toBe(strip(folder.at('whole/results.json')));
  });

  it('that stdout stands for is full: said, exit 2', async () => {
    const { code, stderr } = await runCli(['schema'], { shell: 'exec > /dev/full' });
    expect(stderr).toContain('stdout cannot be written (ENOSPC)');
    expect(code).toBe(2);
  });

  it('that holds other results is not written over unasked', async () => {
    folder.write('good.yaml', STUDY);
    mkdirSync(folder.at('theirs'));
    writeFileSync(folder.at('theirs/results.jsonl'), '');
    expect(await refused(['sweep', 'good.yaml', '--out', 'theirs'])).toMatch(
      /theirs {2}holds the results of an earlier sweep: --resume .* --overwrite/,
    );
  });

  it('with a torn last line is resumed: the line is dropped, said and run again', async () => {
    folder.write('good.yaml', STUDY);
    const sweep = ['sweep', 'good.yaml', ...GRID, '--out', 'torn', '--workers', '1'];
    await runCli(sweep, { cwd: folder.path });
    const before = strip(folder.at('torn/results.json'));
    appendFileSync(folder.at('torn/results.jsonl'), '{"key":"abc","outco');
    const { stderr } = await runCli([...sweep, '--resume'], { cwd: folder.path });
    expect(stderr).toContain('1 torn or changed line of results.jsonl dropped');
    expect(strip(folder.at('torn/results.json'))).toBe(before);
  });
});

function strip(path: string): string {
  return readFileSync(path, 'utf8').replace(/"engine": \{[^}]*\}/g, '"engine": {}');
}

describe('a pipe', () => {
  it('that is closed early is no failure', async () => {
    const { stderr } = await runCli(['schema'], { shell: 'exec > >(head -c 10)' });
    expect(stderr).toBe('');
  });
});

describe('help', () => {
  it.each(['simulate', 'sweep', 'inspect', 'synthesize', 'platforms', 'verify', 'schema'])(
    'of %s has examples',
    async (command) => {
      const { code, stdout } = await runCli([command, '--help'], { cwd: ROOT });
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:');
      expect(stdout).toContain(`coldfront ${command}`);
    },
  );
});
