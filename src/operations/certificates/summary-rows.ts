/** Certificates as the rows of answers and exports, without the names of their holders. */
import { present } from '../../kernel/assert.js';
import { formatInstant } from '../../kernel/clock.js';
import { csvLine } from '../../kernel/csv.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import { lineOfClaim } from '../../orders/progress.js';
import type { CertificateSummary } from '../../ports/store/certificates.js';
import type { Pages } from '../orders/line-pages.js';
import type { World } from '../world.js';
import type { ShownSummary } from './summarise.js';

/** The members, in the order of the columns of a table. */
const SUMMARY_COLUMNS = [
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
  'renewedBy',
  'revokedAt',
  'reason',
] as const;

type RenderedSummary = { readonly [Column in (typeof SUMMARY_COLUMNS)[number]]: string | null };

export function renderSummary({ issuers, clock }: World, summary: ShownSummary): RenderedSummary {
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
    renewedBy: summary.renewedBy,
    revokedAt: hasEnded ? formatInstant(state.at) : null,
    reason: reasonOf(state),
  };
}

export function reasonOf(state: CertificateSummary['state']): string | null {
  if (state.status === 'suspended') return 'certificateHold';
  return state.status === 'revoked' ? state.reason : null;
}

/** All rows of an export. Throws where a page cannot be read: an answer has begun by then. */
export async function* summaryRows(world: World, pages: Pages<ShownSummary>): AsyncGenerator<RenderedSummary> {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`an export of certificates: ${page.error.kind}`);
    for (const summary of page.value) yield renderSummary(world, summary);
  }
}

/** CSV (RFC 4180) with a header line: lines, without their line ends. */
export async function* summaryCsv(world: World, pages: Pages<ShownSummary>): AsyncGenerator<string> {
  yield csvLine(SUMMARY_COLUMNS);
  for await (const row of summaryRows(world, pages)) yield csvLine(SUMMARY_COLUMNS.map((column) => row[column]));
}
