import { guardsOf, type Mutants } from './mutant.js';

const JOBS = 'test/integration/webhooks/delivery.test.ts';
const SENDER = 'test/integration/publish/webhook-sender.test.ts';
const ADDRESSES = 'test/unit/publish/webhook-address.test.ts';

const fanOut = guardsOf('src/jobs/webhooks/fan-out.ts', JOBS);
const retention = guardsOf('src/jobs/webhooks/retention.ts', JOBS);
const sending = guardsOf('src/jobs/webhooks/send.ts', JOBS);
const rows = guardsOf('src/db/tables/outbox/deliveries.ts', JOBS);
const tables = guardsOf('src/db/schema/outbox.ts', 'test/integration/webhooks/tables.test.ts');
const schedule = guardsOf('src/orders/webhooks.ts', 'test/unit/orders/delivery-schedule.test.ts');
const message = guardsOf('src/orders/webhooks.ts', 'test/unit/orders/webhook-message.test.ts');
const address = guardsOf('src/publish/webhook-address.ts', ADDRESSES);
const sender = guardsOf('src/publish/webhook-sender.ts', SENDER);

const REFUSED_BY_SQL = 'refuses by SQL what would lose or rewrite an event';
const IN_ORDER = 'come in order for a subject';

/** Guards of the outbox and of webhooks. */
export const WEBHOOKS: Mutants = {
  'webhooks/body-rewritten': tables('The body of an event is never rewritten.', {
    find: "await createRowTriggers(db, 'outbox', [NEVER_UPDATED]);",
    replace: "await createRowTriggers(db, 'outbox', [NEVER_UPDATED].slice(1));",
    title: REFUSED_BY_SQL,
  }),
  'webhooks/event-of-delivery': tables('An event is kept as long as it has a delivery.', {
    find: ".references('outbox.id')",
    replace: '',
    title: REFUSED_BY_SQL,
  }),
  'webhooks/cursor-ascends': tables('The position of an endpoint never falls.', {
    find: "when: 'new.last_id < old.last_id'",
    replace: "when: 'new.last_id < 0'",
    title: REFUSED_BY_SQL,
  }),
  'webhooks/dropped-dead': tables('Only a dead delivery is dropped.', {
    find: "new.state = 'dropped' and old.state <> 'dead'",
    replace: "new.state = 'dropped' and old.state = 'dropped'",
    title: REFUSED_BY_SQL,
  }),
  'webhooks/order-of-subject': rows('The events of a subject come in order.', {
    find: 'd.outbox_id = (select min(',
    replace: 'd.outbox_id >= (select min(',
    title: IN_ORDER,
  }),
  'webhooks/dead-holds-back': rows('A dead delivery holds back later events of its subject.', {
    find: "first.state in ('waiting', 'dead'))",
    replace: "first.state = 'waiting')",
    title: 'hold back their subject until dropped',
  }),
  'webhooks/once-for-each-endpoint': fanOut('An endpoint gets only events that follow its position.', {
    find: 'event.id > (cursors.get(endpoint.name) ?? 0) && isWanted(endpoint, event)',
    replace: 'isWanted(endpoint, event)',
    title: 'begin for a new endpoint with the events that follow it',
  }),
  'webhooks/test-after-retention': guardsOf(
    'src/operations/claim-once.ts',
    'test/integration/webhooks/tested-again.test.ts',
  )('A repeated test is no error where retention has deleted its event first.', {
    find: 'if (record === null && mayBeDeleted === true) return storeForClaim();',
    replace: '',
    title: 'is the same for its Idempotency-Key, and a new one when the first was deleted after 30 days',
  }),
  'webhooks/one-look-up-of-a-name': address('An endpoint whose name gets no answer keeps no other from its address.', {
    find: 'const shared = sharedByName.get(hostname) ?? find(hostname);',
    replace: 'const shared = find(hostname);',
    title: 'of an endpoint are found while the name of another one gets no answer, however often it is asked for',
  }),
  'webhooks/unsigned-is-no-attempt': sending('What was not signed is not counted as an attempt.', {
    find: 'if (tried.length === 0) throw new JobFailed(',
    replace: 'if (tried.length < 0) throw new JobFailed(',
    title: 'wait while the platform key cannot be used',
  }),
  'webhooks/not-given-yet': retention('An event that is not given to every endpoint yet is kept.', {
    find: '...endpoints.map(({ name }) => cursors.get(name) ?? 0)',
    replace: '...endpoints.map(({ name }) => (cursors.get(name) ?? 0) + 1_000)',
    title: 'are deleted 30 days after they were delivered',
    message: 'not given',
  }),
  'webhooks/given-up': schedule('A delivery is tried for 72 hours.', {
    find: 'now - firstAt >= GIVEN_UP_AFTER_MS',
    replace: 'now - firstAt >= 2 * GIVEN_UP_AFTER_MS',
    title: '72 hours',
  }),
  'webhooks/retry-after-max': schedule('Retry-After is followed up to an hour.', {
    find: 'Math.min(retryAfterMs ?? 0, PAUSE_MS_MAX)',
    replace: '(retryAfterMs ?? 0)',
    title: 'waits longer if Retry-After asks for it, up to an hour',
  }),
  'webhooks/retry-after-min': schedule('Retry-After: 0 does not make attempts more frequent.', {
    find: 'Math.max(planned, Math.min(',
    replace: 'Math.max(retryAfterMs === null ? planned : 0, Math.min(',
    title: 'waits longer if Retry-After asks for it, up to an hour, and never shorter',
  }),
  'webhooks/padded': message('r and s of a signature have 32 octets each.', {
    find: 'padded.set(digits, INTEGER_OCTETS - digits.length);',
    replace: 'padded.set(digits, 0);',
    title: 'a verifier of RFC 9421 accepts',
  }),
  'webhooks/own-network': address('No event is sent to an address that is not global unicast.', {
    find: 'isGlobalUnicast(resolved) || isIn(networks)',
    replace: 'true || isIn(networks)',
    title: 'are others only in the networks of the configuration',
  }),
  'webhooks/named-address': sender('An address in the URL of an endpoint is checked too.', {
    find: 'literal?.ok === false ? failed(literal.error) : exchange(request)',
    replace: 'exchange(request)',
    title: 'sends nothing to an address that is not allowed',
  }),
  'webhooks/resolved-address': sender('A connection goes to the address that was checked.', {
    find: 'const options = { keepAlive: true, maxSockets: connectionsMax, lookup };',
    replace: 'const options = { keepAlive: true, maxSockets: connectionsMax };',
    title: 'resolves the name once for each',
  }),
  'webhooks/whole-answer': sender('An answer that breaks off is a failure.', {
    find: "if (!answer.complete) fail('answer-incomplete');",
    replace: 'complete();',
    title: 'takes an answer that breaks off for a failure',
  }),
  'webhooks/answer-time': sender('A request ends within its time.', {
    find: "const whole = setTimeout(() => fail('timeout'), limits.requestMsMax);",
    replace: "const whole = setTimeout(() => fail('timeout'), 1e9);",
    title: 'waits a limited time for an answer',
    hangs: true,
  }),
  'webhooks/lines-not-announced': {
    guard: 'What a line of an order issues has no event of its own.',
    file: 'src/operations/issuance/store-signatures.ts',
    find: "return becomes === 'issued' && lineOfClaim(claim) === null;",
    replace: "return becomes === 'issued' && (claim === null || lineOfClaim(claim) !== undefined);",
    test: 'test/integration/webhooks/announced.test.ts',
    title: 'not for those of lines of orders',
  },
  'webhooks/recovered-announced': guardsOf(
    'src/lifecycle/certificate-states.ts',
    'test/unit/lifecycle/certificate-events.test.ts',
  )('A revocation of a recovered certificate is announced.', {
    find: 'changed.filter(isCertificate)',
    replace: 'changed.filter((one) => isCertificate(one) && one.signature !== null)',
    title: 'are those of signed and of recovered certificates, and none of intents that were given up',
  }),
  'webhooks/change-announced': {
    guard: 'A change of status has its event in the same transaction.',
    file: 'src/operations/revocation/revoke.ts',
    find: '  await tx.publish(statusEvents([decided.value], at));\n',
    replace: '',
    test: 'test/fault/ports/ports-sqlite.test.ts',
    title: 'each port call of each operation fails',
    message: 'each change that endpoints hear of has its event',
    whole: true,
  },
};
