// `npm run bench [-- PART ...] [--reference FILE]`: every part, or those that are named.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine.mjs';
import { benchFleet } from './fleet.mjs';
import { benchMemory } from './memory.mjs';
import { benchOptimize } from './optimize.mjs';
import { benchReaders } from './readers.mjs';
import { benchScale } from './scale.mjs';
import { benchSweep } from './sweep.mjs';
import { benchSynthesis } from './synthesis.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reference: { type: 'string', default: '../shared/reference/pool.c' } },
});
const parts = {
  engine: () => benchEngine(values.reference),
  sweep: benchSweep,
  optimize: benchOptimize,
  scale: benchScale,
  fleet: benchFleet,
  memory: benchMemory,
  readers: benchReaders,
  synthesis: benchSynthesis,
};
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
for (const name of wanted) {
  if (!(name in parts)) {
    console.error(`there is no part ${name}; parts are ${Object.keys(parts).join(', ')}`);
    process.exit(2);
  }
}
const [cpu] = cpus();
console.log(
  `${cpu.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform} ${process.arch}`,
);
console.log('median (least .. greatest)');
for (const name of wanted) {
  console.log(`${name}`);
  await parts[name]();
}
