/** Parts of a certificate template of CRMF (RFC 4211 5). */
import type { CertTemplate, NameValue } from '../../../src/cmp/model.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import type { Name } from '../../../src/x509/model.js';

/** A template without fields, which asks for nothing. */
export const EMPTY_TEMPLATE: CertTemplate = {
  version: null,
  serialNumber: null,
  signingAlg: null,
  issuer: null,
  validity: null,
  subject: null,
  publicKey: null,
  issuerUID: null,
  subjectUID: null,
  extensions: [],
};

export function nameValue(name: Name): NameValue {
  return { name, der: encodeName(name) };
}
