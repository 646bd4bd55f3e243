/** Distinguished names, as rules need them. */
import { OID, type OidName } from '../../asn1/oids.js';
import type { Attribute, Name } from '../../x509/model.js';

const ATTRIBUTES = [
  'countryName',
  'stateOrProvinceName',
  'organizationName',
  'organizationalUnitName',
  'title',
  'givenName',
  'surname',
  'commonName',
  'pseudonym',
] as const satisfies readonly OidName[];
type AttributeName = (typeof ATTRIBUTES)[number];

/** All values of that type, in the order of the DER. */
export function valuesOf(name: Name, type: AttributeName): readonly string[] {
  const oid = OID[type];
  const values: string[] = [];
  for (const rdn of name) for (const attribute of rdn) if (attribute.type === oid) values.push(attribute.value);
  return values;
}

/**
 * The only value of that type; null when there is none or more than one, which the shape of the
 * subject excludes.
 */
export function onlyValueOf(name: Name, type: AttributeName): string | null {
  const [value, second] = valuesOf(name, type);
  return value === undefined || second !== undefined ? null : value;
}

/** The first fault that `check` finds in an attribute. */
export function firstFault(name: Name, check: (attribute: Attribute) => string | null): string | null {
  for (const rdn of name) {
    for (const attribute of rdn) {
      const fault = check(attribute);
      if (fault !== null) return `${attributeName(attribute.type)}: ${fault}`;
    }
  }
  return null;
}

const NAMES: ReadonlyMap<string, string> = new Map(ATTRIBUTES.map((name) => [OID[name], name]));

/** The attribute's name where profiles use it; otherwise the dotted identifier. */
export function attributeName(type: string): string {
  return NAMES.get(type) ?? type;
}

/** Only names of natural persons have a given name, surname or pseudonym (EN 319 412-2 4.2.4). */
export function namesAPerson(name: Name): boolean {
  return (
    valuesOf(name, 'givenName').length > 0 ||
    valuesOf(name, 'surname').length > 0 ||
    valuesOf(name, 'pseudonym').length > 0
  );
}

/** Counts characters, not UTF-16 code units. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
