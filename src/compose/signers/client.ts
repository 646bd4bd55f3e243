/**
 * Connects a process to the signers: their sockets, the groups of tokens, and the keys that verify
 * signatures.
 */
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import type { GroupWorld } from '../../../hsm/client/group.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { type OcspAuthority, respondersOf } from '../../ocsp/responder.js';
import type { IssuerId } from '../../ports/signer.js';
import type { Log } from '../../ports/world.js';
import { verifySignature } from '../../x509/keys/algorithms.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import { groupSockets, signerSocket } from './plan.js';

type IssuingAuthorities = { readonly issuers: HomeIssuers; readonly authorities: readonly OcspAuthority[] };

type ConnectOptions = { readonly roles: readonly CallerRole[]; readonly log: Log };

export type ConnectedSigners = {
  readonly signer: SignerClient;
  /**
   * Requests certificates at the worker's sockets, which the supervisor serves after interactive
   * requests. In a process that does not have both caller roles `api` and `worker`, it is the same
   * client as `signer`.
   */
  readonly batchSigner: SignerClient;
  readonly close: () => void;
};

/**
 * Connects a process to the signers. `roles`: the caller roles of the process. Requests that only
 * other caller roles may make have no socket.
 */
export function connectSigners(
  { config }: Home,
  known: IssuingAuthorities,
  { roles, log }: ConnectOptions,
): ConnectedSigners {
  const issuing = known.issuers.all().filter(({ kind }) => kind === 'issuing');
  const sockets = (role: 'api' | 'worker' | 'responder', token: 'ca' | 'ocsp') =>
    roles.includes(role)
      ? new Map(issuing.map(({ id, hierarchy }) => [id, groupSockets(config, role, `${token}-${hierarchy}`)]))
      : new Map<IssuerId, readonly string[]>();
  const { requestDeadlineMs } = config.pkcs11;
  const connect = (certificatesAs: 'api' | 'worker'): SignerClient =>
    createSignerClient({
      certificateSockets: sockets(certificatesAs, 'ca'),
      crlSockets: sockets('worker', 'ca'),
      ocspSockets: sockets('responder', 'ocsp'),
      // Receipts and webhooks are signed by the platform token, for a worker.
      ...(roles.includes('worker') ? { platformSocket: signerSocket(config.paths, 'worker', 'platform') } : {}),
      // CMP answers are signed by the platform token, for the API.
      ...(roles.includes('api') ? { cmpSocket: signerSocket(config.paths, 'api', 'platform') } : {}),
      deadlineMs: requestDeadlineMs + 3 * SECOND_MS,
      groups: {
        verifies: verifierOf(known),
        // This is half of the time after which the supervisor replaces a stuck signer, so that
        // another token of the group can answer before that.
        stuckMs: requestDeadlineMs / 2,
        onChange: ({ path, change, why }) => {
          if (change === 'unavailable') log.warn('signer.member-unavailable', { socket: path, detail: why });
          else log.info('signer.member-available', { socket: path, detail: why });
        },
      },
    });
  const signer = connect(roles.includes('api') ? 'api' : 'worker');
  const batchSigner = roles.includes('api') && roles.includes('worker') ? connect('worker') : signer;
  return {
    signer,
    batchSigner,
    close: () => {
      for (const client of new Set([signer, batchSigner])) client.close();
    },
  };
}

function verifierOf({ issuers, authorities }: IssuingAuthorities): GroupWorld['verifies'] {
  const responders = new Map(authorities.map((authority) => [authority.issuer.id, respondersOf(authority)]));
  return ({ type, issuer, body: data }, signature) => {
    const keys = type === 'ocsp' ? (responders.get(issuer) ?? []) : [issuers.byId(issuer)];
    return keys.some(
      (key) => key !== null && verifySignature({ spki: key.spki, algorithm: key.signatureAlgorithm, data, signature }),
    );
  };
}
