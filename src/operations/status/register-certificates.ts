/**
 * Registers the certificates that ceremonies made for the service: those of OCSP responders and CMP
 * signers, and the founding certificates of its server and its first accounts. Without a record
 * they would be `unknown` to OCSP, found by no search, and impossible to revoke. The account of a
 * founding certificate is created, or gets it as a credential, in the same transaction.
 */
import { accountActor } from '../../audit/actors.js';
import { readCmpSignerCertificate } from '../../cmp/signer-certificate.js';
import { keyFacts, openIntent } from '../../issuance/intent.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import type { OwnSigner } from '../../policy/own-signers.js';
import { partitionOfKey, signerHolderId, signerProfileOf } from '../../policy/plan/plan.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { CEREMONY_JOURNAL } from '../../ports/store/journals.js';
import type { Reads, Transaction } from '../../ports/store.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { Issuer } from '../../x509/model.js';
import { bindFoundingAccount } from '../accounts/bind-founding-account.js';
import { NOT_FOUNDED } from '../accounts/find-unusable-accounts.js';
import { appendEntry } from '../append-entry.js';
import type { World } from '../world.js';
import { type FoundingFacts, type FoundingFile, readFoundingFile } from './founding-file.js';
import { signerFacts } from './renew-responder.js';

/** A file of a ceremony that should be the certificate of a signer of this CA. */
export type SignerFile = {
  readonly kind: OwnSigner;
  readonly issuer: Issuer;
  readonly file: string;
  readonly certificate: Bytes;
};

type CeremonyFile = SignerFile | FoundingFile;

type Registration = {
  readonly record: CertificateRecord;
  readonly signature: Bytes;
  /** null: the certificate of a responder or CMP signer. */
  readonly founding: FoundingFacts | null;
};

type RegisterWorld = Pick<World, 'policy' | 'store' | 'clock' | 'random' | 'log' | 'issuers' | 'blockedKeys'>;

/** What the log says about a file after the transaction. */
type Report =
  | { readonly kind: 'not-registered'; readonly file: CeremonyFile; readonly detail: string }
  | { readonly kind: 'bound'; readonly fields: Fields }
  | { readonly kind: 'not-bound'; readonly fields: Fields };
type Fields = { readonly [name: string]: string | boolean };

/**
 * Called at each start: a later ceremony may have made more certificates. A file that cannot be
 * used is reported and left out, so that revocation does not wait for its repair. A certificate
 * that the database has changes nothing, also not its account, which may have been changed since.
 */
export async function registerCertificates(
  world: RegisterWorld,
  files: readonly CeremonyFile[],
): Promise<Result<void, StoreFailure>> {
  const { store } = world;
  const fresh = await store.read((reads) => unregistered(reads, world, files));
  if (!fresh.ok) return fresh;
  const ready: { readonly file: CeremonyFile; readonly registration: Registration }[] = [];
  for (const file of fresh.value) {
    const read = file.kind === 'founding' ? await readFoundingFile(world, file) : readSignerFile(world, file);
    if (read.ok) ready.push({ file, registration: read.value });
    else report(world, { kind: 'not-registered', file, detail: read.error });
  }
  if (ready.length === 0) return ok(undefined);
  const stored = await store.transaction(async (tx) => {
    const reports: Report[] = [];
    for (const one of ready) reports.push(...(await registerOnce(tx, world, one)));
    return reports;
  });
  if (!stored.ok) return stored;
  for (const one of stored.value) report(world, one);
  return ok(undefined);
}

/**
 * The files whose certificate the database does not have. The others are not read further: the
 * policy may have changed since their ceremony.
 */
async function unregistered(
  reads: Pick<Reads, 'certificateBySerial'>,
  { issuers }: Pick<RegisterWorld, 'issuers'>,
  files: readonly CeremonyFile[],
): Promise<readonly CeremonyFile[]> {
  const fresh: CeremonyFile[] = [];
  for (const file of files) {
    const issuer = issuerOf(file, issuers);
    const read = readCertificate(file.certificate ?? new Uint8Array(0));
    const known = read.ok && issuer !== null ? await reads.certificateBySerial(issuer.id, read.value.tbs.serial) : null;
    if (known === null || !read.ok || isAnother(known, read.value.tbs.der)) fresh.push(file);
  }
  return fresh;
}

/** null: a file that cannot be used, or one of a CA that the home folder does not have. */
function issuerOf(file: CeremonyFile, issuers: RegisterWorld['issuers']): Issuer | null {
  if (file.kind !== 'founding') return file.issuer;
  return file.issuer === null ? null : issuers.byId(file.issuer);
}

