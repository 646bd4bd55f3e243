import { guardsOf, type Mutants } from './mutant.js';

const decide = guardsOf('src/operations/approvals/decide.ts', 'test/integration/approvals/decisions.test.ts');
const schema = guardsOf('src/db/schema/approvals.ts', 'test/integration/approvals/rows.test.ts');

/** Guards of actions that two officers decide. */
export const APPROVALS: Mutants = {
  'approvals/two-officers': decide('One officer does not approve what the same one has requested.', {
    find: 'if (approval.signatures.some(({ account }) => account === by))',
    replace: 'if (approval.signatures.length > 2)',
    title: 'is not approved by the officer who has requested it',
  }),
  'approvals/key-has-one-request': guardsOf(
    'src/operations/approvals/request.ts',
    'test/integration/approvals/decisions.test.ts',
  )('A request that is repeated under its Idempotency-Key asks nothing of the officers again.', {
    find: 'return claimOnce(tx, { idempotency, now, store, find: tx.approval });',
    replace: 'return store();',
    title: 'is the first one for a repeated Idempotency-Key, also when that has ended',
  }),
  'approvals/reported-though-lost': guardsOf(
    'src/operations/approvals/decide.ts',
    'test/integration/updates/present-key.test.ts',
  )('What two officers have revoked is published, also when the result of the commit is lost.', {
    find: 'if (changed.length > 0) world.statusChanged(changed);',
    replace: 'if (outcome.ok && changed.length > 0) world.statusChanged(changed);',
    title: 'is withdrawn by two officers, though the result of the commit is lost',
  }),
  'approvals/first-signer': decide('The signature of a disabled officer does not count.', {
    find: 'if (first !== null) {',
    replace: 'if (first !== null && approval.signatures.length > 2) {',
    title: 'counts neither a disabled account',
  }),
  'approvals/second-signer': decide('An account that was disabled meanwhile approves nothing.', {
    find: 'if (second !== null) return err(second);',
    replace: '',
    title: 'counts neither a disabled account',
  }),
  'approvals/signer-certificates': decide('What was requested with a stolen card is not executed.', {
    find: '?? (await certificatesFault(tx, account, now))',
    replace: '?? (await certificatesFault(tx, account, now).then(() => null))',
    title: 'counts no signature of an officer whose certificates were revoked or suspended, or whose key was blocked',
  }),
  'approvals/version': decide('What is executed is about the object that was requested.', {
    find: 'if (versionOf(columns) !== approval.version)',
    replace: 'if (versionOf(columns) === null)',
    title: 'is stale when its object has changed since the request',
  }),
  'approvals/expired': decide('An approval does not wait for ever.', {
    find: 'if (expiresAt <= now) {',
    replace: 'if (expiresAt <= 0) {',
    title: 'expires after 72 hours',
  }),
  'approvals/once': decide('An approval is used once.', {
    find: "if (state !== 'requested') return",
    replace: "if (state === 'expired') return",
    title: 'is used once',
  }),
  'approvals/rows': schema('What has ended is never rewritten.', {
    find: "when: `old.state <> 'requested'`",
    replace: "when: `old.state = 'none'`",
    title: 'cannot be changed past the program',
  }),
  'approvals/own-account': guardsOf(
    'src/operations/approvals/action.ts',
    'test/integration/approvals/accounts.test.ts',
  )('An officer does not sign for a change of the own account.', {
    find: 'if (action.changedAccount?.(subject) === account.id)',
    replace: "if (action.changedAccount?.(subject) === '')",
    title: 'of an officer is changed by two others, and by no signature of the same officer',
  }),
};
