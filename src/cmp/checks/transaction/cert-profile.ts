import { expectTag, parseDer, sequenceOf, TAG, text } from '../../../asn1/der-reader.js';
import { OID } from '../../../asn1/oids.js';
import type { Bytes } from '../../../kernel/bytes.js';
import { OPERATION_LABELS } from '../../labels.js';
import type { PkiHeader } from '../../model.js';
import { type Check, refused } from '../check.js';

/** certProfile (RFC 9810 5.1.1.4), the path and the body agree. */
export const CERT_PROFILE: Check = {
  id: 'C8',
  examine: async ({ message: { header, bodyKind }, path, profiles, isFirst, transaction }) => {
    const named = certProfileOf(header);
    if (named === 'malformed')
      return refused('badRequest', 'generalInfo: certProfile must be one SEQUENCE of one UTF8String');
    if (named !== null && !profiles.has(named))
      return refused('badRequest', `generalInfo: there is no certProfile ${named}`);
    if (named !== null && path.profile !== null && named !== path.profile)
      return refused('badRequest', `certProfile is ${named}, but the path names ${path.profile}`);
    if (path.label === null) return null;
    const begun = isFirst ? null : await transaction();
    const belongs = OPERATION_LABELS[path.label] as readonly string[];
    if (belongs.includes(bodyKind) && belongs.includes(begun?.kind ?? bodyKind)) return null;
    const body = begun === null ? bodyKind : `${bodyKind} in a transaction of ${begun.kind}`;
    return refused('badRequest', `a body ${body} does not belong to the path .../${path.label}`);
  },
};

/** The profile that generalInfo names, as `hierarchy/name`; null: none. */
export function certProfileOf({ generalInfo }: Pick<PkiHeader, 'generalInfo'>): string | null | 'malformed' {
  const [first, another] = generalInfo.filter(({ oid }) => oid === OID.certProfile);
  if (first === undefined) return null;
  const name = first.value === null || another !== undefined ? null : readName(first.value);
  return name === null ? 'malformed' : name.replaceAll('~', '/');
}

/** CertProfileValue ::= SEQUENCE SIZE (1..MAX) OF UTF8String; null: not one of one text. */
function readName(value: Bytes): string | null {
  const read = parseDer(value, (root) =>
    sequenceOf(root, 'certProfile').map((one) => text(expectTag(one, TAG.utf8String, 'certProfile'), 'certProfile')),
  );
  const [name, another] = read.ok ? read.value : [];
  return name === undefined || another !== undefined ? null : name.value;
}
