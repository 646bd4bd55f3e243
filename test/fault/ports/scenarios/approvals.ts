/** Actions that two officers decide: requests, decisions, and what ends by itself. */
import { APPROVAL_VALIDITY_MS } from '../../../../src/approvals/statement.js';
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { addAccount } from '../../../../src/operations/accounts/change-account.js';
import { decideApproval } from '../../../../src/operations/approvals/decide.js';
import { expireApprovals } from '../../../../src/operations/approvals/expire.js';
import { listApprovals, readApproval, readOpenApprovals } from '../../../../src/operations/approvals/read.js';
import { requestApproval } from '../../../../src/operations/approvals/request.js';
import { unbarHolder } from '../../../../src/operations/cards/unbar-holder.js';
import { blockKey } from '../../../../src/operations/keys/block-key.js';
import { unblockKey } from '../../../../src/operations/keys/unblock-key.js';
import { revokeHolder } from '../../../../src/operations/revocation/revoke-all.js';
import type { World } from '../../../../src/operations/world.js';
import type { Account } from '../../../../src/ports/store/accounts.js';
import type { Store } from '../../../../src/ports/store.js';
import { NOW } from '../../../support/db/records.js';
import { professionalId } from '../../../support/service/orders.js';
import { accept, type Service } from '../service.js';
import { claimRequest, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

export const [FIRST, SECOND] = ['officer-a', 'officer-b'].map((id): Account => ({ ...OFFICER, id })) as [
  Account,
  Account,
];
const KEY = 'ab'.repeat(32);
const SUBJECT = { spkiSha256: KEY, reason: 'another key than was thought' };
/** The holder of the stage whose card has certificates. */
const HOLDER = professionalId(0);
const ANY = { state: undefined, limit: 10, before: null } as const;

const answerOf = (result: Result<unknown, { readonly kind: string; readonly rule?: string }>): Answer =>
  result.ok ? ok([]) : result;

/** The conflict of this rule is the wanted answer. */
const toldOf = (result: Parameters<typeof answerOf>[0], rule: string): Answer =>
  !result.ok && result.error.rule === rule ? ok([]) : answerOf(result);

export async function twoOfficers({ bare }: Service): Promise<void> {
  for (const one of [FIRST, SECOND]) accept(await addAccount(bare, one, { login: 'operator' }));
}

async function blocked(service: Service): Promise<void> {
  await twoOfficers(service);
  const { bare } = service;
  accept(await blockKey(bare, KEY, { officer: FIRST.id, reason: 'leaked', login: 'operator' }));
}

const request = (world: World) =>
  requestApproval(world, unblockKey, { account: FIRST, subject: SUBJECT, idempotency: claimRequest(FIRST, 'unblock') });

async function requested(service: Service): Promise<void> {
  await blocked(service);
  accept(await request(service.bare));
}

async function idOf({ bare }: Service): Promise<string> {
  return present(accept(await listApprovals(bare, FIRST, ANY)).approvals[0], 'a request').id;
}

/** A request that has expired by now. */
async function requestedLongAgo(service: Service): Promise<void> {
  await blocked(service);
  const { bare } = service;
  const databaseClock = async () => ({ now: NOW - 2 * APPROVAL_VALIDITY_MS, mark: null });
  const transaction: Store['transaction'] = (work) => bare.store.transaction((tx) => work({ ...tx, databaseClock }));
  accept(await request({ ...bare, store: { ...bare.store, transaction } }));
}

/** The second officer approves what was requested last. */
export async function approveLast(service: Service): Promise<Answer> {
  return answerOf(await decideApproval(service.world, SECOND, { id: await idOf(service), decision: 'approve' }));
}

export const APPROVALS: readonly Scenario[] = [
  {
    name: 'request an action of two officers',
    operation: requestApproval,
    before: blocked,
    run: async ({ world }) => answerOf(await request(world)),
  },
  {
    name: 'request an action again whose first request has expired',
    operation: requestApproval,
    before: requestedLongAgo,
    run: async ({ world }) => answerOf(await request(world)),
  },
  {
    name: 'approve as the second officer',
    operation: decideApproval,
    before: requested,
    run: approveLast,
    orTold: ['approval-ended'],
  },
  {
    name: 'approve that the bar of a holder is lifted',
    operation: decideApproval,
    before: async (service) => {
      await blocked(service);
      const { bare } = service;
      const withdrawn = { account: FIRST, reason: 'privilegeWithdrawn', invalidityDate: null } as const;
      accept(await revokeHolder(bare, HOLDER, withdrawn));
      const subject = { holder: HOLDER, reason: 'the wrong person was barred' };
      accept(await requestApproval(bare, unbarHolder, { account: FIRST, subject }));
    },
    run: approveLast,
    orTold: ['approval-ended'],
  },
  {
    name: 'approve what is not possible any more',
    operation: decideApproval,
    before: async (service) => {
      await requested(service);
      accept(await service.bare.store.transaction((tx) => tx.deleteBlockedKey(KEY)));
    },
    run: async (service) => {
      const decided = await decideApproval(service.world, SECOND, { id: await idOf(service), decision: 'approve' });
      return toldOf(decided, 'approval-stale');
    },
    orTold: ['approval-ended'],
  },
  {
    name: 'approve too late',
    operation: decideApproval,
    before: requestedLongAgo,
    run: async (service) => {
      const decided = await decideApproval(service.world, SECOND, { id: await idOf(service), decision: 'approve' });
      return toldOf(decided, 'approval-expired');
    },
    orTold: ['approval-ended'],
  },
  {
    name: 'refuse an action',
    operation: decideApproval,
    before: requested,
    run: async (service) => {
      const refusal = { id: await idOf(service), decision: 'refuse', reason: 'it is the published key' } as const;
      return answerOf(await decideApproval(service.world, SECOND, refusal));
    },
    orTold: ['approval-ended'],
  },
  {
    name: 'read an approval',
    operation: readApproval,
    before: requested,
    run: async (service) => answerOf(await readApproval(service.world, SECOND, await idOf(service))),
  },
  {
    name: 'list approvals',
    operation: listApprovals,
    before: requested,
    run: async ({ world }) => answerOf(await listApprovals(world, SECOND, ANY)),
  },
  {
    name: 'read the open approvals of an object',
    operation: readOpenApprovals,
    before: requested,
    run: async (service) => {
      const id = await idOf(service);
      const approval = accept(await service.bare.store.read((reads) => reads.approval(id)));
      return answerOf(await readOpenApprovals(service.world, SECOND, approval === null ? [] : [approval]));
    },
  },
  {
    name: 'end approvals that nobody has decided',
    operation: expireApprovals,
    before: requestedLongAgo,
    run: async ({ world }) => answerOf(await expireApprovals(world)),
  },
];
