import type { BodyKind } from '../../model.js';
import { type Check, refused } from '../check.js';

const WITH_MAC: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'genm'];

/**
 * Signature or MAC. The later messages of a transaction have the kind of its first message (RFC
 * 9483 3.2). The transactionID is looked up without its principal, who is not known yet.
 */
export const KIND: Check = {
  id: 'B3',
  examine: async ({ message: { bodyKind }, isFirst, protectionKind, begun }) => {
    if (isFirst)
      return protectionKind === 'signature' || WITH_MAC.includes(bodyKind)
        ? null
        : refused('wrongIntegrity', `${bodyKind} must be protected by a signature; with OpenSSL: -cert and -key`);
    const kinds = (await begun()).map(({ kind }) => kind);
    return kinds.length === 0 || kinds.includes(protectionKind)
      ? null
      : refused('wrongIntegrity', `the transaction began with a ${kinds[0]}, not with a ${protectionKind}`);
  },
};
