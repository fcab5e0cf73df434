import { Command, Option } from 'commander';
import { UserError } from '../base/errors.ts';
import type { TraceChunk } from '../engine/scenario.ts';
import { type OpenStudy, openStudy } from '../node/studies.ts';
import { writePieces } from '../node/trace-files.ts';
import { counted } from '../report/numbers.ts';
import { makeWorkload, type Workload } from '../workload/workload.ts';
import { accessLogText, csvText, jsonlText } from '../workload/write.ts';
import { type Flags, inputOf, takesOverrides } from './study-options.ts';
import { note } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront synthesize traffic.yaml --out day.csv.gz
  coldfront synthesize traffic.yaml --format nginx --set workload.startAt=2026-10-12T00:00 > access.log
  coldfront synthesize traffic.yaml --seed 7 | coldfront inspect -

The format goes by the name: .csv, .jsonl or .log (nginx combined with $request_time), .gz packs it.`;

const FORMATS = ['csv', 'jsonl', 'nginx'] as const;
type Format = (typeof FORMATS)[number];

export function synthesizeCommand(): Command {
  return takesOverrides(new Command('synthesize'))
    .description("Writes a study's traffic as a trace, to stdout or a file.")
    .argument('<study>', 'a study (YAML or JSON)')
    .option('--out <file>', 'where to write; stdout if left out')
    .option('--overwrite', 'replaces the file of --out')
    .addOption(new Option('--format <format>', 'of what is written').choices(FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(file: string, flags: Flags): Promise<void> {
  const out = flags['out'] as string | undefined;
  const format = (flags.format as Format | undefined) ?? formatOf(out);
  const { format: _ofOutput, ...ofStudy } = flags;
  const study = await openStudy(inputOf([file], ofStudy, { asItStands: true }));
  const written = { requests: 0 };
  const pieces = textOf(study, format, written);
  await writePieces(pieces, out ?? null, flags['overwrite'] === true);
  if (out !== undefined) note(`${out}: ${counted(written.requests, 'request')} written`);
}

function formatOf(out: string | undefined): Format {
  if (out === undefined) return 'csv';
  const [, ending = ''] = /\.(\w+)(?:\.gz)?$/.exec(out) ?? [];
  const format = ({ csv: 'csv', jsonl: 'jsonl', log: 'nginx' } as const)[ending];
  if (format === undefined) {
    const message = 'says no format by its name: call it .csv, .jsonl or .log, or give --format';
    throw new UserError([{ at: out, path: null, message }]);
  }
  return format;
}

function textOf(
  { loaded, traces }: OpenStudy,
  format: Format,
  written: { requests: number },
): Iterable<string> {
  const { workload: spec, startAtEpochUs, seed } = loaded.points[0]!.compiled;
  const workload = makeWorkload(spec, traces[0] ?? null, startAtEpochUs);
  const chunks = counting(workload.chunks(seed, 0), written);
  if (format === 'csv') return csvText(chunks);
  if (format === 'jsonl') return jsonlText(chunks);
  return accessLogText(chunks, { startAtEpochUs: dateOf(workload), zoneOffsetMin: 0 });
}

function* counting(
  chunks: Iterable<TraceChunk>,
  written: { requests: number },
): Generator<TraceChunk, void> {
  for (const chunk of chunks) {
    written.requests += chunk.count;
    yield chunk;
  }
}

function dateOf({ startAtEpochUs }: Workload): number {
  if (startAtEpochUs !== null) return startAtEpochUs;
  const message = 'is missing: an access log has dates: --set workload.startAt=2026-11-02T00:00';
  throw new UserError([{ at: null, path: 'workload.startAt', message }]);
}
