import { guardsOf, type Mutants } from './mutant.js';

const REQUESTS = 'test/integration/service/est/requests.test.ts';

/** Guards of EST. */
export const EST: Mutants = {
  'est/names': guardsOf('src/est/request.ts', 'test/unit/est/same-names.test.ts')(
    'A certificate that renews itself gets no other name.',
    {
      find: 'if (!isSameName(subject, renewed.subject))',
      replace: 'if (subject.length > 10_000)',
      title: 'differ where an attribute or a name is another one',
    },
  ),
  'est/superseded': guardsOf('src/operations/issuance/supersede.ts', 'test/integration/enrolment/self-renewal.test.ts')(
    'A renewal revokes what was renewed where the profile says so.',
    {
      find: 'return selfRenewal && isRevoked ? (renews ?? []) : [];',
      replace: 'return selfRenewal && !isRevoked ? (renews ?? []) : [];',
      title: 'is revoked as superseded with its renewal',
    },
  ),
  'est/superseded-asks': guardsOf('src/http/api/authenticate.ts', 'test/integration/service/est/interrupted.test.ts')(
    'A superseded certificate asks for its last answer by EST alone; one that was revoked for another reason does not.',
    {
      find: "state?.status === 'revoked' && state.reason === 'superseded'",
      replace: "state?.status === 'revoked'",
      title: 'renews no certificate that is suspended or was revoked',
    },
  ),
  'est/tls-unique': guardsOf('src/http/est/tls-unique.ts', REQUESTS)(
    'A request that is tied to a connection is taken from no other.',
    {
      find: 'return challengePassword === tlsUnique(session) ?',
      replace: 'return challengePassword !== null || challengePassword === tlsUnique(session) ?',
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
