import { contextConstructed } from '../../../asn1/der-writer.js';
import { equalBytes } from '../../../kernel/bytes.js';
import { isSameName } from '../../../x509/certificate/name-comparison.js';
import type { Name, TbsView } from '../../../x509/model.js';
import type { GeneralName } from '../../model.js';
import { type Check, refused } from '../check.js';

/** The first certificate of extraCerts is the one that the header names (RFC 9483 3.1). */
export const CERTIFICATE: Check = {
  id: 'B5',
  examine: async ({ message: { header }, protectionKind, certificate }) => {
    if (protectionKind !== 'signature') return null;
    const found = await certificate();
    if (found === 'missing')
      return refused('badMessageCheck', 'extraCerts must begin with the certificate of the signature');
    // This platform can read every certificate that it has issued, so this one is of somebody else,
    // and the next checks refuse it.
    if (found === 'unreadable') return null;
    const { sender, senderKID } = header;
    if (sender.kind !== 'directoryName' || !isNameOf(sender, found.view.tbs))
      return refused('badMessageCheck', 'sender must be the subject of the first certificate of extraCerts');
    if (senderKID === null || found.keyIdentifier === null || !equalBytes(senderKID, found.keyIdentifier))
      return refused(
        'badMessageCheck',
        'senderKID must be the subjectKeyIdentifier of the first certificate of extraCerts',
      );
    return null;
  },
};

type DirectoryName = Extract<GeneralName, { readonly kind: 'directoryName' }>;

/** Most clients copy the name, so that its octets are equal and no text has to be prepared. */
function isNameOf({ der, name }: DirectoryName, { subject, subjectDer }: TbsView): boolean {
  return equalBytes(der, contextConstructed(4, subjectDer)) || isSameSequence(name, subject);
}

/** RFC 5280 7.1: the same RDNs in the same order; texts are prepared before they are compared. */
function isSameSequence(one: Name, other: Name): boolean {
  return one.length === other.length && one.every((rdn, at) => isSameName([rdn], [other[at] ?? []]));
}
