/** The options that the `pfcng hsm` commands share, and the tokens that they select. */
import type { SupervisorConfiguration, TokenConfiguration } from '../../../hsm/configuration.js';
import { loadHome } from '../../compose/home.js';
import { planSigners } from '../../compose/signers/plan.js';
import { fail } from '../../terminal/say.js';

export type HsmOptions = { readonly token?: string; readonly json?: boolean };
export type HsmPlan = { readonly signers: SupervisorConfiguration; readonly tokens: readonly TokenConfiguration[] };

/** null: the reason was printed. */
export function planFor({ token }: HsmOptions): HsmPlan | null {
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
