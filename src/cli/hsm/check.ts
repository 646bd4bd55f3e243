/**
 * `pfcng hsm check`: exit code 1 as soon as one key would be refused by a signer. Beside a running
 * service the token is not opened a second time: its signer, which has checked each key when it
 * opened the token, says what it found.
 */
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { describeInspectionFailure, withToken } from '../../../hsm/inspect/inspection.js';
import { checkToken, type KeyCheck, type TokenCheck } from '../../../hsm/inspect/token-check.js';
import { fail, say } from '../../terminal/say.js';
import type { HsmOptions, HsmPlan } from './plan.js';
import { attributeLine, type TokenView, viewThroughSigner } from './view.js';

type Result = TokenCheck & Pick<TokenView, 'name' | 'seenBy' | 'signer'>;

export async function checkTokens({ tokens }: HsmPlan, { json }: HsmOptions): Promise<void> {
  const results: Result[] = [];
  for (const token of tokens) {
    const result = await checkOne(token);
    if (typeof result === 'string') {
      fail([result]);
      continue;
    }
    results.push(result);
    for (const { label, faults } of result.keys) {
      if (faults.length > 0) fail(faults.map((fault) => `${token.name}, key ${label}: ${fault}`));
    }
  }
  if (json) return say(JSON.stringify(results));
  for (const { name, seenBy, signer, keys, unexpected } of results) {
    say(signer === null ? name : `${name}  inspected by ${seenBy}, which is ${signer}`);
    for (const key of keys) sayKey(key);
    for (const label of unexpected) say(`  key ${label} is on the token but not in the configuration`);
  }
}

/** The error is a line for people. */
async function checkOne(token: TokenConfiguration): Promise<Result | string> {
  const { name } = token;
  const checked = await withToken(token, (opened) => checkToken(opened, token.issuers));
  if (checked.ok) return { name, seenBy: 'this command', signer: null, ...checked.value };
  const fault = describeInspectionFailure(checked.error);
  if (checked.error.kind !== 'locked-by-another') return fault;
  const view = await viewThroughSigner(token, fault);
  return view.fault ?? { name, seenBy: view.seenBy, signer: view.signer, ...asSeenBySigner(token, view) };
}

/** A signer that is ready has compared each key with its certificate; a signature was not tried. */
function asSeenBySigner({ issuers }: TokenConfiguration, { keys, signer }: TokenView): TokenCheck {
  const known = new Map(keys.map((key) => [key.label, key]));
  const checks = issuers.map(({ id, label = id, keyType, certificateFile }): KeyCheck => {
    const key = known.get(label);
    const attributes = key?.attributes ?? null;
    const faults =
      key === undefined
        ? ['it is not on the token']
        : [
            ...(key.unfit === null ? [] : [key.unfit]),
            ...(key.keyType === null || key.keyType === keyType ? [] : [`it is ${key.keyType}, not ${keyType}`]),
          ];
    const isCompared = faults.length === 0 && signer === 'ready';
    const certificate = !isCompared ? 'not checked' : certificateFile === null ? 'none' : 'matches';
    return { label, keyType, attributes, certificate, signature: 'not tried', faults };
  });
  const expected = new Set<string>(issuers.map(({ id, label = id }) => label));
  return { keys: checks, unexpected: [...known.keys()].filter((label) => !expected.has(label)) };
}

function sayKey({ label, keyType, certificate, signature, attributes, faults }: KeyCheck): void {
  say(
    `  ${faults.length === 0 ? 'ok ' : 'BAD'} ${label}  ${keyType}, certificate: ${certificate}, signature: ${signature}`,
  );
  if (attributes !== null) say(`      ${attributeLine(attributes)}`);
}
