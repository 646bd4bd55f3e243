/**
 * The action `key.unblock`: a key that an officer has blocked may be certified again. Keys of list
 * files stay blocked.
 */
import { accountActor } from '../../audit/actors.js';
import { formatInstant } from '../../kernel/clock.js';
import { err, ok } from '../../kernel/result.js';
import type { ApprovalAction } from '../approvals/action.js';
import { notFound } from '../failures.js';

/** `reason`: why it is unblocked; it is audited, and has no personal data. */
type UnblockSubject = { readonly spkiSha256: string; readonly reason: string };

export const unblockKey: ApprovalAction<UnblockSubject> = {
  name: 'key.unblock',
  needs: 'block-key',
  about: () => 'everything',
  keyOf: ({ spkiSha256 }) => spkiSha256,
  prepare: async (_world, tx, { spkiSha256, reason }) => {
    const [blocked] = await tx.blockedKeys([spkiSha256]);
    if (blocked === undefined) return err(notFound('no-blocked-key', { id: spkiSha256 }));
    return ok({
      columns: blocked,
      shown: { blockedAt: formatInstant(blocked.at), blockedBy: blocked.actor, blockedFor: blocked.reason },
      execute: async ({ approval, officers, at }) => {
        await tx.deleteBlockedKey(spkiSha256);
        const details = { spkiSha256, officers, reason, approval };
        await tx.appendAudit([{ at, type: 'key.unblocked', actor: accountActor(officers[1]), details }]);
        return { result: null, changed: [] };
      },
    });
  },
};
