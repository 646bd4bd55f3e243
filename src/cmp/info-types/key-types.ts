/** Algorithms that a client may use (RFC 9810 5.3.19.2 to 5.3.19.4). */
import { oid, seq } from '../../asn1/der-writer.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import { publicKeyAlgorithm } from '../../x509/keys/holder-key-algorithms.js';
import type { HolderKeyType } from '../../x509/model.js';
import { aboutOf, answered, withoutValue } from './info-type.js';
import { INFO } from './oids.js';

export const signKeyPairTypes = withoutValue({ name: 'signKeyPairTypes', oid: INFO.signKeyPairTypes }, (context) => {
  const about = aboutOf(context, 'signKeyPairTypes');
  if (!about.ok) return about;
  const keyTypes = allowedKeyTypes(context.policy, about.value.profile, context.now);
  return answered(INFO.signKeyPairTypes, algorithms(keyTypes));
});

/** Only RSA keys are certified for encryption. */
export const encKeyPairTypes = withoutValue({ name: 'encKeyPairTypes', oid: INFO.encKeyPairTypes }, () =>
  answered(INFO.encKeyPairTypes, algorithms(['rsa-3072'])),
);

const AES_256_CBC = '2.16.840.1.101.3.4.1.42';

/** The cipher of encrypted certificates. */
export const preferredSymmAlg = withoutValue({ name: 'preferredSymmAlg', oid: INFO.preferredSymmAlg }, () =>
  answered(INFO.preferredSymmAlg, seq(oid(AES_256_CBC))),
);

/** Each algorithm once: RSA keys of all lengths have the same. */
function algorithms(keyTypes: readonly HolderKeyType[]): Bytes {
  const encoded = keyTypes.map(publicKeyAlgorithm);
  return seq(...new Map(encoded.map((one) => [toHex(one), one])).values());
}
