/** Handlers of certificate searches: pages of certificates, pages of summaries, and exports. */
import { parseInstant } from '../../../kernel/clock.js';
import { ok } from '../../../kernel/result.js';
import { exportCertificates } from '../../../operations/certificates/export-certificates.js';
import {
  type CertificateSearch,
  findCertificates,
  searchCertificates,
} from '../../../operations/certificates/search-certificates.js';
import { renderSummary, summaryCsv, summaryRows } from '../../../operations/certificates/summary-rows.js';
import { readSerials } from '../../../x509/certificate/serial-number.js';
import { CsvLines, type Handler } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';
import { renderCertificate } from '../render.js';

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
  return ok(
    exportedAs === 'csv' ? new CsvLines(summaryCsv(world, exported.value)) : summaryRows(world, exported.value),
  );
};

type Query = Readonly<Record<string, string>>;

/** Makes the search from the query parameters, whose values the schema has checked. */
function searchOf(query: Query): CertificateSearch {
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
    sort: query.sort as CertificateSearch['sort'],
    limit: pageLimit(query.limit),
    cursor: query.cursor,
  };
}
