/**
 * Whether an officer could still authenticate. A certificate is revoked or suspended, and a key is
 * blocked, at once and by one officer, when a card is lost or stolen: what was requested with this
 * card must not be executed afterwards.
 */
import { ACCESS_ID } from '../../access/break-glass.js';
import type { Instant } from '../../kernel/clock.js';
import { isExpired, isKeyProven } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Transaction } from '../../ports/store.js';
import { type Fault, fault } from '../../texts/text.js';

/**
 * Why none of the account's certificates is in force; null: one of them is, or none was withdrawn.
 * The database has none of a break-glass officer, whose account alone decides.
 */
export async function certificatesFault(
  tx: Pick<Transaction, 'certificatesByKeys' | 'compromisedKeys'>,
  { credentials }: Account,
  now: Instant,
): Promise<Fault | null> {
  if (credentials.some(({ issuer }) => ACCESS_ID.test(issuer))) return null;
  const keys = credentials.map(({ spkiSha256 }) => spkiSha256);
  const compromised = new Set(await tx.compromisedKeys(keys));
  const own = (await tx.certificatesByKeys(keys)).filter(
    (record) =>
      isKeyProven(record) &&
      !isExpired(record.notAfter, now) &&
      credentials.some(({ issuer, spkiSha256 }) => issuer === record.issuer && spkiSha256 === record.spkiSha256),
  );
  const isInForce = own.some(({ state, spkiSha256 }) => state.status === 'issued' && !compromised.has(spkiSha256));
  return own.length === 0 || isInForce ? null : fault('certificate-not-revoked');
}
