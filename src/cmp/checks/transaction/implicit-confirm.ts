import { generalizedTime, nullValue, parseDer } from '../../../asn1/der-reader.js';
import { OID } from '../../../asn1/oids.js';
import type { Bytes } from '../../../kernel/bytes.js';
import type { BodyKind } from '../../model.js';
import { type Check, refused } from '../check.js';

const ENROLS: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'kur'];

/** implicitConfirm and confirmWaitTime exclude each other (RFC 9483 3.1). */
export const IMPLICIT_CONFIRM: Check = {
  id: 'C7',
  examine: ({ message: { header, bodyKind } }) => {
    const confirms = header.generalInfo.filter(({ oid }) => oid === OID.implicitConfirm);
    const waits = header.generalInfo.filter(({ oid }) => oid === OID.confirmWaitTime);
    if (!confirms.every(({ value }) => isNull(value)))
      return refused('badRequest', 'generalInfo: the value of implicitConfirm must be NULL');
    if (confirms.length > 0 && !ENROLS.includes(bodyKind))
      return refused('badRequest', `generalInfo: implicitConfirm is allowed in ${ENROLS.join(', ')} only`);
    if (confirms.length > 0 && waits.length > 0)
      return refused('badRequest', 'generalInfo: implicitConfirm and confirmWaitTime exclude each other');
    if (!waits.every(({ value }) => isGeneralizedTime(value)))
      return refused('badDataFormat', 'generalInfo: confirmWaitTime must be a GeneralizedTime');
    return null;
  },
};

function isNull(value: Bytes | null): boolean {
  return value !== null && parseDer(value, (root) => nullValue(root, 'implicitConfirm')).ok;
}

function isGeneralizedTime(value: Bytes | null): boolean {
  return value !== null && parseDer(value, (root) => generalizedTime(root, 'confirmWaitTime')).ok;
}
