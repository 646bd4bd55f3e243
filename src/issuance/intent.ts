/**
 * The intent of a certificate: its record before it is signed, and the audit event that announces
 * it. Everything that issues certificates makes both here, so that no way of issuing can forget
 * one of them.
 */
import { accountActor } from '../audit/actors.js';
import { causedBy } from '../audit/entry.js';
import type { AuditDetails, AuditEvent } from '../audit/events.js';
import { assert, present } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { CertificateOrder, Identity } from '../policy/model.js';
import type { AuditWrites } from '../ports/store/audit.js';
import type { CertificateRecord, CertificateWrites } from '../ports/store/certificates.js';
import type { Random } from '../ports/world.js';
import { holderKeyTypeOf, readPublicKey } from '../x509/keys/public-key.js';
import type { EnrolmentFacts, PreparedCertificate } from './prepare.js';

/** Record ids, from random bytes of a cryptographic source. */

/**
 * UUID version 7 (RFC 9562 5.7). Ids ascend in time, so that the newest rows are neighbours in the
 * database.
 */
export function recordIdFrom(now: Instant, random: Bytes): string {
  assert(random.length === 10, 'a UUIDv7 takes 10 random octets');
  const octets = new Uint8Array(16);
  for (let at = 0, rest = now; at < 6; at += 1, rest = Math.floor(rest / 256)) octets[5 - at] = rest % 256;
  octets.set(random, 6);
  octets[6] = ((octets[6] as number) & 0x0f) | 0x70;
  octets[8] = ((octets[8] as number) & 0x3f) | 0x80;
  const hex = toHex(octets);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What the record keeps about the request, as it was accepted. */
export type RequestFacts = Pick<
  CertificateRecord,
  | 'holder'
  | 'card'
  | 'cardTokenId'
  | 'identity'
  | 'keyOrigin'
  | 'container'
  | 'accountId'
  | 'claim'
  | 'renews'
  | 'becomes'
  | 'updateId'
  | 'registrationId'
  | 'protocol'
  | 'selfRenewal'
>;

/** The columns of a certificate for which the API got no request. */
export const WITHOUT_REQUEST = {
  claim: null,
  renews: null,
  becomes: 'issued',
  updateId: null,
  registrationId: null,
  protocol: null,
  selfRenewal: false,
} as const;

/** The part of the request facts that an order states. */
export function orderFacts({
  holder,
  card,
  identity,
  keyOrigin,
  container,
}: CertificateOrder): Pick<RequestFacts, 'holder' | 'card' | 'cardTokenId' | 'identity' | 'keyOrigin' | 'container'> {
  return {
    holder: holder as unknown as Json,
    card: card as unknown as Json,
    cardTokenId: card?.tokenId ?? null,
    identity: identity as unknown as Json,
    keyOrigin,
    container: container ?? null,
  };
}

/** What the record keeps about the certificate. */
type CertificateFacts = Omit<
  CertificateRecord,
  | keyof RequestFacts
  | 'id'
  | 'run'
  | 'signature'
  | 'state'
  | 'createdAt'
  | 'encrypted'
  | 'confirmed'
  | 'recoveredSha256'
>;

type Origin = Pick<CertificateRecord, 'run'> & { readonly at: Instant; readonly random: Random };

/** The columns of a key that a certificate certifies. */
export function keyFacts(spki: Bytes): Pick<CertificateRecord, 'spkiSha256' | 'keyType'> {
  const key = readPublicKey(spki);
  return { spkiSha256: sha256Hex(spki), keyType: key.ok ? holderKeyTypeOf(key.value) : null };
}

export function openIntent(
  certificate: CertificateFacts,
  request: RequestFacts,
  { at, run, random }: Origin,
): CertificateRecord {
  return {
    id: recordIdFrom(at, random(10)),
    ...certificate,
    ...request,
    run,
    signature: null,
    state: { status: 'open' },
    createdAt: at,
    encrypted: false,
    confirmed: false,
    recoveredSha256: null,
  };
}

export function intentOf(
  { plan, serial, key, tbs }: PreparedCertificate,
  request: RequestFacts,
  { policyDigest, ...origin }: Origin & { readonly policyDigest: string },
): CertificateRecord {
  const certificate: CertificateFacts = {
    issuer: plan.issuer,
    serial: toHex(serial),
    profile: plan.profile.id,
    policyDigest,
    tbs,
    notBefore: plan.validity.notBefore,
    notAfter: plan.validity.notAfter,
    holderId: plan.holderId,
    structureId: plan.structureId,
    ...keyFacts(key.spki),
    crlPartition: plan.crlPartition,
  };
  const container = request.container ?? plan.profile.container ?? null;
  return {
    ...openIntent(certificate, { ...request, container }, origin),
    encrypted: key.provenBy === 'confirmation',
  };
}

export type NewIntent = {
  readonly record: CertificateRecord;
  /**
   * In a renewal: whether the evidence of identity came with the request, or is what the old
   * certificate was issued on. null: no renewal.
   */
  readonly evidenceFrom: 'renewed' | 'request' | 'none' | null;
  /** The request that asked for it; `undefined`: a job did. */
  readonly requestId: string | undefined;
  /** The actor, where it is not the account of the record. */
  readonly actor?: string;
  /** What the audit entry says of a request by EST or CMP; left out: another kind of request. */
  readonly enrolment?: EnrolmentFacts | undefined;
  /** The line of an order that asks for it; null: a request of the API does. */
  readonly line: { readonly orderId: string; readonly line: number } | null;
};

/**
 * Stores intents with their audit events. Nothing is signed before the transaction of this call
 * is committed.
 */
export async function storeIntents(
  tx: Pick<CertificateWrites & AuditWrites, 'insertIntents' | 'appendAudit'>,
  intents: readonly NewIntent[],
): Promise<void> {
  const seqs = await tx.appendAudit(intents.map(intentEvent));
  await tx.insertIntents(
    intents.map(({ record }, at) => ({ record, intentSeq: present(seqs[at], 'number of the entry of an intent') })),
  );
}

function intentEvent({
  record,
  evidenceFrom,
  requestId,
  line,
  enrolment,
  actor = accountActor(record.accountId),
}: NewIntent): AuditEvent {
  const { id, issuer, serial, profile, policyDigest, spkiSha256, notBefore, notAfter, keyOrigin } = record;
  return causedBy(requestId, {
    at: record.createdAt,
    type: 'certificate.intent',
    actor,
    details: {
      id,
      issuer,
      serial,
      profile,
      policyDigest,
      tbsSha256: sha256Hex(record.tbs),
      spkiSha256,
      notBefore,
      notAfter,
      holder: record.holderId,
      structure: record.structureId,
      card: record.cardTokenId,
      ...evidenceOf(record.identity),
      keyOrigin,
      ...(evidenceFrom === null ? {} : { renews: record.renews, evidenceFrom }),
      ...(record.registrationId === null ? {} : { registration: record.registrationId }),
      ...(enrolment === undefined ? {} : { enrolment: enrolmentDetails(enrolment) }),
      ...(line === null ? {} : { order: line.orderId, line: line.line }),
    },
  });
}

function enrolmentDetails({
  protocol,
  sources,
  modifications,
}: EnrolmentFacts): NonNullable<AuditDetails<'certificate.intent'>['enrolment']> {
  return { protocol, sources, modifications: modifications.map(({ kind, what }) => `${kind} ${what}`) };
}

/** Records store the evidence of identity in the shape that the policy has accepted. */
export function evidenceOf(stored: Json): Pick<AuditDetails<'certificate.intent'>, 'evidence' | 'assurance'> {
  const identity = stored as unknown as Identity | null;
  if (identity === null) return { evidence: null, assurance: null };
  const { assurance, source, reference, verifiedAt } = identity;
  return { evidence: canonicalJson({ date: verifiedAt, reference, source }), assurance };
}
