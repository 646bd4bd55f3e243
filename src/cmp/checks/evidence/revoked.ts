/** Which certificate an rr names, as far as the checks need it. */
import { children, contextTag, explicit, integerOctets, parseDer, sequence, TAG } from '../../../asn1/der-reader.js';
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import type { TbsView } from '../../../x509/model.js';

/**
 * Whether the content of an rr names this certificate in its first RevDetails. Content that cannot
 * be read names none; the operation refuses it.
 */
export function namesCertificate(
  content: Bytes,
  { issuerDer, serialOctets }: Pick<TbsView, 'issuerDer' | 'serialOctets'>,
): boolean {
  const named = parseDer(content, (root) => {
    const [first] = children(root);
    const template = first === undefined ? null : sequence(first, 'RevDetails').next(TAG.sequence, 'certDetails');
    const members = template === null ? [] : children(template);
    const serial = members.find(({ tag }) => tag === SERIAL_NUMBER);
    const issuer = members.find(({ tag }) => tag === ISSUER);
    if (serial === undefined || issuer === undefined) return null;
    return { serial: integerOctets(serial, 'serialNumber', SERIAL_NUMBER), issuer: explicit(issuer, 'issuer').whole };
  });
  if (!named.ok || named.value === null) return false;
  return equalBytes(named.value.serial, serialOctets) && equalBytes(named.value.issuer, issuerDer);
}

/** CertTemplate (RFC 4211 section 5). A Name is a CHOICE, so that its tag is explicit. */
const SERIAL_NUMBER = contextTag(1, 'primitive');
const ISSUER = contextTag(3, 'constructed');
