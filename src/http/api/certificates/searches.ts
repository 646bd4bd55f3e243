/** Searches of certificates: pages of them, of their summaries, and exports. */
import { parseInstant } from '../../../kernel/clock.js';
import { ok } from '../../../kernel/result.js';
import { exportCertificates } from '../../../operations/certificates/export-certificates.js';
import {
  type CertificateSearch,
  findCertificates,
  searchCertificates,
} from '../../../operations/certificates/search-certificates.js';
import type { Pages } from '../../../operations/orders/line-pages.js';
import type { World } from '../../../operations/world.js';
import type { CertificateSummary } from '../../../ports/store/certificates.js';
import { readSerials } from '../../../x509/certificate/serial-number.js';
import { CsvLines, type Handler, type JsonLines } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';
import { renderCertificate } from '../render.js';
import { csvLine } from './csv.js';
import { renderSummary, SUMMARY_COLUMNS } from './render-summary.js';

export const searchForCertificates: Handler = async ({ world }, { account, query }) => {
  const page = await searchCertificates(world, account, searchOf(query));
  if (!page.ok) return page;
  const certificates = page.value.items.map((record) => renderCertificate(world, record));
  return ok({ certificates, nextCursor: page.value.next });
};

export const findSummaries: Handler = async ({ world }, { account, query }) => {
  const page = await findCertificates(world, account, searchOf(query));
  if (!page.ok) return page;
  const certificates = page.value.items.map((summary) => renderSummary(world, summary));
  return ok({ certificates, nextCursor: page.value.next });
};

export const exportSummaries: Handler = async ({ world }, { account, query }) => {
  const exportedAs = query.as === 'csv' ? 'csv' : 'ndjson';
  const exported = await exportCertificates(world, account, { search: searchOf(query), exportedAs });
  if (!exported.ok) return exported;
  return ok(exportedAs === 'csv' ? new CsvLines(csvOf(world, exported.value)) : linesOf(world, exported.value));
};

type Query = Readonly<Record<string, string>>;

/** The schema has checked the values. */
export function searchOf(query: Query): CertificateSearch {
  const instantOf = (name: string): number | undefined => parseInstant(query[name] ?? '') ?? undefined;
  return {
    holderId: query.holder,
    cardTokenId: query.card,
    structureId: query.structure,
    orderId: query.order,
    profile: query.profile,
    authority: query.ca,
    serials: query.serialNumber === undefined ? undefined : readSerials(query.serialNumber),
    status: query.status as CertificateSearch['status'],
    issuedFrom: instantOf('issuedFrom'),
    issuedUntil: instantOf('issuedUntil'),
    expiresFrom: instantOf('expiresFrom'),
    expiresBefore: instantOf('expiresBefore'),
    ticket: query.ticket,
    limit: pageLimit(query.limit),
    cursor: query.cursor,
  };
}

/** The status is sent with the first line: a failure from then on ends the connection. */
async function* summariesOf(pages: Pages<CertificateSummary>): AsyncGenerator<CertificateSummary> {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`an export of certificates: ${page.error.kind}`);
    yield* page.value;
  }
}

async function* linesOf(world: World, pages: Pages<CertificateSummary>): JsonLines {
  for await (const summary of summariesOf(pages)) yield renderSummary(world, summary);
}

async function* csvOf(world: World, pages: Pages<CertificateSummary>): AsyncGenerator<string> {
  yield csvLine(SUMMARY_COLUMNS);
  for await (const summary of summariesOf(pages)) {
    const rendered = renderSummary(world, summary);
    yield csvLine(SUMMARY_COLUMNS.map((column) => rendered[column]));
  }
}
