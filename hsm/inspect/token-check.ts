/**
 * Self-test of a token: checks the keys as a starting signer does, but all of them instead of
 * stopping at the first fault.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { present } from '../../src/kernel/assert.js';
import { type Bytes, equalBytes, utf8 } from '../../src/kernel/bytes.js';
import type { IssuerConfiguration } from '../configuration.js';
import { TokenError } from '../pkcs11/failures.js';
import { type KeyAttributes, readAttributes } from '../pkcs11/keys/attributes.js';
import { type AnyTokenKey, findKey, findPrivateKey, privateKeyLabels } from '../pkcs11/keys/keys.js';
import { schemesOf, signOnce, verifySignature } from '../pkcs11/keys/mechanisms.js';
import type { OpenedToken } from './inspection.js';

export type KeyCheck = {
  readonly label: string;
  /** The type that the configuration expects. */
  readonly keyType: string;
  readonly attributes: KeyAttributes | null;
  /** `none`: the configuration names no certificate of the key, as for the key of the platform. */
  readonly certificate: 'matches' | 'differs' | 'none' | 'not checked';
  readonly signature: 'verifies' | 'does not verify' | 'not tried';
  /** Why a signer would refuse this key; empty: it would accept the key. */
  readonly faults: readonly string[];
};

export type TokenCheck = {
  readonly keys: readonly KeyCheck[];
  /** Labels of private keys on the token that the configuration does not name. */
  readonly unexpected: readonly string[];
};

export async function checkToken(opened: OpenedToken, issuers: readonly IssuerConfiguration[]): Promise<TokenCheck> {
  const keys: KeyCheck[] = [];
  for (const issuer of issuers) keys.push(await checkKey(opened, issuer));
  const expected = new Set<string>(issuers.map(({ id, label = id }) => label));
  const unexpected = privateKeyLabels(opened.session).filter((label) => !expected.has(label));
  return { keys, unexpected };
}

async function checkKey(opened: OpenedToken, issuer: IssuerConfiguration): Promise<KeyCheck> {
  const { id, label = id, keyType } = issuer;
  const attributes = orFault(() => readAttributes(findPrivateKey(opened.session, label)));
  const key = orFault(() => findKey(opened.session, label));
  const about = { label, keyType, attributes: typeof attributes === 'string' ? null : attributes };
  if (typeof key === 'string') {
    return { ...about, certificate: 'not checked', signature: 'not tried', faults: [key] };
  }
  const certified = certifiedPublicKey(issuer.certificateFile);
  const certificate = certified === null ? 'none' : equalBytes(certified, key.publicKey) ? 'matches' : 'differs';
  const signed = await signsFor(opened, key, certified ?? key.publicKey);
  const faults = [
    ...(key.keyType === keyType ? [] : [`it is ${key.keyType}, not ${keyType}`]),
    ...(certificate === 'differs' ? ['it is not the key of its certificate'] : []),
    ...(signed === true ? [] : [signed === false ? 'what it signs does not verify' : signed]),
  ];
  const signature = signed === true ? 'verifies' : signed === false ? 'does not verify' : 'not tried';
  return { ...about, certificate, signature, faults };
}

/**
 * Whether a test signature verifies, or why the token did not sign. It signs text that is no DER,
 * so that the signature cannot be used for anything else.
 */
async function signsFor(
  { pkcs11, session }: OpenedToken,
  key: AnyTokenKey,
  publicKey: Bytes,
): Promise<boolean | string> {
  const scheme = present(schemesOf(key.keyType)[0], `a scheme of ${key.keyType} keys`);
  const message = utf8(`PFCNG self-check of key ${key.label}`);
  try {
    const signature = await signOnce(pkcs11, { session: session.handle, key }, { scheme, message });
    return verifySignature({ keyType: key.keyType, publicKey }, { scheme, message }, signature) === true;
  } catch (thrown) {
    if (thrown instanceof TokenError) return thrown.message;
    throw thrown;
  }
}

function orFault<Value>(act: () => Value): Value | string {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof TokenError) return thrown.message;
    throw thrown;
  }
}

function certifiedPublicKey(file: string | null): Bytes | null {
  if (file === null) return null;
  return new Uint8Array(new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' }));
}
