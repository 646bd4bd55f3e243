/**
 * The query plans of each database for cards. Without their indexes, each request for certificates
 * would read all cards that ever were.
 */
import assert from 'node:assert/strict';
import { cardReads } from '../../../src/db/tables/cards/cards.js';
import type { CardReads } from '../../../src/ports/store/cards/cards.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { firstStatement, indexInPlan, planOf } from '../../support/db/plans.js';
import { NOW } from '../../support/db/records.js';

const PAGE = { state: null, holderId: null, after: '', limit: 9 } as const;

/** Each question, and the index that answers it. */
const QUESTIONS: readonly (readonly [string, (reads: CardReads) => Promise<unknown>])[] = [
  ['cards_pkey', (reads) => reads.issuanceStates({ tokenIds: ['x', 'y'], holderIds: [] })],
  ['holders_pkey', (reads) => reads.issuanceStates({ tokenIds: [], holderIds: ['x', 'y'] })],
  ['cards_pkey', (reads) => reads.cardsById(['x'])],
  ['cards_pkey', (reads) => reads.cardsAfter(PAGE)],
  ['cards_holder', (reads) => reads.cardsAfter({ ...PAGE, holderId: 'x' })],
  ['cards_ended', (reads) => reads.cardsAfter({ ...PAGE, state: 'opposed' })],
  ['cards_replaced_by', (reads) => reads.cardsReplacedBy(['x'])],
  ['cards_replaced_until', (reads) => reads.replacementsDue(NOW, 9)],
  ['cards_without_holder', (reads) => reads.countCardsWithoutHolder({ reportedBy: 'x', since: NOW, limit: 9 })],
  ['holders_pkey', (reads) => reads.holdersById(['x'])],
  ['open_procedures_pkey', (reads) => reads.proceduresOf(['x'])],
  ['certificates_key', (reads) => reads.repeatedKeys({ after: '', limit: 9 })],
];

describeOnEach('the plans for cards', ({ kind, fresh, opened }) => {
  it('use the indexes that are made for them, and read no table from its beginning', async () => {
    const database = await fresh();
    await opened({ database });
    const reading = kind === 'sqlite' ? /SCAN (cards|holders|open_procedures|certificates)\b(?! USING)/ : /Seq Scan/;
    for (const [index, ask] of QUESTIONS) {
      const plan = await planOf(database, await firstStatement(kind, (session) => ask(cardReads(session))));
      assert.match(plan, indexInPlan(kind, index), plan);
      assert.doesNotMatch(plan, reading, plan);
    }
  });
});
