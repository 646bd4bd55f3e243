import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { CertificateOrder } from '../../../src/policy/model.js';
import { planCertificate } from '../../../src/policy/plan/plan.js';
import type { KeyType } from '../../../src/x509/model.js';
import { englishIn } from '../../support/english.js';
import { IDENTITY, PROFILES } from '../../support/service/orders.js';
import { keyTypeFor, NOW, orderFor, testIssuer, testKey, testPolicy } from './fixtures.js';
import { KEY_REFUSALS } from './refusals/keys.js';
import { NAME_REFUSALS } from './refusals/names.js';
import { AUTH, REFUSALS, type Refusal, SECOND, SERV, THREE_YEARS, validity } from './refusals/requests.js';

function broken({ of, holder, structure, order }: Refusal): CertificateOrder {
  const good = orderFor(of);
  const changed = {
    ...good,
    holder: {
      ...good.holder,
      ...holder,
      ...('structure' in good.holder ? { structure: { ...good.holder.structure, ...structure } } : {}),
    },
    ...order,
  };
  return changed as unknown as CertificateOrder;
}

describe('a request', () => {
  const policy = testPolicy({ authorities: { '*': { keyType: 'p-256' } }, environment: { keyExceptions: [] } });
  const issuerFor = (profile: string) => testIssuer(policy, policy.profiles.get(profile)?.authority ?? 'aci-fo-pp');
  const refuse = (order: CertificateOrder, keyType: KeyType = 'p-256', now = NOW) => {
    const { spki } = testKey(keyType);
    const planned = planCertificate(policy, { order, spki, issuer: issuerFor(order.profile), now });
    if (planned.ok) return [];
    for (const { message } of planned.error) assert.deepEqual(englishIn(message.fr), [], message.fr);
    return planned.error.map(({ pointer, rule }) => `${pointer} ${rule}`);
  };

  for (const refusal of [...REFUSALS, ...NAME_REFUSALS, ...KEY_REFUSALS])
    it(`is refused for ${refusal.title}, at its place, in French too`, () => {
      assert.deepEqual([...refuse(broken(refusal), refusal.keyType)].sort(), [...refusal.expect].sort());
    });

  it('has evidence of identity that is not older than the profile allows for its purpose, to the second', () => {
    const ages = { issue: 'P10D', renewal: 'P20D', update: 'P30D' } as const;
    const aged = testPolicy({
      authorities: { '*': { keyType: 'p-256' } },
      profiles: { [AUTH]: { identityAge: ages } },
    });
    const issuer = testIssuer(aged, 'aci-fo-pp');
    const rulesAt = (purpose: keyof typeof ages | undefined, ageMs: number) => {
      // Evidence has whole seconds.
      const verifiedAt = formatInstant(NOW + 750 - ageMs);
      const order = { ...orderFor(AUTH), identity: { ...IDENTITY, verifiedAt } };
      const asked = purpose === undefined ? {} : { purpose };
      const planned = planCertificate(aged, { order, spki: testKey('p-256').spki, issuer, ...asked, now: NOW });
      return planned.ok ? [] : planned.error.map(({ pointer, rule }) => `${pointer} ${rule}`);
    };
    for (const [purpose, days] of [
      [undefined, 10],
      ['issue', 10],
      ['renewal', 20],
      ['update', 30],
    ] as const) {
      assert.deepEqual(rulesAt(purpose, days * DAY_MS), []);
      assert.deepEqual(rulesAt(purpose, days * DAY_MS + 1_000), ['/identity/verifiedAt identity-age']);
    }
  });

  it('without the origin of its key is rejected by FORT where the environment requires it, and only there', () => {
    const withoutOrigin = (profile: string) => ({ ...orderFor(profile), keyOrigin: null });
    const strict = testPolicy({ authorities: { '*': { keyType: 'p-256' } }, environment: { keyOriginRequired: true } });
    for (const profile of PROFILES) {
      assert.deepEqual(refuse(withoutOrigin(profile), keyTypeFor(profile)), [], profile);
      const issuer = issuerFor(profile);
      const { spki } = testKey(keyTypeFor(profile));
      const planned = planCertificate(strict, { order: withoutOrigin(profile), spki, issuer, now: NOW });
      const rules = planned.ok ? [] : planned.error.map(({ pointer, rule }) => `${pointer} ${rule}`);
      assert.deepEqual(rules, profile.startsWith('fort/') ? ['/keyOrigin key-origin-required'] : [], profile);
      assert.ok(planCertificate(strict, { order: orderFor(profile), spki, issuer, now: NOW }).ok, profile);
    }
  });

  it('gets all violations at once', () => {
    const order = broken({
      title: '',
      of: AUTH,
      holder: { idNat: '8123', surname: 'A\u0000', title: '' },
      order: { card: null, identity: null, ...validity(SECOND, THREE_YEARS) },
      expect: [],
    });
    assert.deepEqual(refuse(order, 'rsa-2048').sort(), [
      '/card card-required',
      '/csr key-type',
      '/holder/idNat id-nat-form',
      '/holder/surname text-characters',
      '/holder/title text-not-empty',
      '/identity identity-required',
      '/validity/notAfter validity-within-profile',
    ]);
  });

  it('for the last allowed second is planned, and for the next one rejected', () => {
    const good = orderFor(AUTH);
    assert.deepEqual(refuse({ ...good, ...validity(SECOND, THREE_YEARS - 1000) }), []);
    assert.deepEqual(refuse({ ...good, ...validity(SECOND, THREE_YEARS) }).length, 1);
  });

  it('that would outlive its issuer is rejected, not shortened', () => {
    const { notAfter } = issuerFor(AUTH);
    const now = notAfter - 2 * 365 * DAY_MS;
    const good = orderFor(AUTH);
    assert.deepEqual(refuse(good, 'p-256', now), ['/validity/notAfter validity-within-issuer']);
    assert.deepEqual(refuse({ ...good, ...validity(null, notAfter) }, 'p-256', now), []);
  });

  it('in production has no test numbers, no localhost, no example and no address', () => {
    const production = {
      ...policy,
      environment: {
        ...policy.environment,
        mark: 'production' as const,
        ipAddressNames: [],
        specialUseNames: [],
        nameScripts: ['Latin' as const],
      },
    };
    const order = orderFor(SERV);
    assert.ok(order.holder.kind === 'server');
    const structure = { ...order.holder.structure, name: '\u0411\u043e\u043b\u044c\u043d\u0438\u0446\u0430' };
    const changed = {
      ...order,
      holder: { ...order.holder, structure, names: ['localhost', '127.0.0.1', 'lps.example.org', 'lps.sante.fr'] },
    };
    const { spki } = testKey('p-256');
    const planned = planCertificate(production, { order: changed, spki, issuer: issuerFor(SERV), now: NOW });
    assert.deepEqual(!planned.ok && planned.error.map(({ pointer, rule }) => `${pointer} ${rule}`), [
      '/holder/structure/name text-script',
      '/holder/structure/id structure-id-form',
      '/holder/names/0 server-name-qualified',
      '/holder/names/1 server-name-address',
      '/holder/names/2 server-name-special-use',
    ]);
  });

  it('for another issuer than that of the profile is a bug', () => {
    const { spki } = testKey('p-256');
    const issuer = present(testIssuer(policy, 'aci-el-pp'), 'issuer');
    assert.throws(
      () => planCertificate(policy, { order: orderFor(AUTH), spki, issuer, now: NOW }),
      /issued by aci-fo-pp/,
    );
  });
});
