import { Command } from 'commander';
import { verifyScreen } from '../report/verify-screen.ts';
import { runVerify } from '../study/verify.ts';
import { EXIT } from './failure.ts';
import { note, print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront verify --quick
  coldfront verify --json`;

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Runs the engine against exact queueing theory: a table with confidence intervals.',
    )
    .option('--quick', 'three loads instead of seven, in a few seconds')
    .option('--json', 'one JSON document on stdout and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function run({ quick = false, json }: { readonly quick?: boolean; readonly json?: boolean }): void {
  const live = process.stderr.isTTY;
  const rows = runVerify({ quick }, (row) => {
    if (live) note(`${row.case}, load ${row.load}: ${row.quantity} ${row.ok ? 'ok' : 'OFF'}`);
  });
  if (json) printJson({ schema: 'coldfront.verify.v1', rows });
  else print(verifyScreen(rows, styleOfStdout()));
  // The engine contradicts theory: nothing that the user gave can mend that.
  if (rows.some(({ ok }) => !ok)) process.exitCode = EXIT.ourFault;
}
