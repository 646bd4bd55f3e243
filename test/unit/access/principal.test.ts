/**
 * What a certificate may do for itself: without this matrix, a signature certificate could speak
 * for its card, a card for another one, or a certificate for itself beyond what its profile lists.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import {
  actorOf,
  decidePrincipal,
  type Principal,
  SELF_ACTIONS,
  SELF_RIGHTS,
  type SelfAction,
  type SelfCertificate,
  statesFor,
} from '../../../src/access/principal.js';
import { ROLES } from '../../../src/access/roles.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { registration } from '../../support/enrolment/registrations.js';

const ALL = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const OWN = { profile: 'fort/cps-authentication', structureId: null, domains: [], holderId: '810002813839' };
const ACCOUNT: Account = {
  id: 'cards',
  name: 'Cards',
  roles: ['card-management', 'card-bureau', 'officer', 'auditor', 'portal', 'ra'],
  scope: ALL,
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: 0,
};
const byAccount: Principal = { kind: 'account', account: ACCOUNT };

function self(changes: Partial<SelfCertificate> = {}): Principal {
  const certificate: SelfCertificate = {
    id: 'own',
    issuer: 'aci-fo-pp' as IssuerId,
    serial: '0a',
    profile: 'fort/cps-authentication',
    cardTokenId: 'card',
    isForAuthentication: true,
    selfService: SELF_ACTIONS,
    ...changes,
  };
  return { kind: 'self', certificate, via: 'tls' };
}

function rule(principal: Principal, action: Parameters<typeof decidePrincipal>[1], about: object | null): string {
  const subject = about === null ? null : { ...OWN, certificateId: null, cardTokenId: null, ...about };
  const decision = decidePrincipal(principal, action, subject);
  return decision.ok ? 'permitted' : decision.error.rule;
}

const ITSELF = { certificateId: 'own', cardTokenId: 'card' };
const SIBLING = { certificateId: 'other', cardTokenId: 'card' };
const CARD = { cardTokenId: 'card' };
const OTHER_CARD = { cardTokenId: 'other' };
const STRANGER = { certificateId: 'other', cardTokenId: null };

describe('a certificate that acts for itself', () => {
  it('may do what its profile lists, about itself and about its card as the table says', () => {
    const expected: Readonly<Record<SelfAction, readonly [itself: string, sibling: string, card: string]>> = {
      'read-self': ['permitted', 'permitted', 'permitted'],
      'begin-update': ['permitted', 'permitted', 'permitted'],
      'confirm-update': ['permitted', 'permitted', 'permitted'],
      'abandon-update': ['permitted', 'permitted', 'permitted'],
      'revoke-self': ['permitted', 'permitted', 'permitted'],
      'renew-self': ['permitted', 'self-subject', 'self-subject'],
    };
    for (const action of SELF_ACTIONS) {
      const found = [ITSELF, SIBLING, CARD].map((about) => rule(self(), action, about));
      assert.deepEqual(found, expected[action], action);
      for (const about of [OTHER_CARD, STRANGER, {}])
        assert.equal(rule(self(), action, about), 'self-subject', `${action} ${JSON.stringify(about)}`);
      assert.equal(rule(self(), action, null), 'permitted');
      for (const about of [ITSELF, CARD, null])
        assert.equal(rule(self({ selfService: [] }), action, about), 'self-service');
      const others = SELF_ACTIONS.filter((one) => one !== action);
      assert.equal(rule(self({ selfService: others }), action, ITSELF), 'self-service');
    }
  });

  it('speaks for its whole card only if it is for authentication', () => {
    const signing = self({ isForAuthentication: false });
    assert.equal(rule(signing, 'revoke-self', ITSELF), 'permitted');
    assert.equal(rule(signing, 'read-self', CARD), 'permitted');
    for (const action of ['begin-update', 'confirm-update', 'abandon-update', 'revoke-self'] as const)
      for (const about of [SIBLING, CARD]) assert.equal(rule(signing, action, about), 'self-subject', action);
  });

  it('off a card speaks for no card', () => {
    const server = self({ cardTokenId: null });
    assert.equal(rule(server, 'revoke-self', { certificateId: 'own', cardTokenId: null }), 'permitted');
    assert.equal(rule(server, 'revoke-self', STRANGER), 'self-subject');
    assert.equal(rule(server, 'begin-update', { certificateId: null, cardTokenId: null }), 'self-subject');
  });

  it('has no action of an account, and an account none of a certificate', () => {
    for (const action of new Set(Object.values(ROLES).flat())) {
      assert.equal(rule(self(), action, ITSELF), 'self-service', action);
      assert.equal(rule(byAccount, action, {}), 'permitted', action);
    }
    for (const action of SELF_ACTIONS) assert.equal(rule(byAccount, action, {}), 'role-permits', action);
  });

  it('is no registration, which issues what its account may register now, and nothing else', () => {
    const of = (account: Account): Principal => ({ kind: 'registration', registration: registration(1), account });
    assert.equal(rule(of(ACCOUNT), 'issue', {}), 'permitted');
    assert.equal(rule(of({ ...ACCOUNT, disabled: true }), 'issue', {}), 'account-enabled');
    assert.equal(rule(of({ ...ACCOUNT, roles: ['auditor'] }), 'issue', {}), 'role-permits');
    const narrowed = { ...ACCOUNT, scope: { ...ALL, holders: ['9*'] } };
    assert.equal(rule(of(narrowed), 'issue', {}), 'holder-in-scope');
    for (const action of ['renew', 'read', 'register', 'revoke', 'renew-self', 'revoke-self'] as const)
      assert.equal(rule(of(ACCOUNT), action, {}), 'registration-permits', action);
    assert.match(actorOf(of(ACCOUNT)), /^registration:[0-9a-f-]{36}$/);
  });

  it('must be in a state of the table; updates know two more', () => {
    for (const action of SELF_ACTIONS) {
      assert.deepEqual(statesFor(action), SELF_RIGHTS[action].states);
      for (const never of ['open', 'revoked'] as const) assert.ok(!statesFor(action).includes(never));
      const campaign = statesFor(action, { fromSuspended: true, presentKeyConfirms: false });
      assert.equal(
        campaign.includes('suspended'),
        action === 'begin-update' || statesFor(action).includes('suspended'),
      );
    }
    assert.deepEqual(statesFor('confirm-update', { fromSuspended: false, presentKeyConfirms: true }), ['issued']);
  });

  it('is named by its issuer and serial number, and an account by its id', () => {
    assert.equal(actorOf(self()), 'certificate:aci-fo-pp/0a');
    assert.equal(actorOf(byAccount), 'account:cards');
  });
});
