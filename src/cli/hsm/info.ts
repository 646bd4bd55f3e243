/**
 * `pfcng hsm info`: shows token information, mechanisms, and the capability sheet of the
 * manufacturer and model.
 */
import { type CapabilitySheet, findCapabilitySheet } from '../../../hsm/inspect/capabilities.js';
import { mechanismsOf, type TokenMechanism } from '../../../hsm/pkcs11/keys/mechanisms.js';
import { fail, say } from '../../terminal/say.js';
import type { HsmOptions, HsmPlan } from './plan.js';
import { describeToken, type TokenView, viewToken } from './view.js';

type TokenDescription = Omit<TokenView, 'keys'> & {
  /** null: the signer has the token open, and only the process that has it open can list them. */
  readonly mechanisms: readonly TokenMechanism[] | null;
  readonly sheet: CapabilitySheet | null;
};

export async function showTokens({ tokens }: HsmPlan, { json }: HsmOptions): Promise<void> {
  const all: TokenDescription[] = [];
  for (const configuration of tokens) {
    const { view, more } = await viewToken(configuration, ({ pkcs11, slot }) => mechanismsOf(pkcs11, slot));
    const { keys: _keys, ...about } = view;
    all.push({ ...about, mechanisms: more, sheet: view.token === null ? null : findCapabilitySheet(view.token) });
  }
  if (json) say(JSON.stringify(all));
  const sheets = new Set<string>();
  for (const shown of all) {
    if (shown.fault !== null) fail([shown.fault]);
    if (json || shown.token === null) continue;
    say(`${shown.name}  ${describeToken(shown.token)}, hardware ${shown.token.hardware}, label ${shown.token.label}`);
    sayMechanisms(shown.mechanisms);
    if (shown.sheet === null) say('  no capability sheet fits this manufacturer and model');
    else if (sheets.has(shown.sheet.product)) say(`  capability sheet: ${shown.sheet.product}, above`);
    else {
      sheets.add(shown.sheet.product);
      saySheet(shown.sheet);
    }
  }
}

function sayMechanisms(mechanisms: readonly TokenMechanism[] | null): void {
  if (mechanisms === null) {
    say('  mechanisms: the signer has the token open; stop the service to list them');
    return;
  }
  const used = mechanisms.filter(({ uses }) => uses.includes('sign') || uses.includes('generate key pair'));
  say(`  ${mechanisms.length} mechanisms, ${used.length} that sign or generate key pairs:`);
  for (const { name, keyBitsMin, keyBitsMax, uses } of used) {
    say(`    ${name}  ${keyBitsMin} to ${keyBitsMax}  ${uses.join(', ')}`);
  }
}

function saySheet(sheet: CapabilitySheet): void {
  say(`  capability sheet: ${sheet.product}`);
  for (const { mechanism, available, note, basis } of sheet.mechanisms) {
    say(`    ${mechanism}: ${available}${note === undefined ? '' : `, ${note}`} (${basis})`);
  }
  for (const { says, basis } of [...sheet.limits, ...sheet.quirks]) say(`    ${says} (${basis})`);
  for (const { what, lines, basis } of sheet.configuration) {
    say(`    ${what} (${basis}):`);
    for (const line of lines) say(`      ${line}`);
  }
}
