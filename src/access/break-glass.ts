/**
 * The CA of break-glass officers and their certificates (ops/decisions/0022): outside of every hierarchy, for client authentication
 * at the API and for nothing else. The same shapes are asked of them in their ceremony, at the start of the service, and at each request.
 */
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import type { IssuerId } from '../ports/signer.js';
import type { Account } from '../ports/store/accounts.js';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../x509/extensions/key-usage.js';
import { readNoRevocationAvailable } from '../x509/extensions/no-revocation-available.js';
import type { IssuerCertificate, TbsView } from '../x509/model.js';

/** Named by the configuration of a service. */
export type AccessAuthority = IssuerCertificate & { readonly id: IssuerId };

/** One for each key: `access`, then `access-2`. */
export const ACCESS_ID = /^access(-[2-9])?$/;

type BreakGlassRequest = { readonly oid: string; readonly critical: boolean; readonly says: (value: Bytes) => boolean };

const IDENTIFIERS: readonly BreakGlassRequest[] = [
  { oid: OID.subjectKeyIdentifier, critical: false, says: () => true },
  { oid: OID.authorityKeyIdentifier, critical: false, says: () => true },
];

const AUTHORITY: readonly BreakGlassRequest[] = [
  { oid: OID.basicConstraints, critical: true, says: hasNoneBelow },
  { oid: OID.keyUsage, critical: true, says: (value) => usageIs(value, 'keyCertSign, cRLSign') },
  ...IDENTIFIERS,
];

const OFFICER: readonly BreakGlassRequest[] = [
  { oid: OID.keyUsage, critical: true, says: (value) => usageIs(value, 'digitalSignature') },
  { oid: OID.extKeyUsage, critical: false, says: isForClientsAlone },
  ...IDENTIFIERS,
  { oid: OID.noRevocationAvailable, critical: false, says: (value) => readNoRevocationAvailable(value).ok },
];

/** Why it is no CA of break-glass officers; null: it is. Its signature and its time are others' business. */
export function accessAuthorityFault(tbs: TbsView): string | null {
  return equalBytes(tbs.issuerDer, tbs.subjectDer) ? extensionFault(tbs, AUTHORITY) : 'below another authority';
}

/** The same of the certificate of such an officer: what is made for anything else besides is none. */
export function breakGlassFault(tbs: TbsView): string | null {
  return extensionFault(tbs, OFFICER);
}

/** Officers have such accounts and nobody else: whatever else the account is, its certificate does not stand for it. */
export function isOfOfficers({ roles }: Pick<Account, 'roles'>): boolean {
  return roles.length > 0 && roles.every((role) => role === 'officer');
}

function extensionFault({ extensions }: TbsView, expected: readonly BreakGlassRequest[]): string | null {
  const strange = extensions.find(({ oid }) => !expected.some((one) => one.oid === oid));
  if (strange !== undefined) return `extension ${strange.oid}`;
  const unfit = expected.find(
    ({ oid, critical, says }) =>
      !extensions.some((found) => found.oid === oid && found.critical === critical && says(found.value)),
  );
  return unfit === undefined ? null : `extension ${unfit.oid} is missing, or is not as it must be`;
}

function hasNoneBelow(value: Bytes): boolean {
  const read = readBasicConstraints(value);
  return read.ok && read.value.ca && read.value.pathLen === 0;
}

function usageIs(value: Bytes, bits: string): boolean {
  const read = readKeyUsage(value);
  return read.ok && read.value.join(', ') === bits;
}

function isForClientsAlone(value: Bytes): boolean {
  const read = readExtendedKeyUsage(value);
  return read.ok && read.value.join(', ') === 'clientAuth';
}
