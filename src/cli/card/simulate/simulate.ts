/**
 * `pfcng card simulate`: plays a card and its reader for development. It replaces what a card
 * management system has: cards, readers, and their faults.
 */
import type { Command } from 'commander';
import { loadHome } from '../../../compose/home.js';
import { packageVersion } from '../../../config/version.js';
import { fail, say } from '../../../terminal/say.js';
import { KEY_TYPES } from '../../../x509/model.js';
import { type Caller, inApi, withCallerOptions } from '../../common/api-command.js';
import { openCardFolder, type SimulatedCard } from './card-folder.js';
import { FAULT_FORMS, type Fault, Interrupted, readFault } from './faults.js';
import { keyTypeNamed, type MakeOptions, makeCard, type WriteOptions, writeCard } from './make-card.js';
import { serviceWith } from './service-calls.js';
import { type Inventory, updateCard } from './update-card.js';

type UpdateOptions = Caller & {
  readonly directory: string;
  readonly keyType?: string;
  readonly fault: readonly string[];
  readonly always?: boolean;
  readonly generation: string;
  readonly applet: string;
  readonly spareContainers: string;
};

const OF_THE_CARD = 'folder of the card';

export function registerSimulate(card: Command): void {
  const simulate = card
    .command('simulate')
    .description('development: play a card (a SoftHSM token) and its reader, with faults on demand');
  simulate
    .command('make')
    .description('make a card with its keys and certification requests')
    .requiredOption('--directory <folder>', 'folder of the new card; must not exist')
    .option('--keys <labels...>', 'one key and one request for each label', ['authentication', 'signature'])
    .option('--key-type <type>', `one of ${KEY_TYPES.join(', ')}`, 'rsa-2048')
    .action((options: MakeOptions) => makeCard(options));
  simulate
    .command('write <certificates...>')
    .description('write certificates (PEM) on a card, as a card bureau does')
    .requiredOption('--directory <folder>', OF_THE_CARD)
    .requiredOption('--card <number>', 'number (token id) of the card')
    .action((files: readonly string[], options: WriteOptions) => writeCard(files, options));
  withCallerOptions(
    simulate
      .command('update')
      .description('give a card new keys by a remote update, or resume the one that was interrupted')
      .requiredOption('--directory <folder>', OF_THE_CARD)
      .option('--key-type <type>', `of the new keys: one of ${KEY_TYPES.join(', ')} (default: as the present ones)`)
      .option('--always', 'begin an update although the service says that there is nothing to do')
      .option('--fault <faults...>', FAULT_FORMS, [])
      .option('--generation <name>', 'generation of the card, which it reports with its capabilities', 'cps4')
      .option('--applet <version>', 'version of its applet', '4.0.0')
      .option('--spare-containers <number>', 'number of its spare containers', '2'),
    'card-management',
  ).action(update);
}

async function update(options: UpdateOptions): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const { config, policy } = home.value;
  const faults: Fault[] = [];
  for (const text of options.fault) {
    const read = readFault(text);
    if (!read.ok) return fail([read.error]);
    faults.push(read.value);
  }
  const keyType = options.keyType === undefined ? null : keyTypeNamed(options.keyType);
  if (options.keyType !== undefined && keyType === null)
    return fail([`no key type ${options.keyType}: one of ${KEY_TYPES.join(', ')}`]);
  await withCards(options.directory, { modulePath: config.pkcs11.module, faults }, (card, signer) =>
    inApi(options, (api) =>
      untilInterrupted(async () => {
        const isDone = await updateCard({
          card,
          signer,
          faults,
          keyType,
          service: serviceWith(api, faults),
          environment: policy.environment.mark,
          inventory: inventoryOf(options),
          always: options.always === true,
          version: packageVersion(),
          say,
        });
        if (!isDone) process.exitCode = 1;
      }),
    ),
  );
}

async function untilInterrupted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    fail([error.message]);
  }
}

function inventoryOf({ generation, applet, spareContainers }: UpdateOptions): Inventory {
  return { generation, applet, keyTypes: [...KEY_TYPES], spareContainers: Number(spareContainers) };
}

/** Opens the card, and the one whose key signs instead if a fault says so. */
async function withCards(
  folder: string,
  given: { readonly modulePath: string; readonly faults: readonly Fault[] },
  use: (card: SimulatedCard, signer: SimulatedCard) => Promise<void>,
): Promise<void> {
  const other = given.faults.find((fault) => fault.kind === 'other-card');
  const opened: SimulatedCard[] = [];
  try {
    const card = await openCardFolder(folder, given);
    opened.push(card);
    const signer = other === undefined ? card : await openCardFolder(other.folder, { ...given, faults: [] });
    if (signer !== card) opened.push(signer);
    await use(card, signer);
  } finally {
    for (const card of opened) await card.close();
  }
}
