import { guardsOf, type Mutants } from './mutant.js';

const CHECKS = 'test/unit/cmp/checks/protection.test.ts';
const MACS = 'test/unit/cmp/protection/macs.test.ts';
const KEY_WORK = 'test/unit/cmp/protection/key-work.test.ts';

/** Guards of the protection of CMP messages. */
export const CMP_PROTECTION: Mutants = {
  'cmp/mac': guardsOf('src/cmp/checks/evidence.ts', CHECKS)('A message with a wrong MAC is accepted from nobody.', {
    find: 'if (!isRight || principal === null)',
    replace: 'if (principal === null)',
    title: 'B4 refuse a MAC whose sender, reference or octets are wrong',
  }),
  'cmp/sender': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'A message is sent in the name of the certificate that signs it.',
    {
      find: ' || isSameSequence(name, subject)',
      replace: ' || name.length === subject.length',
      title: 'B5 refuse a signature whose certificate is not the first',
    },
  ),
  'cmp/sender-octets': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'The octets of the sender are compared with those of the whole subject.',
    {
      find: 'equalBytes(der, contextConstructed(4, subjectDer))',
      replace: 'der.length === contextConstructed(4, subjectDer).length',
      title: 'B5 refuse a signature whose certificate is not the first',
    },
  ),
  'cmp/extra-certs': guardsOf('src/operations/cmp/protect.ts', 'test/integration/enrolment/cmp-extra-certs.test.ts')(
    'An answer has no certificate twice.',
    {
      find: 'certificates.findIndex((other) => equalBytes(other, one)) === at',
      replace: 'certificates.findIndex((other) => other === one) === at',
      title: 'has the certificate of its signer and each CA once',
    },
  ),
  'cmp/signature': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'A message with a wrong signature is accepted from nobody.',
    {
      find: '(await signatureIsRight())',
      replace: '(await signatureIsRight()) !== null',
      title: 'B8 refuse a signature of another key or over other octets',
    },
  ),
  'cmp/recorded': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'A certificate whose octets the database does not have signs nothing.',
    {
      find: "  'certificate-as-recorded',\n",
      replace: '',
      title: 'B7 refuse a certificate of another CA',
    },
  ),
  'cmp/revoked': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'A revoked certificate and a compromised key sign nothing.',
    {
      find: "const REVOCATION_RULES: readonly CheckRule[] = ['certificate-not-revoked', 'key-not-compromised/client'];",
      replace: 'const REVOCATION_RULES: readonly CheckRule[] = [];',
      title: 'B9 refuse a certificate that is revoked or suspended',
    },
  ),
  'cmp/replaced': guardsOf('src/cmp/checks/protection.ts', CHECKS)(
    'A certificate that was replaced begins nothing but its revocation.',
    {
      find: 'return isReplaced ?',
      replace: 'return isReplaced && context.isFirst === null ?',
      title: 'B11 refuse a certificate that its confirmed update has replaced',
    },
  ),
  'cmp/kind': guardsOf('src/cmp/checks/protection.ts', CHECKS)('Only a signature updates and revokes certificates.', {
    find: "const WITH_MAC: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'genm'];",
    replace: "const WITH_MAC: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'genm', 'kur', 'rr', 'nested'];",
    title: 'B3 refuse a MAC where a signature is needed',
  }),
  'cmp/iterations': guardsOf('src/cmp/protection/password-based-mac.ts', MACS)(
    'The iterations of a message are compared with the limit before any work.',
    {
      find: 'iterations < ITERATIONS_MIN || iterations > max',
      replace: 'iterations < ITERATIONS_MIN',
      title: 'has limits that are compared before any work',
    },
  ),
  'cmp/budget': guardsOf('src/cmp/protection/key-work.ts', KEY_WORK)(
    'Messages of one network get a bounded number of iterations.',
    {
      find: 'if (missing > 0)',
      replace: 'if (missing > 1e12)',
      title: 'give one network a half of what others leave',
    },
  ),
};
