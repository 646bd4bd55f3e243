import { guardsOf, type Mutants } from './mutant.js';

const ENDED_CARDS = 'test/integration/cards/ended-cards.test.ts';
const REPLACEMENTS = 'test/integration/cards/replacements.test.ts';

/** Guards of cards and holders. */
export const CARDS: Mutants = {
  'cards/reservation-asks': guardsOf('src/operations/issuance/reserve.ts', ENDED_CARDS)(
    'The transaction that uses a serial number asks for the state of the card.',
    {
      find: 'endedCardOrBarredHolder(states, one) ??',
      replace: '',
      title: 'gets nothing after its revocation for',
    },
  ),
  'cards/barred-holder': guardsOf('src/operations/cards/usable-cards.ts', ENDED_CARDS)(
    'Nothing is issued for a holder who is barred.',
    {
      find: "refusesOpposed && barred.has(holderId) ? 'barred'",
      replace: "refusesOpposed && barred.has(holderId) ? 'free'",
      title: 'gets nothing while the holder is barred',
    },
  ),
  'cards/bar-is-whole': guardsOf('src/operations/revocation/revoke-all.ts', ENDED_CARDS)(
    'Only an account that may revoke everything of a holder bars the holder.',
    {
      find: "command.reason === 'privilegeWithdrawn' ? mayRevokeLive",
      replace: "command.reason === 'certificateHold' ? mayRevokeLive",
      title: 'is the holder of certificates that the account may all revoke',
    },
  ),
  'cards/recovery-asks': guardsOf('src/operations/issuance/recover.ts', ENDED_CARDS)(
    'What was open when a card ended is not finished.',
    {
      find: 'endedCardOrBarredHolder(states, { records: [record], environment }) !== null',
      replace: 'states === null',
      title: 'gets nothing from the recovery',
    },
  ),
  'cards/end-is-final': guardsOf('src/db/schema/cards.ts', 'test/integration/cards/table.test.ts')(
    'The end of a card is final in the database.',
    {
      find: "environmentMark !== 'development'",
      replace: "environmentMark === 'development'",
      title: 'the database refuses changes that our statements never make',
    },
  ),
  'cards/never-without-certificate': guardsOf('src/operations/cards/end-replacements.ts', REPLACEMENTS)(
    'A holder keeps the old certificates until the new card has one.',
    {
      find: 'if (!records.some((record) => record.cardTokenId === by && isLive(record))) {',
      replace: 'if (!records.some((record) => isLive(record))) {',
      title: 'waits while the new card has no live certificate',
    },
  ),
  'cards/one-procedure': guardsOf('src/operations/cards/replace-card.ts', REPLACEMENTS)(
    'A holder has one open procedure for a profession.',
    {
      find: 'if (!opened) return err(',
      replace: 'if (opened && by === tokenId) return err(',
      title: 'again gets the same answer, and another one is refused',
    },
  ),
  'cards/key-has-one-replacement': guardsOf(
    'src/operations/cards/replace-card.ts',
    'test/integration/cards/replacements.test.ts',
  )('A repeated Idempotency-Key gets the answer of the first replacement, also after its end.', {
    find: 'find: async (id) => ({ id, card }),',
    replace: 'find: async (id) => ({ id, card: { ...card, replacedBy: null } }),',
    title: 'gets the same answer for its Idempotency-Key, also after the overlap',
  }),
};
