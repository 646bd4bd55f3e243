/** Rows of remote updates to put into a database. */
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';
import type { CardProof, CardUpdate } from '../../../src/ports/store/cards/card-updates.js';
import { idOf, NOW } from '../db/records.js';

export const UPDATED_CARD = '8025000001/2600301752';

/** Old certificate 1,000 + `number`; new ones 2,000 and 3,000 + `number`. */
export function updateRow(number: number, from: Partial<CardUpdate> = {}): CardUpdate {
  return {
    id: idOf(number),
    cardTokenId: `${UPDATED_CARD}-${number}`,
    accountId: 'card-management',
    campaignId: null,
    state: 'issuing',
    stateAt: NOW,
    begunAt: NOW,
    offeredAt: null,
    dueAt: null,
    oldIds: [idOf(1_000 + number)],
    newIds: [idOf(2_000 + number), idOf(3_000 + number)],
    keysSha256: number.toString(16).padStart(64, '0'),
    confirmWithinMs: 72 * HOUR_MS,
    overlapMs: 7 * DAY_MS,
    supersede: 'revoke',
    channel: 'none',
    reader: 'Reader 5',
    middleware: 'CryptoLib 5.1',
    endedBy: null,
    detail: null,
    version: 1,
    ...from,
  };
}

export function proofRow(number: number, from: Partial<CardProof> = {}): CardProof {
  return {
    id: idOf(5_000 + number),
    updateId: idOf(number),
    certificateId: idOf(1_000 + number),
    cardTokenId: `${UPDATED_CARD}-${number}`,
    verb: 'begin',
    statement: '{"verb":"begin"}',
    signature: Uint8Array.of(1, 2),
    cms: null,
    sha256: 'a'.repeat(64),
    acceptedAt: NOW,
    ...from,
  };
}
