/**
 * Checks that a broken promise is detected: each check gets a history in which its promise was
 * broken.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { createTheatre, type Theatre } from './places.js';
import { playAndFail } from './play.js';
import { brokenPromises, type Facts, PROMISES } from './promises.js';
import { SCENARIOS } from './scenarios/all.js';

const SCENARIO = present(SCENARIOS[0], 'issue, under a key');

type Row = Facts['settled']['certificates'][number];
type Breach = { readonly what: string; readonly promise: string; readonly make: (facts: Facts) => Facts };

const settled = (facts: Facts, change: Partial<Facts['settled']>): Facts => ({
  ...facts,
  settled: { ...facts.settled, ...change },
});
const crashed = (facts: Facts, change: Partial<Facts['crashed']>): Facts => ({
  ...facts,
  crashed: { ...facts.crashed, ...change },
});
/** The certificate of the scenario, by the idempotency key of its request. */
const isOurs = ({ key }: Row): boolean => key === SCENARIO.keyed?.key;
const changeRow = (rows: readonly Row[], change: Partial<Row>): readonly Row[] =>
  rows.map((row) => (isOurs(row) ? { ...row, ...change } : row));
const inSettled = (change: Partial<Row>) => (facts: Facts) =>
  settled(facts, { certificates: changeRow(facts.settled.certificates, change) });
const ourRow = ({ settled: { certificates } }: Facts): Row => {
  const row = certificates.find(isOurs);
  assert.ok(row);
  return row;
};
const inJournal = (change: (signed: Facts['journal'][number]) => Facts['journal'][number]) => (facts: Facts) => ({
  ...facts,
  journal: facts.journal.map(change),
});
const withEntry = (entry: Omit<Facts['settled']['audit'][number], 'seq'>) => (facts: Facts) =>
  settled(facts, { audit: [...facts.settled.audit, { seq: 0, ...entry }] });
const withoutAudit = (type: string) => (facts: Facts) =>
  settled(facts, { audit: facts.settled.audit.filter((one) => one.type !== type) });

const SIGNED = 'nothing is signed that was not stored and announced';
const VERIFIES = 'a signature that is released verifies';
const ONCE = 'a serial number is spent once';
const KEPT = 'what was acknowledged is kept, octet by octet';
const INTENTS = 'each open intent is finished with its octets or listed as revoked';
const STATES = 'the audit log tells the state of each certificate';
const ENTRIES = 'each signature has its entry before and after';
const CHAIN = 'the audit chain is intact';
const WHOLE = 'a mass revocation is whole when it is done, each of its certificates once';
const LINES = 'each line of an order has one outcome, in the commit of its certificates';
const FOUNDED = 'a founding certificate comes with its account';
const APPROVED = 'an approval is executed in the commit of its action';
const ENDED = 'a card or holder has the state that the audit log says';
const UPDATED = 'an update changes in the commit of its certificates';
const ANNOUNCED = 'each change that endpoints hear of has its event';
const GOOD = 'what is open or revoked is never good';
const REVOKED = 'revoked stays revoked';
const NUMBERS = 'numbers of lists rise, and no number has two lists';
const LISTED = 'the last list is whole, and lists exactly what is revoked';
const TWICE = 'the same request twice is one certificate';

const ORDER = { id: 'order', state: 'completed', matched: 2, done: 2, settled: 2, waiting: 0, live: 0 };

/** An order of cards whose two lines were issued and refused. */
const CARDS = {
  id: 'cards',
  state: 'finished',
  lines: 2,
  counted: { issued: 1, refused: 1 },
  rows: { issued: 1, refused: 1 },
  named: [],
  signed: [],
  claimed: [],
  settled: ['1', '2'],
};

