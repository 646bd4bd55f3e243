/**
 * Registers the certificates of OCSP responders that ceremonies made. The service makes their
 * successors and stores them; the first ones come as files, and without a record they would be
 * `unknown` to OCSP, found by no search, and impossible to revoke.
 */
import { openIntent } from '../../issuance/intent.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import { responderHolderId, responderProfileOf } from '../../policy/plan/plan.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';
import { responderFacts } from './renew-responder.js';

/** A file of a ceremony that should be the certificate of a responder of this CA. */
export type ResponderFile = { readonly issuer: Issuer; readonly file: string; readonly certificate: Bytes };

type SignedRecord = { readonly record: CertificateRecord; readonly signature: Bytes };

type RegisterWorld = Pick<World, 'policy' | 'store' | 'clock' | 'random' | 'log'>;

/**
 * Called at each start: a later ceremony may have made more certificates. A file that cannot be
 * used is reported and left out, so that revocation does not wait for its repair.
 */
export async function registerResponders(
  world: RegisterWorld,
  files: readonly ResponderFile[],
): Promise<Result<void, StoreFailure>> {
  const { store, log } = world;
  const read = files.flatMap((one) => {
    const outcome = recordOf(world, one);
    if (typeof outcome !== 'string') return [{ ...outcome, file: one.file }];
    log.error('responder.not-registered', { issuer: one.issuer.id, file: one.file, detail: outcome });
    return [];
  });
  const stored = await store.transaction(async (tx) => {
    const conflicts: { readonly issuer: string; readonly file: string; readonly detail: string }[] = [];
    for (const { file, ...one } of read) {
      const { issuer, serial, tbs } = one.record;
      const known = await tx.certificateBySerial(issuer, serial);
      if (known === null) await register(tx, one);
      // A revocation that was relearned from a CRL has no bytes.
      else if (known.tbs.length > 0 && !equalBytes(known.tbs, tbs))
        conflicts.push({
          issuer,
          file,
          detail: `the database has another certificate with the serial number ${serial}`,
        });
    }
    return conflicts;
  });
  if (!stored.ok) return stored;
  for (const conflict of stored.value) log.error('responder.not-registered', conflict);
  return ok(undefined);
}

/** A text: why the file is not the certificate of a responder. */
function recordOf(
  { policy, clock, random }: RegisterWorld,
  { issuer, certificate }: ResponderFile,
): SignedRecord | string {
  const responder = readDelegatedResponder(issuer, certificate);
  if (!responder.ok) return responder.error.rule;
  const read = readCertificate(certificate);
  if (!read.ok) return read.error.rule;
  const { tbs, signature } = read.value;
  const facts = {
    issuer: issuer.id,
    serial: tbs.serial,
    profile: responderProfileOf(policy, issuer.authority).id,
    policyDigest: policy.digest,
    tbs: tbs.der,
    notBefore: tbs.notBefore.at,
    notAfter: tbs.notAfter.at,
    holderId: responderHolderId(issuer),
    structureId: null,
    spkiSha256: sha256Hex(tbs.spki),
    crlPartition: null,
  };
  return { record: openIntent(facts, responderFacts(issuer), { at: clock(), random }), signature };
}

async function register(tx: Transaction, { record, signature }: SignedRecord): Promise<void> {
  const { id, issuer, serial, profile, createdAt: at, accountId: actor } = record;
  await tx.insertIntents([record]);
  await tx.storeSignatures([{ id, signature, status: 'issued' }]);
  const sums = { tbsSha256: sha256Hex(record.tbs), signatureSha256: sha256Hex(signature) };
  const details = { id, issuer, serial, profile, ...sums, madeBy: 'ceremony' };
  await tx.appendAudit([{ at, type: 'certificate.registered', actor, outcome: 'success', details }]);
}
