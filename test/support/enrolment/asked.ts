/** Requests as EST hands them to operations. */
import type { RenewSelfCommand } from '../../../src/operations/enrolment/renew-self.js';
import { readCertificationRequest } from '../../../src/x509/request/certification-request.js';

/** `csr`: PKCS#10, PEM, whose subject and attributes are not used. */
export async function askedBy(csr: string): Promise<Pick<RenewSelfCommand, 'protocol' | 'request' | 'requested'>> {
  const read = await readCertificationRequest(csr);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return { protocol: 'est', request: { key: read.value.key, subject: [] }, requested: { extensions: [] } };
}
