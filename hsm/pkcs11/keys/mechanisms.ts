/** The mechanisms of key types and signature schemes, and whether a token has them. */
import { constants, createHash, createPublicKey, type SigningOptions, verify } from 'node:crypto';
import type { Slot } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { assert } from '../../../src/kernel/assert.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { attempt, TokenError } from '../failures.js';
import type { Pkcs11 } from '../module.js';
import { ecdsaSignatureDer } from '../signing/ecdsa-signature.js';
import { TOKEN_KEY_TYPE_FACTS, type TokenKeyType, type TokenKeyTypeFacts } from './key-types.js';

type MechanismName = { readonly type: number; readonly name: string };

const mechanismNamed = (name: string, type: number): MechanismName => ({ name, type });

/** Mechanisms that make keys (PKCS#11 v2.40; v3.0 for Edwards curves, v3.2 for ML-DSA). */
const GENERATING = {
  rsa: mechanismNamed('CKM_RSA_PKCS_KEY_PAIR_GEN', pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN),
  ec: mechanismNamed('CKM_EC_KEY_PAIR_GEN', pkcs11js.CKM_EC_KEY_PAIR_GEN),
  edwards: mechanismNamed('CKM_EC_EDWARDS_KEY_PAIR_GEN', 0x1055),
  'ml-dsa': mechanismNamed('CKM_ML_DSA_KEY_PAIR_GEN', 0x1c),
} as const satisfies Readonly<Record<TokenKeyTypeFacts['family'], MechanismName>>;

/**
 * The beginning of the DER of a DigestInfo for SHA-256, up to the digest (RFC 8017 9.2, note 1).
 */
export const SHA256_DIGEST_INFO: Bytes = new Uint8Array(Buffer.from('3031300d060960864801650304020105000420', 'hex'));
const PSS_SHA256 = {
  type: pkcs11js.CK_PARAMS_RSA_PSS,
  hashAlg: pkcs11js.CKM_SHA256,
  mgf: pkcs11js.CKG_MGF1_SHA256,
  /** The salt is as long as the digest (RFC 8017 9.1). */
  saltLen: 32,
} as const;

export type SignatureScheme = 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa' | 'eddsa' | 'ml-dsa';

type SchemeFacts = {
  readonly family: TokenKeyTypeFacts['family'];
  readonly mechanism: MechanismName;
  readonly parameter?: typeof PSS_SHA256;
  /**
   * What C_Sign gets. `message`: the whole message. `digest`: its hash, which is computed here
   * because HSMs refuse long inputs. `digest-info`: the hash in a DigestInfo.
   */
  readonly signs: 'digest' | 'digest-info' | 'message';
  /** Options of node:crypto for verifying signatures of this scheme. */
  readonly verifying: Pick<SigningOptions, 'padding' | 'saltLength'>;
};

/** The first scheme of each family is the default of its keys. */
export const SCHEMES: Readonly<Record<SignatureScheme, SchemeFacts>> = {
  'rsa-pkcs1': {
    family: 'rsa',
    mechanism: mechanismNamed('CKM_RSA_PKCS', pkcs11js.CKM_RSA_PKCS),
    signs: 'digest-info',
    verifying: {},
  },
  'rsa-pss': {
    family: 'rsa',
    mechanism: mechanismNamed('CKM_RSA_PKCS_PSS', pkcs11js.CKM_RSA_PKCS_PSS),
    parameter: PSS_SHA256,
    signs: 'digest',
    verifying: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: PSS_SHA256.saltLen },
  },
  ecdsa: { family: 'ec', mechanism: mechanismNamed('CKM_ECDSA', pkcs11js.CKM_ECDSA), signs: 'digest', verifying: {} },
  eddsa: { family: 'edwards', mechanism: mechanismNamed('CKM_EDDSA', 0x1057), signs: 'message', verifying: {} },
  'ml-dsa': { family: 'ml-dsa', mechanism: mechanismNamed('CKM_ML_DSA', 0x1d), signs: 'message', verifying: {} },
};
export const SIGNATURE_SCHEMES = Object.keys(SCHEMES) as readonly SignatureScheme[];

export function generatingMechanism(keyType: TokenKeyType): MechanismName {
  return GENERATING[TOKEN_KEY_TYPE_FACTS[keyType].family];
}

/** Returns the signature schemes of keys of this type; the first one is their default. */
export function schemesOf(keyType: TokenKeyType): readonly SignatureScheme[] {
  const { family } = TOKEN_KEY_TYPE_FACTS[keyType];
  return SIGNATURE_SCHEMES.filter((scheme) => SCHEMES[scheme].family === family);
}

export type TokenMechanism = {
  readonly type: number;
  /** `CKM_...` if the name is known, otherwise the number in hexadecimal. */
  readonly name: string;
  readonly keyBitsMin: number;
  readonly keyBitsMax: number;
  readonly uses: readonly ('sign' | 'generate key pair' | 'digest' | 'hardware')[];
};

