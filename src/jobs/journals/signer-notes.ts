/**
 * Copies the refusals and alarms of the signers from their journals into the audit log, each once.
 * An audit entry has the numbers of refusals and alarms by name, and the numbers of the journal
 * entries in which the details are.
 */
import type { PlacedEntry } from '../../../hsm/journal/read-journal.js';
import { ok, type Result } from '../../kernel/result.js';
import type { NodeId } from '../../ports/node.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { JournalId, JournalPosition } from '../../ports/store/journals.js';
import type { Store } from '../../ports/store.js';
import type { Clock } from '../../ports/world.js';

export type CountedNotes = {
  /** Refusals and alarms that are not in the audit log yet; null: none. */
  readonly notes: Notes | null;
  /** The last journal entry that `notes` covers. */
  readonly notesUpTo: JournalPosition | null;
};

/** Numbers of refusals and alarms in the journal entries `fromSeq` to `toSeq`. */
type Notes = {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Number of refusals, by rule. */
  readonly refusals: Counts;
  /**
   * Number of alarms, by name and subject: `rate-cap fort/cps-signature`, `crl-shrank aci-fo-pp`.
   */
  readonly alarms: Counts;
};
type Counts = Readonly<Record<string, number>>;

/**
 * Stands for the rules of refusals that the journal only counts, because there were too many for
 * one entry each.
 */
const RULE_NOT_KEPT = 'others';

type NotesWorld = { readonly store: Store; readonly clock: Clock; readonly node: NodeId };

type NotesOfJournal = CountedNotes & { readonly token: string; readonly journalId: JournalId | null };

/** Creates a counter of the refusals and alarms in the entries after number `after`. */
export function createNoteCount(after: number) {
  const refusals: Record<string, number> = {};
  const alarms: Record<string, number> = {};
  let upTo: JournalPosition | null = null;
  return {
    add({ entry, position }: PlacedEntry): void {
      if (entry.seq <= after) return;
      if (entry.kind === 'refused') count(refusals, entry.rule, 1);
      else if (entry.kind === 'refusals-over-limit') count(refusals, RULE_NOT_KEPT, entry.count);
      else if (entry.kind === 'alarm') count(alarms, `${entry.alarm} ${entry.profile ?? entry.issuer}`, 1);
      else return;
      upTo = position;
    },
    result: (): CountedNotes =>
      upTo === null
        ? { notes: null, notesUpTo: null }
        : { notes: { fromSeq: after + 1, toSeq: upTo.seq, refusals, alarms }, notesUpTo: upTo },
  };
}

function count(counts: Record<string, number>, name: string, more: number): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** Writes the counts of refusals and alarms of one journal into the audit log, as one entry. */
export async function recordRefusalsAndAlarms(
  { store, clock, node }: NotesWorld,
  { token, journalId, notes, notesUpTo }: NotesOfJournal,
): Promise<Result<void, StoreFailure>> {
  if (notes === null || notesUpTo === null || journalId === null) return ok(undefined);
  return store.transaction(async (tx) => {
    // Another process or an officer's command may have copied these entries since they were read.
    const before = await tx.journalPosition(journalId, 'notes');
    if ((before?.seq ?? 0) !== notes.fromSeq - 1) return;
    await tx.setJournalPosition({ journal: journalId, purpose: 'notes', token, node, position: notesUpTo });
    const details = { token, ...notes };
    await tx.appendAudit([{ at: clock(), type: 'signer.notes', actor: 'system', details }]);
  });
}
