/**
 * The order in which one token serves requests, first to last. CRLs do not use this queue
 * (`token-host.ts`).
 *
 * OCSP responses for one client come last: anybody can request any number of them, for example with
 * a nonce (RFC 6960 4.4.1), and none can be sent to a second client. They must not delay the
 * responses that are refreshed for all clients.
 */
import type { Frame } from './frames.js';
import { readMeta } from './frames.js';
import type { CallerRole } from './permissions.js';

export const PRIORITIES = ['refresh', 'interactive', 'batch', 'one-client'] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * Marks an OCSP request whose response is for one client only. A caller that marks a request
 * wrongly only delays its own requests.
 */
export const FOR_ONE_CLIENT = { audience: 'one' } as const;

export function priorityOf(role: CallerRole, frame: Frame): Priority {
  if (frame.type !== 'ocsp') return role === 'worker' ? 'batch' : 'interactive';
  const meta = readMeta(frame);
  return meta.ok && meta.value.audience === FOR_ONE_CLIENT.audience ? 'one-client' : 'refresh';
}
