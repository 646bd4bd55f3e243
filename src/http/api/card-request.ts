/**
 * Converts the body of a card request into applications. A line of an order is such a body too, and
 * a bad line gets the problem document that the request would get.
 */
import type { Application } from '../../issuance/prepare.js';
import { parseInstant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { err, ok } from '../../kernel/result.js';
import type { LineForm } from '../../operations/orders/lines/order-world.js';
import { LINE_BYTES_MAX } from '../../orders/upload.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../policy/model.js';
import { isCardTokenId } from '../../policy/rules/card.js';
import type { KeyOrigin } from '../../ports/store/certificates.js';
import { parseJson } from './json-body.js';
import { type HttpFailure, problemOf } from './problems.js';
import { validateBody } from './validate.js';

type ValidityBody = { readonly notBefore?: string; readonly notAfter?: string };

export type CertificateRequestBody = {
  readonly profile: string;
  readonly csr: string;
  readonly holder: Holder;
  readonly card?: Card;
  readonly identity?: Identity;
  readonly keyOrigin?: KeyOrigin;
  readonly container?: string;
  readonly validity?: ValidityBody;
};

export type CardRequestBody = {
  readonly holder: Holder;
  readonly card: Card;
  readonly identity?: Identity;
  readonly requests: readonly Pick<
    CertificateRequestBody,
    'profile' | 'csr' | 'keyOrigin' | 'container' | 'validity'
  >[];
};

export function applicationsOf({ holder, card, identity, requests }: CardRequestBody): readonly Application[] {
  return requests.map(({ csr, ...request }, at) => ({
    order: orderOf({ ...request, holder, card, ...(identity === undefined ? {} : { identity }) }),
    csr,
    pointer: `/requests/${at}`,
  }));
}

export function orderOf(request: Omit<CertificateRequestBody, 'csr'>): CertificateOrder {
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

export function validityOf(validity: ValidityBody | undefined): CertificateOrder['validity'] {
  return { notBefore: instantOf(validity?.notBefore), notAfter: instantOf(validity?.notAfter) };
}

function instantOf(text: string | undefined): number | null {
  return text === undefined ? null : parseInstant(text);
}

/**
 * Reads lines of orders, and renders their failures. The client and the officers who read an order
 * may use different languages, so the problem document of a line is in English and also has its
 * texts in French.
 */
export const LINE_FORM: LineForm = {
  read: ({ kind, octets }, requestId) => {
    if (kind === 'cut') return err(lineProblem({ kind: 'too-large', bytesMax: LINE_BYTES_MAX }, requestId));
    const json = parseJson(octets, 'line');
    const body = json.ok ? validateBody<CardRequestBody>('CardRequest', json.value) : json;
    if (!body.ok) return err(lineProblem(body.error, requestId));
    const { tokenId } = body.value.card;
    return ok({ applications: applicationsOf(body.value), card: isCardTokenId(tokenId) ? tokenId : null });
  },
  problemOf: lineProblem,
};

function lineProblem(failure: HttpFailure, requestId: string): Json {
  const { title, detail, violations = [] } = problemOf(failure, { requestId, language: 'fr' }).problem;
  const fr = { title, detail, messages: violations.map(({ message }) => message) };
  return { ...problemOf(failure, { requestId, language: 'en' }).problem, fr };
}
