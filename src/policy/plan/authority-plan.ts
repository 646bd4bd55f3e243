/**
 * Plans the certificates of authorities. Ceremonies alone use it; no request from outside reaches
 * it.
 */
import { OID } from '../../asn1/oids.js';
import { assert, present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { addYears, type Instant, toSecond } from '../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import type { IssuerId } from '../../ports/signer.js';
import { writeAuthorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js';
import { writeBasicConstraints } from '../../x509/extensions/basic-constraints.js';
import { writeCertificatePolicies } from '../../x509/extensions/certificate-policies.js';
import { writeCrlDistributionPoints } from '../../x509/extensions/crl-distribution-points.js';
import { writeKeyUsage } from '../../x509/extensions/key-usage.js';
import { writeSubjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js';
import { keyTypeOf, readPublicKey, subjectKeyIdentifier } from '../../x509/keys/public-key.js';
import type { Extension, Issuer, KeyType, Name, Validity } from '../../x509/model.js';
import { issuerIdOf } from '../ids.js';
import type { Authority, Policy } from '../model.js';
import { certificationPracticeStatementUrl, crlUrl } from '../publication/addresses.js';
import { ldapCrlUrl } from '../publication/ldap-addresses.js';
import { authorityName } from './authority-name.js';

export type AuthorityPlan = {
  readonly authority: Authority;
  readonly generation: number;
  /** Issuer id of the new generation. */
  readonly id: IssuerId;
  /** Issuer id of the signing generation; a root signs itself. */
  readonly issuer: IssuerId;
  readonly subject: Name;
  /** For a root its own subject, otherwise the issuer's, whose bytes are `issuer.subjectDer`. */
  readonly issuerName: Name;
  readonly validity: Validity;
  readonly extensions: readonly Extension[];
  readonly keyType: KeyType;
};

type AuthorityRequest = {
  /** From 1. */
  readonly generation: number;
  readonly spki: Bytes;
  /** null: a root, which signs itself. */
  readonly issuer: Issuer | null;
  /** Rounded down to the second. */
  readonly notBefore: Instant;
};

/** The plan of the ceremony has been checked before, so that a mismatch here is a bug. */
export function planAuthority(policy: Policy, authorityId: string, request: AuthorityRequest): AuthorityPlan {
  const authority = present(policy.authorities.get(authorityId), `authority ${authorityId}`);
  const { generation, spki, issuer } = request;
  assertIssuer(authority, issuer);
  const key = readPublicKey(spki);
  const keyType = present(key.ok ? keyTypeOf(key.value) : null, `type of the key of ${authorityId}`);
  assert(keyType === authority.keyType, `the policy gives ${authorityId} a key of type ${authority.keyType}`);
  const subject = authorityName(policy, authority, generation);
  const id = issuerIdOf(authorityId, generation);
  return {
    authority,
    generation,
    id,
    issuer: issuer?.id ?? id,
    subject,
    issuerName: issuer?.subject ?? subject,
    validity: validityOf(authority, request),
    extensions: extensionsOf(policy, { spki, issuer, signer: issuer }),
    keyType,
  };
}

function assertIssuer(authority: Authority, issuer: Issuer | null): void {
  if (issuer === null) {
    assert(authority.kind === 'root', `${authority.id} is not a root: its issuer is ${authority.issuer}`);
    return;
  }
  assert(
    authority.kind === 'issuing' && issuer.authority === authority.issuer && issuer.hierarchy === authority.hierarchy,
    `${authority.id} is issued by ${authority.issuer}, not by ${issuer.id}`,
  );
}

/**
 * Both ends are included (RFC 5280 4.1.2.5). The end is never after the issuer's: a later
 * generation under an older root ends with it.
 */
function validityOf({ id, validity }: Authority, { issuer, notBefore }: AuthorityRequest): Validity {
  const from = toSecond(notBefore);
  const full = addYears(from, validity.years) - validity.daysLess * DAY_MS - SECOND_MS;
  const notAfter = Math.min(full, issuer?.notAfter ?? full);
  assert(notAfter > from && from >= (issuer?.notBefore ?? from), `the validity of ${id} is not within its issuer's`);
  return { notBefore: from, notAfter };
}

/** What a link certificate contains; its issuer is another generation of the same root. */
export type LinkPlan = Pick<AuthorityPlan, 'subject' | 'validity' | 'extensions'>;

type LinkRequest = {
  /** The generation of the root whose name and key are certified. */
  readonly root: Issuer;
  /** The generation of the same root that signs. */
  readonly issuer: Issuer;
};

/**
 * A link certificate has the extensions of a root, but names the key of its issuer. It begins with
 * the root that it certifies. For an old root it also ends with that root; for a new root it ends
 * with the old one, because the key of the old root is trusted no longer than that (RFC 9810
 * 4.4.1).
 */
export function planLink(policy: Policy, { root, issuer }: LinkRequest): LinkPlan {
  assert(
    issuer.kind === 'root' && root.authority === issuer.authority && root.generation !== issuer.generation,
    `${root.id} and ${issuer.id} are not two generations of a root`,
  );
  const { subject, spki, notBefore } = root;
  const isNewer = root.generation > issuer.generation;
  const notAfter = isNewer ? Math.min(root.notAfter, issuer.notAfter) : root.notAfter;
  const extensions = extensionsOf(policy, { spki, issuer: null, signer: issuer });
  return { subject, validity: { notBefore, notAfter }, extensions };
}

/**
 * Basic constraints and key usage are critical (RFC 5280 4.2.1.9, 4.2.1.3). An issuing authority
 * may have no CA below it, and names the CRL of its root. As in today's certificates, no authority
 * has OCSP or freshestCRL addresses.
 */
function extensionsOf(
  policy: Policy,
  { spki, issuer, signer }: Pick<AuthorityRequest, 'spki' | 'issuer'> & { readonly signer: Issuer | null },
): readonly Extension[] {
  const { environment } = policy;
  const keyIdentifier = subjectKeyIdentifier(spki);
  return [
    writeBasicConstraints({ ca: true, pathLen: issuer === null ? null : 0 }),
    writeKeyUsage(['keyCertSign', 'cRLSign']),
    writeCertificatePolicies([{ policy: OID.anyPolicy, cps: certificationPracticeStatementUrl(environment) }]),
    ...(issuer === null ? [] : [rootCrl(policy, issuer.id)]),
    writeSubjectKeyIdentifier(keyIdentifier),
    writeAuthorityKeyIdentifier(signer?.subjectKeyIdentifier ?? keyIdentifier),
  ];
}

function rootCrl(policy: Policy, root: IssuerId): Extension {
  const ldap = ldapCrlUrl(policy, root);
  return writeCrlDistributionPoints([crlUrl(policy.environment, root), ...(ldap === null ? [] : [ldap])]);
}
