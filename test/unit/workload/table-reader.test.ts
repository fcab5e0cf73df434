import { describe, expect, it } from 'vitest';
import { createTableReader, wantedColumns } from '../../../src/workload/reading/table-reader.ts';

const OPTIONS = { name: 'a.parquet', shared: false };

describe('a table', () => {
  it('is read by the names of its columns, as a CSV is, batch by batch', () => {
    const reader = createTableReader('Parquet', OPTIONS);
    const names = ['note', 'arrival_us', 'service_us', 'endpoint'];
    reader.push({ names, rows: 2, columns: [undefined, [2e6, 1e6], [5, null], ['a', 'b']] });
    reader.push({ names, rows: 1, columns: [undefined, ['3000000'], [7], ['a']] });
    const trace = reader.finish();
    expect([...trace.arrivalUs]).toEqual([1e6, 2e6, 3e6]);
    expect([...trace.serviceUs!]).toEqual([Number.NaN, 5, 7]);
    expect([...trace.endpoint!].map((i) => trace.endpointNames[i])).toEqual(['b', 'a', 'a']);
    expect(trace.report).toMatchObject({ requests: 3, missing: 1, reordered: 1, lines: 3 });
  });

  it('of ISO stamps counts rows without a time, by their number', () => {
    const reader = createTableReader('Parquet', { ...OPTIONS, skipBadLines: true });
    const names = ['ts', 'took'];
    reader.push({
      names,
      rows: 2,
      columns: [
        ['2026-01-01T00:00:00.000001Z', null],
        [1.5, 1],
      ],
    });
    const { firstAtUs, serviceUs, report } = reader.finish();
    expect(firstAtUs).toBe(Date.UTC(2026, 0, 1) * 1000 + 1);
    expect([...serviceUs!]).toEqual([1_500_000]);
    expect(report.skipped).toEqual({
      lines: 1,
      examples: [{ line: 2, reason: '`ts` is no time: ' }],
    });
  });

  it('has only those columns unpacked that mean something, and says when none is a time', () => {
    expect(wantedColumns(['id', 'ts', 'prompt_tokens', 'blob'], {})).toEqual([
      'ts',
      'prompt_tokens',
    ]);
    expect(() => wantedColumns(['id', 'blob'], {})).toThrow(
      /no column of arrival times: it has id, blob/,
    );
  });
});
