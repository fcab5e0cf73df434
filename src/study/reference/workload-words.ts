/** What the keys of traffic mean, in a line each: replays, arrivals, rates, distributions, tokens. */

export const REPLAY_WORDS = {
  file: 'A path, a glob or a list of them, plain, .gz or .zst; `-` is stdin. Several are read as one log.',
  format:
    'A name of TRACES.md, or a `log_format` or `LogFormat` line as it stands. Default auto: detected, and said why.',
  columns:
    'Which columns of a table hold what; those left out are looked for by their usual names.',
  start: 'When the request arrived.',
  end: 'When it ended; with a duration, arrival is the end minus it.',
  service: 'How long it took.',
  inputTokens: 'Tokens of the prompt, cached ones included.',
  cachedTokens: 'Of the input tokens, those that a cache had.',
  outputTokens: 'Tokens of the answer.',
  endpoint: 'What the request named.',
  status: 'Of HTTP: from 400 on the duration is taken as missing.',
  method: 'Of HTTP.',
  path: 'Of the URL.',
  host: 'That was asked.',
  stampedAt: "Whether stamps mark a request's start or its end, where the format does not say.",
  timeZone: 'Of stamps without a zone: Europe/Berlin.',
  spread:
    '`uniform` spreads requests of one stamp over its interval (a log by whole seconds) by luck.',
  where: 'Which requests are taken; the others are counted and left out. A leading `!` excludes.',
  'where.status': 'Statuses: 200, 2xx, <400, 200..299 or a list of them.',
  'where.endpoint': 'Endpoints, with `*` as a pattern.',
  'where.method': 'Methods, with `*` as a pattern.',
  'where.path': 'Paths, with `*` as a pattern.',
  'where.host': 'Hosts, with `*` as a pattern.',
  'endpoint.path': 'A regular expression whose first group is the endpoint.',
  window: 'The part of the log that is replayed; it becomes the observed period.',
  'window.from': 'A date and time, or a time from the first request. Default: the beginning.',
  'window.to': 'Default: the end.',
  sample: 'A share of the requests, each taken or not by luck: 10% or 0.1.',
  timeScale: 'Gaps and the period are multiplied by it: 0.5 plays twice as fast.',
  rateScale:
    'As many requests times a factor: thinned below 1, above 1 further copies of the log, shifted.',
  'rateScale.factor': 'How many times as many requests.',
  'rateScale.shift': 'Copies are shifted by up to so much, by luck. Default 1m.',
  repeat: 'Plays the log so often, one after the other.',
} as const;

export const COLUMN_WORDS = {
  name: 'As the table has it.',
  unit: 'Of its numbers, where their size does not tell.',
} as const;

export const SYNTHESIS_WORDS = {
  duration: 'How long traffic is made. Either this or `requests`.',
  requests: 'How many requests are made.',
  arrivals: 'The arrival process.',
  clients: 'Several clients, each with a share of the rate and its own course, superposed.',
  'clients[].name': 'For people.',
  'clients[].share': 'Of the whole rate.',
  'clients[].rate': 'Instead of a share.',
  'clients[].arrivals': 'A process of its own; its rate is the one above.',
  'clients[].endpoint': 'What its requests name.',
  'clients[].tokens': 'Of its requests.',
  'clients.count': 'So many clients alike.',
  'clients.rate': 'Of all of them together.',
  'clients.zipf': 'Shares fall as 1/rank^zipf. Default 0: equal.',
  'clients.process': 'Of each. Default gamma.',
  'clients.cv': 'Of the gaps of each: a number, or a distribution over clients.',
  endpoints: 'What requests name: a list with shares, or a count with popularity by Zipf.',
  rateScale: 'So many times the requests: 2 doubles every rate, what clusters them stays.',
  burstScale:
    'So many times as bursty at the same rate: the coefficient of variation of counts over long times is multiplied by it.',
  'endpoints[].name': 'Of the endpoint.',
  'endpoints[].share': 'Of the requests.',
  'endpoints.count': 'How many endpoints.',
  'endpoints.zipf': 'Popularity falls as 1/rank^zipf. Default 0: equal.',
  tokens: 'How many tokens a request has: a number or a distribution in bare numbers.',
  input: 'Tokens of the prompt.',
  output: 'Tokens of the answer.',
} as const;

