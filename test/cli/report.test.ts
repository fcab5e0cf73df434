import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder, runCli, STUDY } from './run-cli.ts';

describe('coldfront report', () => {
  const folder = new Folder();
  const run = (...args: string[]) => runCli(args, { cwd: folder.path });
  const vary = ['--vary', 'deployment.replicas.min=0,1', '--vary', 'deployment.idleWindow=10s,60s'];
  const read = (name: string) => readFileSync(folder.at(name), 'utf8');

  beforeAll(() => {
    folder.write('chat.yaml', STUDY);
  });
  afterAll(() => folder.remove());

  it('writes one page beside the results, with the commands that made it', async () => {
    const swept = await run('sweep', 'chat.yaml', ...vary, '--out', 'my results');
    expect(swept.stdout).toContain("Results: my results   Report: coldfront report 'my results'");
    const { code, stderr, stdout } = await run('report', 'my results');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Page: my results/report.html');
    const html = read('my results/report.html');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("coldfront report 'my results'");
    expect(html).toContain('--vary deployment.replicas.min=0,1');
    expect(html.length).toBeLessThan(1_500_000);
  });

  it('writes the same page from a study, which it runs itself; - is stdout', async () => {
    const { code, stdout } = await run('report', 'chat.yaml', ...vary, '--out', '-');
    expect(code).toBe(0);
    const grid = (html: string) => /"grid":\{.*?\},"marks"/.exec(html)?.[0];
    expect(grid(stdout)).toBe(grid(read('my results/report.html')));
    expect(grid(stdout)).toBeDefined();
    expect(existsSync(folder.at('report.html'))).toBe(false);
  });

  it('refuses a name that promises what a page is not', async () => {
    const { code, stderr } = await run('report', 'my results', '--out', 'page.pdf');
    expect([code, existsSync(folder.at('page.pdf'))]).toEqual([2, false]);
    expect(stderr).toContain('is no name for a page of HTML: end it in .html');
  });

  it('does not depend on the number of threads', async () => {
    const page = async (workers: string) => {
      const { stdout } = await run('report', 'chat.yaml', ...vary, '--json', '--workers', workers);
      const { basis: _, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
      return rest;
    };
    expect(await page('1')).toEqual(await page('2'));
  });

  it('refuses flags that would change results, a folder without them, and a page that cannot be written', async () => {
    const changed = await run('report', 'my results', '--set', 'seed=1');
    expect([changed.code, changed.stderr]).toEqual([
      2,
      expect.stringContaining('reported as they are'),
    ]);
    const empty = await run('report', '.');
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('holds no results')]);
    const nowhere = await run('report', 'my results', '--out', 'no/such/folder.html');
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('no such file')]);
  });
});

describe('sweep --chart', () => {
  const folder = new Folder();
  const run = (...args: string[]) => runCli(args, { cwd: folder.path });
  const vary = ['--vary', 'deployment.replicas.min=0,1', '--vary', 'deployment.idleWindow=10s,60s'];

  beforeAll(() => {
    folder.write('chat.yaml', STUDY);
  });
  afterAll(() => folder.remove());

  it('writes single pictures and ends; --json stays one document', async () => {
    const charts = ['front.svg', 'heat.png', 'timeline.svg'].flatMap((file) => ['--chart', file]);
    const { code, stdout, stderr } = await run('sweep', 'chat.yaml', ...vary, ...charts, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'coldfront.sweep.v1' });
    expect(stderr).toContain('Picture: heat.png');
    expect(readFileSync(folder.at('front.svg'), 'utf8')).toContain('role="img"');
    expect(readFileSync(folder.at('timeline.svg'), 'utf8')).toContain('Replicas of min');
    expect(readFileSync(folder.at('heat.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('says before anything runs what is wrong with a name, all at once', async () => {
    const { code, stderr } = await run(
      'sweep',
      'chat.yaml',
      '--chart',
      'x.svg',
      '--chart',
      'front.gif',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/--chart x\.svg +names no picture/);
    expect(stderr).toMatch(/--chart front\.gif +is neither \.svg nor \.png/);
    const heat = await run('sweep', 'chat.yaml', ...vary, '--heat', 'min,max');
    expect([heat.code, heat.stderr]).toEqual([
      2,
      expect.stringContaining('is no map of this grid'),
    ]);
  });
});
