/**
 * `pfcng card simulate`: plays a card and its reader for development. It replaces what a card
 * management system has: cards and readers.
 */
import type { Command } from 'commander';
import { KEY_TYPES } from '../../../x509/model.js';
import { type MakeOptions, makeCard, type WriteOptions, writeCard } from './make-card.js';

const OF_THE_CARD = 'folder of the card';

export function registerSimulate(card: Command): void {
  const simulate = card.command('simulate').description('development: play a card (a SoftHSM token) and its reader');
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
}
