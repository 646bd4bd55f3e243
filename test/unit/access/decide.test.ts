import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import {
  type AccessSubject,
  decideAccess,
  decideReason,
  domainsOf,
  isUnlimited,
  subjectOf,
} from '../../../src/access/decide.js';
import { type Action, REVOCATION_REASONS, ROLES } from '../../../src/access/roles.js';
import type { Account, AccountScope } from '../../../src/ports/store/accounts.js';

const ALL: AccountScope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const NONE: AccountScope = { profiles: [], structures: [], domains: [], holders: [] };

function account(roles: readonly string[], scope: AccountScope = ALL, disabled = false): Account {
  return { id: 'a', name: 'A', roles, scope, credentials: [], disabled, ...ACCOUNT_DEFAULTS, createdAt: 0 };
}

function subject(from: Partial<AccessSubject>): AccessSubject {
  return { profile: 'fort/cps-authentication', structureId: null, domains: [], holderId: '810002813839', ...from };
}

function rule(who: Account, action: Action, what: AccessSubject | null): string {
  const decision = decideAccess(who, action, what);
  return decision.ok ? 'permitted' : decision.error.rule;
}

describe('access', () => {
  it('a role may do what its row says and nothing else', () => {
    const actions = [...new Set(Object.values(ROLES).flat())];
    for (const [role, permitted] of Object.entries(ROLES)) {
      for (const action of actions) {
        const expected = permitted.includes(action) ? 'permitted' : 'role-permits';
        assert.equal(rule(account([role]), action, subject({})), expected, `${role} ${action}`);
      }
    }
  });

  it('an officer does not issue, card management does not read the audit log, an auditor changes nothing', () => {
    assert.equal(rule(account(['officer']), 'issue', subject({})), 'role-permits');
    assert.equal(rule(account(['card-management']), 'read-audit', null), 'role-permits');
    for (const action of ['issue', 'revoke', 'suspend', 'release', 'publish-crl', 'approve'] as const) {
      assert.equal(rule(account(['auditor']), action, subject({})), 'role-permits');
    }
  });

  it('several roles add up; a role that nobody knows grants nothing', () => {
    assert.equal(rule(account(['auditor', 'officer']), 'publish-crl', null), 'permitted');
    assert.equal(rule(account(['root', '__proto__', 'constructor']), 'read', null), 'role-permits');
    assert.equal(rule(account([]), 'read', null), 'role-permits');
  });

  it('a disabled account gets nothing', () => {
    const disabled = account(['officer', 'card-management', 'auditor'], ALL, true);
    for (const action of Object.values(ROLES).flat()) assert.equal(rule(disabled, action, null), 'account-enabled');
    const reason = decideReason(disabled, 'keyCompromise');
    assert.ok(!reason.ok && reason.error.rule === 'account-enabled');
  });

  it('the profile scope is `*`, a hierarchy or a profile', () => {
    const may = (profiles: readonly string[], profile: string) =>
      rule(account(['card-management'], { ...ALL, profiles }), 'issue', subject({ profile }));
    assert.equal(may(['fort/*'], 'fort/cps-signature'), 'permitted');
    assert.equal(may(['fort/cps-signature'], 'fort/cps-signature'), 'permitted');
    assert.equal(may(['elementaire/*'], 'fort/cps-signature'), 'profile-in-scope');
    assert.equal(may(['fort'], 'fort/cps-signature'), 'profile-in-scope');
    assert.equal(may(['fort/cps'], 'fort/cps-signature'), 'profile-in-scope');
    assert.equal(may(['fo*'], 'fort/cps-signature'), 'profile-in-scope');
    assert.equal(may([], 'fort/cps-signature'), 'profile-in-scope');
  });

  it('the scope holds alike for issuing, reading, revoking, suspending and releasing', () => {
    const limited = account(['card-management'], {
      profiles: ['standard/*'],
      structures: ['10B1'],
      domains: [],
      holders: ['*'],
    });
    for (const action of ['issue', 'read', 'revoke', 'suspend', 'release'] as const) {
      assert.equal(
        rule(limited, action, subject({ profile: 'standard/cpe-signature', structureId: '10B1' })),
        'permitted',
      );
      assert.equal(
        rule(limited, action, subject({ profile: 'standard/cpe-signature', structureId: '10B2' })),
        'structure-in-scope',
      );
      assert.equal(rule(limited, action, subject({ structureId: '10B1' })), 'profile-in-scope');
    }
  });

  it('the structure scope does not apply to a professional, who has none', () => {
    const limited = account(['card-management'], { ...NONE, profiles: ['fort/*'], holders: ['*'] });
    assert.equal(rule(limited, 'issue', subject({ structureId: null })), 'permitted');
    assert.equal(rule(limited, 'issue', subject({ structureId: '10B1' })), 'structure-in-scope');
  });

  it('a domain covers itself and the names under it, and every name has to be covered', () => {
    const limited = account(['card-management'], { ...ALL, domains: ['example.org'] });
    const may = (...domains: string[]) => rule(limited, 'issue', subject({ domains }));
    assert.equal(may('example.org', 'lps.example.org', '*.example.org', 'LPS.Example.ORG'), 'permitted');
    assert.equal(may('lps.example.org', 'lps.example.net'), 'domain-in-scope');
    assert.equal(may('badexample.org'), 'domain-in-scope');
    assert.equal(may('example.org.evil.net'), 'domain-in-scope');
    assert.equal(may('org'), 'domain-in-scope');
    const empty = account(['card-management'], { ...ALL, domains: [''] });
    assert.equal(rule(empty, 'issue', subject({ domains: ['example.org'] })), 'domain-in-scope');
  });

  it('the holder scope is `*`, a whole id, or the beginning of one with a star', () => {
    const may = (holders: readonly string[], holderId: string) =>
      rule(account(['card-management'], { ...ALL, holders }), 'issue', subject({ holderId }));
    assert.equal(may(['*'], '810002813839'), 'permitted');
    assert.equal(may(['810002813839'], '810002813839'), 'permitted');
    assert.equal(may(['8*'], '810002813839'), 'permitted');
    assert.equal(may(['30B0057881/*'], '30B0057881/CPET0002'), 'permitted');
    assert.equal(may(['30B0057881/*'], '30B00578810/CPET0002'), 'holder-in-scope');
    assert.equal(may(['8'], '810002813839'), 'holder-in-scope');
    assert.equal(may(['30b0057881/*'], '30B0057881/CPET0002'), 'holder-in-scope');
    assert.equal(may([], '810002813839'), 'holder-in-scope');
  });

  it('is everything only where each of its lists is', () => {
    assert.equal(isUnlimited(ALL), true);
    for (const member of Object.keys(ALL)) {
      assert.equal(isUnlimited({ ...ALL, [member]: ['8*'] }), false, member);
      assert.equal(isUnlimited({ ...ALL, [member]: [] }), false, member);
    }
  });

  it('only a server has domains: its names and those of its e-mail addresses, lower case', () => {
    const holder = { kind: 'server', names: ['LPS.example.org', 'a.example.org'], emails: ['x@Mail.example.org'] };
    assert.deepEqual(domainsOf(holder), ['lps.example.org', 'a.example.org', 'mail.example.org']);
    assert.deepEqual(domainsOf({ kind: 'professional', idNat: '810002813839' }), []);
    assert.deepEqual(domainsOf(null), []);
    assert.deepEqual(subjectOf({ profile: 'p', structureId: 's', holder, holderId: 'h' }).domains.length, 3);
  });

  it('a wider scope never takes away what a narrower one permits', () => {
    const ids = fc.subarray(['fort/a', 'fort/b', 'standard/a', 'fort/*']);
    fc.assert(
      fc.property(ids, ids, fc.constantFrom('fort/a', 'fort/b', 'standard/a', 'x/y'), (some, more, profile) => {
        const narrow = rule(account(['officer'], { ...ALL, profiles: some }), 'read', subject({ profile }));
        const wide = rule(account(['officer'], { ...ALL, profiles: [...some, ...more] }), 'read', subject({ profile }));
        assert.ok(narrow !== 'permitted' || wide === 'permitted');
      }),
    );
  });

  it('the reasons for a revocation are those of the role; certificateHold is nobody’s', () => {
    for (const [role, reasons] of Object.entries(REVOCATION_REASONS)) {
      assert.ok(!reasons.includes('certificateHold'));
      for (const reason of reasons) assert.ok(decideReason(account([role]), reason).ok);
      assert.ok(!decideReason(account([role]), 'certificateHold').ok);
    }
    assert.ok(!decideReason(account(['card-management']), 'privilegeWithdrawn').ok);
    assert.ok(decideReason(account(['officer']), 'privilegeWithdrawn').ok);
    assert.ok(!decideReason(account(['auditor']), 'keyCompromise').ok);
  });
});
