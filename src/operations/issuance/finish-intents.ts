/**
 * From stored intents to certificates: signs, verifies, and stores the signatures of all intents
 * of one request in one transaction. Requests, renewals of responders and recovery all end here.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { lineOfClaim } from '../../orders/progress.js';
import { settledLine } from '../../orders/results.js';
import type { SignerFailure } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { SettledLine } from '../../ports/store/orders.js';
import type { World } from '../world.js';
import type { Intent } from './prepare-intent.js';
import { type CertificateSigner, signIntent } from './sign-intent.js';
import { releasedOf, type SignedRecord, type SignedRequest, STORE_SIGNATURES } from './store-signatures.js';
import { supersededBy } from './supersede.js';

/**
 * The first intent without a signature. It stays open: recovery signs the same bytes again, or
 * abandons it as revoked.
 */
export type NotSigned = {
  readonly kind: 'not-signed';
  readonly record: CertificateRecord;
  readonly reason: SignerFailure;
};

type Finish = Pick<SignedRequest, 'actor' | 'claim'> & {
  readonly intents: readonly Intent[];
  readonly signer: CertificateSigner;
  /**
   * Called with each certificate before it is stored, as it is afterwards. What is made of it may
   * be used only once it is stored. Left out: nothing is made.
   */
  readonly onSigned?: (record: CertificateRecord) => void;
};

/** null: at least one certificate was revoked in the meantime, and all of them are abandoned. */
export async function finishIntents(
  world: Pick<World, 'policy' | 'log' | 'store' | 'clock' | 'requestId' | 'statusChanged'>,
  { intents, signer, onSigned, ...request }: Finish,
): Promise<Result<readonly CertificateRecord[] | null, NotSigned | StoreFailure>> {
  const outcomes = await Promise.all(
    intents.map(async (intent) => ({ record: intent.record, signature: await signIntent(world, signer, intent) })),
  );
  const signed: (SignedRecord & Pick<Intent, 'issuer'>)[] = [];
  for (const [at, { record, signature }] of outcomes.entries()) {
    if (!signature.ok) return err({ kind: 'not-signed', record, reason: signature.error });
    signed.push({ record, signature: signature.value, issuer: present(intents[at], 'a signed intent').issuer });
  }
  const { store, clock, requestId } = world;
  const now = clock();
  const line = issuedLine(request.claim, signed, now);
  // A pending certificate supersedes another one when it is confirmed.
  const issued = signed.filter(({ record }) => record.becomes === 'issued');
  const supersedes = supersededBy(
    world,
    issued.map(({ record }) => record),
  );
  // The superseded certificates are read before the commit, after which nothing may be left undone.
  const old = supersedes.length === 0 ? ok([]) : await store.read((reads) => reads.certificatesByIds(supersedes));
  if (!old.ok) return old;
  const work = { ...request, requestId, signed, now, line, supersedes };
  if (onSigned !== undefined) releasedOf(work).forEach(onSigned);
  const finished = await store.groupedTransaction(STORE_SIGNATURES, work);
  // Reported even if the result of the commit was lost, because it may have taken effect.
  const mayHaveSuperseded = !finished.ok || finished.value !== null;
  if (mayHaveSuperseded && old.value.length > 0) world.statusChanged(old.value);
  return finished;
}

/** null: the claim is that of a request, or there is none. */
function issuedLine(
  claim: Finish['claim'],
  certificates: readonly (SignedRecord & Pick<Intent, 'issuer'>)[],
  now: Instant,
): SettledLine | null {
  const line = lineOfClaim(claim);
  if (line === null) return null;
  const card = certificates[0]?.record.cardTokenId ?? null;
  return settledLine(line, { outcome: 'issued', card, certificates }, now);
}

/**
 * Does the work of a request, from the reservation of its intents to its answer, while they are
 * known to be under way: recovery (`recover.ts`) leaves them alone.
 */
export async function whileUnderWay<Outcome>(
  { underWay }: Pick<World, 'underWay'>,
  intents: readonly Pick<Intent, 'record'>[],
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  for (const { record } of intents) underWay.add(record.id);
  try {
    return await work();
  } finally {
    for (const { record } of intents) underWay.delete(record.id);
  }
}
