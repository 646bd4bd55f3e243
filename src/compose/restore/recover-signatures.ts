/**
 * Compares the journals of the signers with a restored database. A certificate that was signed
 * after the backup becomes a recovered certificate: its serial number is used and its status is
 * `good` until somebody revokes it, but its octets are not known. The number of a CRL that was
 * signed after the backup is recorded, as that of an abandoned CRL, so that the next numbers are
 * above it.
 */
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { readJournalAfter } from '../../../hsm/journal/read-journal.js';
import { segmentNumbers } from '../../../hsm/journal/segments.js';
import { recordIdFrom, WITHOUT_REQUEST } from '../../issuance/intent.js';
import type { JournalLocation } from '../../jobs/journals/reconcile.js';
import { present } from '../../kernel/assert.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { crlDetails } from '../../operations/crl/reservation.js';
import type { World } from '../../operations/world.js';
import { crlLifeMs } from '../../policy/publication/crl-lists.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Reads, Transaction } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';

export type RestoreWorld = Pick<World, 'store' | 'clock' | 'random' | 'issuers' | 'policy' | 'log' | 'statusChanged'>;

/** `partitions`: the partition whose published CRL lists a certificate, by `certificateKey`. */
type RecoverWorld = RestoreWorld & { readonly partitions: ReadonlyMap<string, number> };

export function certificateKey(issuer: string, serial: string): string {
  return `${issuer} ${serial}`;
}

/** What a restore has learnt from one journal. */
export type ComparedJournal = {
  readonly token: string;
  /** `missing`: there is no journal, so that nothing is known of what this signer has signed. */
  readonly state: 'read' | 'missing';
  readonly entries: number;
  /** The certificates that became recovered ones. */
  readonly recovered: readonly RecoveredCertificate[];
  /** Number of CRLs whose numbers were learnt. */
  readonly crls: number;
  /** Signatures that could not be recorded, and inconsistencies of the journal. */
  readonly faults: readonly string[];
};

type RecoveredCertificate = {
  readonly id: string;
  readonly issuer: string;
  readonly serial: string;
  readonly profile: string;
  readonly signedAt: Instant;
};

type CertificateEntry = Extract<JournalEntry, { readonly kind: 'certificate' | 'responder-certificate' }>;
type ListEntry = Extract<JournalEntry, { readonly kind: 'crl' }>;

/** This many entries are looked up and stored in one transaction. */
const ENTRIES_A_PART = 200;
const NO_BYTES = new Uint8Array(0);

export async function recoverSignatures(
  world: RecoverWorld,
  journals: readonly JournalLocation[],
): Promise<Result<readonly ComparedJournal[], StoreFailure>> {
  const compared: ComparedJournal[] = [];
  for (const journal of journals) {
    const one = await recoverJournal(world, journal);
    if (!one.ok) return one;
    compared.push(one.value);
  }
  return ok(compared);
}

async function recoverJournal(
  world: RecoverWorld,
  { token, folder }: JournalLocation,
): Promise<Result<ComparedJournal, StoreFailure>> {
  const state = (await segmentNumbers(folder)).length > 0 ? 'read' : 'missing';
  const found: JournalFindings = { recovered: [], crls: 0, faults: [] };
  let entries = 0;
  let part: (CertificateEntry | ListEntry)[] = [];
  const flush = async (): Promise<Result<void, StoreFailure>> => {
    const some = part;
    part = [];
    return some.length === 0 ? ok(undefined) : recoverPart(world, { token, entries: some }, found);
  };
  for await (const read of readJournalAfter(folder, { after: null, isPruned: true })) {
    if (!read.ok) {
      found.faults.push(`${read.error.kind}: ${read.error.detail}`);
      break;
    }
    const { entry } = read.value;
    entries += 1;
    if (entry.kind !== 'certificate' && entry.kind !== 'responder-certificate' && entry.kind !== 'crl') continue;
    part.push(entry);
    if (part.length < ENTRIES_A_PART) continue;
    const flushed = await flush();
    if (!flushed.ok) return flushed;
  }
  const flushed = await flush();
  return flushed.ok ? ok({ token, state, entries, ...found }) : flushed;
}

type JournalFindings = { recovered: RecoveredCertificate[]; crls: number; faults: string[] };

