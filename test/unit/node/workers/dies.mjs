/** A thread that answers the first batches and ends at the third, as one that runs out of memory would. */
export function run(task) {
  if (task.id === 2) process.exit(9);
  return { kind: 'batch', batch: { id: task.id, outcomes: [] } };
}