export const ARRIVALS_WORDS = {
  process:
    '`poisson`; `fixed`, `gamma`, `weibull` (renewal, by rate and cv); `piecewise`, `diurnal` (a course of the rate); `mmpp`; `hawkes`; `counts` (so many an interval).',
  rate: 'Requests a time, 0.9/s or 300/min, or a course of it.',
  cv: 'Of the gaps: their standard deviation over their mean.',
  states: 'Of an mmpp: it is in one of them at a time, with that rate.',
  'states[].rate': 'While it is in this state.',
  'states[].mean': 'Of the time that it stays, exponential.',
  'states[].to':
    'Weights of the states that may follow, in their order. Default: all others alike.',
  base: 'Of a Hawkes process: what comes by itself.',
  branching: 'How many further requests each one causes in the mean; below 1.',
  decay: 'The mean time after which it causes them.',
  file: 'A table of counts an interval.',
  column: 'Of that table; several are added.',
  counts: 'Counts an interval in place of a file.',
  interval: 'That a count is for. Default 1m.',
  placement: 'Of requests within an interval: by luck, or evenly.',
} as const;

export const RATE_WORDS = {
  points: 'A course by points; or by `mean` and peak.',
  'points[].at': 'From the beginning of the period.',
  'points[].rate': 'From then on, or at that time.',
  interpolate: 'Between points. Default step.',
  mean: 'Over the period.',
  peakToMean: 'How high the peak is: a sine course between.',
  peakAt: 'When the peak is.',
  period: 'After which the course repeats. Default 24h with a mean.',
  weekdays: 'A factor for each weekday.',
  mon: 'Factor of Mondays. Default 1.',
  tue: 'Factor of Tuesdays.',
  wed: 'Factor of Wednesdays.',
  thu: 'Factor of Thursdays.',
  fri: 'Factor of Fridays.',
  sat: 'Factor of Saturdays.',
  sun: 'Factor of Sundays.',
} as const;

export const DISTRIBUTION_WORDS = {
  distribution:
    'The family; a bare duration is `fixed`. By mean and cv, by quantiles, or by its own parameters.',
  value: 'Of `fixed`.',
  mean: 'Of what is drawn.',
  cv: 'Standard deviation over mean.',
  quantiles: '{ p50: 2s, p99: 9s }: two determine a distribution, one an exponential.',
  min: 'Of `uniform`; of `pareto`: the least value.',
  max: 'Of `uniform`.',
  location: 'Of `normal`: before it is cut at 0.',
  sd: 'Of `normal`: before it is cut at 0.',
  mu: 'Of `lognormal`: mean of the logarithm of seconds.',
  sigma: 'Of `lognormal`: standard deviation of the logarithm.',
  median: 'Of `lognormal`, in place of mu.',
  shape: 'Of `gamma` and `weibull`.',
  scale: 'Of `gamma` and `weibull`.',
  alpha: 'Of `pareto`: the exponent of its tail.',
  values: 'Of `empirical`: what is drawn from.',
  weights: 'Of `empirical`: how often each, in the order of values.',
  components: 'Of `mixture`: distributions, each with a weight.',
  weight: 'Of a component.',
} as const;

export const SERVICE_WORDS = {
  base: 'Of every request, whatever its tokens.',
  perInputToken: 'For each token of the prompt.',
  perOutputToken: 'For each token of the answer.',
  byEndpoint: 'A time, distribution or law of tokens for each endpoint.',
  other: 'Of endpoints that are not named.',
} as const;
