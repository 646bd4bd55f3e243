/** The certificates of a card that a campaign is about: those that its population was found by. */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';

/**
 * Certificates that were made after the moment of the population are new, whatever they look like:
 * an update has made them, or a card was replaced.
 */
export function isSelected(
  { document: { selection }, fixedAt }: Campaign,
  { issuer, profile, keyType, createdAt }: CertificateRecord,
): boolean {
  if (createdAt > present(fixedAt, 'the moment of a population')) return false;
  if (selection.kind === 'list') return true;
  const { issuers, profiles, keyTypes, keyMadeFrom, keyMadeUntil } = selection;
  return (
    (issuers === null || issuers.includes(issuer)) &&
    (profiles === null || profiles.includes(profile)) &&
    (keyTypes === null || (keyType !== null && keyTypes.includes(keyType))) &&
    (keyMadeFrom === null || createdAt >= keyMadeFrom) &&
    (keyMadeUntil === null || createdAt <= keyMadeUntil)
  );
}

/** Whether the card can use the certificate, at once or after its suspension. */
export function isInForce(record: CertificateRecord, now: Instant): boolean {
  const status = statusOf(record, now);
  return status === 'issued' || status === 'suspended';
}

/**
 * Whether a card that has confirmed this update still uses a certificate of the population: no
 * update has made a newer one of the same profile. What the update itself has made is new, even if
 * it began before the moment of the population.
 */
export function hasSelectedLeft(
  campaign: Campaign,
  onCard: readonly CertificateRecord[],
  { updateId, now }: { readonly updateId: string; readonly now: Instant },
): boolean {
  const inForce = onCard.filter((record) => isInForce(record, now));
  return inForce.some(
    (record) =>
      record.updateId !== updateId &&
      isSelected(campaign, record) &&
      !inForce.some(
        (other) => other.updateId !== null && other.profile === record.profile && other.createdAt > record.createdAt,
      ),
  );
}
