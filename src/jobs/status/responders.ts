/**
 * The responders of the issuing CAs, as they are now: the certificate that a ceremony made, or the newest that was renewed since.
 * Looked after every minute; who finds one due renews it, and everybody else takes it from the records.
 */

import { equalBytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { HOUR_MS, MINUTE_MS } from '../../kernel/duration.js';
import { type DelegatedResponder, type OcspAuthority, respondersOf } from '../../ocsp/responder.js';
import {
  newestResponder,
  type RenewalWorld,
  type ResponderOfIssuer,
  renewalDue,
  renewResponder,
} from '../../operations/status/renew-responder.js';
import type { Store } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';

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
  keep: (issuer: Issuer, responder: DelegatedResponder) => Promise<void>,
) {
  let authorities = initial;
  const { log, policy, clock } = world;
  /** Of keys (their hash, hex) whose last renewal failed. */
  const retries = new Map<string, { readonly waitMs: number; readonly at: Instant }>();

  async function take(issuer: Issuer, responder: DelegatedResponder): Promise<void> {
    authorities = authorities.map((one) => (one.issuer.id === issuer.id ? withRenewed(one, responder) : one));
    const { keyType: key, notAfter } = responder;
    log.info('responder.renewed', { issuer: issuer.id, key, notAfter: new Date(notAfter).toISOString() });
    try {
      await keep(issuer, responder);
    } catch (error) {
      // It is on record, from where the next start takes it.
      log.error('responder.not-kept', { issuer: issuer.id, key, detail: String(error) });
    }
  }

  async function adoptOne({ issuer, responder }: ResponderOfIssuer): Promise<DelegatedResponder> {
    const newest = await newestResponder(world, { issuer, responder });
    if (!newest.ok) log.warn('responder.not-looked-up', { issuer: issuer.id, kind: newest.error.kind });
    else if (newest.value !== null) await take(issuer, newest.value);
    return (newest.ok ? newest.value : null) ?? responder;
  }

  async function renewOne(renewal: Renewal, renewing: ResponderOfIssuer): Promise<void> {
    const current = await adoptOne(renewing);
    const { issuer } = renewing;
    if (!renewalDue(policy, { issuer, responder: current }, clock())) return;
    const key = toHex(current.keyHash);
    const retry = retries.get(key);
    if (retry !== undefined && clock() < retry.at) return;
    const { store, holder } = renewal;
    const name = `responder/${issuer.id}/${current.keyType}`;
    const lease = await store.acquireLease({ name, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // Whoever held it before may just have renewed.
    const latest = await adoptOne({ issuer, responder: current });
    if (renewalDue(policy, { issuer, responder: latest }, clock())) {
      const renewed = await renewResponder({ ...world, ...renewal }, { issuer, responder: latest, lease: lease.value });
      retries.delete(key);
      if (renewed.ok) await take(issuer, renewed.value);
      else {
        const waitMs = Math.min(RETRY_MS.max, retry === undefined ? RETRY_MS.first : 2 * retry.waitMs);
        retries.set(key, { waitMs, at: clock() + waitMs });
        const { kind } = renewed.error;
        const detail = 'detail' in renewed.error ? renewed.error.detail : kind;
        log.error('responder.not-renewed', { issuer: issuer.id, key: latest.keyType, kind, detail });
      }
    }
    await store.releaseLease(lease.value);
  }

  /** As they are now: what is taken on the way changes the list. */
  const all = (): readonly ResponderOfIssuer[] =>
    authorities.flatMap((one) => respondersOf(one).map((responder) => ({ issuer: one.issuer, responder })));

  return {
    /** The same array as long as none changed. */
    authorities: () => authorities,
    /** Takes what others renewed. */
    adopt: async () => {
      for (const one of all()) await adoptOne(one);
    },
    /** Takes it, and renews what is due. */
    renew: async (renewal: Renewal) => {
      for (const one of all()) await renewOne(renewal, one);
    },
  } as const;
}

/** In the place of the one with the same key. */
function withRenewed({ issuer, ...rest }: OcspAuthority, renewed: DelegatedResponder): OcspAuthority {
  const [responder = null, ...others] = respondersOf({ issuer, ...rest }).map((one) =>
    equalBytes(one.keyHash, renewed.keyHash) ? renewed : one,
  );
  return { issuer, responder, others };
}
