/**
 * `pfcng hsm`: inspects the tokens of a home, in this process if no signer has them open, otherwise
 * through the signer.
 */
import type { Command } from 'commander';
import { type HsmOptions, planFor } from './plan.js';
import { addReconcile } from './reconcile.js';

export function registerHsm(program: Command): void {
  const hsm = program.command('hsm').description('the HSM tokens');
  const add = (name: string, description: string): Command =>
    hsm
      .command(name)
      .description(description)
      .option('--token <name>', 'one token, for example ca-fort (default: all)')
      .option('--json', 'print the result as JSON');
  add('list', 'tokens and their keys, with the attributes read from the token').action(async (options: HsmOptions) => {
    const plan = planFor(options);
    if (plan) await (await import('./list.js')).listTokens(plan, options);
  });
  add('info', 'token information, mechanisms, and the capability sheet').action(async (options: HsmOptions) => {
    const plan = planFor(options);
    if (plan) await (await import('./info.js')).showTokens(plan, options);
  });
  add('check', 'check that each key signs for its certificate and has the required attributes').action(
    async (options: HsmOptions) => {
      const plan = planFor(options);
      if (plan) await (await import('./check.js')).checkTokens(plan, options);
    },
  );
  add('bench', 'signatures per second, by the token alone and through a signer, with temporary keys')
    .option('--seconds <number>', 'duration of each measurement', '1')
    .option('--key-type <types...>', 'key types (default: those of the keys of the token)')
    .action(async (options: HsmOptions & { readonly seconds: string; readonly keyType?: readonly string[] }) => {
      const plan = planFor(options);
      if (plan) await (await import('./bench.js')).benchTokens(plan, options);
    });
  addReconcile(hsm);
}
