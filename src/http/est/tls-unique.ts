/**
 * The channel binding of EST (RFC 7030 3.5): a challengePassword ties a request to the TLS session
 * in which it is sent, so that nobody can send the request of another device.
 */
import type { TLSSocket } from 'node:tls';
import { type Fault, fault } from '../../texts/text.js';

type Handshake = Pick<TLSSocket, 'getProtocol' | 'isSessionReused' | 'getFinished' | 'getPeerFinished'>;

/**
 * null: there is no password, it is the tls-unique value of this session, or there is nothing to
 * compare it with, because TLS 1.3 has no such value. `session` is null: it ended at a proxy, which
 * does not tell the value, and RFC 7030 3.5 lets no password pass that was not compared.
 */
export function channelFault(session: Handshake | null, challengePassword: string | null): Fault | null {
  if (challengePassword === null) return null;
  if (session === null) return fault('est-tls-unique/proxy');
  if (session.getProtocol() !== 'TLSv1.2') return null;
  return challengePassword === tlsUnique(session) ? null : fault('est-tls-unique');
}

/**
 * Base64 of the first Finished message of the handshake: that of the client, and in a resumed
 * session that of the server (RFC 5929 3.1).
 */
function tlsUnique(socket: Handshake): string | undefined {
  const first = socket.isSessionReused() ? socket.getFinished() : socket.getPeerFinished();
  return first?.toString('base64');
}
