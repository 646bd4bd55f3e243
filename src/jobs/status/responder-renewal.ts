/**
 * Renews the OCSP responder certificates that are due, in one service at a time, and adopts those
 * that other services renewed.
 */
import { toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../../kernel/duration.js';
import {
  type RenewalWorld,
  type ResponderOfIssuer,
  renewalDue,
  renewResponder,
} from '../../operations/status/renew-responder.js';
import type { Lease } from '../../ports/store/leases.js';
import type { RunJob } from '../job.js';
import type { CurrentResponders } from './responders.js';

const LEASE_MS = 5 * MINUTE_MS;
/**
 * Each attempt uses up a serial number, so the pauses are long; a third of the lifetime is left for
 * attempts.
 */
const RETRY_MS = { first: 10 * MINUTE_MS, max: 6 * HOUR_MS } as const;

type ResponderRenewalParts = RenewalWorld & { readonly responders: CurrentResponders };

export const renewResponders: RunJob<ResponderRenewalParts> = {
  name: 'responders',
  scope: 'run',
  role: 'all',
  everyMs: MINUTE_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: renewDue(parts) }),
};

function renewDue(parts: ResponderRenewalParts): () => Promise<void> {
  const { responders, log, policy, clock, store } = parts;
  const holder = toHex(parts.random(16));
  /** Keys whose last renewal failed, by their hash in hex. */
  const retries = new Map<string, { readonly waitMs: number; readonly at: Instant }>();

  async function renewOne(renewing: ResponderOfIssuer): Promise<void> {
    const responder = await responders.adoptNewest(renewing);
    const { issuer } = renewing;
    if (!renewalDue(policy, { issuer, responder }, clock())) return;
    const retry = retries.get(toHex(responder.keyHash));
    if (retry !== undefined && clock() < retry.at) return;
    const name = `responder/${issuer.id}/${responder.keyType}`;
    const lease = await store.acquireLease({ name, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // The service that had the lease before may just have renewed it.
    const latest = await responders.adoptNewest({ issuer, responder });
    if (renewalDue(policy, { issuer, responder: latest }, clock()))
      await attempt({ issuer, responder: latest }, lease.value);
    await store.releaseLease(lease.value);
  }

  async function attempt({ issuer, responder }: ResponderOfIssuer, lease: Lease): Promise<void> {
    const key = toHex(responder.keyHash);
    const last = retries.get(key);
    const renewed = await renewResponder(parts, { issuer, responder, lease });
    retries.delete(key);
    if (renewed.ok) return responders.replace(issuer, renewed.value);
    const waitMs = Math.min(RETRY_MS.max, last === undefined ? RETRY_MS.first : 2 * last.waitMs);
    retries.set(key, { waitMs, at: clock() + waitMs });
    const { kind, detail } = renewed.error;
    log.error('responder.not-renewed', { issuer: issuer.id, key: responder.keyType, kind, detail });
  }

  return async () => {
    for (const one of responders.all()) await renewOne(one);
  };
}
