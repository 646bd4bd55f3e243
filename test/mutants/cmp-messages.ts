import { guardsOf, type Mutants } from './mutant.js';

const MALFORMED = 'test/unit/cmp/malformed.test.ts';
const message = guardsOf('src/cmp/message.ts', MALFORMED);

/** Guards of the codec of CMP messages. */
export const CMP_MESSAGES: Mutants = {
  'cmp-messages/unread-values': message('Values that nobody reads are DER too.', {
    find: 'const encoding = parse(octets, checkEncoding);',
    replace: 'const encoding = parse(octets, children);',
    title: 'a BOOLEAN that is 01 where nobody looks',
  }),
  'cmp-messages/body': message('The content of the body is of the type of its tag.', {
    find: 'return content.ok ? message : err({ ...content.error, bodyKind });',
    replace: 'return content.ok || message.ok ? message : err({ ...content.error, bodyKind });',
    title: 'a PKIStatus that is not known',
  }),
  'cmp-messages/header-of-malformed': message(
    'A client gets an answer to a message that is malformed after its header.',
    {
      find: 'header: readHeaderOfMalformed(octets) });',
      replace: 'header: readHeaderOfMalformed(octets.subarray(0, 0)) });',
      title: 'a message that is cut off after its header',
    },
  ),
  'cmp-messages/repeated-sender': guardsOf('src/cmp/header.ts', MALFORMED)(
    'An answer repeats no octets that are not DER.',
    {
      find: '  checkValue(sender);\n',
      replace: '',
      title: 'have no header for an answer where sender',
    },
  ),
  'cmp-messages/fractions': guardsOf('src/cmp/header.ts', MALFORMED)('One time has one encoding.', {
    find: '(\\d{0,11}[1-9])',
    replace: '(\\d{0,11}[0-9])',
    title: 'a messageTime with a fraction that ends in a zero',
  }),
};
