/** The update of a root (RFC 9483 4.3.2): the client has one generation and asks for the next. */
import { expectTag, TAG } from '../../asn1/der-reader.js';
import { seq } from '../../asn1/der-writer.js';
import { equalBytes } from '../../kernel/bytes.js';
import { err } from '../../kernel/result.js';
import { errorFault } from '../fail-info.js';
import { answered, withValue } from './info-type.js';
import { INFO } from './oids.js';

/**
 * RootCaKeyUpdateContent with newWithNew. newWithOld and oldWithNew are absent, because no ceremony
 * makes link certificates.
 */
export const rootCaCert = withValue(
  { name: 'rootCaCert', oid: INFO.rootCaCert, read: (root) => expectTag(root, TAG.sequence, 'certificate').whole },
  (given, { issuers, now }) => {
    const roots = issuers.filter(({ kind }) => kind === 'root');
    const old = roots.find(({ certificate }) => equalBytes(certificate, given));
    if (old === undefined) return err(errorFault('badRequest', 'The certificate in rootCaCert is no root of this CA.'));
    const [newest] = roots
      .filter(({ authority, generation, notBefore }) => {
        return authority === old.authority && generation > old.generation && notBefore <= now;
      })
      .sort((one, other) => other.generation - one.generation);
    return answered(INFO.rootCaKeyUpdate, newest === undefined ? null : seq(newest.certificate));
  },
);
