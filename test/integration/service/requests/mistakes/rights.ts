/** Mistakes with rights, and with the states of certificates. */
import type { IssuedCertificate } from '../../../../support/service/client.js';
import { bodyOf, cardBody, nextNumber, tokenId } from '../../../../support/service/orders.js';
import { CERTIFICATES, type Mistake, ORGANISATION, withClient } from './mistake.js';

export const IN_RIGHTS_AND_STATES: readonly Mistake[] = [
  {
    what: 'connects without a client certificate',
    ask: ({ shared }, send) => withClient(shared.with(null), send),
    status: 401,
    code: 'client-certificate-required',
    pointer: null,
    rule: null,
    remedy: { en: /client certificate/, fr: /certificat client/ },
  },
  {
    what: 'connects with a certificate of no account',
    ask: ({ shared }, send) => withClient(shared.as('no-rights'), send),
    status: 403,
    code: 'not-permitted',
    pointer: null,
    rule: 'account-known',
    remedy: { en: /ask the operators to bind it/, fr: /demandez aux opérateurs de le lier/ },
  },
  {
    what: 'orders with an account that may only read',
    ask: ({ shared }, send) => withClient(shared.as('auditor'), send, 'POST'),
    status: 403,
    code: 'not-permitted',
    pointer: null,
    rule: 'role-permits',
    remedy: { en: /the operators give roles/, fr: /les opérateurs donnent les rôles/ },
  },
  {
    what: 'revokes with the reason of a suspension',
    ask: async ({ cards }, send) => {
      const { id } = await cards.expect<IssuedCertificate>('POST', CERTIFICATES, { body: bodyOf(ORGANISATION) });
      return send('POST', `${CERTIFICATES}/${id}/revocation`, { body: { reason: 'certificateHold' } });
    },
    status: 400,
    code: 'invalid-request',
    pointer: '/reason',
    rule: 'reason-is-final',
    remedy: { en: /POST to \.\.\.\/suspension/, fr: /utilisez POST \.\.\.\/suspension/ },
  },
  {
    what: 'releases what is not suspended',
    ask: async ({ cards }, send) => {
      const { id } = await cards.expect<IssuedCertificate>('POST', CERTIFICATES, { body: bodyOf(ORGANISATION) });
      return send('DELETE', `${CERTIFICATES}/${id}/suspension`);
    },
    status: 409,
    code: 'state-conflict',
    pointer: null,
    rule: 'not-suspended',
    remedy: { en: /is not suspended/, fr: /n'est pas suspendu/ },
  },
  {
    what: 'puts another card into the body than into the path',
    ask: (_, send) =>
      send('POST', `/v1/cards/${encodeURIComponent(tokenId(nextNumber()))}/certificates`, { body: cardBody() }),
    status: 400,
    code: 'invalid-request',
    pointer: '/card/tokenId',
    rule: 'card-of-the-address',
    remedy: { en: /must be the card in the path, 8025/, fr: /doit être la carte du chemin, 8025/ },
  },
];
