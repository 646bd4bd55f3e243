/**
 * Subjects of profiles: attributes that fit the holder, within the bounds of RFC 5280, each in its
 * place.
 */
import { ATTRIBUTE_CHARACTERS_MAX } from '../ceilings.js';
import { isForSuite } from '../enrolment-policy.js';
import { type Document, faultIn, type ProfileFile } from '../load/documents.js';
import type { PolicyFault, SubjectAttribute } from '../model.js';
import { SUBJECT_FIELDS } from '../plan/subject-fields.js';

type Subject = ProfileFile['subject'];
const NAMES: readonly string[] = ['/holder/givenName', '/holder/surname'];
const PSEUDONYM = '/holder/pseudonym';

export function subjectFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { subject, pseudonymSubject } = document.body;
  // A conformance suite expects a subject that is only the common name that it has asked for.
  const hasCountry = !isForSuite(document.body);
  return [
    ...shapeFaults(document, '/subject', { subject, hasCountry }),
    ...(pseudonymSubject === null
      ? []
      : shapeFaults(document, '/pseudonymSubject', { subject: pseudonymSubject, hasCountry })),
    ...nameFaults(document),
  ];
}

function shapeFaults(
  document: Document<ProfileFile>,
  pointer: string,
  { subject, hasCountry }: { readonly subject: Subject; readonly hasCountry: boolean },
): readonly PolicyFault[] {
  const faults: PolicyFault[] = [];
  const counts = new Map<string, number>();
  for (const [rdnAt, rdn] of subject.entries()) {
    for (const [at, attribute] of rdn.entries()) {
      const attributePointer = `${pointer}/${rdnAt}/${at}`;
      counts.set(attribute.type, (counts.get(attribute.type) ?? 0) + 1);
      if (rdn.findIndex(({ type }) => type === attribute.type) !== at)
        faults.push(faultIn(document, `${attributePointer}/type`, 'is a duplicate in one RDN (X.501 9.3)'));
      faults.push(...attributeFaults(document, attributePointer, attribute));
    }
  }
  if (counts.get('commonName') !== 1) faults.push(faultIn(document, pointer, 'has one commonName'));
  if (hasCountry && (subject[0]?.[0]?.type !== 'countryName' || subject[0].length !== 1))
    faults.push(faultIn(document, `${pointer}/0`, 'must be the country'));
  for (const [type, count] of counts)
    if (count > 1 && type !== 'organizationalUnitName' && type !== 'commonName')
      faults.push(faultIn(document, pointer, `has ${type} ${count} times`));
  return faults;
}

function attributeFaults(
  document: Document<ProfileFile>,
  pointer: string,
  { type, form, value, charactersMax }: SubjectAttribute,
): readonly PolicyFault[] {
  const faults: PolicyFault[] = [];
  const bound = ATTRIBUTE_CHARACTERS_MAX[type];
  if (charactersMax > bound)
    faults.push(faultIn(document, `${pointer}/charactersMax`, `is more than the ${bound} that the code allows`));
  if ((type === 'countryName') !== (form === 'printableString'))
    faults.push(
      faultIn(document, `${pointer}/form`, 'must be printableString for the country and utf8String for all others'),
    );
  if ('text' in value) {
    if (value.text.length > charactersMax || (type === 'countryName' && !/^[A-Z]{2}$/.test(value.text)))
      faults.push(faultIn(document, `${pointer}/value/text`, 'does not fit the attribute'));
    return faults;
  }
  const known = SUBJECT_FIELDS.find(({ pointer }) => pointer === value.from);
  if (!known?.holders.includes(document.body.holder))
    faults.push(faultIn(document, `${pointer}/value/from`, `a ${document.body.holder} has no ${value.from}`));
  return faults;
}

/** EN 319 412-2 4.2.4: given name and surname, or a pseudonym; never both. */
function nameFaults(document: Document<ProfileFile>): readonly PolicyFault[] {
  const { holder, subject, pseudonymSubject } = document.body;
  const faults: PolicyFault[] = [];
  const fields = fieldsOf(subject);
  if (fields.includes(PSEUDONYM)) faults.push(faultIn(document, '/subject', 'a pseudonym has its own subject'));
  if ((holder === 'professional' || holder === 'staff') && !NAMES.every((name) => fields.includes(name)))
    faults.push(faultIn(document, '/subject', 'a person has a given name and a surname'));
  if (pseudonymSubject === null) return faults;
  const otherwise = fieldsOf(pseudonymSubject);
  if (!otherwise.includes(PSEUDONYM) || NAMES.some((name) => otherwise.includes(name)))
    faults.push(faultIn(document, '/pseudonymSubject', 'has the pseudonym and neither name'));
  return faults;
}

function fieldsOf(subject: Subject): readonly string[] {
  return subject.flat().flatMap(({ value }) => ('from' in value ? [value.from] : []));
}
