/** CertificatePolicies (RFC 5280 4.2.1.4), with the CPS pointer as the only qualifier. */
import {
  type DerElement,
  type DerFailure,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  sequenceOf,
  TAG,
  text,
} from '../../asn1/der-reader.js';
import { ia5String, oid, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

export type PolicyInformation = {
  /** Dotted object identifier. */
  readonly policy: string;
  /** URI of the certification practice statement. */
  readonly cps?: string | undefined;
};

/** Not critical; each policy once. */
export function writeCertificatePolicies(policies: readonly PolicyInformation[]): Extension {
  assert(policies.length > 0, 'a certificate policy');
  assert(new Set(policies.map(({ policy }) => policy)).size === policies.length, 'each certificate policy once');
  return { oid: OID.certificatePolicies, critical: false, value: seq(...policies.map(encodePolicy)) };
}

function encodePolicy({ policy, cps }: PolicyInformation): Bytes {
  if (cps === undefined) return seq(oid(policy));
  return seq(oid(policy), seq(seq(oid(OID.cpsQualifier), ia5String(cps))));
}

export function readCertificatePolicies(value: Bytes): Result<readonly PolicyInformation[], DerFailure> {
  return parseDer(value, (root) => {
    const policies = sequenceOf(root, 'certificatePolicies').map(readPolicy);
    if (policies.length === 0) malformed(root, 'certificatePolicies: empty');
    if (new Set(policies.map(({ policy }) => policy)).size !== policies.length)
      malformed(root, 'certificatePolicies: the same policy twice');
    return policies;
  });
}

function readPolicy(element: DerElement): PolicyInformation {
  const fields = sequence(element, 'policyInformation');
  const policy = objectIdentifier(fields.next(TAG.oid, 'policyIdentifier'), 'policyIdentifier');
  const qualifiers = fields.optional(TAG.sequence);
  fields.end();
  return qualifiers === null ? { policy } : { policy, cps: readQualifiers(qualifiers) };
}

function readQualifiers(element: DerElement): string {
  const [qualifier, extra] = sequenceOf(element, 'policyQualifiers');
  if (qualifier === undefined || extra !== undefined) malformed(element, 'policyQualifiers: exactly one expected');
  const fields = sequence(qualifier, 'policyQualifierInfo');
  const id = fields.next(TAG.oid, 'policyQualifierId');
  if (objectIdentifier(id, 'policyQualifierId') !== OID.cpsQualifier)
    malformed(id, 'policyQualifierId: not a CPS pointer');
  const { value } = text(fields.next(TAG.ia5String, 'cPSuri'), 'cPSuri');
  fields.end();
  return value;
}
