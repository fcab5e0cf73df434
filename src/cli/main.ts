#!/usr/bin/env node
/** The command line: finds the command, loads only that, turns what it throws into a message and an exit code. */
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../node/package-files.ts';
import { EXIT, exitCodeOf, explain } from './failure.ts';
import { guardStdout, note } from './terminal.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<() => Command>;
}

/** In the order of the help. Each module costs its libraries only when its command runs. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  simulate: {
    summary: 'one configuration: latency, cold starts and cost, in one screen',
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  sweep: {
    summary: 'a grid of configurations: the cheapest that meets the SLO',
    load: async () => (await import('./sweep.ts')).sweepCommand,
  },
  optimize: {
    summary: 'the cheapest configuration that meets the SLO, searched, not enumerated',
    load: async () => (await import('./optimize.ts')).optimizeCommand,
  },
  report: {
    summary: 'one HTML page that a planner can show, from results or a study',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  compare: {
    summary: 'configurations side by side on the same traffic: what to run, and why',
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  calibrate: {
    summary: 'what runs today, simulated and held against what was recorded',
    load: async () => (await import('./calibrate.ts')).calibrateCommand,
  },
  export: {
    summary: 'results as CSV, JSON or Parquet: configurations, time lines, hours, bills',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  inspect: {
    summary: 'what a trace is: format, rate, burstiness, gaps, service times',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  synthesize: {
    summary: "write a study's traffic as a trace",
    load: async () => (await import('./synthesize.ts')).synthesizeCommand,
  },
  platforms: {
    summary: 'the platforms, every figure with its source and date',
    load: async () => (await import('./platforms.ts')).platformsCommand,
  },
  gpus: {
    summary: 'the GPUs; and prices out of a table',
    load: async () => (await import('./gpus.ts')).gpusCommand,
  },
  models: {
    summary: 'the models: weights, load times, the GPUs that hold them',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  verify: {
    summary: 'the engine against exact queueing theory',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  schema: {
    summary: 'the JSON Schema of a study, for editors',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
};

const EXAMPLES = `
Examples:
  coldfront inspect access.log.gz
  coldfront simulate chat.yaml --set deployment.replicas.min=2
  coldfront optimize chat.yaml
  coldfront compare chat.yaml --platform modal,runpod-flex --gpu a10g
  coldfront sweep chat.yaml --out results && coldfront report results
  coldfront sweep access.log.gz --platform modal --gpu a10g --cold-start 30s \\
    --vary deployment.replicas.min=0..4 --vary deployment.idleWindow=5s,60s,5m \\
    --slo 'latencyS.p99 <= 10'

Exit codes: 0 done, 1 a fault of coldfront, 2 the input was wrong,
            3 no configuration meets the SLO, 130 interrupted`;

async function buildProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('coldfront')
    .description(
      'How many GPU replicas to keep warm, for how long: what it costs and how slow it is.',
    )
    .version(packageVersion())
    .configureHelp({ helpWidth: 100 })
    .exitOverride()
    .showHelpAfterError('--help shows the options and examples')
    .addHelpText('after', EXAMPLES);
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    if (words.includes(name)) {
      const command = (await load())().summary(summary);
      for (const below of command.commands) below.copyInheritedSettings(program);
      program.addCommand(command.copyInheritedSettings(program));
    } else {
      program.command(name).summary(summary).description(summary);
    }
  }
  return program;
}

/** A command that keeps what is finished listens too, and says what it kept; a second signal ends that one as well. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      note('interrupted');
      process.exit(EXIT.interrupted);
    });
  }
}

async function main(args: readonly string[]): Promise<number> {
  const words = args.filter((word) => !word.startsWith('-')).slice(0, 2);
  const program = await buildProgram(words);
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return EXIT.wrongInput;
  }
  await program.parseAsync(args, { from: 'user' });
  return Number(process.exitCode ?? EXIT.done);
}

guardStdout();
endOnSignals();
try {
  // Not process.exit(): what is written to a pipe must reach it.
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // Commander has printed its own message.
  if (!(error instanceof CommanderError)) note(explain(error));
}
