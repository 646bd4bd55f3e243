/** Schemas of proofs: statements that a card has signed (ops/card-statements.md). */
import { LIMITS } from '../../../kernel/limits.js';
import { text as ruleText } from '../../../texts/text.js';
import { component, object, text, textMatching } from './parts.js';
import { revocation } from './requests.js';

export const proof = object(
  {
    certificateId: textMatching(
      '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
      ruleText('expected/uuid'),
      'Id of the certificate whose key has signed.',
    ),
    statement: text(LIMITS.cardStatementBytesMax, 'The statement, as the card has signed it; with signature.'),
    signature: text(2_048, 'Base64 of the signature over the prefix and the statement.'),
    cms: text(
      Math.ceil(LIMITS.cardCmsBytesMax / 3) * 4,
      'Base64 of a CMS SignedData (DER) with the signed octets inside; instead of statement and signature.',
    ),
  },
  ['certificateId'],
);

export const ownRevocation = object(
  {
    ...revocation.properties,
    proof: {
      ...component('Proof'),
      description: 'What the card has signed, verb revoke. For accounts with the role portal.',
    },
  },
  ['reason'],
);
