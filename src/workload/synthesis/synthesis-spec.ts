/** What is to be made: arrivals, whom they name, how long they are; and what is wrong with it. */
import { type ServiceSpec, strangeEndpoints } from '../service.ts';
import { type ArrivalSpec, arrivalMistakes } from './arrivals.ts';
import { type PopularitySpec, popularityMistakes } from './popularity.ts';
import { type TokensSpec, tokensMistakes } from './tokens.ts';

/** Ends with the duration or with so many requests, whichever comes first; one of them at least is given. */
export interface SynthesisSpec {
  readonly kind: 'synthesize';
  readonly arrivals: ArrivalSpec;
  /** Left out: one for all, or those of the clients or of the counts. */
  readonly endpoints?: PopularitySpec | null;
  readonly tokens?: TokensSpec | null;
  readonly durationUs: number | null;
  readonly requests: number | null;
  readonly service: ServiceSpec;
}

/** Requests of one kind: those of a client, or all. */
export interface Source {
  /** null where they name nothing, or the arrivals themselves say it. */
  readonly popularity: PopularitySpec | null;
  readonly tokens: TokensSpec | null;
}

export function sourcesOf({
  arrivals,
  endpoints = null,
  tokens = null,
}: SynthesisSpec): readonly Source[] {
  if (arrivals.process === 'clients') {
    return arrivals.clients.map((client) => ({
      popularity: client.endpoints ?? endpoints,
      tokens: client.tokens ?? tokens,
    }));
  }
  if (arrivals.process !== 'counts' || arrivals.names.length === 0) {
    return [{ popularity: endpoints, tokens }];
  }
  const shares = arrivals.columns.map((column) => column.reduce((sum, n) => sum + n, 0));
  return [{ popularity: { names: arrivals.names, shares }, tokens }];
}

export interface ColumnSet {
  readonly endpointNames: readonly string[];
  readonly inputTokens: boolean;
  readonly outputTokens: boolean;
}

export function columnsOf(sources: readonly Source[]): ColumnSet {
  return {
    endpointNames: [...new Set(sources.flatMap(({ popularity }) => popularity?.names ?? []))],
    inputTokens: sources.some(({ tokens }) => tokens?.input),
    outputTokens: sources.some(({ tokens }) => tokens?.output),
  };
}

/** What is wrong but for the service's own parameters, a sentence each, without full stops. */
export function synthesisMistakes(spec: SynthesisSpec): string[] {
  const { arrivals, endpoints, tokens } = spec;
  return [
    ...arrivalMistakes(arrivals),
    ...(endpoints ? popularityMistakes(endpoints) : []),
    ...(tokens ? tokensMistakes(tokens) : []),
    ...endMistakes(spec),
    ...togetherMistakes(spec),
    ...serviceMisfits(spec),
  ];
}

export function endMistakes({
  durationUs,
  requests,
}: Pick<SynthesisSpec, 'durationUs' | 'requests'>): string[] {
  const mistakes = [];
  if (durationUs === null && requests === null) {
    mistakes.push('synthesize needs an end: a duration, or a number of requests');
  }
  if (durationUs !== null && !(durationUs > 0 && Number.isFinite(durationUs))) {
    mistakes.push('duration must be above 0');
  }
  if (requests !== null && !(requests >= 1 && Number.isSafeInteger(requests))) {
    mistakes.push('requests must be a whole number of at least 1');
  }
  return mistakes;
}

/** What no part is wrong about alone. */
export function togetherMistakes(spec: SynthesisSpec): string[] {
  const { arrivals, endpoints } = spec;
  const mistakes = [];
  if (arrivals.process === 'counts' && arrivals.columns.length > 1 && endpoints) {
    mistakes.push('the columns of the counts are the endpoints: leave endpoints out');
  }
  if (arrivals.process !== 'clients') return mistakes;
  const sources = sourcesOf(spec);
  const lackers = (has: (source: Source) => boolean): string[] =>
    sources.some(has)
      ? arrivals.clients.flatMap(({ name }, i) => (has(sources[i]!) ? [] : name))
      : [];
  const each = [
    ['input tokens', ({ tokens }: Source) => tokens?.input != null],
    ['output tokens', ({ tokens }: Source) => tokens?.output != null],
    ['endpoint', ({ popularity }: Source) => popularity !== null],
  ] as const;
  for (const [what, has] of each) {
    const [first, ...more] = lackers(has);
    if (first === undefined) continue;
    const who = more.length === 0 ? `${first} has` : `${first} and ${more.length} more have`;
    mistakes.push(`${who} no ${what}, and other clients have`);
  }
  return mistakes;
}

/** What the service times need and made requests have not. */
export function serviceMisfits(spec: SynthesisSpec): string[] {
  const { service } = spec;
  if (service.kind === 'trace') {
    return [
      'made requests have no durations of their own: `service:` must be a duration, a distribution or seconds a token',
    ];
  }
  const { inputTokens, outputTokens, endpointNames } = columnsOf(sourcesOf(spec));
  const mistakes = [];
  const parts = service.kind === 'byEndpoint' ? Object.values(service.byEndpoint) : [service];
  if (service.kind === 'byEndpoint' && service.other !== null) parts.push(service.other);
  const asks = (key: 'perInputTokenUs' | 'perOutputTokenUs') =>
    parts.some((part) => part.kind === 'tokens' && part[key] > 0);
  if (asks('perInputTokenUs') && !inputTokens) {
    mistakes.push(
      'needs tokens: give `tokens: { input: { distribution: lognormal, mean: 1500, cv: 1.2 } }` in `synthesize:`',
    );
  }
  if (asks('perOutputTokenUs') && !outputTokens) {
    mistakes.push(
      'needs tokens: give `tokens: { output: { distribution: lognormal, mean: 200, cv: 1 } }` in `synthesize:`',
    );
  }
  if (service.kind !== 'byEndpoint') return mistakes;
  if (endpointNames.length === 0) {
    return [...mistakes, 'byEndpoint needs `endpoints:` in `synthesize:`'];
  }
  const without = endpointNames.filter((name) => !Object.hasOwn(service.byEndpoint, name));
  if (without.length > 0 && service.other === null) {
    const more = without.length > 1 ? ` and ${without.length - 1} more` : '';
    mistakes.push(
      `has no time for ${without[0]}${more}: add it to byEndpoint, or give \`other: 2s\``,
    );
  }
  return [...mistakes, ...strangeEndpoints(service, endpointNames)];
}
