/** `pfcng card`: what concerns one card. */
import type { Command } from 'commander';
import { registerSimulate } from './simulate/simulate.js';

export function registerCard(program: Command): void {
  const card = program.command('card').description('cards: a simulated card for development');
  registerSimulate(card);
}
