import { guardsOf, type Mutants } from './mutant.js';

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
      find: ".whereRaw('affects_status')",
      replace: '',
      title: 'that relying parties are told nothing about',
    },
  ),
};
