import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { startThreads, WorkerDied } from '../../../src/node/pool.ts';
import type { BatchTask } from '../../../src/study/task.ts';

function tasks(count: number): BatchTask[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: 'test',
    study: {},
    configurations: [{ index: 10 * id, overrides: {}, trace: null }],
    seedSuffix: '',
    replications: null,
    timelineUs: 0,
    untilUs: null,
    hourly: false,
    countsHours: false,
    moreTraces: [],
    part: null,
  }));
}

async function runWith(file: string, list: readonly BatchTask[]): Promise<number[]> {
  const finished: number[] = [];
  const workerFile = fileURLToPath(new URL(`workers/${file}`, import.meta.url));
  const threads = startThreads({ workers: 1, catalogue: new Map(), traces: [], workerFile });
  const hooks = {
    onBatch: ({ id }: { id: number }) => void finished.push(id),
    onProgress: () => {},
    signal: undefined,
  };
  try {
    await threads.runBatches(list, hooks);
  } catch (error) {
    throw Object.assign(error as Error, { finished });
  } finally {
    await threads.close();
  }
  return finished;
}

describe('a pool of threads', () => {
  it('says which configurations were running when a thread died, and loses no finished result', async () => {
    const error = await runWith('dies.mjs', tasks(4)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(WorkerDied);
    expect((error as Error).message).toMatch(/configuration 20 .*what was finished before is kept/);
    expect((error as { finished: number[] }).finished).toEqual([0, 1]);
  });

  it('brings a mistake of the user from a thread as one', async () => {
    const error = await runWith('complains.mjs', tasks(1)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).mistakes[0]).toEqual({
      at: 'chat.yaml:3:1',
      path: 'x',
      message: 'is wrong',
    });
  });

  it('brings a fault of ours with the place where it happened', async () => {
    const error = await runWith('complains.mjs', tasks(2).slice(1)).catch(
      (error: unknown) => error,
    );
    expect(error).not.toBeInstanceOf(UserError);
    expect((error as Error).message).toBe('the queue is negative');
    expect((error as Error).stack).toContain('engine/pool.ts');
  });
});
