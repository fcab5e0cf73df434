import { Command, InvalidArgumentError } from 'commander';
import { UserError } from '../base/errors.ts';
import { US_PER_S } from '../base/units.ts';
import { type LibraryOptions, loadLibrary } from '../node/models.ts';
import { noneOf } from '../platform/catalogue.ts';
import type { Library } from '../platform/library.ts';
import { loadUs } from '../platform/load-times.ts';
import type { ServedModel } from '../platform/served-models.ts';
import { weightBytesOf } from '../platform/weights.ts';
import { modelScreen, modelsScreen } from '../report/models-screen.ts';
import { takesModels } from './study-options.ts';
import { noteLibrary, print, printJson, styleOfStdout } from './terminal.ts';

const EXAMPLES = `
Examples:
  coldfront models
  coldfront models llama-3-8b
  coldfront models llama-3-70b --bits 4 --gpu a100-80gb`;

interface ModelsFlags extends LibraryOptions {
  readonly json?: boolean;
  readonly bits?: number;
  readonly gpu?: string;
}

export function modelsCommand(): Command {
  return takesModels(new Command('models'))
    .description(
      'Lists the models; of one its weights, load times, the GPUs that hold it, and every figure.',
    )
    .argument('[model]', 'a model')
    .option('--bits <bits>', 'a parameter; left out, as it is published', bitsOf)
    .option('--gpu <gpu>', 'whose host link bounds the load')
    .option('--json', 'one JSON document on stdout and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(id: string | undefined, flags: ModelsFlags): Promise<void> {
  const library = await loadLibrary({ models: flags.models });
  noteLibrary({ library });
  const { models, gpus } = library;
  const gpu = flags.gpu === undefined ? null : (gpus.get(flags.gpu) ?? null);
  if (flags.gpu !== undefined && gpu === null) {
    throw new UserError(noneOf('GPU', flags.gpu, gpus.keys()));
  }
  const model = id === undefined ? undefined : models.get(id);
  if (id !== undefined && model === undefined) {
    throw new UserError(noneOf('model', id, models.keys()));
  }
  const view = { bits: flags.bits ?? null, gpu };
  if (flags.json) {
    const shown = model === undefined ? [...models.values()] : [model];
    printJson({
      schema: 'coldfront.models.v1',
      models: shown.map((one) => documentOf(one, library, view)),
    });
  } else if (model === undefined) print(modelsScreen(models, styleOfStdout()));
  else print(modelScreen(model, library, view, styleOfStdout()));
}

function documentOf(
  model: ServedModel,
  { storage }: Library,
  view: Parameters<typeof modelScreen>[2],
) {
  const bits = view?.bits ?? model.bits;
  const weightBytes = weightBytesOf(model.parameters, bits);
  return {
    ...model,
    weights: {
      bits,
      bytes: weightBytes,
      loadS: Object.fromEntries(
        [...storage.values()].map((place) => {
          const us = loadUs(weightBytes, place, storage, view?.gpu ?? null);
          return [place.id, us === null ? null : us / US_PER_S];
        }),
      ),
    },
  };
}

function bitsOf(text: string): number {
  const bits = Number(text);
  if (!(bits > 0 && bits <= 64))
    throw new InvalidArgumentError('Bits a parameter, above 0, are expected.');
  return bits;
}
