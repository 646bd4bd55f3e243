/** Orders whose lines have their outcomes, as the worker of a service leaves them. */
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { present } from '../../../src/kernel/assert.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { canonicalJson, type Json } from '../../../src/kernel/json.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Order, SettledLine } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import { unwrap } from '../db/fixture.js';
import { certify, intent, NOW } from '../db/records.js';
import { acceptedOrder } from './records.js';

export const ALGORITHM = 'ecdsaWithSha256' as const;
const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;

export function accountOf(id: string, role: string, scope: Account['scope'] = EVERYTHING): Account {
  return { id, name: id, roles: [role], credentials: [], scope, disabled: false, ...ACCOUNT_DEFAULTS, createdAt: NOW };
}

/** The scope leaves out one profile, so that the account does not see all orders. */
export const CARDS = accountOf('card-management', 'card-management', { ...EVERYTHING, profiles: ['fort/*'] });
export const BUREAU = accountOf('bureau-1', 'card-bureau', { ...EVERYTHING, profiles: ['fort/*'] });
export const OTHER = accountOf('other', 'card-management', { ...EVERYTHING, profiles: ['fort/*'] });
export const OFFICER = accountOf('officer-1', 'officer');

/** An order with three lines that is being worked on; the bureau may read it. */
export function workingOrder(number: number, more: Partial<Order> = {}): Order {
  const seen = { accountId: CARDS.id, bureauId: BUREAU.id, state: 'working' } as const;
  // Far from the present time, which is that of the database.
  return acceptedOrder(number, 3, { ...seen, deadlineAt: Date.UTC(2100, 0), ...more });
}

export function cardOf(number: number): string {
  return `8025000001/26003000${String(number).padStart(2, '0')}`;
}

/** SHA-256 of the certificate of a record that `certify` has signed. */
export function hashOf(record: CertificateRecord): string {
  return sha256Hex(derOf(record));
}

export function derOf({ tbs, signature }: CertificateRecord): Uint8Array {
  return assembleCertificate(tbs, ALGORITHM, present(signature, 'a signature'));
}

/** Two certificates on a card, and the line that names them. */
export async function issuedLine(
  store: Store,
  {
    orderId,
    line,
    outcome = 'issued',
  }: { readonly orderId: string; readonly line: number; readonly outcome?: 'issued' | 'duplicate' },
): Promise<{ readonly settled: SettledLine; readonly records: readonly CertificateRecord[] }> {
  const card = cardOf(line);
  const profiles = ['fort/cps-authentication', 'fort/cps-signature'];
  const intents = profiles.map((profile, at) =>
    intent(Number.parseInt(orderId.slice(9, 13), 16) * 100 + line * 2 + at, {
      profile,
      cardTokenId: card,
      container: at === 0 ? 'authentication' : null,
    }),
  );
  const records = unwrap(
    await store.transaction(async (tx) => {
      const made: CertificateRecord[] = [];
      for (const one of intents) made.push(await certify(tx, one));
      return made;
    }),
  );
  const certificates = records.map(({ id, issuer, profile, serial, ...rest }) => ({
    id,
    issuer,
    profile,
    serialNumber: serial,
    sha256: hashOf({ id, issuer, profile, serial, ...rest }),
  }));
  return { settled: lineOf({ orderId, line, outcome, card, certificates }), records };
}

export function lineOf(given: {
  readonly orderId: string;
  readonly line: number;
  readonly outcome: SettledLine['outcome'];
  readonly card?: string;
  readonly certificates?: Json;
}): SettledLine {
  const { orderId, line, outcome, card = cardOf(line), certificates } = given;
  const result = canonicalJson({ card, line, outcome, ...(certificates === undefined ? {} : { certificates }) });
  return { orderId, line, outcome, cardTokenId: card, result, settledAt: NOW };
}
