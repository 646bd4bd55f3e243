import { guardsOf, type Mutants } from './mutant.js';

const TRANSACTIONS = 'test/integration/enrolment/cmp-transactions.test.ts';
const TOGETHER = 'test/integration/enrolment/cmp-confirmed-together.test.ts';
const MISUSE = 'test/integration/enrolment/cmp-misuse.test.ts';
const SUITE = 'test/integration/enrolment/cmp-suite.test.ts';
const UPDATES = 'test/integration/enrolment/cmp-updates.test.ts';
const NESTED = 'test/integration/enrolment/cmp-nested.test.ts';
const UNDETERMINED = 'test/integration/enrolment/cmp-undetermined.test.ts';
const AT_ONCE = 'test/integration/enrolment/cmp-at-once.test.ts';

/** Guards of transactions of CMP. */
export const CMP_TRANSACTIONS: Mutants = {
  'cmp-transactions/hash': guardsOf('src/operations/cmp/confirm.ts', TRANSACTIONS)(
    'A certificate is confirmed by its own hash only.',
    {
      find: 'if (!equalBytes(expected, certHash)) return',
      replace: 'if (!equalBytes(expected, certHash) && expected.length === 0) return',
      title: 'revokes a certificate that the client rejects, or whose hash is wrong',
    },
  ),
  'cmp-transactions/own-request': guardsOf('src/operations/cmp/enrol.ts', AT_ONCE)(
    'A transaction keeps the request with which it began.',
    {
      find: 'if (known !== null && !isSameRequest(known, row)) return null;',
      replace: 'if (known === undefined) return null;',
      title: 'with one transactionID are one transaction, which issues what its own message asks for',
    },
  ),
  'cmp-transactions/copies': guardsOf('src/operations/cmp/confirm.ts', AT_ONCE)(
    'A copy of the message that has ended a transaction gets its answer.',
    {
      find: 'return lastSha256 === exchange.sha256;',
      replace: "return lastSha256 === exchange.sha256 && lastSha256 === '';",
      title: 'that are copies of a confirmation get one answer, right or wrong',
    },
  ),
  'cmp-transactions/lost-answer': guardsOf('src/cmp/checks/protection.ts', UPDATES)(
    'A superseded certificate begins nothing.',
    {
      find: ' && (await isOwnLaterMessage(context))',
      replace: '',
      title: 'that has revoked what it has replaced is answered again, and polled for, where the answer was lost',
    },
  ),
  'cmp-transactions/undetermined': guardsOf('src/operations/cmp/lapse.ts', UNDETERMINED)(
    'What cannot be confirmed any more ends.',
    {
      find: '{ ...row, endedAt: at }',
      replace: '{ ...row }',
      title: 'ends when an officer has revoked its certificate',
    },
  ),
  'cmp-transactions/together': guardsOf('src/operations/cmp/confirm.ts', TOGETHER)(
    'Of two confirmations that prove one key, the second one sees the first.',
    {
      find: '(isFirst && !row.encrypted)',
      replace: 'isFirst',
      title: 'prove one key for one holder only',
    },
  ),
  'cmp-transactions/reported-though-lost': guardsOf('src/operations/cmp/confirm.ts', TOGETHER)(
    'What a confirmation or a rejection revokes is published, also when the result of the commit is lost.',
    {
      find: 'if (changed.length > 0) world.statusChanged(changed);',
      replace: 'if (ended.ok && changed.length > 0) world.statusChanged(changed);',
      title:
        'withdraw the answers about a certificate that its client rejects, though the result of the commit is lost',
    },
  ),
  'cmp-transactions/proof': guardsOf('src/lifecycle/certificate-states.ts', MISUSE)(
    'A key that nobody has proven takes nothing from its holder.',
    {
      find: 'return !encrypted || confirmed;',
      replace: 'return !encrypted || confirmed || true;',
      title: 'takes nothing from the holder of a key that it has only named',
    },
  ),
  'cmp-transactions/not-shown': guardsOf('src/console/pages/certificate/data.ts', MISUSE)(
    'The console shows no octet of a certificate whose key is not proven.',
    {
      find: 'record.signature !== null && isKeyProven(record)',
      replace: 'record.signature !== null',
      title: 'is not shown in the console, and does not stand in the way of an account that has lost its own',
    },
  ),
  'cmp-transactions/lost': guardsOf('src/operations/accounts/certify-account.ts', MISUSE)(
    'A certificate whose key is not proven keeps no account from getting another one.',
    {
      find: 'record.signature !== null && isKeyProven(record) && isOwn(record)',
      replace: 'record.signature !== null && isOwn(record)',
      title: 'is not shown in the console, and does not stand in the way of an account that has lost its own',
    },
  ),
  'cmp-transactions/pending': guardsOf('src/operations/issuance/issue.ts', TRANSACTIONS)(
    'A certificate that is to be confirmed is pending.',
    {
      find: `(command.cmp?.row.confirmBy ?? null) === null ? 'issued' : 'pending'`,
      replace: `command !== null ? 'issued' : 'pending'`,
      title: ', has a pending certificate, and issues it with the confirmation',
    },
  ),
  'cmp-transactions/rights': guardsOf('src/operations/cmp/revoke.ts', TRANSACTIONS)(
    'A certificate revokes itself, and no other one.',
    {
      find: 'if (!isVisibleTo(author, record))',
      replace: 'if (!isVisibleTo(author, record) && record.signature === null)',
      title: 'renews a certificate that signs its update, and revokes one that asks for it',
    },
  ),
  'cmp-transactions/cert-req-id': guardsOf('src/operations/cmp/confirm.ts', SUITE)(
    'A confirmation names the request that was answered, unless a conformance suite sends it.',
    {
      find: " && isForSuite(policy.profiles.get(row.profile ?? '')));",
      replace: ');',
      title: 'takes 0 as certReqId in the confirmation of a p10cr, as no other profile does',
    },
  ),
  'cmp-transactions/suite-networks': guardsOf('src/operations/cmp/enrol.ts', SUITE)(
    'A certificate of the suite asks for others from the networks of its account.',
    {
      find: 'accountFault(account, clock()) ?? networkFault(account, address)',
      replace: 'accountFault(account, clock())',
      title: 'gives it no certificate outside of the networks of its account, nor one of a registration',
    },
  ),
  'cmp-transactions/suite-registered': guardsOf('src/operations/cmp/enrol.ts', SUITE)(
    'The holder of a registration gets no certificates for others.',
    {
      find: 'if (isRegistered) {',
      replace: "if (isRegistered && account.id === '') {",
      title: 'gives it no certificate outside of the networks of its account, nor one of a registration',
    },
  ),
  'cmp-transactions/place': guardsOf('src/operations/cmp/enrol.ts', UPDATES)(
    'What a client no longer waits for keeps its place.',
    {
      find: "if (issued === 'late') asked.origin.goesOn(",
      replace: "if (issued === 'late') void (",
      title: 'or another request whose signer is slow is told to poll, and signed once',
    },
  ),
  'cmp-transactions/vouch': guardsOf('src/operations/cmp/nested.ts', NESTED)(
    'Only an account with the role adds its protection.',
    {
      find: 'if (!permitted.ok) {',
      replace: 'if (!permitted.ok && inner.isRepeated) {',
      title: 'vouches for nobody, and may send a batch',
    },
  ),
  'cmp-transactions/long-wait': guardsOf('src/http/cmp/routes.ts', 'test/conformance/cmp/openssl.test.ts')(
    'A client that is told to wait does not come back on a connection that was closed meanwhile.',
    {
      find: "if (reply.comesBackLater) ctx.set('Connection', 'close');",
      replace: 'void reply.comesBackLater;',
      title: 'waits by polling while the signer of the CA is away, also for longer than a connection is kept',
    },
  ),
};
