/**
 * The CA of break-glass officers and their certificates (ops/decisions/0022). It is outside of
 * every hierarchy, and only for client authentication at the API. The ceremony, the start of the
 * service and each request check the same rules.
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

/** Named in the configuration of a service. */
export type AccessAuthority = IssuerCertificate & { readonly id: IssuerId };

/** One id for each key: `access`, then `access-2`. */
export const ACCESS_ID = /^access(-[2-9])?$/;

type ExpectedExtension = { readonly oid: string; readonly critical: boolean; readonly says: (value: Bytes) => boolean };

const IDENTIFIERS: readonly ExpectedExtension[] = [
  { oid: OID.subjectKeyIdentifier, critical: false, says: () => true },
  { oid: OID.authorityKeyIdentifier, critical: false, says: () => true },
];

const AUTHORITY: readonly ExpectedExtension[] = [
  { oid: OID.basicConstraints, critical: true, says: hasNoneBelow },
  { oid: OID.keyUsage, critical: true, says: (value) => usageIs(value, 'keyCertSign, cRLSign') },
  ...IDENTIFIERS,
];

const OFFICER: readonly ExpectedExtension[] = [
  { oid: OID.keyUsage, critical: true, says: (value) => usageIs(value, 'digitalSignature') },
  { oid: OID.extKeyUsage, critical: false, says: isForClientsAlone },
  ...IDENTIFIERS,
  { oid: OID.noRevocationAvailable, critical: false, says: (value) => readNoRevocationAvailable(value).ok },
];

/**
 * Returns why the certificate is not one of a CA of break-glass officers; null: it is. The caller
 * checks its signature and its validity.
 */
export function accessAuthorityFault(tbs: TbsView): string | null {
  return equalBytes(tbs.issuerDer, tbs.subjectDer) ? extensionFault(tbs, AUTHORITY) : 'below another authority';
}

/**
 * Returns why the certificate is not one of a break-glass officer; null: it is. A certificate that
 * serves another purpose too is refused.
 */
export function breakGlassFault(tbs: TbsView): string | null {
  return extensionFault(tbs, OFFICER);
}

/** Only an account that has the officer role and no other may use a break-glass certificate. */
export function isOfOfficers({ roles }: Pick<Account, 'roles'>): boolean {
  return roles.length > 0 && roles.every((role) => role === 'officer');
}

/** Whether a certificate of an access CA authenticates the account. */
export function isBoundToAccessAuthority({ credentials }: Pick<Account, 'credentials'>): boolean {
  return credentials.some(({ issuer }) => ACCESS_ID.test(issuer));
}

function extensionFault({ extensions }: TbsView, expected: readonly ExpectedExtension[]): string | null {
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
