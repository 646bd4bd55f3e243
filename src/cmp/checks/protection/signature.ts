import { type Check, refused } from '../check.js';

export const SIGNATURE: Check = {
  id: 'B8',
  examine: async ({ protectionKind, signatureIsRight }) =>
    protectionKind !== 'signature' || (await signatureIsRight())
      ? null
      : refused('badMessageCheck', 'the signature does not verify with the key of the protection certificate'),
};
