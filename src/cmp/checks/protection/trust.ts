import { type CheckRule, certificateFault, isForDigitalSignature } from '../../../access/certificate-checks.js';
import { type Check, refused } from '../check.js';

const RULES: readonly CheckRule[] = [
  'certificate-in-time',
  'certificate-of-an-officer',
  'issuer-in-time',
  'issuer-not-revoked',
  'certificate-as-recorded',
];

export const TRUST: Check = {
  id: 'B7',
  examine: async ({ protectionKind, signer }) => {
    if (protectionKind !== 'signature') return null;
    const found = await signer();
    if (found === null)
      return refused('signerNotTrusted', 'the protection certificate was not issued by a CA of this platform');
    if (!isForDigitalSignature(found.evidence.tbs))
      return refused('signerNotTrusted', 'the protection certificate has no keyUsage digitalSignature');
    const broken = certificateFault(found.evidence, RULES);
    return broken === null ? null : refused('signerNotTrusted', broken.message.en);
  },
};
