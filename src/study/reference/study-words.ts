/** What each key of a study means, in a line: the keys that are neither traffic, deployment nor bill. */
export const STUDY_WORDS = {
  version: 'Of the form of this file: always 1.',
  name: 'What results and reports are called.',
  seed: 'Of every draw. The same seed gives the same bytes; configurations under one seed see the same luck. Default 1.',
  replications:
    'Runs of each configuration with different luck; intervals need several. Must be 1, the default, where nothing is drawn.',
  workload: 'What arrives and how long it takes: `replay` or `synthesize`.',
  'workload.replay': 'Logs to replay: one map, or a list of maps that are merged by time.',
  'workload.synthesize': 'Traffic that is described instead of logged.',
  'workload.startAt':
    'What time 0 is by the calendar, for a trace of relative times or made traffic: schedules and dates need it.',
  'workload.service':
    "How long a request is served, by itself. Left out: the trace's own durations. One time or distribution, a law of its tokens, or `byEndpoint`.",
  'workload.pings':
    'Requests that only keep replicas warm: they hold a slot and are paid, and count in no figure of requests.',
  'workload.pings.every': 'Time between pings, from time 0 on.',
  'workload.pings.service': 'How long a ping holds its slot.',
  'workload.cachedInput':
    'The share of input tokens that the platform has seen before, where the trace does not say.',
  client: 'What clients do when they are refused or have waited too long.',
  'client.retries': 'Further attempts of the same request; latency and wait run from the first.',
  'client.retries.max': 'Attempts after the first.',
  'client.retries.backoff': 'Before the first retry. Default 0s.',
  'client.retries.factor': 'What each further backoff is multiplied by. Default 1.',
  'client.retries.jitter':
    '`full` draws each backoff uniformly between 0 and its length. Default none.',
  'client.retries.on': 'After which ends clients retry. Default: both.',
  'client.patience':
    'A request that takes longer, from its first attempt on, is late: it completes for nobody, and counts as failed in objectives.',
  'client.cancels':
    'Whether the platform ends the work of a client that has gone: the request is then timed out, and its slot free.',
  deployment: 'What serves: the platform, its replicas, and what of the platform to change.',
  endpoints:
    'Deployments by endpoint of the trace: `each` gives every endpoint its own like `deployment`; a map names them, with `*` as a pattern and `other` for the rest.',
  account: 'What ties all pools together.',
  'account.concurrency': 'Requests in service at once over all pools.',
  'account.whenFull': 'Whether a request above it waits at the door, in order, or is refused.',
  'account.gpus': 'GPUs at once over all pools: starts beyond it wait.',
  billing:
    'The whole bill without a platform; with one, what to change of its bill. Of these keys each stands alone.',
  weather: 'Spells in which there is no capacity: the same for all configurations of a study.',
  'weather.meanLength': 'Of drawn spells: exponential.',
  'weather.meanGap': 'Between drawn spells: exponential.',
  'weather.spells': 'Given spells instead of drawn ones.',
  'weather.spells[].from': 'From time 0.',
  'weather.spells[].to': 'When starts go on.',
  measure:
    'The part of the run whose requests (by arrival) and times are counted. Left out: all of it.',
  'measure.from': 'From time 0. Default 0s.',
  'measure.to': 'Default: the end of the observed period.',
  'measure.edges':
    '`cut` (default): the run begins with what `replicas.min` keeps; `cyclic`: from the state that a pass of the same traffic leaves.',
  'measure.warmUp':
    'What is left out at the beginning of a steady state: `none` (default), a duration, or with `coldfront simulate` `auto`, what MSER-5 finds. Made traffic of a constant rate only.',
  vary: 'The grid of a sweep: a map of paths to values, last fastest; or a list of maps that vary several keys together.',
  current:
    'What runs today, as overrides of this file: one more row, and what advice and comparisons are measured against.',
  slo: 'What must hold: `latencyS.p99 <= 5`, `share(waitS <= 1) >= 0.995`, `coldStarts.fraction <= 0.01`, or any figure of a result. Failed requests count as infinitely late.',
} as const;
