import { guardsOf, type Mutants } from './mutant.js';

const CHECKER = 'test/unit/hsm/signer/platform-checker.test.ts';
const answer = guardsOf('hsm/wire/cmp-answer.ts', 'test/unit/hsm/wire/cmp-answer.test.ts');
const check = guardsOf('hsm/signer/check.ts', CHECKER);

/** Guards of what a CMP key signs, and of who certifies it. */
export const CMP_SIGNERS: Mutants = {
  'cmp-signers/sender': answer('A CMP key signs in the names of its certificates alone.', {
    find: 'if (!senders.some((name) => equalBytes(name, sender)))',
    replace: 'if (senders.length === 0)',
    title: 'refuses another sender',
  }),
  'cmp-signers/time': answer('A CMP key signs no message of another time.', {
    find: 'if (Math.abs(messageTime - now) > CLOCKS_DIFFER_MS_MAX)',
    replace: 'if (messageTime > now + CLOCKS_DIFFER_MS_MAX)',
    title: 'refuses a messageTime that is more than five minutes away, or missing',
  }),
  'cmp-signers/body': answer('A CMP key signs answers and no requests.', {
    find: 'bodyTags.find((tag) => !ANSWER_TAGS.includes(tag))',
    replace: 'bodyTags.find((tag) => tag < 0)',
    title: 'refuses the body of every request, and of what is not an answer',
  }),
  'cmp-signers/nested': answer('A CMP key signs no request inside of a nested message.', {
    find: "return members.any('body').tag;",
    replace: 'return ANSWER_TAGS[0] ?? 0;',
    title: 'accepts nested answers, and refuses a request among them, a second nesting and an empty one',
  }),
  'cmp-signers/ceremonies': check('Only ceremonies sign certificates of CMP signers.', {
    find: "if (holder === 'cmp-signer')",
    replace: "if (holder === 'cmp-signer' && id === '')",
    title: 'signs no certificate of a CMP signer: only ceremonies do',
  }),
  'cmp-signers/purpose': guardsOf('src/cmp/signer-certificate.ts', CHECKER)(
    'The certificate of a CMP signer is for CMP answers alone.',
    {
      find: "if (!answersOnly(tbs)) return unusable('cmc-ca-purpose');",
      replace: "if (!answersOnly(tbs) && tbs.serial === '') return unusable('cmc-ca-purpose');",
      title: 'does not start with a certificate that is not for CMP, of another CA, or for another key',
    },
  ),
};