/** A revocation that was relearned from a CRL has no bytes. */
function isAnother({ tbs }: CertificateRecord, der: Bytes): boolean {
  return tbs.length > 0 && !equalBytes(tbs, der);
}

/** The error says why the file is not the certificate of such a signer. */
function readSignerFile(
  { policy, clock, random }: RegisterWorld,
  { kind, issuer, certificate }: SignerFile,
): Result<Registration, string> {
  const known =
    kind === 'responder' ? readDelegatedResponder(issuer, certificate) : readCmpSignerCertificate(issuer, certificate);
  if (!known.ok) return err(known.error.rule);
  const read = readCertificate(certificate);
  if (!read.ok) return err(read.error.rule);
  const { tbs, signature } = read.value;
  const profile = signerProfileOf(policy, kind, issuer.authority);
  if (profile === null) return err('no-profile-in-the-policy');
  const facts = {
    issuer: issuer.id,
    serial: tbs.serial,
    profile: profile.id,
    policyDigest: policy.digest,
    tbs: tbs.der,
    notBefore: tbs.notBefore.at,
    notAfter: tbs.notAfter.at,
    holderId: signerHolderId(kind, issuer),
    structureId: null,
    ...keyFacts(tbs.spki),
    crlPartition: profile.ocspNoCheck ? null : partitionOfKey(policy, issuer, tbs.spki),
  };
  const record = openIntent(facts, signerFacts(kind, issuer), { at: clock(), run: null, random });
  return ok({ record, signature, founding: null });
}

async function registerOnce(
  tx: Transaction,
  world: RegisterWorld,
  { file, registration }: { readonly file: CeremonyFile; readonly registration: Registration },
): Promise<readonly Report[]> {
  const { record } = registration;
  const { id, issuer, serial, spkiSha256, createdAt: at } = record;
  const known = await tx.certificateBySerial(issuer, serial);
  if (known === null) await register(tx, registration);
  else if (isAnother(known, record.tbs))
    return [
      {
        kind: 'not-registered',
        file,
        detail: `the database has another certificate with the serial number ${serial}`,
      },
    ];
  const { founding } = registration;
  if (known !== null || founding === null || founding.account === null) return [];
  const { ceremony, planSha256, account } = founding;
  const isBlocked = world.blockedKeys.has(spkiSha256);
  const binding = { account, credential: { issuer, spkiSha256 }, isBlocked };
  const bound = await bindFoundingAccount(tx, binding, { at, by: { ceremony, planSha256, certificate: id } });
  const fields = { account: account.id, ceremony, id };
  if (!bound.ok) {
    // A later start does not try again: what prevents it is a decision of people, who bind the
    // certificate themselves. `/readyz` and `pfcng doctor` report the account until they do.
    const details = { account: account.id, certificate: id, detail: bound.error, ceremony, planSha256 };
    await tx.appendAudit([{ at, type: NOT_FOUNDED, actor: 'system', details }]);
    return [{ kind: 'not-bound', fields: { ...fields, detail: bound.error } }];
  }
  return [{ kind: 'bound', fields: { ...fields, disabled: bound.value.disabled } }];
}

async function register(tx: Transaction, { record, signature, founding }: Registration): Promise<void> {
  const { id, issuer, serial, profile, createdAt: at } = record;
  await tx.addJournalled(CEREMONY_JOURNAL, [{ issuer, day: Math.floor(at / DAY_MS), count: 1 }]);
  const sums = { tbsSha256: sha256Hex(record.tbs), signatureSha256: sha256Hex(signature) };
  const origin = founding === null ? {} : { ceremony: founding.ceremony, planSha256: founding.planSha256 };
  const details = { id, issuer, serial, profile, holder: record.holderId, ...sums, ...origin };
  const seq = await appendEntry(tx, {
    at,
    type: 'certificate.registered',
    actor: accountActor(record.accountId),
    details,
  });
  await tx.insertIntents([{ record, intentSeq: seq }]);
  await tx.storeSignatures([{ id, signature, issuedSeq: seq }]);
}

function report({ log }: Pick<RegisterWorld, 'log'>, one: Report): void {
  if (one.kind === 'bound') log.warn('account.founded', one.fields);
  else if (one.kind === 'not-bound') log.error('account.not-founded', one.fields);
  else if (one.file.kind === 'founding')
    log.error('founding.not-registered', { ceremony: one.file.ceremony, file: one.file.file, detail: one.detail });
  else {
    const fields = { issuer: one.file.issuer.id, file: one.file.file, detail: one.detail };
    if (one.file.kind === 'responder') log.error('responder.not-registered', fields);
    else log.error('cmp-signer.not-registered', fields);
  }
}
