/**
 * The header and the protection of an answer (RFC 9483 3.1 and 3.2): by the algorithm and secret of
 * a request with a MAC, otherwise by the CMP key of the CA that is asked. An answer that is
 * expected is protected while the database commits.
 */
import { contextConstructed } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { answerVersion } from '../../cmp/header.js';
import { encodeMessage, encodeProtectedPart } from '../../cmp/message.js';
import type { AlgorithmIdentifier, GeneralName, PkiHeader, UnprotectedMessage } from '../../cmp/model.js';
import { withFreshSalt } from '../../cmp/protection/fresh-salt.js';
import type { MacUse, ProtectionUse } from '../../cmp/protection/signature.js';
import { errorFault } from '../../cmp/status-info.js';
import { type Bytes, equalBytes, utf8 } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import { encodeName } from '../../x509/certificate/name-writer.js';
import { algorithmIdentifierDer } from '../../x509/keys/algorithms.js';
import type { Name } from '../../x509/model.js';
import type { World } from '../world.js';
import { errorAnswer } from './answers.js';
import type { CmpSigner } from './cmp-signers.js';
import type { CmpAnswer } from './exchange.js';

type UnprotectedAnswer = {
  /** The header of the request. */
  readonly header: PkiHeader;
  readonly answer: CmpAnswer;
  /** null: the protection of the request was not found to be right. */
  readonly use: ProtectionUse | null;
};

/**
 * The part that is signed has to fit into one frame to the platform's signer. A batch of questions
 * for CRLs may have a larger answer; an error fits, whatever the names in the request are.
 */
const SIGNED_BYTES_MAX = LIMITS.signerFrameBytesMax - 1024;
const TOO_LARGE = errorFault('addInfoNotAvailable', 'The answer is too large: ask for less in one message.');

/** The whole message, DER; null: it cannot be signed or protected now. */
export async function protectAnswer(world: World, unprotected: UnprotectedAnswer): Promise<Bytes | null> {
  const { use } = unprotected;
  if (use?.kind === 'mac') return withMac(world, unprotected, use);
  const signer = use !== null || world.cmpParts.maySignError() ? signerFor(world, unprotected.answer.authority) : null;
  if (signer !== null) return signed(world, unprotected, signer);
  world.cmpParts.unprotected();
  return bare(world, unprotected);
}

/** The signer of the authority, or else of the CA of the default profile, or any. */
function signerFor({ cmpSigners, policy, issuers }: World, authority: string | null): CmpSigner | null {
  const { defaultProfile } = policy.environment.enrolment;
  const usual = policy.profiles.get(defaultProfile ?? '')?.authority ?? null;
  const all = issuers.all().map((issuer) => issuer.authority);
  for (const one of [authority, usual, ...all]) {
    const signer = one === null ? null : cmpSigners.of(one);
    if (signer !== null) return signer;
  }
  return null;
}

type UnsignedAnswer = Pick<UnprotectedAnswer, 'header' | 'answer'>;

async function signed(world: World, { header, answer }: UnsignedAnswer, signer: CmpSigner): Promise<Bytes | null> {
  const fields = { protectionAlg: ECDSA, sender: directoryName(signer.subject), senderKID: signer.keyIdentifier };
  const part = encodeProtectedPart(partOf(world, { header, answer }, fields));
  if (part.length > SIGNED_BYTES_MAX) {
    const { senderNonce, recipNonce } = answer;
    return signed(world, { header, answer: errorAnswer(TOO_LARGE, { senderNonce, recipNonce }) }, signer);
  }
  const signature = await signer.sign(part);
  if (!signature.ok) return null;
  const extraCerts = distinct([signer.certificate, ...signer.chain, ...answer.extraCerts]);
  return encodeMessage(part, { protection: signature.value, extraCerts });
}

const ECDSA: AlgorithmIdentifier = {
  oid: OID.ecdsaWithSha256,
  parameters: null,
  der: algorithmIdentifierDer('ecdsaWithSha256'),
};

async function withMac(world: World, { header, answer }: UnprotectedAnswer, use: MacUse): Promise<Bytes | null> {
  const derived = await macKeyOf(world, use);
  if (derived === null) return null;
  const { identifier, mac } = derived.use;
  const sender = directoryName(encodeName(commonName(use.reference)));
  const fields = { protectionAlg: identifier, sender, senderKID: utf8(use.reference) };
  const part = encodeProtectedPart(partOf(world, { header, answer }, fields));
  const protection = mac.compute(derived.key, part);
  return encodeMessage(part, { protection, extraCerts: distinct(answer.extraCerts) });
}

