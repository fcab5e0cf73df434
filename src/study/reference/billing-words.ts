/** What the keys of a bill mean, in a line each, by the last part of their path. */
import { PRICE_KEYS } from '../../platform/price-keys.ts';

const PRICES = Object.fromEntries(
  Object.entries(PRICE_KEYS).map(([key, { unit }]) => [key, `Dollars a ${singular(unit)}.`]),
);

function singular(unit: string): string {
  return unit.replace(
    /^(requests|GPU months|core months|GiB months|replica months|GB months)$/,
    (all) => all.slice(0, -1),
  );
}

export const BILLING_WORDS: Readonly<Record<string, string>> = {
  ...PRICES,
  gpus: 'Prices by GPU.',
  gpusPerReplica: 'How many GPUs a replica may have.',
  models: 'Prices of tokens by model.',
  regions: 'What multiplies prices by region.',
  regionOn: 'Which resources that is for. Default: those of time.',
  states: 'In which states the time of a replica is billed.',
  startPhases: 'Of starting: all phases, some, or all `except` some.',
  except: 'These phases are free.',
  quantum: 'Time is rounded up to whole quanta.',
  scope: 'Over what: the life of a replica, calendar minutes, or requests.',
  minimum: 'Least time of every life that was started.',
  failedStarts: 'Whether a start that comes to nothing is billed. Default true.',
  requests: 'Which requests have a price: completed, arrived, or every attempt.',
  meters: 'Further meters of time by name, each with terms and prices of its own.',
  alwaysOn: 'The rate of `replicas.min`, paid by count.',
  'alwaysOn.time': 'Of all its time, or of what is idle.',
  time: 'Of all its time, or of what is idle.',
  times: "So many times the bill's own prices, instead of prices.",
  running: 'The rate of the work of always-on replicas, where it has one of its own.',
  kinds: 'Price lists by name, beside on demand: spot, reserved, batch.',
  kind: 'Which of them is paid.',
  freeTier: 'Free by the month, in the units of the keys.',
  tiers: 'The price of what a month has beyond so much, ascending.',
  above: 'From so much a month on.',
  gpuSeconds: 'GPU seconds.',
  coreSeconds: 'Core seconds.',
  giBSeconds: 'GiB seconds of memory.',
  replicaSeconds: 'Replica seconds.',
  'freeTier.requests': 'Requests.',
  'tiers.requests': 'Requests.',
  inputTokens: 'Input tokens.',
  cachedTokens: 'Cached input tokens.',
  outputTokens: 'Output tokens.',
  gbOut: 'GB of answers.',
  gbIn: 'GB of requests.',
  gbMonths: 'GB months of storage.',
  plans: 'Subscriptions by name.',
  usdPerMonth: 'The fee of a plan.',
  plan: 'Which of them is paid.',
  creditUsdPerMonth: "Reduces what usage costs, never a plan's fee.",
  commitmentUsdPerMonth: 'At least so much is paid for usage.',
};
