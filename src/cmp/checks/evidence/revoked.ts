/** Which certificate an rr names, as far as the checks need it. */
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import type { TbsView } from '../../../x509/model.js';
import { decodeBody } from '../../values/bodies.js';

/** Whether the content of an rr names this certificate in its first RevDetails. */
export function namesCertificate(
  content: Bytes,
  { issuerDer, serialOctets }: Pick<TbsView, 'issuerDer' | 'serialOctets'>,
): boolean {
  const read = decodeBody.rr(content);
  const { issuer = null, serialNumber = null } = read.ok ? (read.value[0]?.template ?? {}) : {};
  if (issuer === null || serialNumber === null) return false;
  return equalBytes(issuer.der, issuerDer) && equalBytes(serialNumber, serialOctets);
}