const USES = [
  ['sign', pkcs11js.CKF_SIGN],
  ['generate key pair', pkcs11js.CKF_GENERATE_KEY_PAIR],
  ['digest', pkcs11js.CKF_DIGEST],
  ['hardware', pkcs11js.CKF_HW],
] as const;

/** Returns all mechanisms that the token reports. */
export function mechanismsOf({ library }: Pkcs11, slot: Slot): readonly TokenMechanism[] {
  return attempt('C_GetMechanismList', () => library.C_GetMechanismList(slot.handle)).map((type) => {
    const { minKeySize, maxKeySize, flags } = attempt('C_GetMechanismInfo', () =>
      library.C_GetMechanismInfo(slot.handle, type),
    );
    const uses = USES.flatMap(([use, flag]) => ((flags & flag) === 0 ? [] : [use]));
    return { type, name: mechanismName(type), keyBitsMin: minKeySize, keyBitsMax: maxKeySize, uses };
  });
}

const OWN_NAMES: ReadonlyMap<number, string> = new Map(
  [...Object.values(GENERATING), ...Object.values(SCHEMES).map(({ mechanism }) => mechanism)].map(({ name, type }) => [
    type,
    name,
  ]),
);
const LIBRARY_NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(pkcs11js).flatMap(([name, value]) => (name.startsWith('CKM_') ? [[value, name] as const] : [])),
);

function mechanismName(type: number): string {
  return OWN_NAMES.get(type) ?? LIBRARY_NAMES.get(type) ?? `0x${type.toString(16)}`;
}

/** Throws `TokenError` (`mechanism-missing`) when the token does not have the mechanism. */
export function requireMechanism(slot: Slot, mechanism: MechanismName, wanted: string): void {
  const has = attempt('C_GetMechanismList', () => {
    const all = slot.getMechanisms();
    return Array.from({ length: all.length }, (_, at) => all.items(at).type).includes(mechanism.type);
  });
  if (has) return;
  const token = attempt('C_GetTokenInfo', () => slot.getToken().label);
  throw new TokenError({ kind: 'mechanism-missing', token, mechanism: mechanism.name, wanted });
}

type KeyToSign = { readonly keyType: TokenKeyType; readonly handle: Buffer };
type MessageToSign = { readonly scheme: SignatureScheme; readonly message: Bytes };

/** Returns the input of C_Sign for this message. */
export function signatureInput(keyType: TokenKeyType, { scheme, message }: MessageToSign): Buffer {
  const facts = TOKEN_KEY_TYPE_FACTS[keyType];
  const { signs, family } = SCHEMES[scheme];
  assert(facts.family === family, `${keyType} keys do not have the scheme ${scheme}`);
  if (signs === 'message' || !('hash' in facts)) return Buffer.from(message);
  const digest = createHash(facts.hash).update(message).digest();
  return signs === 'digest-info' ? Buffer.from(concat([SHA256_DIGEST_INFO, digest])) : digest;
}

const SIGNATURE_BYTES_MAX = 8_192;

/**
 * Makes one signature, in a session that does nothing else meanwhile: for self-tests and
 * measurements. The signatures of a signer go through its session pool. Rejects with `TokenError`.
 */
export async function signOnce(
  { library }: Pkcs11,
  { session, key }: { readonly session: Buffer; readonly key: KeyToSign },
  signing: MessageToSign,
): Promise<Bytes> {
  const { mechanism, parameter, family } = SCHEMES[signing.scheme];
  // These variables keep both buffers alive until C_Sign returns, because pkcs11js passes only
  // their addresses to another thread.
  const input = signatureInput(key.keyType, signing);
  const output = Buffer.alloc(SIGNATURE_BYTES_MAX);
  const native = parameter ? { mechanism: mechanism.type, parameter } : { mechanism: mechanism.type };
  attempt(`C_SignInit with ${mechanism.name}`, () => library.C_SignInit(session, native, key.handle));
  const signature = await new Promise<Buffer | Error>((resolve) => {
    library.C_Sign(session, input, output, (error: Error | null, made: Buffer) => resolve(error ?? made));
  });
  if (signature instanceof Error) {
    return attempt('C_Sign', () => {
      throw signature;
    });
  }
  assert(input.length > 0 && output.length === SIGNATURE_BYTES_MAX, 'input and output outlive C_Sign');
  return family === 'ec' ? ecdsaSignatureDer(signature) : new Uint8Array(signature);
}

/**
 * Whether the signature verifies with node:crypto; null: it cannot be verified, because the OpenSSL
 * of this Node has no ML-DSA.
 */
export function verifySignature(
  { keyType, publicKey }: { readonly keyType: TokenKeyType; readonly publicKey: Bytes },
  { scheme, message }: MessageToSign,
  signature: Bytes,
): boolean | null {
  const facts = TOKEN_KEY_TYPE_FACTS[keyType];
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return verify('hash' in facts ? facts.hash : null, message, { key, ...SCHEMES[scheme].verifying }, signature);
  } catch (thrown) {
    if (facts.family === 'ml-dsa') return null;
    throw thrown;
  }
}
