/**
 * The lint's own readers of the extensions of CA certificates that restrict paths: name
 * constraints, policy constraints and mappings (RFC 5280 4.2.1.5, 4.2.1.10, 4.2.1.11, 4.2.1.14),
 * and of subject directory attributes (4.2.1.8). Every function is a callback of `parseDer` and
 * throws `malformed`.
 */
import {
  contextTag,
  type DerElement,
  fieldsOf,
  ia5Content,
  malformed,
  objectIdentifier,
  sequence,
  setOf,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import { atLeastOne } from './extension-readers.js';

export type Subtree = {
  /** Number of the GeneralName's context tag (RFC 5280 4.2.1.6): 2 for a dNSName. */
  readonly form: number;
  /** The text of an rfc822Name, a dNSName or a URI; null for any other form. */
  readonly text: string | null;
  /** Address and mask; null for any other form. */
  readonly address: Bytes | null;
  readonly minimum: number;
  readonly hasMaximum: boolean;
};
type NameConstraints = {
  readonly permitted: readonly Subtree[] | null;
  readonly excluded: readonly Subtree[] | null;
};

/** Numbers of the forms of GeneralName. */
export const FORM = {
  rfc822Name: 1,
  dNSName: 2,
  x400Address: 3,
  ediPartyName: 5,
  uri: 6,
  iPAddress: 7,
  registeredID: 8,
};

export function readNameConstraints(root: DerElement): NameConstraints {
  const fields = sequence(root, 'nameConstraints');
  const permitted = fields.optional(contextTag(0, 'constructed'));
  const excluded = fields.optional(contextTag(1, 'constructed'));
  fields.end();
  return { permitted: subtreesOf(permitted), excluded: subtreesOf(excluded) };
}

function subtreesOf(element: DerElement | null): readonly Subtree[] | null {
  if (element === null) return null;
  const fields = fieldsOf(element, 'GeneralSubtrees');
  const subtrees = [readSubtree(fields.next(TAG.sequence, 'GeneralSubtree'))];
  while (fields.more()) subtrees.push(readSubtree(fields.next(TAG.sequence, 'GeneralSubtree')));
  return subtrees;
}

function readSubtree(element: DerElement): Subtree {
  const fields = sequence(element, 'GeneralSubtree');
  const base = fields.any('base');
  const least = contextTag(0, 'primitive');
  const minimum = fields.optional(least);
  const maximum = fields.optional(contextTag(1, 'primitive'));
  fields.end();
  if (minimum !== null && smallInteger(minimum, 'minimum', least) === 0)
    malformed(minimum, 'minimum: DEFAULT 0 is not written');
  const form = base.tag & 0x1f;
  const isText = form === FORM.rfc822Name || form === FORM.dNSName || form === FORM.uri;
  return {
    form,
    text: isText ? ia5Content(base, 'base') : null,
    address: form === FORM.iPAddress ? addressOf(base) : null,
    minimum: minimum === null ? 0 : smallInteger(minimum, 'minimum', least),
    hasMaximum: maximum !== null,
  };
}

/** An address and a mask of the same length (4.2.1.10). */
function addressOf(base: DerElement): Bytes {
  const { content } = base;
  return content.length === 8 || content.length === 32
    ? content
    : malformed(base, `iPAddress of a constraint: ${content.length} octets`);
}

type PolicyConstraints = {
  readonly requireExplicitPolicy: number | null;
  readonly inhibitPolicyMapping: number | null;
};

export function readPolicyConstraints(root: DerElement): PolicyConstraints {
  const fields = sequence(root, 'policyConstraints');
  const [require, inhibit] = [0, 1].map((number) => {
    const tag = contextTag(number, 'primitive');
    const element = fields.optional(tag);
    return element === null ? null : smallInteger(element, 'SkipCerts', tag);
  });
  fields.end();
  return { requireExplicitPolicy: require ?? null, inhibitPolicyMapping: inhibit ?? null };
}

type PolicyMapping = { readonly issuerDomain: string; readonly subjectDomain: string };

export function readPolicyMappings(root: DerElement): readonly PolicyMapping[] {
  return atLeastOne(root, 'policyMappings').map((element) => {
    const fields = sequence(element, 'PolicyMapping');
    const issuerDomain = objectIdentifier(fields.next(TAG.oid, 'issuerDomainPolicy'), 'issuerDomainPolicy');
    const subjectDomain = objectIdentifier(fields.next(TAG.oid, 'subjectDomainPolicy'), 'subjectDomainPolicy');
    fields.end();
    return { issuerDomain, subjectDomain };
  });
}

/** The value is SkipCerts. */
export function readInhibitAnyPolicy(root: DerElement): number {
  return smallInteger(root, 'inhibitAnyPolicy');
}

/** Returns the types of the attributes. */
export function readSubjectDirectoryAttributes(root: DerElement): readonly string[] {
  return atLeastOne(root, 'subjectDirectoryAttributes').map((element) => {
    const fields = sequence(element, 'Attribute');
    const type = objectIdentifier(fields.next(TAG.oid, 'type'), 'type');
    setOf(fields.next(TAG.set, 'values'), 'values');
    fields.end();
    return type;
  });
}
