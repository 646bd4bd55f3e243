/**
 * The account says that it is about to send the first write command to the card. From then on only
 * the card can say that it holds nothing new.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { noSuchUpdate, type ShownUpdate, shown, type UpdateName, visibleUpdate } from './read.js';
import { detailsOf } from './update-entries.js';

type Outcome = Promise<Result<ShownUpdate, OperationFailure>>;

/** Repeated while the card is written, it changes nothing. */
export async function beginWriting(world: World, account: Account, name: UpdateName): Outcome {
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const outcome = await world.store.transaction(async (tx): Outcome => {
    const visible = await visibleUpdate(tx, account, name);
    if (visible === null) return err(noSuchUpdate(name.id));
    const { update } = visible;
    const state = decideUpdateState(update.state, 'write');
    if (!state.ok) return state;
    if (state.value === update.state) return ok(await shown(tx, update));
    const { now } = await tx.databaseClock();
    const { id, version, dueAt } = update;
    await tx.changeUpdates([{ id, version, from: update.state, state: state.value, stateAt: now, dueAt }]);
    const details = detailsOf(update, null);
    await tx.appendAudit([{ at: world.clock(), type: 'update.writing', actor: accountActor(account.id), details }]);
    return ok(await shown(tx, { ...update, state: state.value, stateAt: now }));
  });
  return outcome.ok ? outcome.value : outcome;
}
