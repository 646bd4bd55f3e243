/**
 * Checks the channel binding of EST (RFC 7030 3.5). In TLS 1.2, a challengePassword in a CSR must
 * be the tls-unique value of the TLS session in which the CSR is sent, so that nobody can send the
 * CSR of another device. TLS 1.3 has no such value: every challengePassword is accepted there.
 */
import type { TLSSocket } from 'node:tls';
import { type Fault, fault } from '../../texts/text.js';

type Handshake = Pick<TLSSocket, 'getProtocol' | 'isSessionReused' | 'getFinished' | 'getPeerFinished'>;

/**
 * Compares the challengePassword of a CSR with the tls-unique value of the TLS session. null: it is
 * accepted, because the CSR has none, because it is equal, or because TLS 1.3 has no such value to
 * compare with. `session` null: the TLS session ended at a proxy, which does not pass the value on.
 * Then every challengePassword is refused, because it may be one of TLS 1.2 that was not compared.
 */
export function channelFault(session: Handshake | null, challengePassword: string | null): Fault | null {
  if (challengePassword === null) return null;
  if (session === null) return fault('est-tls-unique/proxy');
  if (session.getProtocol() !== 'TLSv1.2') return null;
  return challengePassword === tlsUnique(session) ? null : fault('est-tls-unique');
}

/**
 * Returns the tls-unique value in base64: the first Finished message of the handshake. The client
 * sends it in a full handshake, the server in a resumed one (RFC 5929 3.1).
 */
function tlsUnique(socket: Handshake): string | undefined {
  const first = socket.isSessionReused() ? socket.getFinished() : socket.getPeerFinished();
  return first?.toString('base64');
}
