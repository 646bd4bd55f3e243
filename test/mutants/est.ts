import { guardsOf, type Mutants } from './mutant.js';

const REQUESTS = 'test/integration/service/est/requests.test.ts';

/** Guards of EST. */
export const EST: Mutants = {
  'est/names': guardsOf('src/est/same-names.ts', 'test/unit/est/same-names.test.ts')(
    'A certificate that renews itself gets no other name.',
    {
      find: 'if (!isSameName(subject, renewed.subject))',
      replace: 'if (subject.length > 10_000)',
      title: 'differ where an attribute or a name is another one',
    },
  ),
  'est/tls-unique': guardsOf('src/http/est/tls-unique.ts', REQUESTS)(
    'A request that is tied to a connection is taken from no other.',
    {
      find: 'return challengePassword === tlsUnique(socket) ?',
      replace: 'return challengePassword !== null || challengePassword === tlsUnique(socket) ?',
      title: 'compares a challengePassword with the tls-unique value',
    },
  ),
  'est/resumed': guardsOf('src/http/est/tls-unique.ts', REQUESTS)(
    'In a resumed session the server sends the first Finished message.',
    {
      find: 'socket.isSessionReused() ? socket.getFinished()',
      replace: 'socket.isSessionReused() ? socket.getPeerFinished()',
      title: 'compares a challengePassword with the tls-unique value',
    },
  ),
};
