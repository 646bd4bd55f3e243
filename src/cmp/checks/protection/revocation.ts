import { type CertificateEvidence, type CheckRule, certificateFault } from '../../../access/certificate-checks.js';
import { present } from '../../../kernel/assert.js';
import { wasInForce } from '../../../lifecycle/confirmation.js';
import { type Check, refused } from '../check.js';
import type { CheckContext } from '../context.js';
import { isOwnLaterMessage } from './own-update.js';

const STATE: CheckRule = 'certificate-not-revoked';
const KEY: CheckRule = 'key-not-compromised/client';

/**
 * A certificate that its own update has superseded is answered in transactions that it began
 * earlier, because an answer may have been lost: otherwise its holder could not fetch the successor,
 * and could not ask for another one.
 */
export const REVOCATION: Check = {
  id: 'B9',
  examine: async (context) => {
    if (context.protectionKind !== 'signature') return null;
    const { evidence } = present(await context.signer(), 'a protection certificate that is trusted');
    const revoked = certificateFault(evidence, [STATE]);
    const isAnswered = revoked !== null && (await isSupersededByItself(context, evidence));
    const broken = certificateFault(evidence, isAnswered ? [KEY] : [STATE, KEY]);
    return broken === null ? null : refused('certRevoked', broken.message.en);
  },
};

async function isSupersededByItself(context: CheckContext, { status }: CertificateEvidence): Promise<boolean> {
  const { state } = status ?? {};
  if (state?.status !== 'revoked' || state.reason !== 'superseded') return false;
  return (await context.successors()).some(wasInForce) && (await isOwnLaterMessage(context));
}
