/** The service's signer client: which sockets are whose, which tokens are a group, and by what keys their signatures are verified. */
import { createSignerClient, type SignerClient } from '../../hsm/client/client.js';
import type { GroupWorld } from '../../hsm/client/group.js';
import { SECOND_MS } from '../kernel/duration.js';
import { type OcspAuthority, respondersOf } from '../ocsp/responder.js';
import type { Log } from '../ports/world.js';
import { verifySignature } from '../x509/keys/algorithms.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import { groupSockets, signerSocket } from './signers.js';

type Known = { readonly issuers: HomeIssuers; readonly authorities: readonly OcspAuthority[] };

export function connectSigners({ config }: Home, known: Known, log: Log): SignerClient {
  const issuing = known.issuers.all().filter(({ kind }) => kind === 'issuing');
  const sockets = (role: 'api' | 'worker' | 'responder', token: 'ca' | 'ocsp') =>
    new Map(issuing.map(({ id, hierarchy }) => [id, groupSockets(config, role, `${token}-${hierarchy}`)]));
  const { requestDeadlineMs } = config.pkcs11;
  return createSignerClient({
    certificateSockets: sockets('api', 'ca'),
    crlSockets: sockets('worker', 'ca'),
    ocspSockets: sockets('responder', 'ocsp'),
    platformSocket: signerSocket(config.paths, 'api', 'platform'),
    deadlineMs: requestDeadlineMs + 3 * SECOND_MS,
    groups: {
      verifies: verifierOf(known),
      // Long before its supervisor gives it up: another token of its group can answer meanwhile.
      stuckMs: requestDeadlineMs / 2,
      onChange: ({ path, change, why }) => {
        if (change === 'away') log.warn('signer.member-away', { socket: path, detail: why });
        else log.info('signer.member-back', { socket: path, detail: why });
      },
    },
  });
}

function verifierOf({ issuers, authorities }: Known): GroupWorld['verifies'] {
  const responders = new Map(authorities.map((authority) => [authority.issuer.id, respondersOf(authority)]));
  return ({ type, issuer, body: data }, signature) => {
    const keys = type === 'ocsp' ? (responders.get(issuer) ?? []) : [issuers.byId(issuer)];
    return keys.some(
      (key) => key !== null && verifySignature({ spki: key.spki, algorithm: key.signatureAlgorithm, data, signature }),
    );
  };
}
