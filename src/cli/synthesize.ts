import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import { UserError } from '../base/errors.ts';
import { writePieces } from '../node/output.ts';
import { writeParquet } from '../node/parquet-output.ts';
import { type OpenStudy, openStudy, openStudyText } from '../node/studies.ts';
import { likeScreen } from '../report/like-screen.ts';
import { counted } from '../report/numbers.ts';
import { likeStudy } from '../study/like-section.ts';
import { collectTrace } from '../workload/collected.ts';
import { describeTrace } from '../workload/description/description.ts';
import { type Likeness, likeTrace } from '../workload/fit/like.ts';
import type { Trace } from '../workload/trace.ts';
import { makeWorkload, type Workload, type WorkloadChunk } from '../workload/workload.ts';
import { accessLogText, csvText, jsonlText } from '../workload/write.ts';
import { type Flags, inputOf, takesModels, takesOverrides } from './study-options.ts';
import { note, noteLibrary, styleOfStderr } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront synthesize traffic.yaml --out day.csv.gz
  coldfront synthesize traffic.yaml --format nginx --set workload.startAt=2026-10-12T00:00 > access.log
  coldfront synthesize traffic.yaml --seed 7 | coldfront inspect -
  coldfront synthesize --like access.log.gz --set workload.synthesize.duration=7d --out week.parquet
  coldfront synthesize --like access.log.gz --set 'workload.replay.where.path=/v1/*' --study > traffic.yaml