const BREACHES: readonly Breach[] = [
  {
    what: 'signed before it was stored',
    promise: SIGNED,
    make: inJournal((one) => (one.kind === 'certificate' ? { ...one, stored: false } : one)),
  },
  {
    what: 'signed without an audit intent',
    promise: SIGNED,
    make: inJournal((one) => (one.kind === 'crl' ? { ...one, announced: false } : one)),
  },
  { what: 'a wrong signature', promise: VERIFIES, make: inSettled({ signature: new Uint8Array(70) }) },
  { what: 'issued without a signature', promise: VERIFIES, make: inSettled({ signature: null }) },
  {
    what: 'two signatures over different octets for one serial number',
    promise: ONCE,
    make: (facts) => ({
      ...facts,
      journal: [
        ...facts.journal,
        {
          kind: 'certificate',
          issuer: ourRow(facts).issuer,
          name: ourRow(facts).serial,
          tbsSha256: '00',
          stored: true,
          announced: true,
        },
      ],
    }),
  },
  {
    what: 'two intents for one serial number',
    promise: ONCE,
    make: (facts) =>
      settled(facts, {
        audit: facts.settled.audit.flatMap((one) => (one.type === 'certificate.intent' ? [one, one] : [one])),
      }),
  },
  {
    what: 'an acknowledged certificate is gone',
    promise: KEPT,
    make: (facts) => settled(facts, { certificates: facts.settled.certificates.filter((row) => !isOurs(row)) }),
  },
  { what: 'an acknowledged certificate has other octets', promise: KEPT, make: inSettled({ tbsSha256: '00' }) },
  { what: 'an acknowledged certificate is open again', promise: KEPT, make: inSettled({ status: 'open' }) },
  {
    what: 'a list that was acknowledged is not published',
    promise: KEPT,
    make: (facts) => ({ ...facts, reported: [{ kind: 'crl', issuer: 'aci-fo-pp', number: 99, sha256: '00' }] }),
  },
  { what: 'an intent is left open', promise: INTENTS, make: inSettled({ status: 'open' }) },
  {
    what: 'an intent is finished with other octets',
    promise: INTENTS,
    make: (facts) =>
      inSettled({ tbsSha256: '00' })(
        crashed(facts, { certificates: changeRow(facts.settled.certificates, { status: 'open' }) }),
      ),
  },
  {
    what: 'an intent is given up and on no list',
    promise: INTENTS,
    make: (facts) =>
      inSettled({ status: 'revoked' })(
        crashed(facts, { certificates: changeRow(facts.settled.certificates, { status: 'open' }) }),
      ),
  },
  { what: 'a state without its entry', promise: STATES, make: withoutAudit('certificate.issued') },
  {
    what: 'a change of state that names the entry of another',
    promise: STATES,
    make: (facts) => settled(facts, { statusEvents: [{ certificateId: 'another', auditSeq: 1 }] }),
  },
  {
    what: 'a certificate that names another entry for its intent',
    promise: ENTRIES,
    make: inSettled({ intentSeq: 0 }),
  },
  { what: 'a certificate that names another entry for its end', promise: ENTRIES, make: inSettled({ issuedSeq: 0 }) },
  { what: 'a signature without its result', promise: ENTRIES, make: withoutAudit('certificate.issued') },
  { what: 'a list without its intent', promise: ENTRIES, make: withoutAudit('crl.intent') },
  {
    what: 'a signature that the database does not know',
    promise: ENTRIES,
    make: inJournal((one) => (one.kind === 'certificate' ? { ...one, name: 'ff' } : one)),
  },
  {
    what: 'an entry is missing',
    promise: CHAIN,
    make: (facts) => settled(facts, { chain: facts.settled.chain.filter((_, at) => at !== 2) }),
  },
  {
    what: 'the log is cut short',
    promise: CHAIN,
    make: (facts) => settled(facts, { chain: facts.settled.chain.slice(0, -1) }),
  },
  ...(
    [
      ['a mass revocation goes on for ever', { state: 'running', waiting: 1, settled: 1, done: 1, live: 1 }],
      ['completed, and one waits', { waiting: 1, settled: 1, done: 1 }],
      ['completed, and one is not revoked', { live: 1 }],
      ['a part is counted twice', { done: 3 }],
    ] as const
  ).map(
    ([what, change]): Breach => ({
      what,
      promise: WHOLE,
      make: (facts) => settled(facts, { massRevocations: [{ ...ORDER, ...change }] }),
    }),
  ),
  { what: 'one is revoked twice', promise: WHOLE, make: (facts) => settled(facts, { revokedTwice: ['one'] }) },
  {
    what: 'one order is taken twice',
    promise: WHOLE,
    make: (facts) => settled(facts, { massRevocations: [ORDER, { ...ORDER, id: 'other' }] }),
  },
  ...Object.entries({
    'a line that is counted has no row': { rows: { issued: 1, refused: 0 } },
    'a certificate of an order is in the outcome of no line': { signed: ['one'] },
    'an outcome names a certificate that is not signed': { named: ['one'], signed: ['one'] },
    'a line has an outcome and a claim': { claimed: ['1'] },
    'a line has no outcome at the end': { settled: ['1'] },
    'an order goes on when all of its lines have outcomes': { state: 'working' },
  }).map(
    ([what, change]): Breach => ({
      what,
      promise: LINES,
      make: (facts) => settled(facts, { orders: [{ ...CARDS, ...change }] }),
    }),
  ),
  {
    what: 'an approval that was executed without its action',
    promise: APPROVED,
    make: withEntry({ type: 'approval.executed', details: { id: 'approval' } }),
  },
  {
    what: 'an update that is confirmed without its certificates',
    promise: UPDATED,
    make: (facts) => settled(facts, { updates: [{ id: 'update', state: 'confirmed' }] }),
  },
  {
    what: 'an update that has ended and holds its procedure',
    promise: UPDATED,
    make: (facts) => settled(facts, { updates: [{ id: 'update', state: 'ended' }], procedures: ['update'] }),
  },
  {
    what: 'a state of updates that is counted wrongly',
    promise: UPDATED,
    make: (facts) => settled(facts, { miscounted: ['offered'] }),
  },
  {
    what: 'an action without its approval',
    promise: APPROVED,
    make: withEntry({ type: 'key.unblocked', details: { approval: 'approval' } }),
  },
  {
    what: 'a card that is opposed without an entry',
    promise: ENDED,
    make: (facts) => settled(facts, { cards: { ...facts.settled.cards, opposed: facts.settled.cards.opposed + 1 } }),
  },
  {
    what: 'the bar of a holder that is recorded and not stored',
    promise: ENDED,
    make: withEntry({ type: 'holder.barred', details: {} }),
  },
  {
    what: 'a procedure that stays open after its replacement',
    promise: ENDED,
    make: (facts) => crashed(facts, { cards: { ...facts.crashed.cards, procedures: 1 } }),
  },
  {
    what: 'a founding certificate without its account',
    promise: FOUNDED,
    make: (facts) => {
      const entry = { seq: 1, type: 'certificate.registered', details: { id: 'one', ceremony: 'founding' } };
      return crashed(facts, { audit: [...facts.crashed.audit, entry] });
    },
  },
  {
    what: 'a change without its event',
    promise: ANNOUNCED,
    make: (facts) => crashed(facts, { events: facts.crashed.events.slice(1) }),
  },
  {
    what: 'an event without its change',
    promise: ANNOUNCED,
    make: (facts) => settled(facts, { events: [...facts.settled.events, ...facts.settled.events.slice(0, 1)] }),
  },
  {
    what: 'an item of a mass revocation with an event of its own',
    promise: ANNOUNCED,
    make: (facts) => settled(facts, { massRevoked: facts.settled.certificates.map(({ id }) => id) }),
  },
  ...['open', 'revoked', 'suspended'].map((database): Breach => {
    const reported = { by: 'survivor', issuer: 'aci-fo-pp', serial: '01', status: 'good', database } as const;
    return { what: `${database}, and good`, promise: GOOD, make: (facts) => ({ ...facts, statuses: [reported] }) };
  }),
  {
    what: 'good was signed of what was revoked',
    promise: GOOD,
    make: inJournal((one) => (one.kind === 'ocsp' ? { ...one, status: 'good', database: 'revoked' } : one)),
  },
  {
    what: 'a revocation is undone',
    promise: REVOKED,
    make: (facts) => crashed(facts, { certificates: changeRow(facts.settled.certificates, { status: 'revoked' }) }),
  },
  {
    what: 'an older list stands where a newer one stood',
    promise: NUMBERS,
    make: (facts) => ({
      ...facts,
      lists: [...facts.lists.map((list) => ({ ...list, number: list.number + 1, sha256: 'newer' })), ...facts.lists],
    }),
  },
  {
    what: 'one number has two lists',
    promise: NUMBERS,
    make: (facts) => ({ ...facts, lists: facts.lists.map((list) => ({ ...list, tbsSha256: list.sha256 })) }),
  },
  {
    what: 'a number without an end',
    promise: NUMBERS,
    make: (facts) => settled(facts, { crls: facts.settled.crls.map((crl) => ({ ...crl, state: 'reserved' })) }),
  },
  { what: 'revoked, and on no list', promise: LISTED, make: inSettled({ status: 'revoked' }) },
  {
    what: 'issued, and on a list',
    promise: LISTED,
    make: (facts) =>
      settled(facts, { certificates: facts.settled.certificates.map((row) => ({ ...row, status: 'issued' })) }),
  },
  { what: 'a draft is left over', promise: LISTED, make: (facts) => ({ ...facts, leftovers: ['.A.crl.1-1.draft'] }) },
  {
    what: 'half a list is published',
    promise: LISTED,
    make: (facts) => ({ ...facts, lists: facts.lists.map((list) => ({ ...list, fault: 'crl-malformed' })) }),
  },
  {
    what: 'a list is published in the database alone',
    promise: LISTED,
    make: (facts) => ({ ...facts, crashedLists: [] }),
  },
  { what: 'no list is published', promise: LISTED, make: (facts) => ({ ...facts, lastLists: [] }) },
  { what: 'two certificates under one key', promise: TWICE, make: doubleUnderKey },
  {
    what: 'another answer the second time',
    promise: TWICE,
    make: (facts) => ({ ...facts, asked: { ...facts.asked, answers: [...facts.asked.answers, []] } }),
  },
  {
    what: 'whoever comes back is refused',
    promise: TWICE,
    make: (facts) => ({ ...facts, asked: { ...facts.asked, answers: ['in-progress'] } }),
  },
];

