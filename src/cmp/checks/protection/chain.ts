import { equalBytes } from '../../../kernel/bytes.js';
import { formatName } from '../../../x509/certificate/name-reader.js';
import { type Check, refused } from '../check.js';

/** RFC 9483 3.3: the first message has the CAs between the protection certificate and its root. */
export const CHAIN: Check = {
  id: 'B6',
  examine: async ({ message: { extraCerts }, protectionKind, isFirst, settings, signer }) => {
    if (protectionKind !== 'signature' || !isFirst || !settings.chainRequired) return null;
    // The next check refuses certificates of others.
    const chain = (await signer())?.chain ?? [];
    const missing = chain.find(({ certificate }) => !extraCerts.some((one) => equalBytes(one, certificate)));
    if (missing === undefined) return null;
    const name = formatName(missing.subject);
    return refused('badMessageCheck', `extraCerts lacks the certificate of ${name}; with OpenSSL: -untrusted`);
  },
};
