/**
 * Reads a subject backwards: which members of an order a profile would have made it of. Standard
 * clients state the holder in this way.
 */
import { OID } from '../../asn1/oids.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';
import { attributesOf, isSameText } from '../../x509/certificate/name-comparison.js';
import { attributeName } from '../../x509/certificate/name-reader.js';
import type { Attribute, Name } from '../../x509/model.js';
import type { Profile, SubjectAttribute } from '../model.js';

/** Attributes of a requested subject. No profile has half as many. */
const REQUESTED_ATTRIBUTES_MAX = 20;

/**
 * A value of a requested subject, as it was sent; `pointer` is its place in an order. null: the
 * profile itself has a fixed text there.
 */
export type RequestedValue = { readonly attribute: string; readonly pointer: string | null; readonly text: string };

type SubjectProfile = Pick<Profile, 'id' | 'subject' | 'pseudonymSubject'>;

/**
 * Grouping, order and string types of the attributes do not matter. An attribute that is absent
 * asks for nothing. A subject that has a pseudonym is read by the form of the profile for
 * pseudonyms, if it has one. Returns all violations; each names its attribute.
 */
export function invertSubject(
  profile: SubjectProfile,
  subject: Name,
): Result<readonly RequestedValue[], readonly Violation[]> {
  const attributes = attributesOf(subject);
  if (attributes.length > REQUESTED_ATTRIBUTES_MAX)
    return err([violation('/csr', 'requested-attribute/count', { max: REQUESTED_ATTRIBUTES_MAX })]);
  const form = formOf(profile, attributes).flat();
  const values: RequestedValue[] = [];
  const violations: Violation[] = [];
  for (const type of new Set(attributes.map((attribute) => attribute.type))) {
    const asked = attributes.filter((attribute) => attribute.type === type).map(({ value }) => value);
    const known = form.filter((attribute) => OID[attribute.type] === type);
    const read = invertType(profile, type, { asked, known });
    if (read.ok) values.push(...read.value);
    else violations.push(read.error);
  }
  return violations.length > 0 ? err(violations) : ok(values);
}

function formOf({ subject, pseudonymSubject }: SubjectProfile, attributes: readonly Attribute[]): Profile['subject'] {
  const hasPseudonym = attributes.some(({ type }) => type === OID.pseudonym);
  return hasPseudonym && pseudonymSubject !== null ? pseudonymSubject : subject;
}

type OneType = { readonly asked: readonly string[]; readonly known: readonly SubjectAttribute[] };

/** A value that equals a fixed text is matched with it, and any other with the next pointer. */
function invertType(
  { id }: SubjectProfile,
  type: string,
  { asked, known }: OneType,
): Result<readonly RequestedValue[], Violation> {
  const attribute = attributeName(type);
  if (known.length === 0) return err(violation('/csr', 'requested-attribute', { attribute, profile: id }));
  if (asked.length > known.length) return err(violation('/csr', 'requested-attribute/twice', { attribute }));
  const fixed = known.flatMap(({ value }) => ('text' in value ? [value.text] : []));
  const pointers = known.flatMap(({ value }) => ('from' in value ? [value.from] : []));
  const values: RequestedValue[] = [];
  for (const text of asked) {
    const at = fixed.findIndex((one) => isSameText(one, text));
    const pointer = at === -1 ? pointers.shift() : null;
    if (at !== -1) fixed.splice(at, 1);
    if (pointer === undefined)
      return err(
        violation('/csr', 'requested-value', { attribute, source: { fr: `profil ${id}`, en: `profile ${id}` } }),
      );
    values.push({ attribute, pointer, text });
  }
  return ok(values);
}
