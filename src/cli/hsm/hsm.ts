/** `pfcng hsm`: the tokens of a home, looked at in this process while no signer has them, or through the signer that has. */
import type { Command } from 'commander';
import type { SupervisorConfiguration, TokenConfiguration } from '../../../hsm/configuration.js';
import { loadHome } from '../../compose/home.js';
import { planSigners } from '../../compose/signers/plan.js';
import { fail } from '../../terminal/say.js';
import { addReconcile } from './reconcile.js';

export type HsmOptions = { readonly token?: string; readonly json?: boolean };
export type HsmPlan = { readonly signers: SupervisorConfiguration; readonly tokens: readonly TokenConfiguration[] };

export function registerHsm(program: Command): void {
  const hsm = program.command('hsm').description('the HSM tokens');
  const add = (name: string, description: string): Command =>
    hsm
      .command(name)
      .description(description)
      .option('--token <name>', 'one token, as ca-fort; all without it')
      .option('--json', 'print the result as JSON');
  add('list', 'tokens and their keys with the attributes read back').action(async (options: HsmOptions) => {
    const plan = planFor(options);
    if (plan) await (await import('./list.js')).listTokens(plan, options);
  });
  add('info', 'what the tokens say of themselves, their mechanisms, and the capability sheet').action(
    async (options: HsmOptions) => {
      const plan = planFor(options);
      if (plan) await (await import('./info.js')).showTokens(plan, options);
    },
  );
  add('check', 'each key signs what its certificate verifies, and has the attributes it must have').action(
    async (options: HsmOptions) => {
      const plan = planFor(options);
      if (plan) await (await import('./check.js')).checkTokens(plan, options);
    },
  );
  add('bench', 'signatures a second, of the token alone and through a signer, on throw-away keys')
    .option('--seconds <number>', 'of each figure', '1')
    .option('--key-type <types...>', 'instead of the types of the token’s keys')
    .action(async (options: HsmOptions & { readonly seconds: string; readonly keyType?: readonly string[] }) => {
      const plan = planFor(options);
      if (plan) await (await import('./bench.js')).benchTokens(plan, options);
    });
  addReconcile(hsm);
}

/** Null when it was said why not. */
function planFor({ token }: HsmOptions): HsmPlan | null {
  const home = loadHome();
  if (!home.ok) {
    fail(home.error.faults);
    return null;
  }
  const signers = planSigners(home.value);
  const tokens = signers.tokens.filter(({ name }) => token === undefined || name === token);
  if (tokens.length > 0) return { signers, tokens };
  fail([`no token is named ${token}: there are ${signers.tokens.map(({ name }) => name).join(', ')}`]);
  return null;
}
