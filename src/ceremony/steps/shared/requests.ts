/**
 * Reads certification requests: those of issuing CAs, of OCSP responders, of CMP signers and of
 * break-glass officers.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { type Bytes, equalBytes, utf8 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { cmpKeyLabel } from '../../../policy/cmp-keys.js';
import type { Policy } from '../../../policy/model.js';
import { authorityName } from '../../../policy/plan/authority-name.js';
import { allowedKeyTypes, cmpProfileOf, responderProfileOf, signerName } from '../../../policy/plan/plan.js';
import { encodeName } from '../../../x509/certificate/name-writer.js';
import { signatureAlgorithmFor } from '../../../x509/keys/algorithms.js';
import { holderKeyTypeOf, keyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import type { HolderKeyType, KeyType, Name } from '../../../x509/model.js';
import { encodePem } from '../../../x509/pem.js';
import { readCertificationRequest } from '../../../x509/request/certification-request.js';
import { assembleRequest, encodeRequestInfo } from '../../../x509/request/certification-request-writer.js';
import { type StepFailure, wrongFile } from '../../failures.js';
import { type CheckContext, type Fault, keyOnToken } from '../../plan/model.js';
import type { Facts } from '../../transcript/transcript.js';
import type { StepContext } from '../kind.js';
import { authorityOf, findAuthority, publicKeyOn } from './checks.js';

export type RequestFile = { readonly path: string; readonly content: Bytes };
type RequestedKey = { readonly spki: Bytes; readonly keyType: HolderKeyType };
export type ReadRequest = Promise<Result<RequestedKey, StepFailure>>;

/** Reads a request that proves possession of its key. The key must have one of these types. */
async function readProven(
  { path, content }: RequestFile,
  keyTypes: readonly (HolderKeyType | KeyType)[],
): Promise<Result<RequestedKey & { readonly subject: Name }, StepFailure>> {
  const request = await readCertificationRequest(new TextDecoder().decode(content));
  if (!request.ok) return wrongFile(path, request.error.message);
  const { subject } = request.value;
  const { spki } = request.value.key;
  const view = readPublicKey(spki);
  const keyType = view.ok ? holderKeyTypeOf(view.value) : null;
  if (keyType !== null && keyTypes.includes(keyType)) return ok({ spki, keyType, subject });
  const allowed = keyTypes.join(', ');
  return wrongFile(path, {
    fr: `clé ${keyType} ; types admis : ${allowed}`,
    en: `${keyType} key; allowed types: ${allowed}`,
  });
}

type ExpectedRequest = {
  readonly keyTypes: readonly (HolderKeyType | KeyType)[];
  readonly name: Name;
  /** Says whose name it is, with the preposition: `de aci-el-org`, `of aci-el-org`. */
  readonly owner: Bilingual;
};

/**
 * Reads a request and checks that it is for this name, so that a request is not certified for
 * another CA or signer.
 */
async function readNamed(file: RequestFile, { keyTypes, name, owner }: ExpectedRequest): ReadRequest {
  const request = await readProven(file, keyTypes);
  if (!request.ok) return request;
  const { subject, ...key } = request.value;
  if (equalBytes(encodeName(subject), encodeName(name))) return ok(key);
  return wrongFile(file.path, {
    fr: `demande pour un autre nom que celui ${owner.fr}`,
    en: `not for the name ${owner.en}`,
  });
}

/**
 * Reads the key in the request of a CA. It must have the type and the name that the policy states.
 */
export async function readRequest(policy: Policy, authority: string, file: RequestFile): ReadRequest {
  const { definition, generation } = authorityOf(policy, authority);
  return readNamed(file, {
    keyTypes: [definition.keyType],
    name: authorityName(policy, definition, generation),
    owner: { fr: `de ${authority}`, en: `of ${authority}` },
  });
}

/**
 * Reads the key in the request of a responder. The name must be that of the responder of this CA,
 * and not of another CA of the hierarchy.
 */
