/** PrivateKeyUsagePeriod (RFC 3280 4.2.1.4), present in the sector's signature certificates. */
import { contextPrimitive, generalizedTimeContent, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { Extension } from '../model.js';

/** At least one of the two is present; both are whole seconds. */
type PrivateKeyUsagePeriod = {
  readonly notBefore?: Instant | undefined;
  readonly notAfter?: Instant | undefined;
};

/** Not critical; always GeneralizedTime. */
export function writePrivateKeyUsagePeriod({ notBefore, notAfter }: PrivateKeyUsagePeriod): Extension {
  const members = [
    ...(notBefore === undefined ? [] : [contextPrimitive(0, generalizedTimeContent(notBefore))]),
    ...(notAfter === undefined ? [] : [contextPrimitive(1, generalizedTimeContent(notAfter))]),
  ];
  assert(members.length > 0, 'a beginning or an end');
  return { oid: OID.privateKeyUsagePeriod, critical: false, value: seq(...members) };
}
