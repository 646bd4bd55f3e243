/** What the page of a certificate shows. */
import { present } from '../../../kernel/assert.js';
import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type CertificateStatus, isKeyProven, statusOf } from '../../../lifecycle/certificate-states.js';
import { type CertificateHistory, readCertificateHistory } from '../../../operations/certificates/read-history.js';
import { type Listing, readListing } from '../../../operations/certificates/read-listing.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { derOf } from '../../../operations/orders/line-pages.js';
import { readCertificate } from '../../../operations/read.js';
import { suspensionAllowed } from '../../../operations/revocation/revoke.js';
import type { AskedStatus, ServingContext } from '../../../operations/serving.js';
import type { World } from '../../../operations/world.js';
import { codeListOf } from '../../../policy/code-lists.js';
import type { CodeList } from '../../../policy/model.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { readCertificate as readCertificateDer } from '../../../x509/certificate/certificate-reader.js';
import type { Issuer, TbsView } from '../../../x509/model.js';
import type { PageRequest } from '../../page.js';
import { reasonsOf } from '../../situations.js';

export type CertificateData = Omit<CertificateHistory, 'certificate'> & {
  /** What its newest CRL says; null: none has been published. */
  readonly list: Listing | null;
  readonly record: CertificateRecord;
  readonly status: CertificateStatus;
  /** The whole certificate, DER; empty: it is recovered, and its octets are not known. */
  readonly der: Bytes;
  /** null: it cannot be read, because it comes from another system or is recovered. */
  readonly content: TbsView | null;
  /** The names of the codes of professions. */
  readonly professions: CodeList;
  /** From its issuer up to the root. */
  readonly chain: readonly Issuer[];
  /** What OCSP answers at the published address; null: it was not asked. */
  readonly asked: Result<AskedStatus, string> | null;
  /** What OpenSSL prints; null: nobody has asked for it. */
  readonly printed: Result<string, string> | null;
  readonly canBeSuspended: boolean;
  /** The reasons that the account may give. */
  readonly reasons: readonly RevocationReason[];
  /** The action that has just been done here; empty: none. */
  readonly done: string;
};

/** `text=yes` in the query: OpenSSL prints the certificate too. */
export async function loadCertificate(
  { world, askStatus, certificateText }: ServingContext,
  { account, params, query, isShown }: PageRequest,
): Promise<Result<CertificateData, OperationFailure>> {
  const found = await readCertificate(world, account, params.id ?? '');
  if (!found.ok) return found;
  const record = found.value;
  const recorded = isShown ? await recordReading(world, account, { serials: [record.serial] }) : ok(undefined);
  if (!recorded.ok) return recorded;
  const history = await readCertificateHistory(world, account, record.id);
  if (!history.ok) return history;
  const list = await readListing(world, record, history.value.events);
  if (!list.ok) return list;
  // The hash of an encrypted certificate would prove its key (RFC 9810 8.11).
  const isKnown = record.signature !== null && isKeyProven(record);
  const der = isKnown ? derOf(world, record) : new Uint8Array(0);
  const content = readCertificateDer(der);
  return ok({
    ...history.value,
    list: list.value,
    record,
    status: present(statusOf(record, world.clock()), 'status of a certificate'),
    der,
    content: content.ok ? content.value.tbs : null,
    professions: codeListOf(world.policy, 'professions'),
    chain: chainOf(world, record),
    asked: isShown ? await askStatus(record.issuer, record.serial) : null,
    printed: query.text === 'yes' && der.length > 0 ? await certificateText(der) : null,
    canBeSuspended: suspensionAllowed(world, record.profile),
    reasons: reasonsOf(account),
    done: query.done ?? '',
  });
}

function chainOf({ issuers }: World, { issuer }: CertificateRecord): readonly Issuer[] {
  return issuers
    .chain(issuer)
    .flatMap((der) => issuers.all().find(({ certificate }) => equalBytes(certificate, der)) ?? []);
}
