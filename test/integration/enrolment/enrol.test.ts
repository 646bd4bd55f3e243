/**
 * Requests by EST and CMP up to the signed certificate. Without these tests, a request could get a
 * certificate about another holder than its registration, or one that the profile keeps closed.
 */
import assert from 'node:assert/strict';
import type { Principal } from '../../../src/access/principal.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type EnrolCommand, enrol } from '../../../src/operations/enrolment/enrol.js';
import { issueRegistered } from '../../../src/operations/enrolment/issue-registered.js';
import type { CertificateOrder } from '../../../src/policy/model.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import type { Extension, Name } from '../../../src/x509/model.js';
import { readCertificationRequest } from '../../../src/x509/request/certification-request.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { KEY_ID, registration } from '../../support/enrolment/registrations.js';
import { CARD_MANAGEMENT, createBench, type OrderBench } from '../../support/orders/order-bench.js';
import { type HolderKey, makeCsr, makeKey } from '../../support/service/csr.js';
import { orderFor, testPolicy } from '../../unit/policy/fixtures.js';

const ORGANISATION = 'elementaire/org-auth-cli';
const CPS = 'fort/cps-authentication';
const OWN = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' } as const;
const ACCOUNT: Principal = { kind: 'account', account: { ...CARD_MANAGEMENT, structure: OWN } };

const cn = (value: string): Name => [[{ type: OID.commonName, form: 'utf8String', value }]];

type EnrolRequest = {
  readonly profile: string;
  readonly principal?: Principal;
  readonly protocol?: 'est' | 'cmp';
  readonly subject?: Name;
  readonly extensions?: readonly Extension[];
  readonly key?: HolderKey;
  readonly claim?: string;
};

let claims = 0;

async function commandFor({
  profile,
  principal = ACCOUNT,
  protocol = 'est',
  ...asked
}: EnrolRequest): Promise<EnrolCommand> {
  const { subject = [], extensions = [], key = makeKey() } = asked;
  claims += 1;
  const read = await readCertificationRequest(makeCsr(key));
  assert.ok(read.ok);
  return {
    principal,
    protocol,
    profile,
    request: { key: read.value.key, subject },
    requested: { extensions },
    claim: {
      claim: { account: CARD_MANAGEMENT.id, route: `${protocol}/${profile}`, key: asked.claim ?? `claim-${claims}` },
      bodySha256: 'a'.repeat(64),
    },
  };
}

/** A registration of the holder of an order, for its profile and more. */
function registered(number: number, { profile, holder, card, identity, keyOrigin }: CertificateOrder): Registration {
  const stated = { holder, card, identity } as unknown as Pick<Registration, 'holder' | 'card' | 'identity'>;
  return registration(number, {
    ...stated,
    accountId: CARD_MANAGEMENT.id,
    secretKey: KEY_ID,
    holderId: 'idNat' in holder ? holder.idNat : `${OWN.id}/INSI-MANU`,
    keyOrigin,
    uses: [{ profile, certificateId: null }],
  });
}

