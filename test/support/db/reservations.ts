/** Reservations of intents, as the operation that issues certificates makes them. */
import type { Application } from '../../../src/issuance/prepare.js';
import type { Reservation } from '../../../src/operations/issuance/reserve.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { IdempotencyClaim } from '../../../src/ports/store/idempotency.js';
import { NO_BLOCKED_KEYS } from '../no-blocked-keys.js';
import { NOW, RUN } from './records.js';

export const ACTOR = 'card-management';
export const CARD = { tokenId: '8025000001/2600301752', product: 'cps' } as const;

/** A request for one certificate; its holder, card and key are those of the record. */
export function reservation(
  record: CertificateRecord,
  key: string | null = null,
  bodySha256 = 'b'.repeat(64),
): Reservation {
  const claim: IdempotencyClaim | null = key === null ? null : { account: ACTOR, route: 'POST /v1/certificates', key };
  const order = { profile: record.profile, card: record.cardTokenId === null ? null : CARD };
  return {
    claim: claim === null ? null : { claim, bodySha256 },
    applications: [{ order, csr: '', pointer: '' } as unknown as Application],
    records: [{ ...record, claim }],
    line: null,
    update: null,
    registration: null,
    cmp: null,
    paceCaps: null,
    quotaOf: null,
    actor: `account:${ACTOR}`,
    requestId: undefined,
    now: NOW,
    clock: () => NOW,
    run: RUN,
    environment: { cardsOfOneHolder: true, duplicatesRefused: false, refusesOpposed: true },
    blockedKeys: NO_BLOCKED_KEYS,
  };
}
