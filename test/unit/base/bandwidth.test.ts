import { describe, expect, it } from 'vitest';
import { BANDWIDTH_PATTERN, parseBytesPerSecond } from '../../../src/base/units.ts';

describe('parseBytesPerSecond', () => {
  it.each([
    ['2GB/s', 2e9],
    ['1.2GB/s', 1.2e9],
    ['500MiB/s', 500 * 2 ** 20],
    ['25Gbit/s', 3.125e9],
    ['100Mbit/s', 12.5e6],
    ['0.5TB/s', 5e11],
  ])('takes %s for %d bytes a second', (text, bytes) => {
    expect(parseBytesPerSecond(text)).toBe(bytes);
    expect(text).toMatch(new RegExp(BANDWIDTH_PATTERN));
  });

  it.each(['2GB', '2/s', '25Gbps', 'GB/s', '-1GB/s', '2 GB/s', '1constructor/s'])(
    'does not take %s',
    (text) => {
      expect(parseBytesPerSecond(text)).toBeNull();
      expect(text).not.toMatch(new RegExp(BANDWIDTH_PATTERN));
    },
  );
});
