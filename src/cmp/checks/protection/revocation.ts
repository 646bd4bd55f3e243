import { type CertificateEvidence, type CheckRule, certificateFault } from '../../../access/certificate-checks.js';
import { present } from '../../../kernel/assert.js';
import { wasInForce } from '../../../lifecycle/confirmation.js';
import { type Check, refused } from '../check.js';
import type { CheckContext } from '../context.js';
import { isOwnLaterMessage } from './own-update.js';

const RULES: readonly CheckRule[] = ['certificate-not-revoked', 'key-not-compromised/client'];
const RULES_OF_SUPERSEDED = RULES.filter((rule) => rule !== 'certificate-not-revoked');

/**
 * A certificate that its own update has superseded is answered in transactions that it began
 * earlier, because an answer may have been lost. Otherwise its holder could neither fetch the
 * successor nor ask for another one.
 */
export const REVOCATION: Check = {
  id: 'B9',
  examine: async (context) => {
    if (context.protectionKind !== 'signature') return null;
    const { evidence } = present(await context.signer(), 'a protection certificate that is trusted');
    const isAnswered = await isSupersededByItself(context, evidence);
    const broken = certificateFault(evidence, isAnswered ? RULES_OF_SUPERSEDED : RULES);
    return broken === null ? null : refused('certRevoked', broken.message.en);
  },
};

async function isSupersededByItself(context: CheckContext, { status }: CertificateEvidence): Promise<boolean> {
  const { state } = status ?? {};
  if (state?.status !== 'revoked' || state.reason !== 'superseded') return false;
  return (await context.successors()).some(wasInForce) && (await isOwnLaterMessage(context));
}
