// Parsing, from text in memory to columns.
import { createTraceReader } from '../dist/node.js';
import { spread } from './figures.mjs';

const ROUNDS = 5;
const LINES = 500_000;
const PIECE = 65_536;

const FORMATS = {
  'access log with $request_time': (row) => {
    const second = row % 60;
    const minute = Math.floor(row / 60) % 60;
    const hour = Math.floor(row / 3600) % 24;
    const two = (n) => String(n).padStart(2, '0');
    const day = two(1 + Math.floor(row / 86_400));
    return `10.0.0.1 - - [${day}/Oct/2026:${two(hour)}:${two(minute)}:${two(second)} +0000] "POST /v1/chat HTTP/1.1" 200 512 "-" "client/1.0" ${((row % 7919) / 1000).toFixed(3)}\n`;
  },
  'CSV arrival_s,service_s': (row) =>
    `${(row * 0.731).toFixed(6)},${((row % 7919) / 1000).toFixed(6)}\n`,
};

export function benchReaders() {
  for (const [name, lineOf] of Object.entries(FORMATS)) {
    let text = name.startsWith('CSV') ? 'arrival_s,service_s\n' : '';
    for (let row = 0; row < LINES; row++) text += lineOf(row);
    const rates = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const reader = createTraceReader({
        format: 'auto',
        name,
        skipBadLines: false,
        shared: false,
      });
      for (let at = 0; at < text.length; at += PIECE) reader.push(text.slice(at, at + PIECE));
      reader.finish();
      rates.push(LINES / ((performance.now() - start) / 1e3));
    }
    console.log(`  ${name.padEnd(30)} ${spread(rates, 1e6)} M lines/s`);
  }
}
