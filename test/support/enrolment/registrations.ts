/** Registrations as rows of the database. */
import type { RegistrationKeys } from '../../../src/access/registration-keys.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import { DAY_MS, idOf, NOW } from '../db/records.js';
import { ACTOR } from '../db/reservations.js';

export const KEY_ID = '20270101T000000Z';
export const KEYS: RegistrationKeys = new Map([[KEY_ID, new Uint8Array(32).fill(7)]]);

/** An open registration of the holder of `intent`, for one profile unless `from` says otherwise. */
export function registration(number: number, from: Partial<Registration> = {}): Registration {
  return {
    id: idOf(900 + number),
    reference: `REFERENCE${'ABCDEFGH'.charAt(number % 8)}${String(number).padStart(6, '2').replace(/[01]/g, '2')}`,
    accountId: ACTOR,
    secretKey: KEY_ID,
    secretGeneration: 1,
    state: 'open',
    stateAt: NOW,
    returned: 0,
    givenUp: 0,
    holder: { kind: 'professional', idNat: '810002813839', surname: 'HÉRACLÈS' },
    card: null,
    identity: { assurance: 'high', source: 'PSI' },
    holderId: '810002813839',
    structureId: null,
    domains: [],
    keyOrigin: 'card',
    validity: { notBefore: null, notAfter: null },
    expiresAt: NOW + 30 * DAY_MS,
    createdAt: NOW,
    erasedAt: null,
    uses: [{ profile: 'fort/cps-authentication', certificateId: null }],
    ...from,
  };
}
