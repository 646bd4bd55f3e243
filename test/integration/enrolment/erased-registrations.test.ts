/**
 * Registrations whose personal data was erased. Without this test an account that is limited to its
 * own domains would see the registrations of all others.
 */
import assert from 'node:assert/strict';
import { seesRegistration } from '../../../src/operations/enrolment/read-registrations.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { NOW } from '../../support/db/records.js';
import { registration } from '../../support/enrolment/registrations.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';

const SERVER = registration(1, {
  holder: { kind: 'server', names: ['lps.other.example'] },
  holderId: 'lps.other.example',
  domains: ['lps.other.example'],
  uses: [{ profile: 'elementaire/serv-ssl', certificateId: null }],
});
const ERASED = { ...SERVER, holder: null, holderId: null, domains: [], state: 'used', erasedAt: NOW } as const;

describe('a registration whose holder was erased', () => {
  it('is seen by no account that is limited to some domains or some holders', () => {
    const sees = (scope: Partial<Account['scope']>, one: typeof SERVER | typeof ERASED): boolean =>
      seesRegistration(
        { ...CARD_MANAGEMENT, scope: { ...CARD_MANAGEMENT.scope, ...scope } },
        'read-registrations',
        one,
      );
    const scopes = [{}, { domains: ['own.example'] }, { holders: ['lps.own.example'] }, { domains: ['other.example'] }];
    assert.deepEqual(
      scopes.map((scope) => sees(scope, SERVER)),
      [true, false, false, true],
    );
    assert.deepEqual(
      scopes.map((scope) => sees(scope, ERASED)),
      [true, false, false, false],
    );
  });
});
