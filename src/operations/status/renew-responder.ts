/**
 * The certificate of a delegated responder, made again for the same key before it ends (RFC 6960 4.2.2.2.1): no ceremony, and no
 * door for another key, because the CA's signer certifies those alone that a ceremony has certified before (ops/decisions/0007).
 *
 * The record is what counts: whichever service on this database renews, the others find the certificate there. An intent that a
 * crash leaves open is given up as revoked (`recover.ts`), and the next run makes another.
 */
import { recordIdFrom } from '../../issuance/record-id.js';
import { toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { describeFindings, lintCertificate } from '../../lint/certificate/lint.js';
import { type DelegatedResponder, readDelegatedResponder } from '../../ocsp/responder.js';
import type { Policy } from '../../policy/model.js';
import { allowedKeyTypes, planResponder, responderProfileOf } from '../../policy/plan/plan.js';
import type { Linted, Signer } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Lease } from '../../ports/store/leases.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { serialFrom } from '../../x509/certificate/serial-number.js';
import { verifySignature } from '../../x509/keys/algorithms.js';
import type { Issuer } from '../../x509/model.js';
import { passClockMark } from '../clock.js';
import type { OperationFailure } from '../failures.js';
import { lintFailed } from '../issuance/lint-failed.js';
import { SETTLEMENT } from '../issuance/store-signatures.js';
import type { World } from '../world.js';
import { WRITERS } from '../writers.js';

export type RenewalWorld = Pick<
  World,
  'policy' | 'store' | 'clock' | 'random' | 'log' | 'writers' | 'countFindings'
> & {
  readonly signer: Pick<Signer, 'responderCertificate' | 'doubt'>;
};

export type Renewing = { readonly issuer: Issuer; readonly responder: DelegatedResponder };

/**
 * From two thirds of its life on: a third is left for an HSM that is away, and for people to notice. And where it lives longer than
 * policy gives it now. And where it is not valid yet: it was made by a clock that was ahead, and nobody takes its answers until then.
 */
export function renewalDue(policy: Policy, { issuer, responder }: Renewing, now: Instant): boolean {
  const { spki, keyType, notBefore, notAfter } = responder;
  const profile = responderProfileOf(policy, issuer.authority);
  // A dated exception for its type has ended: so does it, and the other one answers.
  if (!allowedKeyTypes(policy, profile, now).includes(keyType)) return false;
  const lifeMs = notAfter - notBefore;
  if (now >= notBefore + (2 / 3) * lifeMs || now < notBefore) return true;
  const { validity } = planResponder(policy, { profile, spki, issuer, now });
  // Near the end of the authority both end with it.
  return lifeMs > validity.notAfter - validity.notBefore && notAfter > validity.notAfter;
}

/**
 * The newest one on record for this key that a relying party takes now; null where none is newer than `responder`, or where that is not
 * valid yet, none at all. One from a clock that is ahead, by seconds at another node or by far, waits for its time.
 */
export async function newestResponder(
  { store, clock }: { readonly store: Pick<World['store'], 'read'>; readonly clock: World['clock'] },
  { issuer, responder }: Renewing,
): Promise<Result<DelegatedResponder | null, OperationFailure>> {
  const found = await store.read((reads) => reads.certificatesByKeys([sha256Hex(responder.spki)]));
  if (!found.ok) return found;
  const now = clock();
  let newest: DelegatedResponder | null = null;
  for (const { issuer: id, tbs, signature, state } of found.value) {
    if (id !== issuer.id || signature === null || state.status !== 'issued') continue;
    const read = readDelegatedResponder(issuer, assembleCertificate(tbs, issuer.signatureAlgorithm, signature));
    if (!read.ok || read.value.notBefore > now || read.value.notAfter <= now) continue;
    const best = newest ?? (responder.notBefore > now ? null : responder);
    if (best === null || read.value.notBefore > best.notBefore) newest = read.value;
  }
  return ok(newest);
}

