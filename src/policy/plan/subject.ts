/** Subjects, composed from a profile and the data they are looked up in. */
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import { resolvePointer } from '../../kernel/json-pointer.js';
import type { Name } from '../../x509/model.js';
import type { CertificateOrder, Profile, SubjectAttribute } from '../model.js';
import type { SubjectSource } from './subject-fields.js';

/**
 * The subject that a profile gives this holder: that of a pseudonym, where the holder has one and
 * the profile too.
 */
export function subjectOf(
  profile: Pick<Profile, 'subject' | 'pseudonymSubject'>,
  { holder }: Pick<CertificateOrder, 'holder'>,
): Profile['subject'] {
  const hasPseudonym = holder.kind === 'staff' && holder.pseudonym !== undefined;
  return hasPseudonym && profile.pseudonymSubject !== null ? profile.pseudonymSubject : profile.subject;
}

/** Values that are missing are bugs here: the rules have passed. */
export function composeName(subject: Profile['subject'], source: SubjectSource): Name {
  return subject.map((rdn) =>
    rdn.map(({ type, form, value }) => ({ type: OID[type], form, value: lookUp(value, source) })),
  );
}

function lookUp(value: SubjectAttribute['value'], source: SubjectSource): string {
  if ('text' in value) return value.text;
  const found = resolvePointer(source, value.from);
  assert(typeof found === 'string' && found !== '', `missing: ${value.from}`);
  return found;
}
