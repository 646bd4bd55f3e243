/**
 * Signers' journals against the database: a signature that the database does not know is the mark of a stolen service, and
 * an alarm. Known is a certificate whose stored bytes have the digest and serial of the entry (issued, open or given up),
 * and a CRL of that number and digest. OCSP entries are counted here; their answers are not stored one by one.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type JournalEntry, readJournal } from '../../hsm/journal.js';
import { ok, type Result } from '../kernel/result.js';
import type { IssuerId } from '../ports/signer.js';
import type { Reads, Store, StoreFailure } from '../ports/store.js';

export type JournalPlace = { readonly token: string; readonly file: string };
export type Reconciliation = {
  readonly token: string;
  readonly entries: number;
  readonly unknown: readonly { readonly seq: number; readonly detail: string }[];
  /** Where the journal itself does not hold together. */
  readonly faults: readonly string[];
};

const BATCH = 500;

export async function reconcileJournals(
  store: Store,
  journals: readonly JournalPlace[],
): Promise<Result<readonly Reconciliation[], StoreFailure>> {
  const results: Reconciliation[] = [];
  for (const journal of journals) {
    const one = await reconcileOne(store, journal);
    if (!one.ok) return one;
    results.push(one.value);
  }
  return ok(results);
}

async function reconcileOne(
  store: Store,
  { token, file }: JournalPlace,
): Promise<Result<Reconciliation, StoreFailure>> {
  if (!existsSync(file)) return ok({ token, entries: 0, unknown: [], faults: [] });
  const unknown: { seq: number; detail: string }[] = [];
  const faults: string[] = [];
  let entries = 0;
  let batch: JournalEntry[] = [];
  const flush = async (): Promise<Result<void, StoreFailure>> => {
    const asked = batch;
    batch = [];
    const found = await store.read(async (reads) => {
      for (const entry of asked) if (!(await isKnown(reads, entry))) unknown.push(describe(entry));
    });
    return found;
  };
  for await (const entry of readJournal(file)) {
    if (!entry.ok) {
      faults.push(`${entry.error.kind}: ${entry.error.detail}`);
      break;
    }
    entries += 1;
    batch.push(entry.value);
    if (batch.length < BATCH) continue;
    const flushed = await flush();
    if (!flushed.ok) return flushed;
  }
  const flushed = await flush();
  return flushed.ok ? ok({ token, entries, unknown, faults }) : flushed;
}

async function isKnown(reads: Reads, entry: JournalEntry): Promise<boolean> {
  const issuer = entry.issuer as IssuerId;
  switch (entry.kind) {
    case 'certificate': {
      const record = await reads.certificateBySerial(issuer, entry.serial ?? '');
      return record !== null && createHash('sha256').update(record.tbs).digest('hex') === entry.sha256;
    }
    case 'crl': {
      const crl = await reads.crlByNumber(issuer, Number(entry.number));
      return crl !== null && crl.tbsSha256 === entry.sha256;
    }
    case 'ocsp':
    case 'platform':
      return true;
  }
}

function describe({ seq, kind, issuer, serial, number, sha256 }: JournalEntry): { seq: number; detail: string } {
  const which = serial ?? number ?? '?';
  return { seq, detail: `${kind} ${which} of ${issuer} (to-be-signed SHA-256 ${sha256}) is not in the database` };
}
