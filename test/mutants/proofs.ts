import { guardsOf, type Mutants } from './mutant.js';

const statement = guardsOf('src/updates/statement.ts', 'test/unit/updates/statement.test.ts');
const PROOF = 'test/unit/updates/proof.test.ts';

/** Guards of what cards sign. */
export const PROOFS: Mutants = {
  'proofs/canonical': statement('No two texts mean the same.', {
    find: 'return statementText(statement.value) === text ? statement',
    replace: 'return statement.ok ? statement',
    title: 'is refused in any other spelling of the same members',
  }),
  'proofs/other-members': statement('Nothing unknown is signed along.', {
    find: 'if (strange !== undefined) return',
    replace: 'if (strange === null) return',
    title: 'is refused without a member, with another one, and with a value of another form',
  }),
  'proofs/time': statement('A stolen statement is soon of no use.', {
    find: '<= AT_OFF_MS_MAX,',
    replace: '<= AT_OFF_MS_MAX * 1_000,',
    title: 'counts for its request, and breaks exactly the rule of what differs',
  }),
  'proofs/signed-content': guardsOf('src/x509/card-cms.ts', PROOF)('The content of a CMS is what was signed.', {
    find: '!equalBytes(digestOf(digest, content), messageDigest)',
    replace: 'equalBytes(digestOf(digest, content), new Uint8Array(0)) && messageDigest',
    title: 'with other content than was signed in its CMS is refused',
  }),
  'proofs/one-signer': guardsOf('src/x509/card-cms.ts', PROOF)('A CMS has one signer.', {
    find: '|| otherSigner !== undefined',
    replace: '|| otherSigner === null',
    title: 'in a CMS of another shape is refused',
  }),
  'proofs/authentication-key': guardsOf('src/access/principal.ts', 'test/unit/access/principal.test.ts')(
    'A signature certificate does not speak for its card.',
    {
      find: "card === 'authentication' && !certificate.isForAuthentication",
      replace: "card === 'none'",
      title: 'speaks for its whole card only if it is for authentication',
    },
  ),
};