/**
 * The key for an answer, with a salt of its own. While the budget of iterations is used up, the
 * answer has the key of its request, which is in the cache. null: the cache no longer has it.
 */
async function macKeyOf(
  { cmpParts, policy, random }: World,
  use: MacUse,
): Promise<{ readonly use: MacUse; readonly key: Bytes } | null> {
  const { pbmIterationsMax, pbmac1IterationsMax } = policy.environment.enrolment.cmp;
  const limits = { passwordBasedMacIterationsMax: pbmIterationsMax, pbkdf2IterationsMax: pbmac1IterationsMax };
  for (const one of [withFreshSalt(use, { random, limits }), use]) {
    const key = await cmpParts.keyWork.keyOf(one);
    if (key.ok) return { use: one, key: key.value };
  }
  return null;
}

function bare(world: World, { header, answer }: UnprotectedAnswer): Bytes {
  const fields = { protectionAlg: null, sender: directoryName(encodeName([])), senderKID: null };
  const part = encodeProtectedPart(partOf(world, { header, answer }, fields));
  return encodeMessage(part, { protection: null, extraCerts: [] });
}

function partOf(
  { clock }: World,
  { header, answer }: UnsignedAnswer,
  fields: Pick<PkiHeader, 'protectionAlg' | 'sender' | 'senderKID'>,
): UnprotectedMessage {
  return {
    header: {
      ...fields,
      pvno: answerVersion(header.pvno),
      recipient: header.sender,
      messageTime: Math.floor(clock() / SECOND_MS) * SECOND_MS,
      recipKID: null,
      transactionID: header.transactionID,
      senderNonce: answer.senderNonce,
      recipNonce: answer.recipNonce,
      freeText: [],
      generalInfo: answer.generalInfo,
    },
    bodyKind: answer.bodyKind,
    bodyContent: answer.bodyContent,
  };
}

function commonName(value: string): Name {
  return [[{ type: OID.commonName, form: 'utf8String', value }]];
}

function directoryName(nameDer: Bytes): GeneralName {
  return { kind: 'other', der: contextConstructed(4, nameDer) };
}

function distinct(certificates: readonly Bytes[]): readonly Bytes[] {
  return certificates.filter((one, at) => certificates.findIndex((other) => equalBytes(other, one)) === at);
}

/** Returns the whole message, DER; null: it cannot be protected now. */
type Protect = (answer: CmpAnswer) => Promise<Bytes | null>;

export type ExpectedAnswer = {
  /** Begins to protect an answer. Called before the commit, with the answer if it succeeds. */
  readonly expect: (answer: CmpAnswer) => void;
  /** Called after the commit, with the answer that is sent. */
  readonly protect: Protect;
};

/**
 * Protects the answer to a message while the database stores what it says, because a signature of
 * the platform's signer takes about as long as a commit. It is sent only if the database has
 * committed and the message gets exactly this answer. Otherwise the other answer is protected, and
 * this one is dropped.
 */
export function createExpectedAnswer(protect: Protect): ExpectedAnswer {
  let expected: { readonly answer: CmpAnswer; readonly message: Promise<Bytes | null> } | null = null;
  let isAnswered = false;
  return {
    expect: (answer) => {
      // The certificate came late, and its client was told to poll for it.
      if (isAnswered) return;
      const message = protect(answer);
      // A failure counts only where the answer is sent.
      message.catch(() => null);
      expected = { answer, message };
    },
    protect: (answer) => {
      isAnswered = true;
      return expected !== null && isSameAnswer(expected.answer, answer) ? expected.message : protect(answer);
    },
  };
}

function isSameAnswer(one: CmpAnswer, other: CmpAnswer): boolean {
  const { bodyKind, authority, failInfo } = one;
  if (bodyKind !== other.bodyKind || authority !== other.authority || failInfo !== other.failInfo) return false;
  const [some, others] = [octetsOf(one), octetsOf(other)];
  return some.length === others.length && some.every((octets, at) => isSame(octets, others[at] ?? null));
}

function octetsOf(answer: CmpAnswer): readonly (Bytes | null)[] {
  const { bodyContent, senderNonce, recipNonce, generalInfo, extraCerts } = answer;
  const infos = generalInfo.flatMap(({ oid, value }) => [utf8(oid), value]);
  return [bodyContent, senderNonce, recipNonce, ...infos, ...extraCerts];
}

function isSame(one: Bytes | null, other: Bytes | null): boolean {
  return one === null || other === null ? one === other : equalBytes(one, other);
}
