/** What rules ask of a distinguished name. */
import { OID, type OidName } from '../../asn1/oids.js';
import type { Attribute, Name } from '../../x509/model.js';

export type AttributeName = Extract<
  OidName,
  | 'countryName'
  | 'stateOrProvinceName'
  | 'organizationName'
  | 'organizationalUnitName'
  | 'title'
  | 'givenName'
  | 'surname'
  | 'commonName'
  | 'pseudonym'
>;

/** Every value of that type, in the order of the DER. */
export function valuesOf(name: Name, type: AttributeName): readonly string[] {
  const oid = OID[type];
  const values: string[] = [];
  for (const rdn of name) for (const attribute of rdn) if (attribute.type === oid) values.push(attribute.value);
  return values;
}

/**
 * The only value of that type; null when there is none or more than one, which the shape of the
 * subject forbids.
 */
export function onlyValueOf(name: Name, type: AttributeName): string | null {
  const [value, second] = valuesOf(name, type);
  return value === undefined || second !== undefined ? null : value;
}

/** The first attribute of which `judge` says something, with what it says. */
export function firstFault(name: Name, judge: (attribute: Attribute) => string | null): string | null {
  for (const rdn of name) {
    for (const attribute of rdn) {
      const fault = judge(attribute);
      if (fault !== null) return `${attributeName(attribute.type)}: ${fault}`;
    }
  }
  return null;
}

const NAMES: ReadonlyMap<string, string> = new Map(
  (
    [
      'countryName',
      'stateOrProvinceName',
      'organizationName',
      'organizationalUnitName',
      'title',
      'givenName',
      'surname',
      'commonName',
      'pseudonym',
    ] as const satisfies readonly AttributeName[]
  ).map((name) => [OID[name], name]),
);

/** Its name where profiles use it, its dotted identifier otherwise. */
export function attributeName(type: string): string {
  return NAMES.get(type) ?? type;
}

/**
 * Natural persons are named by given name, surname or pseudonym (EN 319 412-2 4.2.4), and only they
 * are.
 */
export function namesAPerson(name: Name): boolean {
  return (
    valuesOf(name, 'givenName').length > 0 ||
    valuesOf(name, 'surname').length > 0 ||
    valuesOf(name, 'pseudonym').length > 0
  );
}

/** Characters, not code units. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
