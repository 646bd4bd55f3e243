/** Composes subjects from a profile and a source of values. */
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import { resolvePointer } from '../../kernel/json-pointer.js';
import type { Name } from '../../x509/model.js';
import type { CertificateOrder, Profile, SubjectAttribute } from '../model.js';
import type { SubjectSource } from './subject-fields.js';

/**
 * The subject that a profile gives this holder. It is the pseudonymous one where both holder and
 * profile have one.
 */
export function subjectOf(
  profile: Pick<Profile, 'subject' | 'pseudonymSubject'>,
  { holder }: Pick<CertificateOrder, 'holder'>,
): Profile['subject'] {
  const hasPseudonym = holder.kind === 'staff' && holder.pseudonym !== undefined;
  return hasPseudonym && profile.pseudonymSubject !== null ? profile.pseudonymSubject : profile.subject;
}

/** The rules have passed, so that a missing value is a bug. */
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
