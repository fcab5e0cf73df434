/** Runs studies of this folder, each sweep once however many claims ask for it. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { loadLibrary, loadStudy, sweepStudy } from 'coldfront';

/** Threads take a third of a second to start: short sweeps run in this one. */
const FEWEST_POINTS_FOR_THREADS = 20;

export class Laboratory {
  #folder;
  #library = null;
  #sweeps = new Map();

  /** @param folder the studies' own, with a slash at its end */
  constructor(folder) {
    this.#folder = folder;
  }

  async library() {
    this.#library ??= loadLibrary();
    return this.#library;
  }

  /** @throws UserError with every mistake of the study */
  async load(file, set = {}, vary = []) {
    const library = await this.library();
    const text = readFileSync(`${this.#folder}${file}`, 'utf8');
    const overrides = { set: Object.entries(set).map(setting), vary };
    return loadStudy({ name: file, text }, overrides, library.platforms, library);
  }

  /**
   * @param seeds how many: the study runs under the seeds 1, 2, ..; 0: under its own
   * @returns the results in grid order and the cheapest within the objectives (null: none), for each seed
   */
  sweep(file, set = {}, seeds = 0) {
    const key = JSON.stringify([file, set, seeds]);
    if (!this.#sweeps.has(key)) this.#sweeps.set(key, this.#run(file, set, seeds));
    return this.#sweeps.get(key);
  }

  async #run(file, set, seeds) {
    const library = await this.library();
    const list = Array.from({ length: seeds }, (_, i) => String(i + 1));
    const loaded = await this.load(file, set, seeds > 0 ? [`seed=${list.join(',')}`] : []);
    const workers = loaded.points.length < FEWEST_POINTS_FOR_THREADS ? 1 : availableParallelism();
    const study = { loaded, catalogue: library.platforms, library, traces: [] };
    const { results, cheapestWithinSlo } = await sweepStudy(study, { workers });
    if (seeds === 0) return [{ results, cheapest: results[cheapestWithinSlo ?? -1] ?? null }];
    return list.map((seed) => ({
      results: results.filter((result) => result.seed === seed),
      cheapest: null,
    }));
  }
}

/** As `--set` takes it: JSON is YAML. */
export function setting([path, value]) {
  return `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
