/** Rows of transactions of CMP. */
import type { CmpTransaction } from '../../../src/ports/store/enrolment/cmp-transactions.js';
import { DAY_MS, NOW } from '../db/records.js';

export function cmpTransaction(number: number, other: Partial<CmpTransaction> = {}): CmpTransaction {
  return {
    principal: 'account:card-management',
    transactionId: String(number).padStart(32, '0'),
    kind: 'cr',
    profile: 'elementaire/org-auth-cli',
    state: 'waiting',
    certReqId: 0,
    certificateId: null,
    requestSha256: String(number).padStart(64, '1'),
    lastSha256: String(number).padStart(64, '1'),
    request: new Uint8Array([0x30, 0]),
    nonces: { received: ['00112233445566778899aabbccddeeff'], sent: 'ffeeddccbbaa99887766554433221100' },
    protection: { kind: 'mac', reference: 'card-management' },
    outcome: null,
    implicit: false,
    encrypted: false,
    vouchedBy: null,
    approvalId: null,
    begunAt: NOW,
    confirmBy: null,
    checkAfter: NOW + 5_000,
    waitUntil: NOW + 7 * DAY_MS,
    endedAt: null,
    version: 1,
    ...other,
  };
}
