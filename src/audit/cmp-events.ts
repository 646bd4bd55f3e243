/** Audit entries about transactions of CMP: a part of the catalogue (`events.ts`). */
import { excerpt, matching, oneOf, text, uuid } from './members.js';

/** The transactionID, in hexadecimal. */
const transaction = { transaction: matching(/^[0-9a-f]{32,64}$/) } as const;

export const CMP_EVENTS = {
  /** The client has sent the hash of its certificate. */
  'cmp.confirmed': { outcome: 'success', details: { ...transaction, certificate: uuid } },
  /** The client does not want its certificate; `text`: what it says of it. */
  'cmp.rejected': { outcome: 'success', details: { ...transaction, certificate: uuid, text: excerpt(500) } },
  /** The certificate was not confirmed in time; `unconfirmed`: what becomes of it. */
  'cmp.lapsed': {
    outcome: 'success',
    details: { ...transaction, certificate: uuid, unconfirmed: oneOf('revoke', 'undetermined') },
  },
  /** An account has added its protection to the message of somebody else. */
  'cmp.vouched': { outcome: 'success', details: { ...transaction, account: text(128), body: text(16) } },
} as const;
