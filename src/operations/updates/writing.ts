/**
 * The account says that it is about to send the first write command to the card. From then on only
 * the card can say that it holds nothing new.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { AuditEvent } from '../../audit/events.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardUpdate, UpdateChange } from '../../ports/store/cards/card-updates.js';
import type { GroupedWork, Transaction } from '../../ports/store.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ShownUpdate, shownOf, type UpdateName, visibleUpdates } from './read.js';
import { detailsOf } from './update-entries.js';

type WritingOutcome = Result<ShownUpdate, OperationFailure>;

/** A repeated request changes nothing while the card is written. */
export async function beginWriting(world: World, account: Account, name: UpdateName): Promise<WritingOutcome> {
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.groupedTransaction(WRITE, { account, name, clock: world.clock });
  return outcome.ok ? outcome.value : outcome;
}

type Announcement = { readonly account: Account; readonly name: UpdateName; readonly clock: World['clock'] };

/** Announcements for many cards share their transactions and statements. */
const WRITE: GroupedWork<Transaction, Announcement, WritingOutcome> = {
  run: async (tx, asked) => {
    const visible = await visibleUpdates(tx, asked);
    const { now } = await tx.databaseClock();
    const changes = new Map<string, UpdateChange>();
    const events: AuditEvent[] = [];
    const outcomes = asked.map(({ account, name, clock }, at): Result<CardUpdate, OperationFailure> => {
      const update = visible[at]?.update;
      if (update === undefined) return err(notFound('no-update', { id: name.id }));
      const state = decideUpdateState(update.state, 'write');
      if (!state.ok) return state;
      if (state.value === update.state) return ok(update);
      const { id, version, dueAt } = update;
      // A second announcement in the group repeats the first.
      if (!changes.has(id)) {
        const details = detailsOf(update, null);
        events.push({ at: clock(), type: 'update.writing', actor: accountActor(account.id), details });
      }
      changes.set(id, { id, version, from: update.state, state: state.value, stateAt: now, dueAt });
      return ok({ ...update, state: state.value, stateAt: now });
    });
    await tx.changeUpdates([...changes.values()]);
    await tx.appendAudit(events);
    return outcomes.map((one, at) => (one.ok ? ok(shownOf(one.value, visible[at]?.onCard ?? [])) : one));
  },
};
