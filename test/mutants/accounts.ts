import { guardsOf, type Mutants } from './mutant.js';

const COMMANDS = 'test/integration/service/accounts/account-commands.test.ts';
const START = 'test/integration/service/start/missing-files.test.ts';

const api = guardsOf('src/compose/requirements/api.ts', START);

export const ACCOUNTS: Mutants = {
  'accounts/chain-only': guardsOf('src/cli/account/credentials.ts', COMMANDS)(
    'A certificate that is not of the chain is not ignored in a file.',
    {
      find: 'return isChain(der, issuers) ? ok(der) : err(inBothLanguages(NO_CHAIN));',
      replace: 'return isChain(der, issuers) || NO_CHAIN !== null ? ok(der) : err(inBothLanguages(NO_CHAIN));',
      title: 'in which other certificates than the chain follow',
    },
  ),
  'accounts/break-glass-roles': guardsOf(
    'src/operations/accounts/change-account.ts',
    'test/integration/service/accounts/break-glass.test.ts',
  )('No change gives a break-glass officer another role.', {
    find: 'return isMisplaced ? ',
    replace: "return isMisplaced && account.id === '' ? ",
    title: 'cannot have another role',
    whole: true,
  }),
  'start/key-of-the-certificate': api('The API does not start with the key of another certificate.', {
    find: "if ('view' in server && 'key' in own && !belongsTo(own.key, server.view)) add('key', MISMATCH);",
    replace: "if ('view' in server && 'key' in own && belongsTo(own.key, server.view) === null) add('key', MISMATCH);",
    title: 'names what is wrong with the certificate and the key of the API',
  }),
  'start/key-closed-to-others': api('The API does not start with a key that others can read.', {
    find: 'OPEN_BITS_OF_ROOT : OPEN_BITS)) === 0',
    replace: 'OPEN_BITS_OF_ROOT : OPEN_BITS)) >= 0',
    title: 'names a PIN file that others can read, and a key of the API',
  }),
  'start/certificate-of-a-ca-here': api('Clients of this platform can verify the certificate of the API.', {
    find: "issuer.kind === 'issuing' && isIssuedBy(issuer, view)",
    replace: "issuer.kind === 'issuing'",
    title: 'names what is wrong with the certificate and the key of the API',
  }),
};
