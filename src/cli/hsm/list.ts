/** `pfcng hsm list`: shows the tokens and their keys. */
import { fail, say } from '../../terminal/say.js';
import type { HsmOptions, HsmPlan } from './plan.js';
import { attributeLine, describeToken, type TokenView, viewToken } from './view.js';

export async function listTokens({ tokens }: HsmPlan, { json }: HsmOptions): Promise<void> {
  const views: TokenView[] = [];
  for (const token of tokens) views.push((await viewToken(token, () => null)).view);
  if (json) say(JSON.stringify(views));
  for (const view of views) {
    if (view.fault !== null) fail([view.fault]);
    if (!json) sayToken(view);
  }
}

function sayToken({ name, seenBy, signer, token, keys }: TokenView): void {
  if (token === null) return;
  say(`${name}  ${describeToken(token)}`);
  say(`  label ${token.label}; inspected by ${seenBy}${signer === null ? ', no signer runs' : `, which is ${signer}`}`);
  for (const { label, id, keyType, attributes, unfit } of keys) {
    say(`  key ${label}  ${keyType ?? 'unknown key type'}  CKA_ID ${id}`);
    say(`    ${attributeLine(attributes)}`);
    if (unfit !== null) say(`    signers refuse it: ${unfit}`);
  }
  if (keys.length === 0) say('  no keys');
}
