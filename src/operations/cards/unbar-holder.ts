/**
 * The action `holder.unbar`: certificates are issued again for a holder whose rights were
 * withdrawn. What was revoked stays revoked.
 */
import { accountActor } from '../../audit/actors.js';
import { formatInstant } from '../../kernel/clock.js';
import { ok } from '../../kernel/result.js';
import { decideHolder } from '../../lifecycle/card-states.js';
import type { ApprovalAction } from '../approvals/action.js';

/** `holder`: the id of the holder. `reason`: why the bar is lifted. */
type UnbarSubject = { readonly holder: string; readonly reason: string };

export const unbarHolder: ApprovalAction<UnbarSubject> = {
  name: 'holder.unbar',
  needs: 'approve',
  about: ({ holder }) => ({ profile: null, structureId: null, domains: [], holderId: holder }),
  keyOf: ({ holder }) => holder,
  prepare: async (_world, tx, { holder }) => {
    const [record] = await tx.holdersById([holder]);
    const state = decideHolder(record?.state ?? 'free', 'unbar', holder);
    if (!state.ok) return state;
    return ok({
      columns: record === undefined ? null : { state: record.state, version: record.version },
      shown: record === undefined ? {} : { barredAt: formatInstant(record.stateAt), barredBy: record.actor },
      execute: async ({ approval, officers, now, at }) => {
        const actor = accountActor(officers[1]);
        await tx.setHolderState(holder, { state: state.value, at: now, actor });
        await tx.appendAudit([{ at, type: 'holder.unbarred', actor, details: { holder, officers, approval } }]);
        return { result: null, changed: [] };
      },
    });
  },
};
