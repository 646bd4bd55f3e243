import { LIMITS } from '../../../kernel/limits.js';
import { err, ok } from '../../../kernel/result.js';
import { issueCertificates } from '../../../operations/issuance/issue.js';
import { renewCertificate } from '../../../operations/issuance/renew.js';
import { readCertificate, readOwnCertificate } from '../../../operations/read.js';
import { text, violation } from '../../../texts/text.js';
import {
  applicationsOf,
  type CardRequestBody,
  type CertificateRequestBody,
  orderOf,
  validityOf,
} from '../card-request.js';
import type { Handler, PrincipalHandler } from '../handler.js';
import { renderCertificate } from '../render.js';

export const postCertificate: Handler = async ({ world }, { account, body, idempotency }) => {
  const { csr, ...rest } = body as CertificateRequestBody;
  const applications = [{ order: orderOf(rest), csr, pointer: '' }];
  const issued = await issueCertificates(world, { account, applications, idempotency });
  if (!issued.ok) return issued;
  const [record] = issued.value;
  return record === undefined
    ? err({ kind: 'internal-error', message: text('no-certificate-made') })
    : ok(renderCertificate(world, record));
};

export const postCard: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const asked = body as CardRequestBody;
  if (asked.card.tokenId !== params.tokenId) {
    const other = violation('/card/tokenId', 'card-of-the-address', { card: params.tokenId ?? '' });
    return err({ kind: 'invalid-request', ...other });
  }
  const applications = applicationsOf(asked);
  const issued = await issueCertificates(world, { account, applications, idempotency });
  if (!issued.ok) return issued;
  return ok({ certificates: issued.value.map((record) => renderCertificate(world, record)) });
};

type RenewalBody = Pick<CertificateRequestBody, 'csr' | 'identity' | 'keyOrigin' | 'validity'>;

export const postRenewal: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { csr, identity = null, keyOrigin = null, validity } = body as RenewalBody;
  const command = { account, csr, identity, keyOrigin, validity: validityOf(validity), idempotency };
  const renewed = await renewCertificate(world, params.id ?? '', command);
  return renewed.ok ? ok(renderCertificate(world, renewed.value)) : renewed;
};

export const getCertificate: PrincipalHandler = async ({ world }, { principal, params }) => {
  const id = params.id ?? '';
  const found = await (principal.kind === 'account'
    ? readCertificate(world, principal.account, id)
    : readOwnCertificate(world, principal, id));
  return found.ok ? ok(renderCertificate(world, found.value)) : found;
};

/**
 * Returns the page size that a query asks for, or the default. The schema guarantees that it is in
 * range.
 */
export function pageLimit(limit: string | undefined): number {
  return limit === undefined ? LIMITS.searchPageSizeDefault : Number(limit);
}
