/** What the rows of a table are computed from. */
import { nested, numberOf, weightsScope } from './vocabulary.mjs';

/**
 * @param seed from 0; tables of one seed, the study's own, have no other
 * @returns a list of { label, key, given, points, share, intervals, note }: expressions are computed at each of one or two
 * points, and lie the share of the way from the first to the second
 */
export async function sourcesOf(table, laboratory, seed) {
  const sources = [];
  for (const one of await casesOf(table, laboratory)) {
    const { case: label, as: key = null, given = {} } = one;
    const found = await pointsOf(table, one, laboratory, seed);
    sources.push({ label, key, given, share: 0, ...found });
  }
  return sources;
}

/** The cases of a list; or every pick of one from each of several lists; or figures of platforms, each a `value`. */
async function casesOf({ catalogue, product, cases = [] }, laboratory) {
  if (product !== undefined) return product.reduce(combined, [{}]);
  if (catalogue === undefined) return cases;
  const { platforms } = await laboratory.library();
  return catalogue.map(({ platform: id, figure: path }) => {
    const platform = platforms.get(id);
    const figure = platform?.figures.find((one) => one.path === path);
    if (figure === undefined) throw new Error(`${id} has no ${path}`);
    const label = `${platform.name}: ${figure.value} (${figure.grade})`;
    return { case: label, as: id, given: { value: limitOf(figure.value) } };
  });
}

function limitOf(value) {
  return value === 'unlimited' ? Number.POSITIVE_INFINITY : value === 'none' ? 0 : numberOf(value);
}

function combined(before, list) {
  return before.flatMap((one) => list.map((other) => merged(one, other)));
}

/** What both set is set together; names are joined. */
function merged(one, other) {
  const both = { ...one, ...other, parts: {} };
  for (const key of ['given', 'set', 'serverless', 'reserved']) {
    if (one[key] && other[key]) both[key] = { ...one[key], ...other[key] };
  }
  for (const parts of [one.parts ?? {}, other.parts ?? {}]) {
    for (const [name, set] of Object.entries(parts)) {
      both.parts[name] = { ...both.parts[name], ...set };
    }
  }
  both.case = [one.case, other.case].filter(Boolean).join(', ');
  const key = [one.as, other.as].filter(Boolean).join('-');
  return key === '' ? both : { ...both, as: key };
}

async function pointsOf(table, one, laboratory, seed) {
  if (one.weights !== undefined) {
    return { points: [weightsScope(one.weights, await laboratory.library())] };
  }
  const sweep = async (set, study = one.study ?? table.study) =>
    (await laboratory.sweep(study, { ...table.set, ...one.set, ...set }, table.seeds))[seed];
  if (table.crossover !== undefined) {
    const serverless = await sweep({ ...table.serverless, ...one.serverless });
    const reserved = await sweep({ ...table.reserved, ...one.reserved });
    const over = one.over ?? table.crossover.over;
    return crossing(serverless.results, reserved.results, over, one.given);
  }
  if (table.parts !== undefined) {
    const point = {};
    for (const [name, { study, pick }] of Object.entries(table.parts)) {
      point[name] = named(picked(await sweep(one.parts?.[name], study), pick));
    }
    return { points: [point] };
  }
  if ((one.study ?? table.study) === undefined) return { points: [{}] };
  const found = picked(await sweep(one.serverless), table.pick);
  return { points: [named(found)], intervals: found.ci95 };
}

/** One configuration of a sweep: the cheapest within its objectives, or the only one. */
function picked({ results, cheapest }, pick) {
  if (pick === 'cheapest') return cheapest ?? nothingLike(results[0]);
  if (results.length === 1) return results[0];
  throw new Error(`one of ${results.length} configurations is meant: say which`);
}

/** With the values that were varied by their paths. */
function named(result) {
  return { ...result, vary: nested(result.vary) };
}

/** Where no configuration meets the objectives, every figure is null. */
function nothingLike(result) {
  return {
    ...Object.fromEntries(Object.keys(result).map((key) => [key, null])),
    vary: result.vary,
  };
}

/**
 * The first two neighbors of a sweep between which reserved becomes the cheaper one; costs between them are taken as straight.
 * @param given dollars an hour of both, where the studies price an hour at one dollar
 */
function crossing(serverless, reserved, over, { perHour = 1, reservedPerHour = 1 } = {}) {
  const gaps = serverless.map(
    (result, i) => reserved[i].cost.usdPerHour * reservedPerHour - result.cost.usdPerHour * perHour,
  );
  const before = gaps.findIndex((gap, i) => gap > 0 && gaps[i + 1] <= 0);
  if (before < 0) {
    const isServerless = gaps.at(-1) > 0;
    const last = { serverless: serverless.at(-1), reserved: reserved.at(-1) };
    return {
      points: [{ x: null, serverlessThroughout: isServerless ? 1 : 0, ...last }],
      note: `${isServerless ? 'serverless' : 'reserved'} is cheaper throughout`,
    };
  }
  const points = [before, before + 1].map((i) => ({
    x: numberOf(serverless[i].vary[over]),
    serverlessThroughout: 0,
    serverless: serverless[i],
    reserved: reserved[i],
  }));
  return { points, share: gaps[before] / (gaps[before] - gaps[before + 1]) };
}
