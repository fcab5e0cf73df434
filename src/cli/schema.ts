import { Command } from 'commander';
import { studyJsonSchema } from '../study/schema.ts';
import { printJson } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront schema > coldfront.schema.json

An editor with a YAML language server completes and checks a study that begins with
  # yaml-language-server: $schema=coldfront.schema.json`;

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Prints the JSON Schema of a study.')
    .option('--json', 'the same: a JSON Schema is JSON')
    .addHelpText('after', EXAMPLES)
    .action(() => printJson(studyJsonSchema()));
}
