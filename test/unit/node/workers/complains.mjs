/** A thread that finds a mistake of the user's in its batch, or fails by a fault of ours. */
export function run(task) {
  return task.id === 0
    ? { kind: 'mistakes', mistakes: [{ at: 'chat.yaml:3:1', path: 'x', message: 'is wrong' }] }
    : { kind: 'fault', message: 'the queue is negative', stack: 'Error\n    at engine/pool.ts:1' };
}