type Part = {
  readonly token: string;
  readonly entries: readonly (CertificateEntry | ListEntry)[];
};

/**
 * Compares a part of the entries with the database, and stores what the database does not know.
 * Most parts have nothing new, and then nothing is written.
 */
async function recoverPart(
  world: RecoverWorld,
  part: Part,
  found: JournalFindings,
): Promise<Result<void, StoreFailure>> {
  const compared = await world.store.read((reads) => compareWithDatabase(reads, world, part.entries));
  if (!compared.ok) return compared;
  const { certificates, lists, faults } = compared.value;
  found.faults.push(...faults);
  if (certificates.length === 0 && lists.length === 0) return ok(undefined);
  const records = certificates.map(({ entry, issuer }) => ({
    entry,
    record: recoveredRecord(world, entry, issuer),
  }));
  const stored = await world.store.transaction(async (tx) => {
    await storeRecovered(tx, records, part.token);
    for (const { entry, issuer } of lists) await storeList(tx, world, { entry, issuer });
  });
  if (!stored.ok) return stored;
  found.crls += lists.length;
  for (const { entry, record } of records) {
    const { id, issuer, serial, profile } = record;
    found.recovered.push({ id, issuer, serial, profile, signedAt: Date.parse(entry.at) });
  }
  return ok(undefined);
}

type JournalComparison = {
  readonly certificates: readonly { readonly entry: CertificateEntry; readonly issuer: Issuer }[];
  readonly lists: readonly { readonly entry: ListEntry; readonly issuer: Issuer }[];
  readonly faults: readonly string[];
};

/**
 * Returns the entries that the database does not know. If several entries have one serial number,
 * the first one counts, because a signer may be asked to sign the same bytes again. Other bytes
 * with the same serial number are a fault.
 */
async function compareWithDatabase(
  reads: Pick<Reads, 'intentTimes' | 'certificateBySerial' | 'crlByNumber'>,
  { issuers }: RestoreWorld,
  entries: Part['entries'],
): Promise<JournalComparison> {
  const certificates: { readonly entry: CertificateEntry; readonly issuer: Issuer }[] = [];
  const lists: { readonly entry: ListEntry; readonly issuer: Issuer }[] = [];
  const faults: string[] = [];
  const seen = new Map<string, CertificateEntry | ListEntry>();
  const signed = entries.filter((entry) => entry.kind !== 'crl');
  const times = await reads.intentTimes(
    signed.map(({ issuer, serial, sha256 }) => ({ issuer: issuer as IssuerId, serial, sha256 })),
  );
  const known = new Set(signed.filter((_, at) => (times[at] ?? null) !== null));
  for (const entry of entries) {
    if (entry.kind !== 'crl' && known.has(entry)) continue;
    const what = entry.kind === 'crl' ? `the CRL ${entry.number} (${entry.scope})` : `the certificate ${entry.serial}`;
    const issuer = issuers.byId(entry.issuer as IssuerId);
    if (issuer === null) {
      faults.push(`entry ${entry.seq}: ${what} of ${entry.issuer}, an authority that this home folder does not have`);
      continue;
    }
    const name = `${entry.issuer} ${what}`;
    const first = seen.get(name);
    if (first !== undefined) {
      if (entry.kind !== 'crl' && entry.sha256 !== first.sha256)
        faults.push(`entry ${entry.seq}: ${what} of ${entry.issuer} has other octets than that of entry ${first.seq}`);
      continue;
    }
    seen.set(name, entry);
    if (entry.kind === 'crl') {
      if ((await reads.crlByNumber(issuer.id, Number(entry.number), entry.scope)) === null)
        lists.push({ entry, issuer });
      continue;
    }
    const record = await reads.certificateBySerial(issuer.id, entry.serial);
    if (record === null) certificates.push({ entry, issuer });
    else if (areOthers(record, entry.sha256))
      faults.push(`entry ${entry.seq}: ${what} of ${entry.issuer} has other octets than the one in the database`);
  }
  return { certificates, lists, faults };
}

/**
 * Whether the octets of a record are others than those with this hash. False if nothing is known
 * about them.
 */
function areOthers({ tbs, recoveredSha256 }: CertificateRecord, sha256: string): boolean {
  return tbs.length > 0 ? sha256Hex(tbs) !== sha256 : recoveredSha256 !== null && recoveredSha256 !== sha256;
}