describeOnEach('a request of a protocol', ({ opened }) => {
  let bench: OrderBench;

  beforeEach(async () => {
    bench = await createBench({ store: await opened(), policy: testPolicy() });
  });

  const run = async (asked: EnrolRequest) => enrol(bench.world, await commandFor(asked));
  const rulesOf = async (asked: EnrolRequest): Promise<readonly string[]> => {
    const found = await run(asked);
    if (found.ok) return ['issued'];
    const { error } = found;
    if ('violations' in error) return error.violations.map(({ rule }) => rule);
    return ['rule' in error ? error.rule : error.kind];
  };

  async function storedPrincipal(number: number, order: CertificateOrder): Promise<Principal> {
    const one = registered(number, order);
    unwrap(await bench.store.transaction((tx) => tx.insertRegistration(one)));
    return { kind: 'registration', registration: one, account: CARD_MANAGEMENT };
  }

  it('of an account is completed by its structure, and recorded with what was added', async () => {
    const command = await commandFor({ profile: ORGANISATION, subject: cn('INSI-MANU') });
    const { record } = unwrap(await enrol(bench.world, command));
    assert.deepEqual(record.holder, orderFor(ORGANISATION).holder);
    assert.equal(record.protocol, 'est');
    const stored = unwrap(await bench.store.read((reads) => reads.certificateById(record.id)));
    assert.equal(stored?.protocol, 'est');
    assert.equal(stored?.state.status, 'issued');
    const intents = (await storedAudit(bench.store)).filter(({ type }) => type === 'certificate.intent');
    assert.deepEqual(
      intents.map(({ details }) => details.enrolment),
      [
        {
          protocol: 'est',
          sources: ['request', 'account'],
          modifications: ['C', 'ST', 'O', 'OU'].map((what) => `added ${what}`),
        },
      ],
    );
  });

  it('under the same claim gets the same certificate', async () => {
    const asked = { profile: ORGANISATION, subject: cn('INSI-MANU'), claim: 'same' };
    const [one, two] = [unwrap(await run(asked)), unwrap(await run(asked))];
    assert.equal(one.record.id, two.record.id);
  });

  it('names a server by its alternative names alone', async () => {
    const names = ['lps.example.org', 'www.example.org'].map((value) => ({ kind: 'dNSName', value }) as const);
    const { record } = unwrap(await run({ profile: 'elementaire/serv-ssl', extensions: [writeSubjectAltName(names)] }));
    assert.deepEqual(record.holder, orderFor('elementaire/serv-ssl').holder);
  });

  it('is refused on a key that has a certificate of the profile, and not for another profile', async () => {
    const key = makeKey();
    const asked = { profile: ORGANISATION, subject: cn('INSI-MANU'), key };
    unwrap(await run(asked));
    assert.deepEqual(await rulesOf(asked), ['key-certified-already']);
    assert.deepEqual(await rulesOf({ ...asked, profile: 'elementaire/org-sign' }), ['issued']);
  });

  it('is refused where the profile is closed to its protocol, or does not exist', async () => {
    assert.deepEqual(await rulesOf({ profile: CPS }), ['enrolment-protocol']);
    assert.deepEqual(await rulesOf({ profile: CPS, protocol: 'cmp' }), ['enrolment-protocol']);
    assert.deepEqual(await rulesOf({ profile: 'fort/none' }), ['profile-known']);
  });

  it('uses a registration once, whatever it repeats of it', async () => {
    const principal = await storedPrincipal(1, orderFor(CPS));
    const asked = { profile: CPS, principal, protocol: 'cmp', claim: 'first' } as const;
    const { record } = unwrap(await run({ ...asked, subject: cn('810002813839') }));
    assert.deepEqual(record.holder, orderFor(CPS).holder);
    assert.equal(record.keyOrigin, 'card');
    assert.equal(record.protocol, 'cmp');
    assert.equal(unwrap(await run({ ...asked, subject: cn('810002813839') })).record.id, record.id);
    assert.deepEqual(await rulesOf({ ...asked, claim: 'second' }), ['registration-profile-unused']);
  });

  it('of a registration is refused for another profile, or with another holder', async () => {
    const principal = await storedPrincipal(2, orderFor(CPS));
    const asked = { profile: CPS, principal, protocol: 'cmp' } as const;
    assert.deepEqual(await rulesOf({ ...asked, profile: 'fort/cps-signature' }), ['registration-profile']);
    assert.deepEqual(await rulesOf({ ...asked, subject: cn('899999999999') }), ['requested-value']);
    const found = unwrap(await bench.store.read((reads) => reads.certificatesOfCards(['8025000001/2600301752'])));
    assert.deepEqual(found, []);
    assert.deepEqual(await rulesOf(asked), ['issued']);
  });

  it('uses no registration by REST whose account has expired or is disabled', async () => {
    const owner = { ...CARD_MANAGEMENT, id: 'office', credentials: [] };
    unwrap(await bench.store.transaction((tx) => tx.insertAccount(owner)));
    const one = { ...registered(4, orderFor(CPS)), accountId: owner.id };
    unwrap(await bench.store.transaction((tx) => tx.insertRegistration(one)));
    const use = async () => {
      const command = { account: CARD_MANAGEMENT, profile: CPS, csr: makeCsr(makeKey()), idempotency: null };
      const used = await issueRegistered(bench.world, one.id, command);
      return used.ok ? 'issued' : 'rule' in used.error ? used.error.rule : used.error.kind;
    };
    for (const [change, rule] of [
      [{ expiresAt: bench.time.now }, 'account-in-force'],
      [{ disabled: true }, 'account-enabled'],
      [{}, 'issued'],
    ] as const) {
      unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...owner, ...change })));
      assert.equal(await use(), rule);
    }
  });

  it('of a registration that was erased is refused', async () => {
    const order = orderFor(CPS);
    const erased = { ...registered(3, order), state: 'used', erasedAt: 1, holder: null } as const;
    const principal: Principal = { kind: 'registration', registration: erased, account: CARD_MANAGEMENT };
    assert.deepEqual(await rulesOf({ profile: CPS, principal, protocol: 'cmp' }), ['registration-open']);
  });

  it('of a certificate that acts for itself is not permitted', async () => {
    const { record } = unwrap(await run({ profile: ORGANISATION, subject: cn('INSI-MANU') }));
    const { id, issuer, serial, profile, cardTokenId } = record;
    const selfService = present(bench.world.policy.profiles.get(profile), profile).selfService;
    const certificate = { id, issuer, serial, profile, cardTokenId, isForAuthentication: true, selfService };
    const principal: Principal = { kind: 'self', certificate, via: 'est' };
    assert.deepEqual(await rulesOf({ profile: ORGANISATION, principal }), ['self-service']);
  });
});
