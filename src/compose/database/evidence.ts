/** Reads what the home folder, the signers and the published CRLs know of the database. */
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { lastEntry } from '../../../hsm/journal/last-entry.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Evidence, findGaps, type Gap, type LastSignature } from '../../operations/restored/gaps.js';
import type { Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import { createFileOutlet } from '../../publish/file-outlet.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import { planSigners } from '../signers/plan.js';
import { readMark } from './mark.js';

type SignatureEntry = Extract<JournalEntry, { readonly kind: 'certificate' | 'responder-certificate' | 'crl' }>;

/**
 * Returns the point that the home folder knows, and the last signature in the journal of each CA
 * token. The error names the file or the journal that cannot be used.
 */
export async function readEvidence(home: Home): Promise<Result<Evidence, string>> {
  const mark = readMark(home.config.paths.databaseMark);
  if (!mark.ok) return mark;
  const signatures: LastSignature[] = [];
  for (const { name, kind, journalFolder } of planSigners(home).tokens) {
    if (kind !== 'ca') continue;
    try {
      const entry = await lastEntry(journalFolder, isRecorded);
      if (entry !== null) signatures.push(signatureOf(name, entry));
    } catch (error) {
      return err(`the journal of ${name} cannot be read: ${errorMessage(error)}`);
    }
  }
  return ok({ home: mark.value, signatures });
}

/**
 * Whether the service records a signature of this kind in the database before it is made. It does
 * not record OCSP responses.
 */
function isRecorded(entry: JournalEntry): entry is SignatureEntry {
  return entry.kind === 'certificate' || entry.kind === 'responder-certificate' || entry.kind === 'crl';
}

function signatureOf(token: string, entry: SignatureEntry): LastSignature {
  const { issuer, sha256 } = entry;
  const of = entry.kind === 'crl' ? { number: Number(entry.number), scope: entry.scope } : { serial: entry.serial };
  return { token, issuer, sha256, of };
}

type ComparedHome = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly store: Pick<Store, 'read'>;
  readonly log: Log;
};

/**
 * Returns what the home folder, the signers and the published CRLs know and the database does not.
 */
export async function gapsOf(
  { home, issuers, store, log }: ComparedHome,
  evidence: Evidence,
): Promise<Result<readonly Gap[], string>> {
  const outlet = createFileOutlet({ directory: home.config.paths.crl });
  const found = await findGaps({ policy: home.policy, issuers, store, outlet, log }, evidence);
  return found.ok ? found : err(found.error.detail);
}
