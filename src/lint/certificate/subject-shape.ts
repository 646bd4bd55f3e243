/**
 * Compares the subject of a certificate with the subject of its profile, attribute by attribute.
 */
import { OID } from '../../asn1/oids.js';
import type { Profile, SubjectAttribute } from '../../policy/model.js';
import type { Attribute, Name } from '../../x509/model.js';
import { attributeName } from '../reading/names.js';

type AttributePair = { readonly found: Attribute; readonly expected: SubjectAttribute };

type Shape = Profile['subject'];

type Shapes = Pick<Profile, 'subject' | 'pseudonymSubject'>;
type Match = { readonly profile: Shapes; readonly name: Name; readonly pairs: readonly AttributePair[] | null };

/**
 * Caches the last result, because several rules ask for the same certificate one after the other.
 */
let last: Match | null = null;

/**
 * Pairs in the order of the DER, for the first shape of the profile that fits; null when none does.
 */
export function matchSubject(profile: Shapes, name: Name): readonly AttributePair[] | null {
  if (last === null || last.profile !== profile || last.name !== name)
    last = { profile, name, pairs: matchNow(profile, name) };
  return last.pairs;
}

function matchNow({ subject, pseudonymSubject }: Shapes, name: Name): readonly AttributePair[] | null {
  return matchShape(subject, name) ?? (pseudonymSubject === null ? null : matchShape(pseudonymSubject, name));
}

function matchShape(shape: Shape, name: Name): readonly AttributePair[] | null {
  if (shape.length !== name.length) return null;
  const pairs: AttributePair[] = [];
  for (const [at, attributes] of shape.entries()) {
    const rdn = name[at] ?? [];
    if (rdn.length !== attributes.length) return null;
    // The attributes of an RDN are a SET OF, without order. They are matched by type: a profile has
    // each type once in an RDN.
    for (const found of rdn) {
      const expected = attributes.find(({ type }) => OID[type] === found.type);
      if (expected === undefined) return null;
      pairs.push({ found, expected });
    }
    if (new Set(rdn.map(({ type }) => type)).size !== rdn.length) return null;
  }
  return pairs;
}

/** `countryName, title, {givenName+commonName+surname}`, for findings. */
export function shapeOf(name: Name): string {
  return name
    .map((rdn) => {
      const types = rdn.map(({ type }) => attributeName(type)).join('+');
      return rdn.length === 1 ? types : `{${types}}`;
    })
    .join(', ');
}

/** Whether the organizational unit of the holder is the number of its structure. */
export function namesAStructure({ holder }: Profile): boolean {
  return holder === 'staff' || holder === 'organisation' || holder === 'server';
}
