/**
 * What is known of a holder before a request: it fills the templates of EST (RFC 9908) and CMP (RFC
 * 9483 4.3.3).
 */
import { resolvePointer } from '../../kernel/json-pointer.js';
import type { Card, Profile, SubjectAttribute } from '../model.js';

/** In the shape of an order: values that are absent are for the client to fill in. */
export type KnownHolder = {
  readonly holder: Readonly<Record<string, unknown>>;
  readonly card: Card | null;
};

export const NOTHING_KNOWN: KnownHolder = { holder: {}, card: null };

/** The subject that the profile gives this holder: with names, or with a pseudonym. */
export function subjectTemplate(
  { subject, pseudonymSubject }: Pick<Profile, 'subject' | 'pseudonymSubject'>,
  { holder }: KnownHolder,
): Profile['subject'] {
  return 'pseudonym' in holder && pseudonymSubject !== null ? pseudonymSubject : subject;
}

/** The fixed or known text of an attribute; null: the client fills it in. */
export function knownText({ value }: Pick<SubjectAttribute, 'value'>, known: KnownHolder): string | null {
  const found = 'text' in value ? value.text : resolvePointer(known, value.from);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The known names of the form that the profile certifies in subjectAltName. */
export function knownNames(form: 'dns' | 'email', { holder }: KnownHolder): readonly string[] {
  const names = form === 'dns' ? holder.names : holder.emails;
  return Array.isArray(names) ? names.filter((one): one is string => typeof one === 'string') : [];
}