/** `lease`: of this work, so that of several services one does it; who has lost it writes nothing. */
export async function renewResponder(
  world: RenewalWorld,
  { issuer, responder, lease }: Renewing & { readonly lease: Lease },
): Promise<Result<DelegatedResponder, OperationFailure>> {
  const now = world.clock();
  const prepared = prepare(world, { issuer, responder }, now);
  if (!prepared.ok) return prepared;
  const { record, token } = prepared.value;
  const reserved = await reserve(world, record, lease);
  if (!reserved.ok) return reserved;
  const signature = await world.signer.responderCertificate(token, record.profile);
  if (!signature.ok) {
    if (signature.error.kind === 'signer-unavailable') return err(signature.error);
    return internal(`${signature.error.rule}: ${signature.error.detail}`);
  }
  const { spki, signatureAlgorithm: algorithm } = issuer;
  if (!verifySignature({ spki, algorithm, data: record.tbs, signature: signature.value })) {
    await world.signer.doubt('crl', issuer.id, signature.value);
    return internal(`a signature of ${issuer.id} does not verify`);
  }
  const signed = [{ record, signature: signature.value }];
  const settlement = { signed, status: 'issued', actor: 'system', now: world.clock(), claim: null } as const;
  const settled = await world.store.groupedTransaction(SETTLEMENT, settlement);
  if (!settled.ok) return settled;
  if (settled.value === null) return internal('its intent was given up meanwhile');
  const read = readDelegatedResponder(issuer, assembleCertificate(record.tbs, algorithm, signature.value));
  return read.ok ? read : internal(read.error.rule);
}

type Prepared = { readonly record: CertificateRecord; readonly token: Linted<'certificate'> };

function prepare(
  world: RenewalWorld,
  { issuer, responder }: Renewing,
  now: Instant,
): Result<Prepared, OperationFailure> {
  const { policy, random } = world;
  const { spki } = responder;
  const profile = responderProfileOf(policy, issuer.authority);
  const plan = planResponder(policy, { profile, spki, issuer, now });
  const serial = serialFrom(random(LIMITS.serialOctets));
  const tbs = (world.writers ?? WRITERS).certificate({
    serial,
    signatureAlgorithm: issuer.signatureAlgorithm,
    issuerDer: issuer.subjectDer,
    validity: plan.validity,
    subject: plan.subject,
    spki,
    extensions: plan.extensions,
  });
  const token = lintCertificate({ tbs, issuer, profile, environment: policy.environment, now });
  if (!token.ok) {
    lintFailed(world, { issuer: issuer.id, profile: profile.id }, token.error.findings);
    return internal(describeFindings(token.error).join('; '));
  }
  const record: CertificateRecord = {
    id: recordIdFrom(now, random(10)),
    issuer: issuer.id,
    serial: toHex(serial),
    profile: profile.id,
    policyDigest: policy.digest,
    tbs,
    signature: null,
    state: { status: 'open' },
    ...plan.validity,
    createdAt: now,
    holderId: plan.holderId,
    structureId: null,
    cardTokenId: null,
    holder: { responder: issuer.id },
    card: null,
    identity: { method: 'ceremony' },
    keyOrigin: 'module',
    spkiSha256: sha256Hex(spki),
    accountId: 'system',
    claim: null,
    renews: null,
    crlPartition: null,
  };
  return ok({ record, token: token.value });
}

async function reserve(
  { store }: RenewalWorld,
  record: CertificateRecord,
  lease: Lease,
): Promise<Result<void, OperationFailure>> {
  const { id, issuer, serial, profile, policyDigest, keyOrigin, createdAt: at } = record;
  const details = { id, issuer, serial, profile, policyDigest, tbsSha256: sha256Hex(record.tbs), keyOrigin };
  const outcome = await store.transaction(async (tx): Promise<Result<void, OperationFailure>> => {
    const behind = await passClockMark(tx, at);
    if (behind > 0) return err({ kind: 'clock-behind', retryAfterMs: behind, detail: `${behind} ms` });
    if (!(await tx.leaseHeld(lease))) return internal('another service has taken the work over');
    await tx.insertIntents([record]);
    await tx.appendAudit([{ at, type: 'certificate.intent', actor: 'system', outcome: 'intent', details }]);
    return ok(undefined);
  });
  return outcome.ok ? outcome.value : outcome;
}

function internal(detail: string): Result<never, OperationFailure> {
  return err({ kind: 'internal-error', detail });
}
