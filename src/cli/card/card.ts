/** `pfcng card`: what concerns one card. */
import type { Command } from 'commander';
import { registerRecords } from './records.js';
import { registerSimulate } from './simulate/simulate.js';

export function registerCard(program: Command): void {
  const card = program
    .command('card')
    .description('cards: state, capabilities, replacement; a simulated card for development');
  registerRecords(card);
  registerSimulate(card);
}
