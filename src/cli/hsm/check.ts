/** `pfcng hsm check`: exit code 1 as soon as one key would be refused by a signer. */

import { describeInspectionFailure, withToken } from '../../../hsm/inspect/inspection.js';
import { checkToken, type KeyCheck, type TokenCheck } from '../../../hsm/inspect/token-check.js';
import { fail, say } from '../../terminal/say.js';
import type { HsmOptions, HsmPlan } from './plan.js';
import { attributeLine } from './view.js';

export async function checkTokens({ tokens }: HsmPlan, { json }: HsmOptions): Promise<void> {
  const results: (TokenCheck & { readonly name: string })[] = [];
  for (const token of tokens) {
    const checked = await withToken(token, (opened) => checkToken(opened, token.issuers));
    if (!checked.ok) {
      fail([describeInspectionFailure(checked.error)]);
      continue;
    }
    results.push({ name: token.name, ...checked.value });
    for (const { label, faults } of checked.value.keys) {
      if (faults.length > 0) fail(faults.map((fault) => `${token.name}, key ${label}: ${fault}`));
    }
  }
  if (json) return say(JSON.stringify(results));
  for (const { name, keys, unexpected } of results) {
    say(name);
    for (const key of keys) sayKey(key);
    for (const label of unexpected) say(`  key ${label} is on the token but not in the configuration`);
  }
}

function sayKey({ label, keyType, certificate, signature, attributes, faults }: KeyCheck): void {
  say(
    `  ${faults.length === 0 ? 'ok ' : 'BAD'} ${label}  ${keyType}, certificate: ${certificate}, signature: ${signature}`,
  );
  if (attributes !== null) say(`      ${attributeLine(attributes)}`);
}
