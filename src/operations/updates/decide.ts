/**
 * The action `update.decide`: two officers say what a card holds that has not spoken in time. Their
 * decision is final; if the card says something else later, it goes to a desk
 * (`accept-statement.ts`).
 */
import { accountActor } from '../../audit/actors.js';
import { formatInstant } from '../../kernel/clock.js';
import { err, ok } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { ApprovalAction } from '../approvals/action.js';
import { notFound } from '../failures.js';
import { abandonUpdates, confirmUpdates } from './change-updates.js';
import { approvalName } from './update-entries.js';

type DecisionSubject = {
  readonly update: string;
  readonly outcome: 'confirmed' | 'abandoned';
  /** It is audited, and has no personal data. */
  readonly reason: string;
};

export const decideUpdate: ApprovalAction<DecisionSubject> = {
  name: 'update.decide',
  needs: 'read-updates',
  about: () => 'everything',
  keyOf: ({ update }) => update,
  prepare: async (_world, tx, { update: id, outcome, reason }) => {
    const [update] = await tx.updatesByIds([id]);
    if (update === undefined) return err(notFound('no-update', { id }));
    const state = decideUpdateState(update.state, `decide-${outcome}`);
    if (!state.ok) return state;
    return ok({
      columns: { id, state: update.state, version: update.version },
      shown: {
        card: update.cardTokenId,
        state: update.state,
        begunAt: formatInstant(update.begunAt),
        oldCertificates: update.oldIds,
        newCertificates: update.newIds,
      },
      execute: async ({ approval, officers, now, at }) => {
        const actor = accountActor(officers[1]);
        const details = { id, card: update.cardTokenId, outcome, approval, officers, reason };
        await tx.appendAudit([{ at, type: 'update.decided', actor, details }]);
        const ended = { endedBy: approvalName(approval), statement: null };
        const moment = { actor, now, at };
        if (outcome === 'abandoned')
          return {
            result: { state: state.value },
            changed: await abandonUpdates(tx, [update], { ...ended, ...moment }),
          };
        await confirmUpdates(tx, [{ update, ...ended }], moment);
        return { result: { state: state.value }, changed: [] };
      },
    });
  },
};
