import { contextTag } from '../../../asn1/der-reader.js';
import { type Check, refused } from '../check.js';

/** directoryName of GeneralName (RFC 5280 4.2.1.6). */
const DIRECTORY_NAME = contextTag(4, 'constructed');

/**
 * The content of sender is not compared: RFC 9483 3.1 wants the reference there, and OpenSSL sends
 * the requested subject. An unknown reference costs the same work as a wrong MAC and has the same
 * answer.
 */
export const MAC: Check = {
  id: 'B4',
  examine: async ({ message: { header }, protectionKind, macIsRight, transaction }) => {
    if (protectionKind !== 'mac') return null;
    if (header.sender.der[0] !== DIRECTORY_NAME)
      return refused('badMessageCheck', 'sender must be a directoryName where a MAC protects the message');
    if (header.senderKID === null)
      return refused('badMessageCheck', 'senderKID must be the reference of the secret; with OpenSSL: -ref');
    if (!(await macIsRight())) return refused('badMessageCheck', 'the reference or the MAC is wrong');
    const begun = (await transaction())?.protection ?? null;
    if (begun === null || (begun.kind === 'mac' && begun.algorithm === header.protectionAlg?.oid)) return null;
    return refused('badMessageCheck', 'all messages of a transaction must have the same protectionAlg');
  },
};
