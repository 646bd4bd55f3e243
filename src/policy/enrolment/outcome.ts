/** What became of a request: whether its certificate is exactly what it asked for. */
import { OID } from '../../asn1/oids.js';
import { attributeName } from '../../x509/certificate/name-reader.js';
import type { Attribute, Extension } from '../../x509/model.js';
import { isSameExtension, missingNames, nameOf } from './requested-extensions.js';
import type { RequestedContent } from './sources.js';

/**
 * A part of a certificate that is not as it was asked for. `what` is the short name of an attribute
 * (`OU`) or the name of an extension (`subjectAltName`), and never a value.
 */
export type Modification = {
  readonly kind: 'added' | 'changed' | 'left-out';
  readonly what: string;
};

/**
 * The words of RFC 9810 5.2.3. `accepted`: the certificate has everything that was asked for,
 * unchanged, and nothing was added to the subject or the alternative names that were sent.
 */
type EnrolmentOutcome = {
  readonly result: 'accepted' | 'grantedWithMods';
  readonly modifications: readonly Modification[];
};

/** `granted`: the subject and the extensions of the certificate, or of its plan. */
export function outcomeOf(requested: RequestedContent, granted: RequestedContent): EnrolmentOutcome {
  const modifications = [
    ...subjectModifications(requested.subject.flat(), granted.subject.flat()),
    ...requested.extensions.flatMap((one) => extensionModifications(one, granted.extensions)),
  ];
  return { result: modifications.length === 0 ? 'accepted' : 'grantedWithMods', modifications };
}

/** An empty subject asks for nothing, so that nothing is added to it. */
function subjectModifications(asked: readonly Attribute[], given: readonly Attribute[]): readonly Modification[] {
  if (asked.length === 0) return [];
  const types = new Set([...asked, ...given].map(({ type }) => type));
  return [...types].flatMap((type): readonly Modification[] => {
    const what = attributeName(type);
    const [sent, written] = [asked, given].map((list) => list.filter((one) => one.type === type));
    if (sent === undefined || written === undefined || sent.length === 0) return [{ kind: 'added', what }];
    const isWritten = ({ value }: Attribute) => written.some((one) => one.value === value);
    if (!sent.every(isWritten)) return [{ kind: 'changed', what }];
    return written.length > sent.length ? [{ kind: 'added', what }] : [];
  });
}

/** An object identifier in a request can have any length. */
const NAME_CHARACTERS_MAX = 64;

function extensionModifications(requested: Extension, given: readonly Extension[]): readonly Modification[] {
  const what = nameOf(requested.oid).slice(0, NAME_CHARACTERS_MAX);
  const written = given.find(({ oid }) => oid === requested.oid);
  switch (requested.oid) {
    case OID.subjectKeyIdentifier:
      return [];
    case OID.subjectAltName:
      return [
        ...(missingNames(requested, written).length > 0 ? [{ kind: 'left-out', what } as const] : []),
        ...(written !== undefined && missingNames(written, requested).length > 0
          ? [{ kind: 'added', what } as const]
          : []),
      ];
    default:
      return written !== undefined && isSameExtension(written, requested) ? [] : [{ kind: 'left-out', what }];
  }
}
