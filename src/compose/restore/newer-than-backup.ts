/**
 * Finds what the home folder, the journals of its signers and the published lists know and a backup
 * does not. Only the manifest of the backup is needed for this, so that nothing has to be restored
 * first.
 */
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { lastEntry } from '../../../hsm/journal/last-entry.js';
import type { BackupManifest } from '../../backup/manifest.js';
import type { JournalLocation } from '../../jobs/journals/reconcile.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import type { ReadSource } from './learn-from-lists.js';

type WitnessFacts = {
  /** What the home folder knows; null: nothing. */
  readonly mark: DatabasePoint | null;
  readonly journals: readonly JournalLocation[];
  readonly sources: readonly ReadSource[];
};

/** Returns one line for each thing that is newer than the backup; empty: nothing is. */
export async function findNewerThanBackup(
  manifest: BackupManifest,
  { mark, journals, sources }: WitnessFacts,
): Promise<readonly string[]> {
  const newer: string[] = [];
  if (mark !== null && mark.seq > manifest.audit.seq)
    newer.push(
      `the home folder knows entry ${mark.seq} of the audit log, and the backup ends with ${manifest.audit.seq}`,
    );
  for (const { token, folder } of journals) {
    const last = await lastEntry(folder, isSignature);
    const detail = last === null ? null : signedAfter(manifest, last);
    if (detail !== null) newer.push(`the signer ${token} has signed ${detail}`);
  }
  // A ceremony signs CRL 1 of an authority, so the database of a backup need not know it.
  for (const { name, verified } of sources)
    for (const { issuer, scope, crl } of verified)
      if (crl.number > Math.max(1, highestOf(manifest, issuer, scope)))
        newer.push(`${name} has the CRL ${crl.number} of ${issuer} (${scope}), which the backup does not know`);
  return newer;
}

type Signature = Extract<JournalEntry, { readonly kind: 'certificate' | 'responder-certificate' | 'crl' }>;

function isSignature(entry: JournalEntry): entry is Signature {
  const { kind } = entry;
  return kind === 'certificate' || kind === 'responder-certificate' || kind === 'crl';
}

/** Describes a signature that was made after the backup; null: the backup can know it. */
function signedAfter(manifest: BackupManifest, entry: Signature): string | null {
  if (entry.kind === 'crl') {
    const isKnown = Number(entry.number) <= highestOf(manifest, entry.issuer, entry.scope);
    return isKnown
      ? null
      : `the CRL ${entry.number} of ${entry.issuer} (${entry.scope}), which the backup does not know`;
  }
  return Date.parse(entry.at) <= Date.parse(manifest.takenAt)
    ? null
    : `the certificate ${entry.serial} of ${entry.issuer} on ${entry.at}, after the backup of ${manifest.takenAt}`;
}

function highestOf({ crls }: BackupManifest, issuer: string, scope: string): number {
  return crls.find((one) => one.issuer === issuer && one.scope === scope)?.number ?? 0;
}
