/** Service times and cold starts found in a log: the blocks to paste first, then how far to trust them. */
import { stringify } from 'yaml';
import type {
  CurrentDocument,
  DrawnGoodness,
  FitDocument,
  FitQuantilesS,
} from '../study/fit-document.ts';
import type { BrokenByFloor } from '../study/latency-limits.ts';
import { count, counted, NOTHING, percent, relative, seconds, significant } from './numbers.ts';
import { type Column, table } from './table.ts';
import { harmless, PLAIN, type Style, wrapped } from './text.ts';

const LABEL_WIDTH = 13;

export function fitScreen(fit: FitDocument, style: Style = PLAIN): string {
  const blocks = [
    [style.bold(wrapped(title(fit), 2))],
    fitBlocks(fit).split('\n'),
    [
      ...sample(fit),
      ...(fit.current === null ? coldStart(fit) : current(fit.current)),
      ...floor(fit),
    ],
    ...goodness(fit, style),
    [
      ...brokenLines(fit.brokenByFloor, style),
      ...fit.warnings.map((warning) => style.warn(wrapped(`! ${harmless(warning, 400)}`, 2))),
    ],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function title({ name, durations, requests, missing }: FitDocument): string {
  const from = durations === null ? '' : ` · durations from ${harmless(durations, 80)}`;
  return `${harmless(name, 60)} · ${count(requests - missing)} of ${counted(requests, 'request')} with a duration${from}`;
}

/** As they stand in a study. */
export function fitBlocks({ service, coldStart, sample, current }: FitDocument): string {
  const untold = sample.kind === 'untold' || current?.holds === false;
  return [
    ...(untold ? ['# not to be relied on: see the warnings'] : []),
    'workload:',
    block('service', service),
    ...(coldStart.seen === 'some' ? ['deployment:', block('coldStart', coldStart.coldStart)] : []),
  ].join('\n');
}

/** One line a distribution; endpoints one below the other. */
function block(key: string, section: unknown): string {
  if (typeof section === 'object' && section !== null && 'byEndpoint' in section) {
    const { byEndpoint, other } = section as { byEndpoint: object; other?: unknown };
    return [
      `  ${key}:`,
      '    byEndpoint:',
      ...Object.entries(byEndpoint).map(([name, one]) => inline(name, one, 6)),
      ...(other === undefined ? [] : [inline('other', other, 4)]),
    ].join('\n');
  }
  return inline(key, section, 2);
}

/** `key: { a: b }`; YAML lets a line end inside brackets, never inside a key. */
function inline(key: string, section: unknown, indent: number): string {
  const value = stringify(section, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const text = `${' '.repeat(indent)}${keyText(key).replaceAll(' ', GLUE)}: ${value}`;
  return wrapped(text, indent + 4).replaceAll(GLUE, ' ');
}

/** An endpoint's name comes from a log: what is no plain word is quoted, what is not printable escaped. */
function keyText(key: string): string {
  if (/^[a-z/][\w./-]*$/i.test(key) && !/^(true|false|null|yes|no|on|off)$/i.test(key)) return key;
  return JSON.stringify(key).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON writes this character as an escape. */
const GLUE = '\u0000';

const KINDS: Readonly<Record<FitDocument['sample']['kind'], string>> = {
  alone: 'that found nothing in flight and a warm replica: nothing made them wait',
  warm: 'that found a warm replica: durations do not grow with what is in flight, so nobody seems to wait',
  pure: 'after the simulated waits were taken out',
  untold: 'as they stand: waiting could not be kept out',
};

function sample({ sample, company }: FitDocument): string[] {
  const growth =
    company === null
      ? []
      : [
          line(
            'In company',
            `${company.perRequestS < 0 ? '-' : '+'}${seconds(Math.abs(company.perRequestS))} (${percent(Math.abs(company.perRequestShare))}) for each request in flight, correlation ${significant(company.correlation)}: ${company.grows ? 'durations grow' : 'no growth to speak of'}`,
          ),
        ];
  return [
    line('Fitted to', `${counted(sample.requests, 'request')} ${KINDS[sample.kind]}`),
    ...growth,
  ];
}

function line(label: string, text: string): string {
  return wrapped(`${label.padEnd(LABEL_WIDTH)}${text}`, LABEL_WIDTH);
}

function coldStart({ coldStart: found }: FitDocument): string[] {
  switch (found.seen) {
    case 'untold':
      return [line('Cold starts', `cannot tell: ${found.why}`)];
    case 'none':
      return [
        line(
          'Cold starts',
          `none seen: ${counted(found.afterGaps, 'request')} followed an idle gap, of up to ${seconds(found.longestGapS)}; a longer idle window cannot be seen here`,
        ),
      ];
    case 'some': {
      const { excessS, idleWindowIntervalS, meanIntervalS } = found;
      const range = ([from, to]: readonly [number, number]) => `${seconds(from)} .. ${seconds(to)}`;
      return [
        line(
          'Cold starts',
          `${counted(found.requests, 'request')} took ${seconds(found.meanS)} longer (95 %: ${range(meanIntervalS)}); p50 ${seconds(excessS.p50)}, p90 ${seconds(excessS.p90)}, p99 ${seconds(excessS.p99)}, spread of the service included`,
        ),
        line(
          'Idle window',
          `about ${seconds(found.idleWindowS)} (95 %: ${range(idleWindowIntervalS)}): the idle gap from which on requests are slow`,
        ),
      ];
    }
  }
}

function current(found: CurrentDocument | null): string[] {
  if (found === null) return [];
  const { waited, cold, meanWaitS, floorS, atFloor, residualS, plainS } = found;
  return [
    line(
      'Taken out',
      `under the configuration given ${counted(waited, 'request')} wait, ${count(cold)} for a start: ${seconds(meanWaitS)} in the mean`,
    ),
    line(
      'Fixed point',
      `${residualS === 0 ? 'reached: a second run changes nothing' : `not reached: a second run changes up to ${seconds(residualS)}`}; ${counted(atFloor, 'request')} held at the floor of ${seconds(floorS)}, the shortest duration logged`,
    ),
    line(
      'As logged',
      `p50 ${seconds(plainS.p50)}, p90 ${seconds(plainS.p90)}, p99 ${seconds(plainS.p99)} by the log alone`,
    ),
  ];
}

function floor({ floorS }: FitDocument): string[] {
  const { p50, p95, p99, max } = floorS;
  return [
    line(
      'Floor',
      `p50 ${seconds(p50)}, p95 ${seconds(p95)}, p99 ${seconds(p99)}, max ${seconds(max)}: latency at no wait at all, which no replica can lower`,
    ),
  ];
}

const COLUMNS: readonly Column[] = [
  { head: '', align: 'left' },
  { head: 'requests' },
  { head: 'mean' },
  { head: 'p50' },
  { head: 'fit' },
  { head: 'p90' },
  { head: 'fit' },
  { head: 'p99' },
  { head: 'fit' },
  { head: 'p99 off' },
  { head: 'KS' },
];

/** Steps are as far from the data as they are high: that says nothing of the fit. */
function ksText({ distribution, ks }: { distribution: string; ks: number }): string {
  return distribution === 'empirical' ? NOTHING : significant(ks, 2);
}

function goodness(fit: FitDocument, style: Style): string[][] {
  const { drawn, tokens, endpoints } = fit;
  const [head, ...rows] = table(COLUMNS, [
    row(drawn.distribution, drawn, ksText(drawn)),
    ...(tokens === null ? [] : [row('by tokens', tokens, `R² ${significant(tokens.r2, 2)}`)]),
    ...(endpoints ?? []).map((one) =>
      row(`${harmless(one.name, 24)}: ${one.distribution}`, one, ksText(one)),
    ),
  ]);
  const others = drawn.families
    .filter(({ family }) => family !== drawn.distribution)
    .map(({ family, ks }) => `${family} ${significant(ks, 2)}`);
  const none =
    drawn.distribution === 'empirical'
      ? "no family is near enough, so the data's own quantiles stand; "
      : '';
  return [
    [
      style.dim(head!),
      ...rows,
      ...(others.length === 0
        ? []
        : [wrapped(`KS: greatest distance of shares; ${none}others: ${others.join(', ')}`, 2)]),
    ],
  ];
}

type Figures = Pick<DrawnGoodness, 'requests' | 'meanS' | 'dataS' | 'fitS'>;

function row(name: string, { requests, meanS, dataS, fitS }: Figures, near: string): string[] {
  const pair = (key: keyof FitQuantilesS) => [seconds(dataS[key]), seconds(fitS[key])];
  return [
    name,
    count(requests),
    seconds(meanS),
    ...pair('p50'),
    ...pair('p90'),
    ...pair('p99'),
    relative(fitS.p99, dataS.p99) ?? '',
    near,
  ];
}

/** `latencyS.p99 <= 5 cannot be met by any number of replicas: ...`; a line each, for every screen with objectives. */
export function brokenLines(broken: readonly BrokenByFloor[], style: Style = PLAIN): string[] {
  return broken.map(({ objective, share, valueS }) => {
    const is =
      share === null
        ? `it is ${seconds(valueS)}`
        : `${percent(share)} of requests are within the bound`;
    const text = `No number of replicas can meet ${objective}: with nobody waiting ${is}. Only faster service can.`;
    return style.bad(wrapped(text, 2));
  });
}
