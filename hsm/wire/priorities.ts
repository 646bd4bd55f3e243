/**
 * Order of service at one token, first to last; CRLs stream past the queue (`token-host.ts`). Answers to a nonce come last: anybody
 * can ask for any number of them and none is of use to a second client (RFC 6960 4.4.1), so strangers shall not keep waiting whoever
 * refreshes an answer for all, or issues.
 */
import type { Frame } from './frames.js';
import { readMeta } from './frames.js';
import type { CallerRole } from './permissions.js';

export const PRIORITIES = ['refresh', 'interactive', 'batch', 'anonymous'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The mark of an OCSP request whose answer is for one client only. Who sets it wrongly harms nobody but itself. */
export const FOR_ONE = { audience: 'one' } as const;

export function priorityOf(role: CallerRole, frame: Frame): Priority {
  if (frame.type !== 'ocsp') return role === 'worker' ? 'batch' : 'interactive';
  const meta = readMeta(frame);
  return meta.ok && meta.value.audience === FOR_ONE.audience ? 'anonymous' : 'refresh';
}
