/** Numbers as a planner reads them: what screens are written with. */

export { counted } from '../base/counts.ts';
export * from '../base/numbers.ts';
