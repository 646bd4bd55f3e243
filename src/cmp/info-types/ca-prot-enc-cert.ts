/** A certificate of the CA for encryption (RFC 9810 5.3.19.1): it has none. */
import { answered, withoutValue } from './info-type.js';
import { INFO } from './oids.js';

export const caProtEncCert = withoutValue({ name: 'caProtEncCert', oid: INFO.caProtEncCert }, () =>
  answered(INFO.caProtEncCert, null),
);