export async function readResponderRequest(
  policy: Policy,
  issuer: string,
  { now, ...file }: RequestFile & { readonly now: number },
): ReadRequest {
  const { authority, generation } = authorityOf(policy, issuer);
  return readNamed(file, {
    keyTypes: allowedKeyTypes(policy, responderProfileOf(policy, authority), now),
    name: signerName(policy, 'responder', { authority, generation }),
    owner: { fr: `du répondeur de ${issuer}`, en: `of the responder of ${issuer}` },
  });
}

/** Reads the key in the request of the CMP signer of an issuing CA. */
export async function readCmpRequest(policy: Policy, issuer: string, file: RequestFile): ReadRequest {
  return readNamed(file, {
    keyTypes: ['p-256'],
    name: signerName(policy, 'cmp-signer', authorityOf(policy, issuer)),
    owner: { fr: `du signataire CMP de ${issuer}`, en: `of the CMP signer of ${issuer}` },
  });
}

/**
 * The key types that officers may have on cards and tokens. RSA keys of less than 3,000 bits are
 * not among them, because they may be used only until the end of 2028 (ETSI TS 119 312), and
 * officers keep their cards for years.
 */
const OFFICER_KEY_TYPES: readonly HolderKeyType[] = ['p-256', 'p-384', 'p-521', 'rsa-3072', 'rsa-4096'];

/**
 * Reads the key in the request of an officer. The name in the request is ignored: the plan says
 * which name the certificate gets.
 */
export function readOfficerRequest(file: RequestFile): ReadRequest {
  return readProven(file, OFFICER_KEY_TYPES);
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

/**
 * Writes and reads certification requests (PKCS#10, PEM) for keys on tokens, which sign their own
 * requests.
 */
type KeyOfToken = { readonly token: string; readonly key: string };

const ANOTHER_KEY = { fr: 'elle ne porte pas sur la clé du jeton', en: 'not for the key on the token' };

/**
 * Reads the certification request that the step has written, checks that it is for the key on the
 * token, and returns what the transcript records of it; null: the file does not exist.
 */
export async function findRequest(
  context: StepContext,
  { output, of }: { readonly output: string; readonly of: KeyOfToken },
  read: (file: RequestFile) => ReadRequest,
): Promise<Result<Facts | null, StepFailure>> {
  const content = await context.world.files.read(output);
  if (content === null) return ok(null);
  const key = await publicKeyOn(context, of);
  if (!key.ok) return key;
  const request = await read({ path: output, content });
  if (!request.ok) return request;
  if (!equalBytes(request.value.spki, key.value)) return wrongFile(output, ANOTHER_KEY);
  return ok({ artefact: output, sha256: sha256Hex(content), ...of, publicKeySha256: sha256Hex(key.value) });
}

export async function writeRequest(
  context: StepContext,
  { output, of, subject }: { readonly output: string; readonly of: KeyOfToken; readonly subject: Name },
): Promise<Result<void, StepFailure>> {
  const key = await publicKeyOn(context, of);
  if (!key.ok) return key;
  const view = readPublicKey(key.value);
  const keyType = view.ok ? keyTypeOf(view.value) : null;
  if (keyType === null) return err({ kind: 'missing', what: keyOnToken(of) });
  const info = encodeRequestInfo({ subject, spki: key.value });
  const signature = await (await context.token(of.token)).sign(of.key, keyType, info);
  const request = assembleRequest(info, signatureAlgorithmFor(keyType), signature);
  await context.world.files.create(output, utf8(encodePem('CERTIFICATE REQUEST', request)));
  return ok(undefined);
}

/** Returns the label of the key that signs the CMP answers of an issuer of a checked plan. */
export function cmpKeyOf(policy: Policy, issuer: string): string {
  return cmpKeyLabel(authorityOf(policy, issuer).definition.hierarchy);
}

/** Checks that the policy has a profile of CMP signers for this CA. */
export function cmpAuthorityFaults(issuer: string, { policy }: CheckContext): readonly Fault[] {
  const authority = findAuthority(policy, issuer);
  if (authority !== null && cmpProfileOf(policy, authority.id) !== null) return [];
  const message = {
    fr: `la politique n'a pas de profil de signataire CMP pour ${issuer}`,
    en: `the policy has no profile of CMP signers for ${issuer}`,
  };
  return [{ pointer: '/issuer', message }];
}
