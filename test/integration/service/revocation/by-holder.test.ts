/**
 * Holders revoke their own certificates and cards, by TLS with the card or by a statement that a
 * portal sends. Without these tests a lost key could stay good until an officer is found, or a
 * card could speak for another one.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../../src/access/account.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { unwrap } from '../../../support/db/fixture.js';
import { auditOf } from '../../../support/service/audit-of.js';
import { assertProblem, type Client, type IssuedCertificate } from '../../../support/service/client.js';
import { openDatabase, openServiceStore } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { until } from '../../../support/until.js';
import {
  type CertifiedKey,
  clientOfKey,
  issueServiceCard,
  type ServiceCard,
  signedBy,
  statementHead,
} from '../../../support/updates/service-card.js';
import { cmsOf, filesOf } from '../../../support/updates/signed-cms.js';
import { canonicalText, octetsOf, sha256Of } from '../../../support/updates/statements.js';

const ALL = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const OTHER_ID = '01900000-0000-7000-8000-000000000009';
type Page = { readonly certificates: readonly IssuedCertificate[] };
type Details = {
  readonly id?: string;
  readonly proof?: string;
  readonly relayedBy?: string;
  readonly rules?: readonly string[];
  readonly certificate?: string;
};

describeService('a holder', { on: 'each', traced: true }, (running) => {
  let portal: { readonly id: string; readonly client: Client };
  before(async () => {
    portal = await running.shared.newAccount({ roles: ['portal'], scope: ALL });
  });
  const newCard = (): Promise<ServiceCard> => issueServiceCard(running.cards);
  const pathOf = ({ issued }: CertifiedKey): string => `/v1/certificates/${issued.id}`;
  const statusOf = async (one: CertifiedKey): Promise<string> =>
    (await running.cards.expect<IssuedCertificate>('GET', pathOf(one))).status;
  const headOf = (card: ServiceCard) => statementHead(running.cards, card.tokenId);
  const actorOf = ({ issued }: CertifiedKey): string => `certificate:${issued.ca}/${issued.serialNumber}`;
  const entriesOf = async (one: CertifiedKey, type: string) =>
    (await auditOf<Details>(running.officer)).filter(
      (entry) =>
        entry.type === type && (entry.details.id === one.issued.id || entry.details.certificate === one.issued.id),
    );

  it('reads the own certificates and the own card by TLS, and nothing else', async () => {
    const [card, other] = [await newCard(), await newCard()];
    const self = clientOfKey(running.shared, card.authentication);
    for (const one of [card.authentication, card.signature])
      assert.equal((await self.expect<IssuedCertificate>('GET', pathOf(one))).id, one.issued.id);
    const { certificates } = await self.expect<Page>('GET', card.path);
    assert.equal(certificates.length, 2);
    assert.equal((await self.call('GET', `${card.path}/pending`)).status, 200);
    assertProblem(await self.call('GET', `${other.path}/pending`), { status: 404, code: 'not-found' });
    assertProblem(await self.call('GET', pathOf(other.authentication)), { status: 404, code: 'not-found' });
    assertProblem(await self.call('GET', other.path), { status: 404, code: 'not-found' });
    for (const client of [self, portal.client]) await client.expect('GET', '/v1/keys');
    for (const path of ['/v1/cas', '/v1/certificates', '/v1/orders', '/v1/profiles'])
      assertProblem(await self.call('GET', path), { status: 403, code: 'not-permitted' });
    for (const action of ['suspension', 'renewal'])
      assertProblem(await self.call('POST', `${pathOf(card.authentication)}/${action}`, { body: { csr: 'x' } }), {
        status: 403,
        code: 'not-permitted',
      });
  });

  it('revokes one certificate and then the whole card by TLS, as the certificate and not as an account', async () => {
    const card = await newCard();
    const self = clientOfKey(running.shared, card.authentication);
    const revoke = (path: string, reason: string) => self.call('POST', `${path}/revocation`, { body: { reason } });
    for (const reason of ['privilegeWithdrawn', 'affiliationChanged'])
      assertProblem(await revoke(pathOf(card.signature), reason), { status: 403, code: 'not-permitted' });
    assertProblem(await revoke(card.path, 'superseded'), { status: 403, code: 'not-permitted' });
    assert.equal((await revoke(pathOf(card.signature), 'superseded')).status, 200);
    assert.deepEqual([await statusOf(card.authentication), await statusOf(card.signature)], ['issued', 'revoked']);
    assert.equal((await revoke(card.path, 'keyCompromise')).status, 200);
    assert.equal(await statusOf(card.authentication), 'revoked');
    const [entry] = await entriesOf(card.authentication, 'certificate.revoked');
    assert.equal(entry?.actor, actorOf(card.authentication));
    const { status, body } = await self.call('GET', pathOf(card.authentication));
    assert.equal(status, 403, JSON.stringify(body));
  });

  it('cannot revoke what is on another card, nor by TLS with a signature certificate', async () => {
    const [card, other] = [await newCard(), await newCard()];
    const self = clientOfKey(running.shared, card.authentication);
    for (const path of [pathOf(other.authentication), other.path, '/v1/certificates/unknown'])
      assertProblem(await self.call('POST', `${path}/revocation`, { body: { reason: 'unspecified' } }), {
        status: 404,
        code: 'not-found',
      });
    const signing = clientOfKey(running.shared, card.signature);
    assertProblem(await signing.call('POST', `${card.path}/revocation`, { body: { reason: 'unspecified' } }), {
      status: 403,
      code: 'not-permitted',
    });
    assert.equal(await statusOf(other.authentication), 'issued');
    assert.equal(await statusOf(card.authentication), 'issued');
  });

  it('acts as the account to which its key is bound, and not for itself, also when that is disabled', async () => {
    const [card, disabled] = [await newCard(), await newCard()];
    const store = await openServiceStore(running.shared.service.at);
    for (const one of [card, disabled]) {
      const issuer = 'aci-fo-pp' as IssuerId;
      const spkiSha256 = sha256Of(one.authentication.key.publicKey.export({ type: 'spki', format: 'der' }));
      const account = {
        id: `holder-${one.tokenId.slice(-6)}`,
        name: 'x',
        roles: ['auditor'],
        scope: ALL,
        ...ACCOUNT_DEFAULTS,
        createdAt: 0,
      };
      const credentials = [{ issuer, spkiSha256 }];
      const added = { ...account, credentials, disabled: one === disabled };
      unwrap(await store.transaction((tx) => tx.insertAccount(added)));
    }
    await store.close();
    const auditor = clientOfKey(running.shared, card.authentication);
    await auditor.expect('GET', '/v1/cas');
    const refused = { status: 403, code: 'not-permitted' } as const;
    const body = { reason: 'unspecified' };
    assertProblem(await auditor.call('POST', `${card.path}/revocation`, { body }), refused);
    const nobody = clientOfKey(running.shared, disabled.authentication);
    assertProblem(await nobody.call('GET', pathOf(disabled.authentication)), refused);
    assertProblem(await nobody.call('POST', `${disabled.path}/revocation`, { body }), refused);
    assert.deepEqual(
      [await statusOf(card.authentication), await statusOf(disabled.authentication)],
      ['issued', 'issued'],
    );
  });

  it('revokes the card by a statement that a portal sends; statement and portal are recorded', async () => {
    const card = await newCard();
    const statement = { ...(await headOf(card)), verb: 'revoke', reason: 'keyCompromise' };
    const proof = signedBy(card.authentication, statement);
    const body = { reason: 'keyCompromise', proof };
    const revoked = await portal.client.expect<Page>('POST', `${card.path}/revocation`, { body });
    assert.deepEqual(
      revoked.certificates.map(({ status }) => status),
      ['revoked', 'revoked'],
    );
    const sha256 = sha256Of(octetsOf(canonicalText(statement)));
    for (const one of [card.authentication, card.signature]) {
      const [entry, ...more] = await entriesOf(one, 'certificate.revoked');
      assert.deepEqual(more, []);
      assert.equal(entry?.actor, actorOf(card.authentication));
      assert.deepEqual([entry.details.proof, entry.details.relayedBy], [sha256, portal.id]);
    }
    const database = await openDatabase(running.shared.service.at);
    const rows = await database.all('select * from card_proofs where sha256 = ?', sha256);
    await database.close();
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.statement, canonicalText(statement));
    const again = await portal.client.call('POST', `${card.path}/revocation`, { body });
    assertProblem(again, { status: 422, code: 'proof-rejected', pointer: '/proof', rule: 'certificate-not-revoked' });
  });

  it('revokes a single certificate by its own key, and by a CMS that OpenSSL makes', async () => {
    const card = await newCard();
    const head = await headOf(card);
    const statement = { ...head, verb: 'revoke', reason: 'superseded', certificate: card.signature.issued.id };
    const body = { reason: 'superseded', proof: signedBy(card.signature, statement) };
    await portal.client.expect('POST', `${pathOf(card.signature)}/revocation`, { body });
    assert.deepEqual([await statusOf(card.authentication), await statusOf(card.signature)], ['issued', 'revoked']);
    const whole = { ...head, verb: 'revoke', reason: 'cessationOfOperation' };
    const proof = { certificateId: card.authentication.issued.id, cms: cmsOf(card.authentication, whole) };
    const sent = { body: { reason: 'cessationOfOperation', proof } };
    await portal.client.expect('POST', `${card.path}/revocation`, sent);
    assert.equal(await statusOf(card.authentication), 'revoked');
  });

  it('is refused by the rule that the proof breaks, and nothing is revoked', async () => {
    const [card, other] = [await newCard(), await newCard()];
    const head = await headOf(card);
    const statement = { ...head, verb: 'revoke', reason: 'unspecified' };
    const { authentication, signature } = card;
    const by = (changes: object, key: CertifiedKey = authentication) => signedBy(key, { ...statement, ...changes });
    const cms = (...options: readonly string[]) => ({
      certificateId: authentication.issued.id,
      cms: cmsOf(authentication, statement, ...options),
    });
    const sound = by({});
    const off = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const second = filesOf(other.signature);
    const refused: readonly (readonly [rule: string, proof: object])[] = [
      ['statement-environment', by({ environment: 'production' })],
      ['statement-platform', by({ platform: '2'.repeat(64) })],
      ['statement-card', by({ card: other.tokenId })],
      ['statement-time', by({ at: off(-16) })],
      ['statement-time', by({ at: off(16) })],
      ['statement-members', by({ reason: 'keyCompromise' })],
      ['statement-members', by({ certificate: authentication.issued.id })],
      ['statement-members', by({ verb: 'begin' })],
      ['statement-canonical', { ...sound, statement: ` ${sound.statement}` }],
      ['signature-verifies', { ...sound, signature: by({ at: off(1) }).signature }],
      ['signature-verifies', { ...by({}, other.authentication), certificateId: authentication.issued.id }],
      ['certificate-of-this-card', by({}, other.authentication)],
      ['certificate-of-this-card', { ...sound, certificateId: OTHER_ID }],
      ['certificate-for-client-authentication', by({}, signature)],
      ['cms-shape', cms('-noattr')],
      ['cms-shape', cms(...second.asSigner)],
      ['proof-form', { ...sound, ...cms() }],
      ['proof-form', { certificateId: authentication.issued.id }],
    ];
    const before = await countsOf(running.shared.service.urls.operators);
    for (const [rule, proof] of refused) {
      const body = { reason: 'unspecified', proof };
      const answer = await portal.client.call('POST', `${card.path}/revocation`, { body });
      const { violations } = assertProblem(answer, { status: 422, code: 'proof-rejected' });
      assert.deepEqual(
        violations?.map((one) => [one.pointer, one.rule]),
        [['/proof', rule]],
        JSON.stringify(violations),
      );
    }
    second.remove();
    for (const one of [authentication, signature]) assert.equal(await statusOf(one), 'issued');
    const expected = new Map(before);
    for (const [rule] of refused) expected.set(rule, (expected.get(rule) ?? 0) + 1);
    // The service computes its metrics at most once a second.
    await until('the refused proofs are counted', async () => {
      const counted = await countsOf(running.shared.service.urls.operators);
      return [...expected].every(([rule, count]) => counted.get(rule) === count);
    });
    const [entry] = await entriesOf(authentication, 'proof.rejected');
    assert.deepEqual([entry?.actor, entry?.details.rules], [`account:${portal.id}`, ['statement-environment']]);
    const malformed = { reason: 'unspecified', proof: { ...sound, certificateId: 'x' } };
    assertProblem(await portal.client.call('POST', `${card.path}/revocation`, { body: malformed }), {
      status: 400,
      code: 'invalid-request',
      pointer: '/proof/certificateId',
    });
    const dated = { reason: 'unspecified', proof: sound, invalidityDate: '2026-01-01T00:00:00Z' };
    assertProblem(await portal.client.call('POST', `${card.path}/revocation`, { body: dated }), {
      status: 400,
      code: 'invalid-request',
      pointer: '/invalidityDate',
    });
  });

  it('is not helped by an account without the right, and a portal has no other right', async () => {
    const card = await newCard();
    const statement = { ...(await headOf(card)), verb: 'revoke', reason: 'unspecified' };
    const body = { reason: 'unspecified', proof: signedBy(card.authentication, statement) };
    const revocation = `${card.path}/revocation`;
    const refused = { status: 403, code: 'not-permitted' } as const;
    assertProblem(await running.cards.call('POST', revocation, { body }), refused);
    assertProblem(await running.shared.as('no-rights').call('POST', revocation, { body }), refused);
    assertProblem(await running.shared.as('auditor').call('POST', revocation, { body }), refused);
    for (const path of [revocation, `${pathOf(card.authentication)}/revocation`])
      assertProblem(await portal.client.call('POST', path, { body: { reason: 'unspecified' } }), refused);
    assertProblem(await portal.client.call('GET', pathOf(card.authentication)), refused);
    assertProblem(await portal.client.call('GET', '/v1/cas'), refused);
    const narrow = await running.shared.newAccount({ roles: ['portal'], scope: { ...ALL, holders: ['0*'] } });
    assertProblem(await narrow.client.call('POST', revocation, { body }), refused);
    const unknown = await portal.client.call('POST', `/v1/certificates/${OTHER_ID}/revocation`, { body });
    assertProblem(unknown, { status: 404, code: 'not-found' });
    assert.equal(await statusOf(card.authentication), 'issued');
  });
});

/** Counts of refused proofs by rule. */
async function countsOf(operators: string): Promise<ReadonlyMap<string, number>> {
  const metrics = await (await fetch(`${operators}/metrics`)).text();
  const lines = metrics.matchAll(/^pfcng_proofs_rejected_total\{rule="([^"]+)"\} (\d+)$/gm);
  return new Map([...lines].map(([, rule = '', count]) => [rule, Number(count)]));
}
