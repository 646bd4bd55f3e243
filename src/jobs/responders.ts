/**
 * The responders of the issuing CAs, as they are now: the certificate that a ceremony made, or the newest that was renewed since.
 * Looked after every minute; who finds one due renews it, and everybody else takes it from the records.
 */
import type { Instant } from '../kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../kernel/duration.js';
import type { DelegatedResponder, OcspAuthority } from '../ocsp/responder.js';
import { newestResponder, type RenewalWorld, renewalDue, renewResponder } from '../operations/renew-responder.js';
import type { IssuerId } from '../ports/signer.js';
import type { Store } from '../ports/store.js';

export const RESPONDERS_EVERY_MS = MINUTE_MS;
const LEASE_MS = 5 * MINUTE_MS;
/** Each attempt spends a serial number; a third of a life is left for them. */
const RETRY_MS = { first: 10 * MINUTE_MS, max: 6 * HOUR_MS } as const;

/** What whoever renews has beside: of the worker. `holder`: of its leases. */
export type Renewal = Pick<RenewalWorld, 'store' | 'random' | 'signer'> & { readonly holder: string };

export type Responders = ReturnType<typeof createResponders>;

/** `keep`: puts it where the next start, and the CA's signer with its list of sealed keys, find it. */
export function createResponders(
  world: Pick<RenewalWorld, 'policy' | 'clock' | 'log'> & { readonly store: Pick<Store, 'read'> },
  initial: readonly OcspAuthority[],
  keep: (issuer: IssuerId, responder: DelegatedResponder) => Promise<void>,
) {
  let authorities = initial;
  const { log, policy, clock } = world;
  /** Of issuers whose last renewal failed. */
  const retries = new Map<IssuerId, { readonly waitMs: number; readonly at: Instant }>();

  async function take(issuer: IssuerId, responder: DelegatedResponder): Promise<void> {
    authorities = authorities.map((one) => (one.issuer.id === issuer ? { ...one, responder } : one));
    log.info('responder.renewed', { issuer, notAfter: new Date(responder.notAfter).toISOString() });
    try {
      await keep(issuer, responder);
    } catch (error) {
      // It is on record, from where the next start takes it.
      log.error('responder.not-kept', { issuer, detail: String(error) });
    }
  }

  async function adoptOne({ issuer, responder }: OcspAuthority): Promise<DelegatedResponder | null> {
    if (responder === null) return null;
    const newest = await newestResponder(world, { issuer, responder });
    if (!newest.ok) log.warn('responder.not-looked-up', { issuer: issuer.id, kind: newest.error.kind });
    else if (newest.value !== null) await take(issuer.id, newest.value);
    return (newest.ok ? newest.value : null) ?? responder;
  }

  async function renewOne(renewal: Renewal, authority: OcspAuthority): Promise<void> {
    const current = await adoptOne(authority);
    const { issuer } = authority;
    if (current === null || !renewalDue(policy, { issuer, responder: current }, clock())) return;
    const retry = retries.get(issuer.id);
    if (retry !== undefined && clock() < retry.at) return;
    const { store, holder } = renewal;
    const lease = await store.acquireLease({ name: `responder/${issuer.id}`, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // Whoever held it before may just have renewed.
    const latest = (await adoptOne({ issuer, responder: current })) ?? current;
    if (renewalDue(policy, { issuer, responder: latest }, clock())) {
      const renewed = await renewResponder({ ...world, ...renewal }, { issuer, responder: latest, lease: lease.value });
      retries.delete(issuer.id);
      if (renewed.ok) await take(issuer.id, renewed.value);
      else {
        const waitMs = Math.min(RETRY_MS.max, retry === undefined ? RETRY_MS.first : 2 * retry.waitMs);
        retries.set(issuer.id, { waitMs, at: clock() + waitMs });
        const { kind } = renewed.error;
        const detail = 'detail' in renewed.error ? renewed.error.detail : kind;
        log.error('responder.not-renewed', { issuer: issuer.id, kind, detail });
      }
    }
    await store.releaseLease(lease.value);
  }

  return {
    /** The same array as long as none changed. */
    authorities: () => authorities,
    /** Takes what others renewed. */
    adopt: async () => {
      for (const authority of authorities) await adoptOne(authority);
    },
    /** Takes it, and renews what is due. */
    renew: async (renewal: Renewal) => {
      for (const authority of authorities) await renewOne(renewal, authority);
    },
  } as const;
}
