import { type CheckRule, certificateFault } from '../../../access/certificate-checks.js';
import { present } from '../../../kernel/assert.js';
import { type Check, refused } from '../check.js';

const RULES: readonly CheckRule[] = ['certificate-not-revoked', 'key-not-compromised/client'];

export const REVOCATION: Check = {
  id: 'B9',
  examine: async ({ protectionKind, signer }) => {
    if (protectionKind !== 'signature') return null;
    const { evidence } = present(await signer(), 'a protection certificate that is trusted');
    const broken = certificateFault(evidence, RULES);
    return broken === null ? null : refused('certRevoked', broken.message.en);
  },
};
