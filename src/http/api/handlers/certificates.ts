import { parseInstant } from '../../../kernel/clock.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok } from '../../../kernel/result.js';
import { issueCertificates } from '../../../operations/issuance/issue.js';
import { renewCertificate } from '../../../operations/issuance/renew.js';
import { readCertificate, searchCertificates } from '../../../operations/read.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../../policy/model.js';
import type { CertificateFilter, KeyOrigin } from '../../../ports/store/certificates.js';
import { text, violation } from '../../../texts/text.js';
import type { Handler } from '../handler.js';
import { renderCertificate } from '../render.js';

type ValidityBody = { readonly notBefore?: string; readonly notAfter?: string };
type RequestBody = {
  readonly profile: string;
  readonly csr: string;
  readonly holder: Holder;
  readonly card?: Card;
  readonly identity?: Identity;
  readonly keyOrigin?: KeyOrigin;
  readonly container?: string;
  readonly validity?: ValidityBody;
};
type CardBody = {
  readonly holder: Holder;
  readonly card: Card;
  readonly identity?: Identity;
  readonly requests: readonly Pick<RequestBody, 'profile' | 'csr' | 'keyOrigin' | 'container' | 'validity'>[];
};

export const postCertificate: Handler = async ({ world }, { account, body, idempotency }) => {
  const { csr, ...rest } = body as RequestBody;
  const applications = [{ order: orderOf(rest), csr, pointer: '' }];
  const issued = await issueCertificates(world, { account, applications, idempotency, status: 'issued' });
  if (!issued.ok) return issued;
  const [record] = issued.value;
  return record === undefined
    ? err({ kind: 'internal-error', message: text('no-certificate-made') })
    : ok(renderCertificate(world, record));
};

export const postCard: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { holder, card, identity, requests } = body as CardBody;
  if (card.tokenId !== params.tokenId) {
    const other = violation('/card/tokenId', 'card-of-the-address', { card: params.tokenId ?? '' });
    return err({ kind: 'invalid-request', ...other });
  }
  const applications = requests.map(({ csr, ...request }, at) => ({
    order: orderOf({ ...request, holder, card, ...(identity === undefined ? {} : { identity }) }),
    csr,
    pointer: `/requests/${at}`,
  }));
  const issued = await issueCertificates(world, { account, applications, idempotency, status: 'issued' });
  if (!issued.ok) return issued;
  return ok({ certificates: issued.value.map((record) => renderCertificate(world, record)) });
};

type RenewalBody = Pick<RequestBody, 'csr' | 'identity' | 'keyOrigin' | 'validity'>;

export const postRenewal: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { csr, identity = null, keyOrigin = null, validity } = body as RenewalBody;
  const command = { account, csr, identity, keyOrigin, validity: validityOf(validity), idempotency };
  const renewed = await renewCertificate(world, params.id ?? '', command);
  return renewed.ok ? ok(renderCertificate(world, renewed.value)) : renewed;
};

function orderOf(request: Omit<RequestBody, 'csr'>): CertificateOrder {
  const { profile, holder, card, identity, keyOrigin, container, validity } = request;
  return {
    profile,
    holder,
    card: card ?? null,
    identity: identity ?? null,
    keyOrigin: keyOrigin ?? null,
    ...(container === undefined ? {} : { container }),
    validity: validityOf(validity),
  };
}

function validityOf(validity: ValidityBody | undefined): CertificateOrder['validity'] {
  return { notBefore: instantOf(validity?.notBefore), notAfter: instantOf(validity?.notAfter) };
}

function instantOf(text: string | undefined): number | null {
  return text === undefined ? null : parseInstant(text);
}

export const getCertificate: Handler = async ({ world }, { account, params }) => {
  const found = await readCertificate(world, account, params.id ?? '');
  return found.ok ? ok(renderCertificate(world, found.value)) : found;
};

export const searchForCertificates: Handler = async ({ world }, { account, query }) => {
  const filter: Omit<CertificateFilter, 'scope' | 'now'> = {
    holderId: query.holder,
    cardTokenId: query.card,
    structureId: query.structure,
    authority: query.ca,
    serial: query.serialNumber,
    status: query.status as CertificateFilter['status'],
    expiresBefore: query.expiresBefore === undefined ? undefined : (parseInstant(query.expiresBefore) ?? undefined),
    limit: pageLimit(query.limit),
    cursor: query.cursor,
  };
  const page = await searchCertificates(world, account, filter);
  if (!page.ok) return page;
  const certificates = page.value.items.map((record) => renderCertificate(world, record));
  return ok({ certificates, nextCursor: page.value.next });
};

/** Reads the limit of a page. The schema guarantees that it is in range. */
export function pageLimit(limit: string | undefined): number {
  return limit === undefined ? LIMITS.searchPageSizeDefault : Number(limit);
}
