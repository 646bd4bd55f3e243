import assert from 'node:assert/strict';
import type { DerFailure } from '../../../src/asn1/der-reader.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import type { Result } from '../../../src/kernel/result.js';
import { readAuthorityInfoAccess } from '../../../src/x509/extensions/authority-info-access.js';
import { readAuthorityKeyIdentifier } from '../../../src/x509/extensions/authority-key-identifier.js';
import { readBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { readCertificatePolicies } from '../../../src/x509/extensions/certificate-policies.js';
import { readCrlDistributionPoints } from '../../../src/x509/extensions/crl-distribution-points.js';
import { readExtendedKeyUsage } from '../../../src/x509/extensions/extended-key-usage.js';
import { readGipCardId } from '../../../src/x509/extensions/gip-card-id.js';
import { readGipCardType } from '../../../src/x509/extensions/gip-card-type.js';
import { readInvalidityDate } from '../../../src/x509/extensions/invalidity-date.js';
import { readKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { readReasonCode } from '../../../src/x509/extensions/reason-code.js';
import { readSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import { readSubjectKeyIdentifier } from '../../../src/x509/extensions/subject-key-identifier.js';

/** Well-formed DER that the extension's clause does not allow. */
const REFUSED: readonly (readonly [string, (value: Bytes) => Result<unknown, DerFailure>, string, string])[] = [
  ['cA FALSE written out', readBasicConstraints, '3003010100', 'DEFAULT FALSE'],
  ['a path length without cA', readBasicConstraints, '3003020100', 'only with cA'],
  ['a negative path length', readBasicConstraints, '30060101ff0201ff', 'negative'],
  ['a key usage of no bit', readKeyUsage, '030100', 'no bit is set'],
  ['a key usage bit 9', readKeyUsage, '0303060040', 'no bit 9'],
  ['a key usage with trailing zeros', readKeyUsage, '03020540', 'trailing zero bits'],
  ['no purpose', readExtendedKeyUsage, '3000', 'empty'],
  ['a purpose twice', readExtendedKeyUsage, '3008 06025503 06025503', 'twice'],
  ['an empty key identifier', readSubjectKeyIdentifier, '0400', 'empty'],
  ['an authority key identifier without key identifier', readAuthorityKeyIdentifier, '3000', 'missing'],
  ['an authority key identifier with a serial number', readAuthorityKeyIdentifier, '3006800101820101', 'too many'],
  ['no policy', readCertificatePolicies, '3000', 'empty'],
  ['a policy twice', readCertificatePolicies, '300c 3004 06025503 3004 06025503', 'twice'],
  ['a user notice', readCertificatePolicies, '3016 3014 06025503 300e 300c 06082b06010505070202 3000', 'CPS pointer'],
  ['empty qualifiers', readCertificatePolicies, '3008 3006 06025503 3000', 'exactly one'],
  ['no distribution point', readCrlDistributionPoints, '3000', 'empty'],
  ['a distribution point without name', readCrlDistributionPoints, '3002 3000', 'missing'],
  ['two names of one point', readCrlDistributionPoints, '300c 300a a008 a006 860161 860162', 'too many'],
  ['a point with reasons', readCrlDistributionPoints, '300d 300b a005 a003 860161 81020640', 'too many'],
  ['a point by a relative name', readCrlDistributionPoints, '3006 3004 a002 a100', '0xa0 expected'],
  ['no address', readAuthorityInfoAccess, '3000', 'empty'],
  ['an address of another method', readAuthorityInfoAccess, '300f 300d 06082b06010505073003 860161', 'neither'],
  ['an address that is no URI', readAuthorityInfoAccess, '300f 300d 06082b06010505073001 820161', '0x86 expected'],
  [
    'two responders',
    readAuthorityInfoAccess,
    '301e 300d 06082b06010505073001 860161 300d 06082b06010505073001 860162',
    'ocsp twice',
  ],
  ['no alternative name', readSubjectAltName, '3000', 'empty'],
  ['a URI as alternative name', readSubjectAltName, '3003 860161', 'not certified here'],
  ['another otherName', readSubjectAltName, '300b a009 06022a03 a003 0c0161', 'not a userPrincipalName'],
  ['an address of 5 octets', readSubjectAltName, '3007 87050102030405', 'neither 4 nor 16'],
  ['a DNS name with a NUL', readSubjectAltName, '3005 8203610062', 'IA5String alphabet'],
  [
    'a user principal name that is no UTF8String',
    readSubjectAltName,
    '3013 a011 060a2b060104018237140203 a003 130161',
    'not a UTF8String',
  ],
  ['a card id in UTF-8', readGipCardId, '0c0161', '0x13 expected'],
  ['a negative card type', readGipCardType, '0201ff', 'negative'],
  ['reason 7', readReasonCode, '0a0107', 'no reason 7'],
  ['a reason as INTEGER', readReasonCode, '020101', '0x0a expected'],
  ['an invalidity date as UTCTime', readInvalidityDate, '170d3236303330313130303030305a', '0x18 expected'],
];

describe('an extension is rejected that has', () => {
  for (const [name, read, hex, rule] of REFUSED) {
    it(name, () => {
      const octets = fromHex(hex.replaceAll(' ', ''));
      assert.ok(octets);
      const result = read(octets);
      assert.ok(!result.ok, 'accepted');
      assert.ok(result.error.rule.includes(rule), result.error.rule);
    });
  }
});
