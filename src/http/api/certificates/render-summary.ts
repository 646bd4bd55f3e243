/** Converts certificates to the JSON of the API, without the names of their holders. */
import { present } from '../../../kernel/assert.js';
import { formatInstant } from '../../../kernel/clock.js';
import { statusOf } from '../../../lifecycle/status.js';
import type { World } from '../../../operations/world.js';
import { lineOfClaim } from '../../../orders/line-claim.js';
import type { CertificateSummary } from '../../../ports/store/certificates.js';

/** The members, in the order of the columns of a table. */
export const SUMMARY_COLUMNS = [
  'id',
  'profile',
  'ca',
  'serialNumber',
  'status',
  'notBefore',
  'notAfter',
  'issuedAt',
  'holder',
  'structure',
  'card',
  'order',
  'renews',
  'revokedAt',
  'reason',
] as const;

type RenderedSummary = { readonly [Column in (typeof SUMMARY_COLUMNS)[number]]: string | null };

export function renderSummary({ issuers, clock }: World, summary: CertificateSummary): RenderedSummary {
  const { state } = summary;
  const hasEnded = state.status === 'revoked' || state.status === 'suspended';
  return {
    id: summary.id,
    profile: summary.profile,
    ca: present(issuers.byId(summary.issuer), 'issuer of a record').authority,
    serialNumber: summary.serial,
    status: statusOf(summary, clock()),
    notBefore: formatInstant(summary.notBefore),
    notAfter: formatInstant(summary.notAfter),
    issuedAt: formatInstant(summary.createdAt),
    holder: summary.holderId,
    structure: summary.structureId,
    card: summary.cardTokenId,
    order: lineOfClaim(summary.claim)?.orderId ?? null,
    renews: summary.renews,
    revokedAt: hasEnded ? formatInstant(state.at) : null,
    reason: reasonOf(state),
  };
}

export function reasonOf(state: CertificateSummary['state']): string | null {
  if (state.status === 'suspended') return 'certificateHold';
  return state.status === 'revoked' ? state.reason : null;
}
