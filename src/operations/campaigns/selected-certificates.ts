/** The certificates of a card that a campaign is about: those that its population was found by. */
import { present } from '../../kernel/assert.js';
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
