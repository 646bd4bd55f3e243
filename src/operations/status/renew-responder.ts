/**
 * Renews the certificate of a delegated responder for the same key before it ends (RFC 6960
 * 4.2.2.2.1). It needs no ceremony and cannot introduce another key, because the CA's signer
 * certifies only keys that a ceremony has certified before (ops/decisions/0007).
 *
 * The record in the database is decisive: whichever service renews, the others find the certificate
 * there. An intent that a crash leaves open is abandoned as revoked (`recover.ts`), and the next
 * run makes another.
 */
import { accountActor } from '../../audit/actors.js';
import { type RequestFacts, storeIntents, WITHOUT_REQUEST } from '../../issuance/intent.js';
import { equalBytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { describeFindings } from '../../lint/certificate/lint.js';
import { type DelegatedResponder, readDelegatedResponder } from '../../ocsp/responder.js';
import type { Policy } from '../../policy/model.js';
import type { OwnSigner } from '../../policy/own-signers.js';
import { allowedKeyTypes, planSigner, responderProfileOf } from '../../policy/plan/plan.js';
import type { Signer, SignerUnavailable } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import type { Issuer } from '../../x509/model.js';
import { keyApprovedByCeremony } from '../../x509/proven-key.js';
import { passIssuance } from '../clock.js';
import { isCompromised } from '../issuance/clashes.js';
import { finishIntents, whileUnderWay } from '../issuance/finish-intents.js';
import { type Intent, prepareIntent } from '../issuance/prepare-intent.js';
import { responderSigner } from '../issuance/sign-intent.js';
import type { World } from '../world.js';

export type RenewalWorld = Pick<
  World,
  'policy' | 'run' | 'underWay' | 'store' | 'clock' | 'random' | 'log' | 'writers' | 'countFindings'
> & {
  readonly signer: Pick<Signer, 'responderCertificate' | 'reportBadSignature'>;
};

export type ResponderOfIssuer = { readonly issuer: Issuer; readonly responder: DelegatedResponder };

/**
 * A certificate is due from two thirds of its life on, so that a third is left for an HSM outage
 * and for people to notice. It is also due if it lives longer than the present policy allows, or if
 * it is not valid yet: a clock that was ahead made it, and clients do not accept its responses.
 */
export function renewalDue(policy: Policy, { issuer, responder }: ResponderOfIssuer, now: Instant): boolean {
  const { spki, keyType, notBefore, notAfter } = responder;
  const profile = responderProfileOf(policy, issuer.authority);
  // When a dated exception for its key type has ended, the certificate ends too, and the other
  // responder answers.
  if (!allowedKeyTypes(policy, profile, now).includes(keyType)) return false;
  const lifeMs = notAfter - notBefore;
  if (now >= notBefore + (2 / 3) * lifeMs || now < notBefore) return true;
  const { validity } = planSigner(policy, { profile, spki, issuer, now });
  // Near the end of the authority both end with it.
  return lifeMs > validity.notAfter - validity.notBefore && notAfter > validity.notAfter;
}

/**
 * The newest stored certificate for this key that relying parties accept now. null: none is newer
 * than `responder`; if `responder` is not valid yet: there is none. A certificate from a clock that
 * is ahead is used when its time comes. If `responder` itself was revoked and there is no other, it
 * is returned with the time of its revocation as its end, so that it is treated as expired.
 */
export async function newestResponder(
  { store, clock }: { readonly store: Pick<World['store'], 'read'>; readonly clock: World['clock'] },
  { issuer, responder }: ResponderOfIssuer,
): Promise<Result<DelegatedResponder | null, StoreFailure>> {
  const found = await store.read((reads) => reads.certificatesByKeys([sha256Hex(responder.spki)]));
  if (!found.ok) return found;
  const now = clock();
  const stored = found.value.flatMap(({ issuer: id, tbs, signature, state }) => {
    if (id !== issuer.id || signature === null) return [];
    return [{ certificate: assembleCertificate(tbs, issuer.signatureAlgorithm, signature), state }];
  });
  const own = stored.find(({ certificate }) => equalBytes(certificate, responder.certificate))?.state;
  const revokedAt = own?.status === 'revoked' ? own.at : null;
  let newest: DelegatedResponder | null = null;
  for (const { certificate, state } of stored) {
    if (state.status !== 'issued') continue;
    const read = readDelegatedResponder(issuer, certificate);
    if (!read.ok || read.value.notBefore > now || read.value.notAfter <= now) continue;
    const best = newest ?? (responder.notBefore > now || revokedAt !== null ? null : responder);
    if (best === null || read.value.notBefore > best.notBefore) newest = read.value;
  }
  if (newest !== null || revokedAt === null) return ok(newest);
  return ok({ ...responder, notAfter: Math.min(responder.notAfter, revokedAt) });
}

/** No client sees it: the job logs the kind and the detail. */
type RenewalFailure =
  | StoreFailure
  | SignerUnavailable
  | { readonly kind: 'clock-wrong' | 'internal-error'; readonly detail: string };

/** One process at a time may call it for a key, under a lease that `world.store` checks. */
export async function renewResponder(
  world: RenewalWorld,
  { issuer, responder }: ResponderOfIssuer,
): Promise<Result<DelegatedResponder, RenewalFailure>> {
  const now = world.clock();
  const { spki } = responder;
  const plan = planSigner(world.policy, {
    profile: responderProfileOf(world.policy, issuer.authority),
    spki,
    issuer,
    now,
  });
  const intent = prepareIntent(
    world,
    { plan, key: keyApprovedByCeremony(spki) },
    { issuer, request: signerFacts('responder', issuer), now },
  );
  if (!intent.ok) return internal(describeFindings(intent.error).join('; '));
  return whileUnderWay(world, [intent.value], () => certifyAgain(world, { issuer, intent: intent.value }));
}

type Renewal = { readonly issuer: Issuer; readonly intent: Intent };

async function certifyAgain(
  world: RenewalWorld,
  { issuer, intent }: Renewal,
): Promise<Result<DelegatedResponder, RenewalFailure>> {
  const { record } = intent;
  const reserved = await reserve(world, record);
  if (!reserved.ok) return reserved;
  // A responder's certificate supersedes no other.
  const finished = await finishIntents(
    { ...world, statusChanged: () => undefined },
    {
      intents: [intent],
      signer: responderSigner(world.signer),
      actor: accountActor(record.accountId),
      claim: null,
    },
  );
  if (!finished.ok) {
    if (finished.error.kind !== 'not-signed') return err(finished.error);
    const { reason } = finished.error;
    return reason.kind === 'signer-unavailable' ? err(reason) : internal(`${reason.rule}: ${reason.detail}`);
  }
  const signature = finished.value?.[0]?.signature ?? null;
  if (signature === null) return internal('its intent was given up meanwhile');
  const certificate = assembleCertificate(record.tbs, issuer.signatureAlgorithm, signature);
  const read = readDelegatedResponder(issuer, certificate);
  return read.ok ? read : internal(read.error.rule);
}

/** What the record of the certificate of one of our own signers keeps about its request. */
export function signerFacts(kind: OwnSigner, issuer: Issuer): RequestFacts {
  return {
    holder: { kind, ca: issuer.authority },
    card: null,
    cardTokenId: null,
    identity: null,
    keyOrigin: 'module',
    container: null,
    accountId: 'system',
    ...WITHOUT_REQUEST,
  };
}

async function reserve(
  { store, clock, run }: RenewalWorld,
  record: CertificateRecord,
): Promise<Result<void, RenewalFailure>> {
  const outcome = await store.transaction(async (tx): Promise<Result<void, RenewalFailure>> => {
    const fault = await passIssuance(tx, { clock, run });
    if (fault?.kind === 'clock-wrong') return err({ kind: fault.kind, detail: JSON.stringify(fault.fault) });
    if (fault !== null) return err(fault);
    const keys = [record.spkiSha256];
    const isLost = (await tx.certificatesByKeys(keys)).some(isCompromised) || (await tx.blockedKeys(keys)).length > 0;
    if (isLost) return internal('its key is compromised or blocked: hold a ceremony for another one');
    await storeIntents(tx, [{ record, evidenceFrom: null, requestId: undefined, line: null }]);
    return ok(undefined);
  });
  return outcome.ok ? outcome.value : outcome;
}

function internal(detail: string): Result<never, RenewalFailure> {
  return err({ kind: 'internal-error', detail });
}
