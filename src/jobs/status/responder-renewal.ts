/**
 * Renews the OCSP responder certificates that are due. Each key is an item, so that one process at
 * a time renews its certificate. Processes that answer OCSP requests adopt what others have renewed
 * (`responders.ts`).
 */
import { toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import {
  type RenewalWorld,
  type ResponderOfIssuer,
  renewalDue,
  renewResponder,
} from '../../operations/status/renew-responder.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';
import type { CurrentResponders } from './responders.js';

/**
 * Pauses after failures. They are long, because each attempt uses up a serial number. A certificate
 * is renewed after two thirds of its lifetime, so there is time for many attempts.
 */
const RETRY_MS = { first: 10 * MINUTE_MS, max: 6 * HOUR_MS } as const;

type ResponderRenewalParts = Omit<RenewalWorld, 'store'> & {
  readonly store: ReadingStore;
  readonly responders: CurrentResponders;
};

export const renewRespondersJob: SharedJob<ResponderRenewalParts> = {
  name: 'responder-renewal',
  scope: 'item',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: 2 * MINUTE_MS,
  isEssential: true,
  prepare: (parts) => ({
    due: async () => parts.responders.all().flatMap((one) => (isDue(parts, one) ? [itemOf(one)] : [])),
    work: async (leased, item) => {
      const found = parts.responders.all().find((one) => itemOf(one) === item);
      if (found !== undefined) await renew(parts, leased, found);
      return 'done';
    },
  }),
};

function isDue({ policy, clock }: ResponderRenewalParts, one: ResponderOfIssuer): boolean {
  return renewalDue(policy, one, clock());
}

function itemOf({ issuer, responder }: ResponderOfIssuer): string {
  return `${issuer.id}/${toHex(responder.keyHash)}`;
}

type Retry = { readonly waitMs: number; readonly at: Instant };

/**
 * Renews one certificate. The cursor has the pause after the last failure, which is the same for
 * all nodes.
 */
async function renew(parts: ResponderRenewalParts, leased: JobLease, { issuer, responder }: ResponderOfIssuer) {
  const { responders, clock, log } = parts;
  const retry = leased.cursor as Retry | null;
  const restMs = retry === null ? 0 : retry.at - clock();
  // If more time is left than the pause lasts, a node with a wrong clock wrote the time, and it is
  // ignored.
  if (retry !== null && restMs > 0 && restMs <= retry.waitMs) return;
  // The process that had the lease before may just have renewed this certificate.
  const latest = await responders.adoptNewest({ issuer, responder });
  if (!isDue(parts, { issuer, responder: latest })) return;
  const renewed = await renewResponder({ ...parts, store: leased.store }, { issuer, responder: latest });
  const waitMs = Math.min(RETRY_MS.max, retry === null ? RETRY_MS.first : 2 * retry.waitMs);
  const next = renewed.ok ? null : { waitMs, at: clock() + waitMs };
  valueOrThrow(await leased.transaction((tx) => leased.setCursor(tx, next)));
  if (renewed.ok) return responders.replace(issuer, renewed.value);
  const { kind, detail } = renewed.error;
  log.error('responder.not-renewed', { issuer: issuer.id, key: latest.keyType, kind, detail });
}
