/**
 * Chooses the journals from which a restore learns: those that survived in the home folder, those
 * of the backup, and those of folders that the command names.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { lastEntry } from '../../../hsm/journal/last-entry.js';
import { readJournalId } from '../../../hsm/journal/read-journal.js';
import type { JournalLocation } from '../../jobs/journals/reconcile.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Home } from '../home.js';
import { planTokens } from '../signers/plan.js';
import type { RestoreReport } from './report.js';
import { hasJournal, type StagingFolder } from './staging.js';

export type PlacedJournal = JournalLocation & {
  readonly from: RestoreReport['journals'][number]['from'];
  /** A text about this journal for the report of the restore; null: there is none. */
  readonly remark: string | null;
};

/**
 * Returns the journals from which a restore learns: for each CA token the one in the home folder,
 * or otherwise the one of the backup, or both if neither continues the other, and also those of the
 * named folders. The error names each journal in the home folder that is an older copy of the one
 * in the backup: with it, the signer would go on from an older state.
 */
export async function findJournals(
  named: readonly string[],
  home: Home,
  staging: StagingFolder,
): Promise<Result<readonly PlacedJournal[], readonly string[]>> {
  const journals: PlacedJournal[] = [];
  const older: string[] = [];
  for (const { name: token, kind, journalFolder } of planTokens(home)) {
    const backedUp = join(staging.home, 'signers', token);
    const isBackedUp = hasJournal(backedUp);
    const own = { token, kind, folder: journalFolder };
    const ofBackup: PlacedJournal = { token, kind, folder: backedUp, from: 'backup', remark: null };
    if (!hasJournal(journalFolder)) {
      journals.push(isBackedUp ? ofBackup : { ...own, from: 'nowhere', remark: null });
      continue;
    }
    const relation = isBackedUp ? await compareJournals(journalFolder, backedUp) : 'continues';
    if (relation === 'older')
      older.push(
        `${journalFolder} is an older copy of the journal in the backup: move this folder away, so that the one of ` +
          'the backup takes its place',
      );
    const remark = relation === 'differs' ? OTHER_JOURNAL_REMARK : null;
    journals.push({ ...own, from: 'home', remark });
    // Both are read, because each may have entries that the other does not have.
    if (relation === 'differs') journals.push(ofBackup);
  }
  if (older.length > 0) return err(older);
  for (const folder of named)
    for (const { name, kind } of planTokens(home)) {
      const at = join(folder, name);
      if (hasJournal(at)) journals.push({ token: at, kind, folder: at, from: 'named', remark: null });
    }
  // Only CA tokens are compared, because the database does not record the signatures of other
  // tokens.
  return ok(journals.filter(({ kind }) => kind === 'ca'));
}

const OTHER_JOURNAL_REMARK =
  'the journal in the home folder does not continue the one in the backup: both were read, and the one in the home ' +
  'folder stays; find out why there are two';

/**
 * Compares two journals of one signer. `continues`: the journal in the home folder has the last
 * entry of the one in the backup, and may have more. `older`: the one in the backup has the last
 * entry of the one in the home folder, and more. `differs`: they have another id or history.
 */
async function compareJournals(home: string, backedUp: string): Promise<'continues' | 'older' | 'differs'> {
  const theirs = await lastEntry(backedUp, acceptEveryEntry);
  if (theirs === null) return 'continues';
  const ours = await lastEntry(home, acceptEveryEntry);
  if (ours === null) return 'older';
  if ((await readJournalId(home)) !== (await readJournalId(backedUp))) return 'differs';
  if (ours.seq < theirs.seq) return (await hasEntry(backedUp, ours)) ? 'older' : 'differs';
  return (await hasEntry(home, theirs)) ? 'continues' : 'differs';
}

function acceptEveryEntry(_entry: JournalEntry): _entry is JournalEntry {
  return true;
}

/**
 * Whether the journal has this entry. If two journals have one equal entry, they are equal up to
 * it, because each entry has the hash of the line before. Also true if the signer has deleted the
 * segment of the entry since.
 */
async function hasEntry(folder: string, entry: JournalEntry): Promise<boolean> {
  const found = await lastEntry(folder, (one): one is JournalEntry => one.seq <= entry.seq);
  return found === null || isDeepStrictEqual(found, entry);
}
