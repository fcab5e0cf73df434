/** Lets an abort, a timer and the terminal have their turn; a settled promise would not. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
