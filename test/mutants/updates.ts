import { guardsOf, type Mutants } from './mutant.js';

const SERVICE = 'test/integration/updates/service.test.ts';
const becomes = 'test/integration/updates/becomes.test.ts';

/** Guards of remote updates of cards. */
export const UPDATES: Mutants = {
  'updates/recovered-as-pending': guardsOf('src/db/tables/certificates.ts', becomes)(
    'A signature makes of an intent what it was made for, whoever stores it.',
    {
      find: 'status = certificates.becomes,',
      replace: "status = 'issued',",
      title: 'recovery makes it pending',
    },
  ),
  'updates/confirmation-without-list': guardsOf('src/db/tables/crls.ts', becomes)(
    'A confirmation has no list published.',
    {
      find: 'where status_events.issuer = wanted.issuer and affects_status)',
      replace: 'where status_events.issuer = wanted.issuer)',
      title: 'that relying parties are told nothing about',
    },
  ),
  'updates/read-back': guardsOf('src/operations/updates/accept-statement.ts', SERVICE)(
    'A card that holds some of the new certificates confirms nothing.',
    {
      find: 'if (broken !== null) return err(broken);',
      replace: 'void broken;',
      title: 'changes nothing when the card holds some of the new certificates',
    },
  ),
  'updates/replaced-for-ever': guardsOf(
    'src/operations/updates/on-card.ts',
    'test/integration/updates/present-key.test.ts',
  )('A key that was replaced does not speak for its card again.', {
    find: 'return onCard.some((record) => record.renews === id && isUsed(record, onCard));',
    replace: 'return false;',
    title: 'is no more the old one after a second update, which has revoked the certificate that replaced it',
  }),
  'updates/duplicate-key': guardsOf('src/operations/updates/begin.ts', 'test/integration/updates/present-key.test.ts')(
    'A key that another card has too begins nothing.',
    {
      find: 'if (onSameKey.some((other) => isElsewhereOnCards(other, verified.value.record)))',
      replace: 'if (onSameKey.some((other) => isElsewhereOnCards(verified.value.record, other) && now === 0))',
      title: 'is refused if another card has it too',
    },
  ),
  'updates/undetermined-revokes-nothing': guardsOf(
    'src/operations/updates/end-updates.ts',
    'test/integration/updates/due.test.ts',
  )('An undetermined update is decided by time only when every old certificate has ended.', {
    find: 'oldIds.every((id) => {',
    replace: '!oldIds.every((id) => {',
    title: 'confirm what nobody has confirmed when every old certificate has ended',
  }),
};
