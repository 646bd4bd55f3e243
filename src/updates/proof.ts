/**
 * The proof that comes with a request: a statement and the signature of a card's key over it, alone
 * or in CMS. Reading and verifying it needs nothing but its octets, the certificate and what the
 * request asks for; what the certificate may do is checked elsewhere
 * (`src/access/client-certificate.ts`).
 */
import { constants } from 'node:crypto';
import { type Bytes, fromBase64 } from '../kernel/bytes.js';
import { type HashName, sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type Fault, fault, type Violation } from '../texts/text.js';
import { type CardCms, cmsVerifies, isSigner, readCardCms, type SignerCertificate } from '../x509/card-cms.js';
import { importPublicKey, verifyAsync } from '../x509/keys/algorithms.js';
import { placeOf, readPublicKey } from '../x509/keys/public-key.js';
import type { CurveName } from '../x509/model.js';
import {
  type CardStatement,
  type ExpectedStatement,
  readStatement,
  signedOctetsOf,
  statementFaults,
  textOfSignedOctets,
} from './statement.js';

/**
 * As it is sent: with `statement` and `signature`, or with `cms`. `signature` and `cms` are base64.
 */
export type ProofBody = {
  readonly certificateId: string;
  readonly statement?: string;
  readonly signature?: string;
  readonly cms?: string;
};

export type Proof = {
  /** The id of the certificate whose key has signed. */
  readonly certificateId: string;
  readonly statement: CardStatement;
  /** Prefix and statement. */
  readonly signedOctets: Bytes;
  /** SHA-256 hex of the signed octets; the audit entry of what the proof has caused has it. */
  readonly sha256: string;
  readonly signed:
    | { readonly form: 'signature'; readonly signature: Bytes }
    | { readonly form: 'cms'; readonly der: Bytes; readonly cms: CardCms };
};

/** The place of all violations of a proof. */
const PROOF_POINTER = '/proof';

export function atProof(found: Fault): Violation {
  return { pointer: PROOF_POINTER, rule: found.rule, message: found.message };
}

/** Reads the statement and the shape of the signature, and verifies nothing. */
export function readProof(body: ProofBody): Result<Proof, Violation> {
  const { certificateId, statement, signature, cms } = body;
  if (cms !== undefined && statement === undefined && signature === undefined) return readCms(certificateId, cms);
  if (cms !== undefined || statement === undefined || signature === undefined) return refuse(fault('proof-form'));
  const read = readStatement(statement);
  if (!read.ok) return refuse(read.error);
  const octets = fromBase64(signature);
  if (octets === null) return refuse(fault('signature-verifies/base64'));
  return ok(proofOf(certificateId, read.value, { form: 'signature', signature: octets }));
}

function readCms(certificateId: string, base64: string): Result<Proof, Violation> {
  const der = fromBase64(base64);
  if (der === null) return refuse(fault('cms-shape/base64'));
  const cms = readCardCms(der);
  if (!cms.ok) return refuse(fault('cms-shape', placeOf(cms.error)));
  const text = textOfSignedOctets(cms.value.content);
  if (text === null) return refuse(fault('cms-shape/content'));
  const statement = readStatement(text);
  if (!statement.ok) return refuse(statement.error);
  return ok(proofOf(certificateId, statement.value, { form: 'cms', der, cms: cms.value }));
}

function proofOf(certificateId: string, statement: CardStatement, signed: Proof['signed']): Proof {
  const signedOctets = signedOctetsOf(statement);
  return { certificateId, statement, signedOctets, sha256: sha256Hex(signedOctets), signed };
}

function refuse(found: Fault): Result<never, Violation> {
  return err(atProof(found));
}

/**
 * Checks what the statement says against the request, and verifies the signature with the key of
 * the certificate. `certificate` is null where there is no such certificate of this card. Returns
 * all violations; none: the key of the certificate has signed this request.
 */
export async function checkProof(
  proof: Proof,
  expected: ExpectedStatement,
  certificate: SignerCertificate | null,
): Promise<readonly Violation[]> {
  const broken = statementFaults(proof.statement, expected);
  const unsigned = certificate === null ? fault('certificate-of-this-card') : await signatureFault(proof, certificate);
  return [...broken, ...(unsigned === null ? [] : [unsigned])].map(atProof);
}

async function signatureFault({ signed, signedOctets }: Proof, certificate: SignerCertificate): Promise<Fault | null> {
  if (signed.form === 'cms' && !isSigner(signed.cms, certificate)) return fault('cms-shape/signer');
  const { spki } = certificate;
  const verifies =
    signed.form === 'cms'
      ? await cmsVerifies(signed.cms, spki)
      : await signatureVerifies({ spki, data: signedOctets, signature: signed.signature });
  return verifies ? null : fault('signature-verifies');
}

/** A key on a curve signs the hash that is as strong as the curve (RFC 5758 3.2 allows others). */
const HASHES: Readonly<Record<CurveName, HashName>> = {
  'p-256': 'sha256',
  'p-384': 'sha384',
  'p-521': 'sha512',
  'brainpool-p256r1': 'sha256',
  'brainpool-p384r1': 'sha384',
};

/**
 * RSA keys sign with PKCS#1 v1.5 and SHA-256. EC keys sign with the hash of their curve; the
 * signature is an ECDSA-Sig-Value in DER. Ed25519 keys sign the octets themselves (RFC 8032).
 */
async function signatureVerifies(claim: {
  readonly spki: Bytes;
  readonly data: Bytes;
  readonly signature: Bytes;
}): Promise<boolean> {
  const { spki, data, signature } = claim;
  const view = readPublicKey(spki);
  const key = importPublicKey(spki);
  if (!view.ok || key === null) return false;
  switch (view.value.kind) {
    case 'rsa':
      return verifyAsync({ key, hash: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING }, data, signature });
    case 'ec':
      return verifyAsync({ key, hash: HASHES[view.value.curve], options: {}, data, signature });
    case 'ed25519':
      return verifyAsync({ key, hash: null, options: {}, data, signature });
  }
}
