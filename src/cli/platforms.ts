import { Command } from 'commander';
import { isPlatformFile, type LibraryOptions, loadLibrary } from '../node/models.ts';
import { platformOf, platformsDocument } from '../platform/catalogue.ts';
import { isStalePrice } from '../platform/prices.ts';
import { billingMatrix, billingMatrixScreen } from '../report/billing-matrix.ts';
import { platformScreen, platformsScreen } from '../report/platforms-screen.ts';
import { takesModels } from './study-options.ts';
import { noteLibrary, print, printJson, styleOfStdout, today } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront platforms
  coldfront platforms modal
  coldfront platforms ./my-platform.yaml
  coldfront platforms --billing
  coldfront platforms --json`;

interface PlatformsFlags extends LibraryOptions {
  readonly billing?: boolean;
  readonly json?: boolean;
}

export function platformsCommand(): Command {
  return takesModels(new Command('platforms'))
    .description('Lists the platforms, and every figure of one with its source, date and grade.')
    .argument('[id]', 'a platform, or a platform file of your own')
    .option('--billing', 'who bills what: states, start phases, rounding, fees, plans')
    .option('--json', 'one JSON document on stdout and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(
  id: string | undefined,
  { billing, json, models }: PlatformsFlags,
): Promise<void> {
  const platformFiles = id !== undefined && isPlatformFile(id) ? [id] : [];
  const library = await loadLibrary({ platformFiles, models });
  noteLibrary({ library });
  const catalogue = library.platforms;
  const shown = id === undefined ? catalogue : new Map([[id, platformOf(catalogue, id)]]);
  if (billing) {
    if (json) printJson(billingMatrix(shown, today()));
    else print(billingMatrixScreen(shown, styleOfStdout(), today()));
  } else if (json) {
    const day = today();
    printJson(platformsDocument(shown, (figure) => isStalePrice(figure, day)));
  } else if (id === undefined) print(platformsScreen(shown, styleOfStdout()));
  else print(platformScreen(shown.get(id)!, styleOfStdout(), today()));
}
