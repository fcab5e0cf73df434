import { describe, expect, it } from 'vitest';
import { optimizeScreen } from '../../../src/report/optimize-screen.ts';
import { SCREEN_WIDTH } from '../../../src/report/text.ts';
import type { Headroom, OptimizeDocument, Refused } from '../../../src/study/optimize-document.ts';
import { aRow } from './a-result.ts';

const at = (min: number, idleWindow: string) => ({
  'deployment.replicas.min': min,
  'deployment.idleWindow': idleWindow,
});
const room = (traffic: number, load: number): Headroom => ({
  vary: {},
  axes: (['traffic', 'load'] as const).map((lever, i) => ({
    lever,
    factor: [traffic, load][i]!,
    breaksAt: 20,
    breaks: ['latencyS.p99 <= 10'],
    meanS: lever === 'load' ? 8 : null,
    why: null,
  })),
});
const refusal = (changes: Partial<Refused>): Refused => ({
  vary: at(0, '5s'),
  usdPerHour: 3.4,
  p99S: 11.2,
  meanReplicas: 2,
  breaks: ['latencyS.p99 <= 10'],
  how: 'run',
  ...changes,
});

const searched = (changes: Partial<OptimizeDocument>): OptimizeDocument => ({
  schema: 'coldfront.optimize.v1',
  name: 'chat',
  best: aRow(at(1, '60s'), 3.42, 9.6),
  runnersUp: [],
  refused: [],
  nearest: null,
  current: null,
  runs: 4,
  work: { search: 4, confirmation: 0, headroom: 0 },
  configurations: 9,
  certain: true,
  why: 'nothing else can',
  confirmations: null,
  headroom: [],
  roomier: null,
  ends: [],
  ...changes,
});
const linesOf = (changes: Partial<OptimizeDocument>) =>
  optimizeScreen(searched(changes)).split('\n');

describe('the screen of a search', () => {
  it('has what runs today in one row, though it is the next', () => {
    const today = aRow(at(2, '60s'), 4.61, 7.2);
    const lines = linesOf({ runnersUp: [today], current: today });
    expect(lines.filter((line) => line.includes('min 2'))).toEqual([
      expect.stringMatching(/^ {2}today .*\(\+35 %\)/),
    ]);
  });

  it('calls cheaper what has a cost, with its p99, and keeps long rows to its width', () => {
    const unknown = { usdPerHour: null, p99S: null, meanReplicas: null, how: 'order' as const };
    const lines = linesOf({
      refused: [
        refusal({}),
        refusal({ ...unknown, breaks: ['latencyS.p99 <= 10', 'coldStarts.fraction <= 0.01'] }),
      ],
    });
    expect(lines[1]).toMatch(/^ {2}cheaper, but .*\$3\.40\/h +\(-0\.6 %\) +p99 11\.2 s +breaks/);
    expect(lines[2]).toMatch(/^ {2}breaks too/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(SCREEN_WIDTH);
  });

  it('names the roomier one within 1 %, with what it holds for more and for less', () => {
    const changes = {
      runnersUp: [aRow(at(2, '5s'), 3.43, 9.1)],
      headroom: [room(2.35, 1), room(1.79, 1.28)],
      roomier: 0,
    };
    expect(linesOf(changes).join(' ').replace(/ +/g, ' ')).toContain(
      'within 1 %, roomier: min 2, idle window 5 s $3.43/h holds +28.0 % load time; less room for traffic (+79.0 %, not +135 %)',
    );
    expect(linesOf({ ...changes, roomier: null }).join()).not.toContain('roomier');
  });

  it('says where the answer lies at the end of what was varied', () => {
    const ends = [{ path: 'deployment.replicas.min', value: 6, end: 'largest' }] as const;
    expect(linesOf({ ends })).toContain(
      '! the answer lies at the end of what was varied: min 6 is the largest tried',
    );
  });

  it('says what it was not given: something to vary, an objective', () => {
    const bare = { ...aRow({}, 3.42, 9.6), slo: null };
    const lines = linesOf({ best: bare, configurations: 1 }).join('\n');
    expect(lines).toMatch(/nothing is varied, .* --vary/);
    expect(lines).toMatch(/No SLO was given/);
    expect(linesOf({}).join('\n')).not.toMatch(/nothing is varied|No SLO/);
  });
});