/**
 * Makes the record of a recovered certificate. The end of its validity is not known. The record has
 * the latest possible one, the end of its issuer, so that the status is answered for as long as the
 * certificate can be valid. Its partition depends on its key, which is not known either: unless a
 * published CRL of a partition lists the certificate, it will only be on the CRL of all
 * certificates once it is revoked.
 */
function recoveredRecord(
  { random, partitions }: RecoverWorld,
  entry: CertificateEntry,
  issuer: Issuer,
): CertificateRecord {
  const signedAt = Date.parse(entry.at);
  return {
    ...WITHOUT_REQUEST,
    id: recordIdFrom(signedAt, random(10)),
    issuer: issuer.id,
    serial: entry.serial,
    profile: entry.profile,
    policyDigest: sha256Hex(NO_BYTES),
    tbs: NO_BYTES,
    signature: null,
    state: { status: 'issued' },
    notBefore: Math.min(Math.max(toSecond(signedAt), issuer.notBefore), issuer.notAfter),
    notAfter: issuer.notAfter,
    createdAt: signedAt,
    holderId: 'unknown',
    structureId: null,
    cardTokenId: null,
    holder: { kind: 'recovered' },
    card: null,
    identity: null,
    keyOrigin: null,
    container: null,
    // Each recovered certificate has a value of its own instead of the hash of its unknown key.
    // With equal values, the revocation of a compromised key would revoke all of them.
    spkiSha256: sha256Hex(`recovered ${entry.sha256}`),
    accountId: 'system',
    run: null,
    keyType: null,
    crlPartition: partitions.get(certificateKey(issuer.id, entry.serial)) ?? null,
    encrypted: false,
    confirmed: false,
    recoveredSha256: entry.sha256,
  };
}

async function storeRecovered(
  tx: Pick<Transaction, 'appendAudit' | 'insertRecovered'>,
  records: readonly { readonly entry: CertificateEntry; readonly record: CertificateRecord }[],
  token: string,
): Promise<void> {
  if (records.length === 0) return;
  const seqs = await tx.appendAudit(
    records.map(({ entry, record: { id, issuer, serial, profile } }) => ({
      at: Date.parse(entry.at),
      type: 'certificate.recovered',
      actor: 'system',
      details: { id, issuer, serial, profile, tbsSha256: entry.sha256, token, journalEntry: entry.seq },
    })),
  );
  await tx.insertRecovered(
    records.map(({ record }, at) => ({ record, intentSeq: present(seqs[at], 'number of the entry of a record') })),
  );
}

async function storeList(
  tx: Pick<Transaction, 'appendAudit' | 'reserveCrl' | 'updateCrl'>,
  { policy, clock }: Pick<RestoreWorld, 'policy' | 'clock'>,
  { entry, issuer }: { readonly entry: ListEntry; readonly issuer: Issuer },
): Promise<void> {
  await learnNumber(
    tx,
    { policy, clock },
    {
      issuer: issuer.id,
      scope: entry.scope,
      number: Number(entry.number),
      thisUpdate: Date.parse(entry.thisUpdate),
      tbsSha256: entry.sha256,
    },
  );
}

type SeenNumber = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly number: number;
  readonly thisUpdate: Instant;
  readonly tbsSha256: string;
};

/** Records the number of a CRL that the database does not know, so that it is not used again. */
export async function learnNumber(
  tx: Pick<Transaction, 'appendAudit' | 'reserveCrl' | 'updateCrl'>,
  { policy, clock }: Pick<RestoreWorld, 'policy' | 'clock'>,
  { issuer, scope, number, thisUpdate, tbsSha256 }: SeenNumber,
): Promise<void> {
  const nextUpdate = thisUpdate + crlLifeMs(policy.environment, scope);
  const reserved = await tx.reserveCrl({ issuer, scope, thisUpdate, nextUpdate, shared: number });
  const learnt = { ...reserved, state: 'abandoned', tbsSha256 } as const;
  await tx.updateCrl(learnt);
  const details = { ...crlDetails(learnt), why: 'restored' };
  await tx.appendAudit([{ at: clock(), type: 'crl.abandoned', actor: 'system', details }]);
}
