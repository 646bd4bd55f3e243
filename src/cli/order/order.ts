/** `pfcng order`: checks what became of orders of cards. */
import type { Command } from 'commander';
import { registerVerify } from './verify.js';

export function registerOrder(program: Command): void {
  const order = program.command('order').description('orders of cards');
  registerVerify(order);
}
