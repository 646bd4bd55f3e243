/**
 * The account says that nothing was written to the card. That is enough until it has announced the
 * first write command; from then on only the card can say so (`accept-statement.ts`). An update
 * whose old certificates have all ended is not abandoned, because the card would be left without
 * any.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { fault } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { abandonUpdates } from './change-updates.js';
import { hasOldEnded, recordsOf } from './end-updates.js';
import { type ShownUpdate, shown, type UpdateName, visibleUpdate } from './read.js';

type Outcome = Promise<Result<ShownUpdate, OperationFailure>>;

export async function abandonUnwritten(world: World, account: Account, name: UpdateName): Outcome {
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const revoked: CertificateRecord[] = [];
  const outcome = await world.store.transaction(async (tx): Outcome => {
    const visible = await visibleUpdate(tx, account, name);
    if (visible === null) return err(notFound('no-update', { id: name.id }));
    const { update } = visible;
    const state = decideUpdateState(update.state, 'abandon-by-account');
    if (!state.ok) return state;
    if (state.value === update.state) return ok(await shown(tx, update));
    const { now } = await tx.databaseClock();
    if (hasOldEnded(update, await recordsOf(tx, [update]), now))
      return err({ kind: 'state-conflict', ...fault('update-old-ended') });
    const cause = {
      actor: accountActor(account.id),
      endedBy: accountActor(account.id),
      statement: null,
      now,
      at: world.clock(),
    };
    revoked.push(...(await abandonUpdates(tx, [update], cause)));
    const [changed = update] = await tx.updatesByIds([update.id]);
    return ok(await shown(tx, changed));
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (revoked.length > 0) world.statusChanged(revoked);
  return outcome.ok ? outcome.value : outcome;
}