function doubleUnderKey(facts: Facts): Facts {
  const twin = { ...ourRow(facts), id: 'twin', serial: 'ff' };
  return settled(facts, { certificates: [...facts.settled.certificates, twin] });
}

describe('the judges of the port faults', () => {
  let theatre: Theatre;
  let facts: Facts;
  before(async function play() {
    theatre = await createTheatre('sqlite', 1);
    const [slot] = theatre.slots;
    assert.ok(slot);
    ({ facts } = await playAndFail({ theatre, slot, scenario: SCENARIO }, null));
    await slot.leave();
  });
  after(() => theatre.close());

  it('see nothing wrong where nothing is', async () => {
    assert.deepEqual(await brokenPromises(facts), []);
    assert.ok(facts.settled.certificates.length > 5 && facts.reported.length > 0 && facts.statuses.length > 0);
  });

  for (const { what, promise, make } of BREACHES) {
    it(`see it: ${what}`, async () => {
      const broken = await brokenPromises(make(facts));
      assert.ok(
        broken.some((one) => one.startsWith(promise)),
        `${promise}: ${broken.join('; ') || 'nothing is seen'}`,
      );
    });
  }

  it('have each been shown a breach', () => {
    const shown = new Set(BREACHES.map(({ promise }) => promise));
    assert.deepEqual([...shown].sort(), PROMISES.map(({ name }) => name).sort());
  });
});
