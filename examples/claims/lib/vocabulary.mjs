/** What expressions may name besides a result: the catalogue's GPUs, models and storage, and values as a study writes them. */
import { loadUs, parseDurationUs, parseRate, weightBytesOf } from 'coldfront';

const US_PER_S = 1e6;

/** `gpus.l4.memoryGBPerSecond`, `models.llama-2-7b.kvBytesPerToken`, `storage.registry.gigabytesPerSecond` */
export function vocabularyOf({ gpus, models, storage }) {
  return {
    gpus: Object.fromEntries(gpus),
    models: Object.fromEntries(models),
    storage: Object.fromEntries(
      [...storage].map(([id, { bytesPerSecond }]) => [
        id,
        { gigabytesPerSecond: bytesPerSecond === null ? null : bytesPerSecond / 1e9 },
      ]),
    ),
  };
}

/** What a replica alone takes to load a model from a storage: `GB`, `loadS`. */
export function weightsScope({ model, bits, from, gpu }, { gpus, models, storage }) {
  const served = models.get(model);
  const bytes = weightBytesOf(served.parameters, bits ?? served.bits);
  const us = loadUs(bytes, storage.get(from), storage, gpu === undefined ? null : gpus.get(gpu));
  return { GB: bytes / 1e9, loadS: us === null ? null : us / US_PER_S };
}

/** Seconds of a duration, requests a second of a rate, a number as it is; null for what is no quantity. */
export function numberOf(value) {
  if (typeof value === 'number') return value;
  const us = parseDurationUs(value);
  if (us !== null) return us / US_PER_S;
  const rate = parseRate(value);
  return rate === null ? null : (rate.count / rate.periodUs) * US_PER_S;
}

/** Paths to values as maps in maps: a configuration's own values by their names. */
export function nested(varied) {
  const scope = {};
  for (const [path, value] of Object.entries(varied)) {
    const keys = path.split('.');
    const last = keys.pop();
    let inner = scope;
    for (const key of keys) inner = inner[key] ??= {};
    inner[last] = numberOf(value);
  }
  return scope;
}
