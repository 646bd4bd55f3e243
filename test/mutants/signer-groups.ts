import { guardsOf, type Mutants } from './mutant.js';

const members = guardsOf('hsm/client/group-members.ts', 'test/unit/hsm/client/group-members.test.ts');
const watch = guardsOf('hsm/client/group-health-check.ts', 'test/unit/hsm/client/group.test.ts');
const client = guardsOf('hsm/client/client.ts', 'test/unit/hsm/client/connection.test.ts');
const group = guardsOf('hsm/client/group.ts', 'test/unit/hsm/client/group.test.ts');

export const SIGNER_GROUPS: Mutants = {
  'groups/one-request-on-trial': members('A token that was away has one request until it has proved itself.', {
    find: `return member.health === 'proven' || !isAnyProven || member.inFlight === 0;`,
    replace: 'return true;',
    title: 'have one request at a time until they are proven, while another member is proven',
  }),
  'groups/away-as-long-as-said': members('A token is away at least as long as it said.', {
    find: 'if (isAvailable(member) || now() < member.unavailableUntil) return false;',
    replace: 'if (isAvailable(member)) return false;',
    title: 'come back when they report ready, but not before the time that they gave, which is two seconds at most',
  }),
  'groups/by-turns': members('Members are asked by turns for each issuer.', {
    find: ' || turnOf(one) - turnOf(other)',
    replace: ' || turnOf(one) - turnOf(one)',
    title: 'get requests in turn for each issuer, so that each sees the lists of all issuers',
  }),
  'groups/by-load': members('Of several members the one with the least to do is asked.', {
    find: 'one.inFlight - other.inFlight || ',
    replace: '',
    title: 'get requests by the number of their unanswered requests',
  }),
  'groups/late-signature': members('A late signature does not make an unavailable member available.', {
    find: `if (isAvailable(member)) member.health = 'proven';`,
    replace: `member.health = 'proven';`,
    title: 'are unproven again after an absence, and after a bad signature of an unknown member',
  }),
  'groups/each-asked-once': group('Each member is asked once for a request.', {
    find: 'one.tried.add(member);',
    replace: '',
    title: 'asks each token once',
    hangs: true,
  }),
  'groups/put-to-another': group('A request that one member cannot sign is put to another.', {
    find: `        if (result !== null) one.settle(result);
        else moveOn(one);`,
    replace: '        one.settle(result ?? err(signerUnavailable(0, "nothing")));',
    title: 'sends the same bytes to another token when one cannot sign, and the caller sees no failure',
  }),
  'groups/away-asked-last': group('When all members are away, one of them is asked.', {
    find: '(waitsFor.size === 0 ? members.assignUnavailable(request.issuer, tried) : null)',
    replace: 'null',
    title: 'asks a token that is away when there is no other',
  }),
  'groups/trial-verified': group('A signature of a member on trial is verified before it is used.', {
    find: 'if (world.verifies(one.request, result.value)) {',
    replace: 'if (one) {',
    title: 'verifies every token again when the maker of a bad signature is unknown',
  }),
  'groups/refused-stays-refused': group('A refusal, or a cap that is reached, is put to no other member.', {
    find: `if (result.error.kind === 'signer-refused' || result.error.profile !== undefined) return result;`,
    replace: `if (result.error.kind === 'signer-refused' && result.error.rule === '') return result;`,
    title: 'sends to no other token what is',
  }),
  'groups/left-requests-move': group('Requests of a member that is away are put to another.', {
    find: `for (const one of open) if ([...one.waitsFor].every(({ health }) => health === 'unavailable')) moveOn(one);`,
    replace: '',
    title: 'does not wait for a token that ',
  }),
  'groups/busy-is-not-away': group('Requests of a member that is well are not repeated, however long they take.', {
    find: `for (const one of open) if ([...one.waitsFor].every(({ health }) => health === 'unavailable')) moveOn(one);`,
    replace: 'for (const one of open) moveOn(one);',
    title: 'sends no request twice while the tokens are busy and healthy',
  }),
  'groups/trouble-reported': watch(
    'A supervisor that reports trouble, or a request that waits too long, has its member left.',
    {
      find: `if (trouble !== null) markUnavailable(member, 0, trouble);
        else if`,
      replace: 'if',
      title: 'does not wait for a token that ',
    },
  ),
  'groups/unanswering-supervisor': watch('A member whose supervisor does not answer is left.', {
    find: `if (checks >= CHECKS_UNTIL_STUCK) markUnavailable(member, 0, 'its supervisor does not answer');`,
    replace: '',
    title: 'does not wait for a token that ',
  }),
  'groups/unreachable': watch('A member that cannot be reached is not waited for.', {
    find: `for (const member of members.all) if (connectionTo(member.path).isBroken()) markUnavailable(member, 0, 'no connection');`,
    replace: '',
    title: 'does not wait for a token that cannot be reached',
  }),
  'groups/bad-signature-member': group('The member that made a wrong signature is replaced.', {
    find: 'madeBy.set(signature, member);',
    replace: 'void member;',
    title: 'reports a bad signature to the token that made it, and then uses the other',
  }),
  'groups/all-on-trial': group('Where nobody knows which member made a wrong signature, all are on trial.', {
    find: 'else members.markAllUnproven();',
    replace: '',
    title: 'verifies every token again when the maker of a bad signature is unknown',
  }),
  'groups/deadline-of-all': group('The deadline of a request is that of all members together.', {
    find: '() => settle(err(signerUnavailable(',
    replace: '() => void (err(signerUnavailable(',
    title: 'answers within its time limit whatever the tokens do',
  }),
  'groups/one-client-says-nothing': group('A failed request for one client says nothing about a member.', {
    find: 'if (one.request.forOneClient !== true) healthCheck.markUnavailable(',
    replace: 'healthCheck.markUnavailable(',
    title: 'does not mark a token as unavailable that leaves requests for one client unanswered',
  }),
  'groups/list-elsewhere': group('A list that breaks off at one member is made again for another.', {
    find: 'err({ ...result.error, elsewhere: true })',
    replace: 'err(result.error)',
    title: 'says for an interrupted list whether another token can sign it at once',
  }),
  'groups/closed': group('A client that is closed leaves no request waiting.', {
    find: `for (const { settle } of open) settle(err(signerUnavailable(0, 'the connection was closed')));`,
    replace: '',
    title: 'answers all waiting requests when it is closed',
  }),
  'groups/closed-for-good': watch('A client that is closed starts no check again.', {
    find: 'if (closed) return; if (members.markUnavailable(',
    replace: 'if (members.markUnavailable(',
    title: 'reports no token and asks none for its status after it was closed',
  }),
  'groups/no-connection-after-close': client('A client that is closed opens no connection again.', {
    find: 'if (closed) made.close();',
    replace: '',
    title: 'opens no connection after the client was closed, neither for unanswered requests nor for later ones',
  }),
  'groups/list-retried': {
    guard: 'A list that broke off at one member is made again at once.',
    file: 'src/operations/crl/make-crl.ts',
    find: `if (error.kind !== 'signer-unavailable' || error.elsewhere !== true ||`,
    replace: `if (error.kind !== 'signer-unavailable' || error.elsewhere !== false ||`,
    test: 'test/integration/publish/publish-crl.test.ts',
    title: 'a CRL that fails at one token is signed by another',
  },
  'groups/waiting-reported': {
    guard: 'The status of a token has the time that its oldest request has waited.',
    file: 'hsm/supervisor/token-host.ts',
    find: 'requests.oldestAgeMs(at), ',
    replace: '',
    test: 'test/integration/hsm/remedies.test.ts',
    title: 'the status of a token has the time that its oldest request has waited, until it is answered',
  },
  'groups/clone-label': {
    guard: 'A replica has its own label or that of its original.',
    file: 'hsm/signer/child.ts',
    find: 'if (!expectedLabels.includes(token.tokenLabel)) {',
    replace: 'if (expectedLabels.length === 0) {',
    test: 'test/integration/hsm/signer-start.test.ts',
    title: 'accepts a clone with the label of its original, and of no other token',
  },
};
