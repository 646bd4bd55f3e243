/** The events of certificates that endpoints get: ids and serial numbers, never names. */
import { formatInstant, type Instant } from '../kernel/clock.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { ExpiringCertificate, OutboxEvent } from '../ports/store/outbox/events.js';
import type { StoredState } from '../ports/store/statuses.js';
import { isCertificate } from './status.js';

export function issuanceEvent(record: CertificateRecord, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, notBefore, notAfter } = record;
  const validity = { notBefore: formatInstant(notBefore), notAfter: formatInstant(notAfter) };
  return { topic: 'certificate.issued', subject, account, at, data: { ...identityOf(record), ...validity } };
}

/**
 * The events of certificates whose status has changed, in their new state. An intent that is given
 * up was never a certificate, and has none.
 */
export function statusEvents(changed: readonly CertificateRecord[], at: Instant): readonly OutboxEvent[] {
  return changed.filter(isCertificate).map((record) => {
    const { id: subject, accountId: account, state } = record;
    return { topic: topicOf(state), subject, account, at, data: { ...identityOf(record), ...reasonOf(state) } };
  });
}

export function expiringEvent(certificate: ExpiringCertificate, days: number, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, notAfter } = certificate;
  const data = { ...identityOf(certificate), notAfter: formatInstant(notAfter), days };
  return { topic: 'certificate.expiring', subject, account, at, data };
}

type Identity = { readonly issuer: string; readonly serial: string; readonly profile: string };

function identityOf({ issuer, serial, profile }: Identity) {
  return { issuer, serialNumber: serial, profile };
}

function topicOf({ status }: StoredState): OutboxEvent['topic'] {
  if (status === 'revoked') return 'certificate.revoked';
  return status === 'suspended' ? 'certificate.suspended' : 'certificate.released';
}

function reasonOf(state: StoredState) {
  if (state.status === 'revoked') return { reason: state.reason, revokedAt: formatInstant(state.at) };
  return state.status === 'suspended' ? { suspendedAt: formatInstant(state.at) } : {};
}
