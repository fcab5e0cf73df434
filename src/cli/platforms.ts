import { Command } from 'commander';
import { isPlatformFile, loadCatalogue } from '../node/models.ts';
import { platformOf, platformsDocument } from '../platform/catalogue.ts';
import { platformScreen, platformsScreen } from '../report/platforms-screen.ts';
import { print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront platforms
  coldfront platforms modal
  coldfront platforms ./my-platform.yaml
  coldfront platforms --json`;

export function platformsCommand(): Command {
  return new Command('platforms')
    .description('Lists the platforms, and every figure of one with its source, date and grade.')
    .argument('[id]', 'a platform, or a platform file of your own')
    .option('--json', 'one JSON document on stdout and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(id: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  const catalogue = await loadCatalogue(id !== undefined && isPlatformFile(id) ? [id] : []);
  const shown = id === undefined ? catalogue : new Map([[id, platformOf(catalogue, id)]]);
  if (json) printJson(platformsDocument(shown));
  else if (id === undefined) print(platformsScreen(shown, styleOfStdout()));
  else print(platformScreen(shown.get(id)!, styleOfStdout()));
}
