/** Converts certificates, CAs, CRLs and profiles to the JSON of the API. */
import { present } from '../../kernel/assert.js';
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { isKeyProven, statusOf } from '../../lifecycle/certificate-states.js';
import type { LatestCrls } from '../../operations/crl/read-authorities.js';
import type { ProfileNow } from '../../operations/read.js';
import type { World } from '../../operations/world.js';
import { type Horizon, horizonOf } from '../../policy/horizon.js';
import { caIssuersUrl, crlUrl } from '../../policy/publication/addresses.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CrlRecord } from '../../ports/store/crls.js';
import type { StoredState } from '../../ports/store/statuses.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import type { Issuer } from '../../x509/model.js';
import { encodePem } from '../../x509/pem.js';

/**
 * Renders the answer to a revocation. `alsoRevoked`: the other certificates on the same key that
 * were revoked with it.
 */
export function renderRevokedCertificate(
  world: World,
  record: CertificateRecord,
  alsoRevoked: readonly CertificateRecord[],
): Json {
  const shown = renderCertificate(world, record);
  return alsoRevoked.length === 0 ? shown : { ...shown, alsoRevoked: alsoRevoked.map(({ id }) => id) };
}

export function renderCertificate(world: World, record: CertificateRecord): { readonly [member: string]: Json } {
  const issuer = present(world.issuers.byId(record.issuer), 'issuer of a record');
  // CMP may deliver a certificate encrypted, and its hash then proves in the confirmation that the
  // client could decrypt it (RFC 9810 8.11). So nobody else may see the certificate before the
  // confirmation.
  const signed =
    record.signature === null || !isKeyProven(record)
      ? ''
      : encodePem('CERTIFICATE', assembleCertificate(record.tbs, issuer.signatureAlgorithm, record.signature));
  const chain = world.issuers.chain(record.issuer).map((der) => encodePem('CERTIFICATE', der));
  return {
    id: record.id,
    profile: record.profile,
    ca: issuer.authority,
    serialNumber: record.serial,
    status: statusOf(record, world.clock()),
    notBefore: formatInstant(record.notBefore),
    notAfter: formatInstant(record.notAfter),
    certificate: signed,
    chain: chain.join(''),
    holder: record.holder,
    card: record.card,
    renews: record.renews,
    keyOrigin: record.keyOrigin,
    revocation: renderRevocation(record.state),
  };
}

function renderRevocation(state: StoredState): Json {
  if (state.status !== 'revoked' && state.status !== 'suspended') return null;
  return {
    at: formatInstant(state.at),
    reason: state.status === 'suspended' ? 'certificateHold' : state.reason,
    invalidityDate: instantOrNull(state.invalidityDate),
  };
}

export function renderAuthority({ policy, issuers }: World, issuer: Issuer, { full, delta }: LatestCrls): Json {
  const issues = issuer.kind === 'issuing' && issuers.current(issuer.authority)?.id === issuer.id;
  return {
    id: issuer.id,
    ca: issuer.authority,
    generation: issuer.generation,
    hierarchy: issuer.hierarchy,
    kind: issuer.kind,
    subject: formatName(issuer.subject),
    keyType: issuer.keyType,
    notBefore: formatInstant(issuer.notBefore),
    notAfter: formatInstant(issuer.notAfter),
    certificate: encodePem('CERTIFICATE', issuer.certificate),
    certificateUrl: caIssuersUrl(policy.environment, issuer.id),
    crl: full === null ? null : renderCrl(full, policy),
    deltaCrl: delta === null ? null : renderCrl(delta, policy),
    horizon: issues ? renderHorizon(horizonOf(policy, issuer)) : null,
  };
}

function renderHorizon({ notAfter, shortensFrom }: Horizon): Json {
  const dates = [...shortensFrom].map(([profile, from]) => [profile, formatInstant(from)] as const);
  return { notAfter: formatInstant(notAfter), shortensFrom: Object.fromEntries(dates) };
}

export function renderCrl(crl: CrlRecord, { environment }: World['policy']): Json {
  return {
    number: crl.number,
    ...(crl.base === null ? {} : { base: crl.base }),
    thisUpdate: formatInstant(crl.thisUpdate),
    nextUpdate: formatInstant(crl.nextUpdate),
    entries: crl.entries ?? 0,
    sha256: crl.sha256 ?? '',
    url: crlUrl(environment, crl.issuer, crl.scope),
  };
}

export function renderProfile({ profile, keyTypes, ...now }: ProfileNow): Json {
  const { keyOriginRequired, renewalAnyTime, suspensionAllowed } = now;
  const { id, hierarchy, authority, title, holder, cardProducts, assurance, validity, renewalWindow = null } = profile;
  return {
    id,
    hierarchy,
    ca: authority,
    title,
    holder,
    cardProducts,
    assurance,
    keyTypes,
    keyOrigin: { origins: [...profile.keyOrigin.origins], required: keyOriginRequired },
    validity,
    renewalWindow,
    renewalAnyTime,
    suspensionAllowed,
  };
}
