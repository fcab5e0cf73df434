import { describe, expect, it } from 'vitest';
import type {
  AccessLogOptions,
  ColumnMap,
  EndpointRule,
  GivenColumns,
  GivenService,
  Likeness,
  RateScale,
  ServiceSpec,
  SynthesisSpec,
  TableBatch,
  Where,
  Window,
} from '../../src/index.ts';
import * as browser from '../../src/index.ts';
import * as node from '../../src/node.ts';

/** What the command line does with traces, a program can do too. */
const TRACES = [
  'FORMAT_NAMES',
  'READ_DEFAULTS',
  'SHAPING_DEFAULTS',
  'accessLogText',
  'collectTrace',
  'completeColumns',
  'createTableReader',
  'createTraceReader',
  'csvText',
  'describeTrace',
  'fitService',
  'idleDefaultsOf',
  'inspectScreen',
  'jsonlText',
  'likeScreen',
  'likeStudy',
  'likeTrace',
  'makeWorkload',
  'mergeTraces',
  'shapeTrace',
];

describe('the public doors', () => {
  it('have all that inspect, fit and synthesize are made of', () => {
    expect(Object.keys(browser)).toEqual(expect.arrayContaining(TRACES));
    const files = ['readPieces', 'readTrace', 'writeParquet', 'writePieces'];
    expect(Object.keys(node)).toEqual(expect.arrayContaining([...TRACES, ...files]));
  });

  it('give the types that their functions take, and columns need name no more than they map', () => {
    const columns: GivenColumns = {
      start: 'ts',
      service: { name: 'took' },
      end: undefined,
      host: null,
    };
    const complete: ColumnMap = browser.completeColumns(columns);
    expect(Object.values(complete).filter((source) => source !== null)).toEqual([
      { name: 'ts', unit: null },
      { name: 'took', unit: null },
    ]);
    expect(Object.keys(complete)).toHaveLength(11);
    type Given = AccessLogOptions | EndpointRule | GivenService | Likeness | RateScale;
    type More = ServiceSpec | SynthesisSpec | TableBatch | Where | Window;
    expect<Given | More | null>(null).toBeNull();
  });
});
