/**
 * Reads certification requests from other machines: those of issuing CAs, of OCSP responders, of
 * CMP signers and of break-glass officers.
 */

import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { Policy } from '../../../policy/model.js';
import { authorityName } from '../../../policy/plan/authority-name.js';
import { allowedKeyTypes, responderProfileOf, signerName } from '../../../policy/plan/plan.js';
import { encodeName } from '../../../x509/certificate/name-writer.js';
import { holderKeyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import type { HolderKeyType, Name } from '../../../x509/model.js';
import { readCertificationRequest } from '../../../x509/request/certification-request.js';
import { type StepFailure, wrongFile } from '../../failures.js';
import { authorityOf } from './issuers.js';

type RequestFile = { readonly path: string; readonly content: Bytes };
type RequestedKey = { readonly spki: Bytes; readonly keyType: HolderKeyType };
type ProvenRequest = { readonly spki: Bytes; readonly keyType: HolderKeyType | null; readonly subject: Name };

async function readProven({ path, content }: RequestFile): Promise<Result<ProvenRequest, StepFailure>> {
  const request = await readCertificationRequest(new TextDecoder().decode(content));
  if (!request.ok) return wrongFile(path, request.error.message);
  const { subject } = request.value;
  const { spki } = request.value.key;
  const view = readPublicKey(spki);
  return ok({ spki, subject, keyType: view.ok ? holderKeyTypeOf(view.value) : null });
}

function isNamed(subject: Name, expected: Name): boolean {
  return equalBytes(encodeName(subject), encodeName(expected));
}

/**
 * Reads the SubjectPublicKeyInfo in the request of a CA, which proves possession of the key and has
 * the type and the name that the policy has for this CA.
 */
export async function readRequest(
  policy: Policy,
  authority: string,
  file: RequestFile,
): Promise<Result<Bytes, StepFailure>> {
  const { path } = file;
  const request = await readProven(file);
  if (!request.ok) return request;
  const { spki, subject, keyType } = request.value;
  const { definition, generation } = authorityOf(policy, authority);
  if (keyType !== definition.keyType)
    return wrongFile(path, {
      fr: `clé ${keyType} au lieu de ${definition.keyType}`,
      en: `${keyType} key instead of ${definition.keyType}`,
    });
  if (!isNamed(subject, authorityName(policy, definition, generation)))
    return wrongFile(path, {
      fr: `demande pour un autre nom que celui de ${authority}`,
      en: `not for the name of ${authority}`,
    });
  return ok(spki);
}

/**
 * Reads the key in the request of a responder of an issuing CA. The name in the request ties the
 * key to this CA and to no other of the hierarchy.
 */
export async function readResponderRequest(
  policy: Policy,
  issuer: string,
  { now, ...file }: RequestFile & { readonly now: number },
): Promise<Result<RequestedKey, StepFailure>> {
  const { path } = file;
  const request = await readProven(file);
  if (!request.ok) return request;
  const { spki, subject, keyType } = request.value;
  const { authority, generation } = authorityOf(policy, issuer);
  const allowed = allowedKeyTypes(policy, responderProfileOf(policy, authority), now);
  if (keyType === null || !allowed.includes(keyType))
    return wrongFile(path, {
      fr: `clé ${keyType} ; types admis : ${allowed.join(', ')}`,
      en: `${keyType} key; allowed types: ${allowed.join(', ')}`,
    });
  if (!isNamed(subject, signerName(policy, 'responder', { authority, generation })))
    return wrongFile(path, {
      fr: `demande pour un autre nom que celui du répondeur de ${issuer}`,
      en: `not for the name of the responder of ${issuer}`,
    });
  return ok({ spki, keyType });
}

/**
 * Reads the SubjectPublicKeyInfo in the request of the CMP signer of an issuing CA. The name in the
 * request ties it to this CA.
 */
export async function readCmpRequest(
  policy: Policy,
  issuer: string,
  file: RequestFile,
): Promise<Result<Bytes, StepFailure>> {
  const { path } = file;
  const request = await readProven(file);
  if (!request.ok) return request;
  const { spki, subject, keyType } = request.value;
  if (keyType !== 'p-256')
    return wrongFile(path, { fr: `clé ${keyType} au lieu de p-256`, en: `${keyType} key instead of p-256` });
  if (!isNamed(subject, signerName(policy, 'cmp-signer', authorityOf(policy, issuer))))
    return wrongFile(path, {
      fr: `demande pour un autre nom que celui du signataire CMP de ${issuer}`,
      en: `not for the name of the CMP signer of ${issuer}`,
    });
  return ok(spki);
}

/**
 * Key types of the cards and tokens of officers. RSA keys under 3,000 bits end with 2028 (ETSI TS
 * 119 312), and these cards are kept for years.
 */
const OFFICER_KEYS: readonly HolderKeyType[] = ['p-256', 'p-384', 'p-521', 'rsa-3072', 'rsa-4096'];

/**
 * Reads the key in the request of an officer. The name in the request is ignored: the plan says
 * which name the certificate gets.
 */
export async function readOfficerRequest(file: RequestFile): Promise<Result<RequestedKey, StepFailure>> {
  const request = await readProven(file);
  if (!request.ok) return request;
  const { spki, keyType } = request.value;
  if (keyType !== null && OFFICER_KEYS.includes(keyType)) return ok({ spki, keyType });
  return wrongFile(file.path, {
    fr: `clé ${keyType} ; types admis : ${OFFICER_KEYS.join(', ')}`,
    en: `${keyType} key; allowed types: ${OFFICER_KEYS.join(', ')}`,
  });
}

/** Checks that the key has the hash that the plan states. */
export function checkExpectedKey(
  path: string,
  { spki, expected }: { readonly spki: Bytes; readonly expected: string },
): Result<void, StepFailure> {
  const found = sha256Hex(spki);
  return expected === '*' || expected === found
    ? ok(undefined)
    : wrongFile(path, { fr: `l'empreinte de sa clé est ${found}`, en: `the SHA-256 of its key is ${found}` });
}
