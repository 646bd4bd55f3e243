/**
 * The checks of every message in their order; the first that fails answers. A1 is `decodeMessage`.
 * No check of part C looks at transactions before the message is authenticated, because its answer
 * would tell strangers about them.
 */
import type { Check } from './check.js';
import { BODY_SERVED } from './form/body-served.js';
import { VERSION } from './form/version.js';
import { ACCOUNT } from './protection/account.js';
import { ALGORITHM } from './protection/algorithm.js';
import { CERTIFICATE } from './protection/certificate.js';
import { CHAIN } from './protection/chain.js';
import { KIND } from './protection/kind.js';
import { MAC } from './protection/mac.js';
import { PENDING } from './protection/pending.js';
import { PROTECTED } from './protection/protected.js';
import { REPLACED } from './protection/replaced.js';
import { REVOCATION } from './protection/revocation.js';
import { SIGNATURE } from './protection/signature.js';
import { TRUST } from './protection/trust.js';
import { CERT_PROFILE } from './transaction/cert-profile.js';
import { IMPLICIT_CONFIRM } from './transaction/implicit-confirm.js';
import { MESSAGE_TIME } from './transaction/message-time.js';
import { RECIP_NONCE } from './transaction/recip-nonce.js';
import { REPETITION } from './transaction/repetition.js';
import { SENDER_NONCE } from './transaction/sender-nonce.js';
import { TRANSACTION_ID } from './transaction/transaction-id.js';
import { TRANSACTION_ID_LENGTH } from './transaction/transaction-id-length.js';

export const CHECKS: readonly Check[] = [
  VERSION,
  BODY_SERVED,
  PROTECTED,
  ALGORITHM,
  KIND,
  MAC,
  CERTIFICATE,
  CHAIN,
  TRUST,
  SIGNATURE,
  REVOCATION,
  ACCOUNT,
  REPLACED,
  PENDING,
  REPETITION,
  TRANSACTION_ID,
  TRANSACTION_ID_LENGTH,
  SENDER_NONCE,
  RECIP_NONCE,
  MESSAGE_TIME,
  IMPLICIT_CONFIRM,
  CERT_PROFILE,
];