The format goes by the name: .csv, .jsonl, .parquet or .log (nginx combined with $request_time); .gz and .zst pack it.`;

const FORMATS = ['csv', 'jsonl', 'parquet', 'nginx'] as const;
type Format = (typeof FORMATS)[number];

export function synthesizeCommand(): Command {
  return takesModels(takesOverrides(new Command('synthesize')))
    .description("Writes a study's traffic as a trace, or traffic like a trace.")
    .argument('[study]', 'a study (YAML or JSON)')
    .option('--like <trace>', 'a trace, or a study that replays one: traffic like it is made')
    .option(
      '--study',
      'with --like: writes the study of that traffic, to be edited, not the traffic',
    )
    .option('--out <file>', 'where to write; stdout if left out')
    .option('--overwrite', 'replaces the file of --out')
    .addOption(new Option('--format <format>', 'of what is written').choices(FORMATS))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(file: string | undefined, flags: Flags): Promise<void> {
  const { format: asked, ...ofStudy } = flags;
  const like = flags['like'] as string | undefined;
  if ((file === undefined) === (like === undefined)) {
    throw new UserError('name a study, or a trace after --like; one of them');
  }
  if (like !== undefined) return writeLike(like, asked, ofStudy);
  const study = await openStudy(inputOf([file!], ofStudy, { asItStands: true }));
  noteLibrary(study);
  await write(workloadOf(study), asked, flags);
}

async function writeLike(file: string, format: unknown, flags: Flags): Promise<void> {
  const ofReplay = (path: string) => path.startsWith('workload.replay.');
  const trace = await traceOf(file, (flags.set ?? []).filter(ofReplay), flags.models);
  const likeness = likeTrace(trace);
  const text = stringify(likeStudy(likeness, `like ${trace.report.name}`, trace.firstAtUs));
  if (flags['study'] === true) {
    await writePieces([text], outOf(flags), flags['overwrite'] === true);
    return;
  }
  const ofTraffic = { ...flags, set: (flags.set ?? []).filter((path) => !ofReplay(path)) };
  const { overrides } = inputOf([], ofTraffic, { asItStands: true });
  refuseUntimed(trace, likeness, overrides);
  const study = await openStudyText({ name: `like ${file}`, text }, overrides, flags.models);
  noteLibrary(study);
  const made = workloadOf(study);
  await write(made, format, flags);
  note(comparison(trace, made, likeness.notes));
}

/** Of so much made traffic the figures are sure; all of it might not fit into memory. */
const MOST_COMPARED = 2_000_000;

/** Made once more, as long as the trace at most. */
function comparison(trace: Trace, { workload, seed }: Made, notes: readonly string[]): string {
  const untilUs = trace.period.toUs - trace.period.fromUs;
  const like = collectTrace(workload, seed, { untilUs, most: MOST_COMPARED });
  if (like.count === 0) {
    const where = like.report.shaping.length === 0 ? '' : ' in as much time as the trace takes';
    return `no request was made${where}: there is nothing to compare with ${trace.report.name}`;
  }
  return likeScreen(describeTrace(trace), describeTrace(like), notes, styleOfStderr());
}

/** It is read as its study says, if it is one; else as it looks, and as `set` has it. */
async function traceOf(
  file: string,
  set: readonly string[],
  models: string | undefined,
): Promise<Trace> {
  const overrides = { set, slo: [], asItStands: true };
  const [trace] = (await openStudy({ files: [file], overrides, models })).traces;
  if (trace === undefined) throw new UserError(`${file} replays no trace: it makes its traffic`);
  return trace;
}

function refuseUntimed(
  { report }: Trace,
  { timed }: Likeness,
  { flags = [], set = [] }: OverridesOf,
): void {
  const given = [...flags.map(({ path }) => path), ...set];
  if (timed || given.some((path) => path.startsWith('workload.service'))) return;
  const message =
    "has no durations to be like: give --service 3s, or seconds a token: --set 'workload.service={ base: 0s, perInputToken: 0.2ms, perOutputToken: 30ms }'";
  throw new UserError([{ at: report.name, path: 'workload.service', message }]);
}

type OverridesOf = ReturnType<typeof inputOf>['overrides'];

interface Made {
  readonly workload: Workload;
  readonly seed: string;
}

function workloadOf({ loaded, traces }: OpenStudy): Made {
  const { workload: spec, startAtEpochUs, seed } = loaded.points[0]!.compiled;
  return { workload: makeWorkload(spec, traces[0] ?? null, startAtEpochUs), seed };
}

async function write({ workload, seed }: Made, asked: unknown, flags: Flags): Promise<void> {
  const out = outOf(flags);
  const format = (asked as Format | undefined) ?? formatOf(out);
  const overwrite = flags['overwrite'] === true;
  const written = { requests: 0 };
  const chunks = counting(workload.chunks(seed, 0), written);
  const { endpointNames } = workload;
  if (format === 'parquet') await writeParquet(chunks, out, overwrite, endpointNames);
  else await writePieces(textOf(chunks, format, workload), out, overwrite);
  if (out !== null) note(`${out}: ${counted(written.requests, 'request')} written`);
}

function outOf(flags: Flags): string | null {
  return (flags['out'] as string | undefined) ?? null;
}

function formatOf(out: string | null): Format {
  if (out === null) return 'csv';
  const [, ending = '', packed] = /\.(\w+)(\.gz|\.zst)?$/.exec(out) ?? [];
  const endings = { csv: 'csv', jsonl: 'jsonl', log: 'nginx', parquet: 'parquet' } as const;
  const format = endings[ending as keyof typeof endings];
  if (format === 'parquet' && packed !== undefined) {
    const message = `is packed within: call it ${out.slice(0, -packed.length)}`;
    throw new UserError([{ at: out, path: null, message }]);
  }
  if (format !== undefined) return format;
  const message =
    'says no format by its name: call it .csv, .jsonl, .parquet or .log, or give --format';
  throw new UserError([{ at: out, path: null, message }]);
}

function textOf(
  chunks: Iterable<WorkloadChunk>,
  format: Exclude<Format, 'parquet'>,
  workload: Workload,
): Iterable<string> {
  const { endpointNames } = workload;
  if (format === 'csv') return csvText(chunks, endpointNames);
  if (format === 'jsonl') return jsonlText(chunks, endpointNames);
  return accessLogText(chunks, {
    startAtEpochUs: dateOf(workload),
    zoneOffsetMin: 0,
    endpointNames,
  });
}

function* counting(
  chunks: Iterable<WorkloadChunk>,
  written: { requests: number },
): Generator<WorkloadChunk, void> {
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
