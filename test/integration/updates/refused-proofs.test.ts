/**
 * Begins of updates whose proof breaks one rule each. Without these tests a card could get
 * certificates that its present key has not signed for, or that another card has.
 */
import assert from 'node:assert/strict';
import type { IssuedCertificate } from '../../support/service/client.js';
import { assertProblem } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import {
  beginOf,
  type CardKey,
  issueCard,
  pathOf,
  platformOf,
  type Speaker,
  word,
} from '../../support/updates/remote-card.js';
import { cmsOf, filesOf } from '../../support/updates/signed-cms.js';
import { canonicalText, type StatedRequests } from '../../support/updates/statements.js';

type SentProof = { readonly certificateId: string; readonly statement: string; readonly signature: string };

describeService('the begin of an update', { on: 'sqlite', traced: true }, (running) => {
  let platform: string;
  before(async () => {
    platform = await platformOf(running.cards);
  });
  const speaker = async (): Promise<Speaker> => ({ platform, card: await issueCard(running.cards) });
  const certified = ({ key, certificate }: CardKey) => ({ key, issued: certificate });
  const onCard = async ({ card }: Speaker): Promise<readonly string[]> => {
    const path = `/v1/cards/${encodeURIComponent(card.tokenId)}`;
    const read = await running.cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>('GET', path);
    return read.certificates.map(({ status }) => status);
  };

  it('is refused by the rule that its proof breaks, and nothing is issued', async () => {
    const [who, other] = [await speaker(), await speaker()];
    const { body } = beginOf(who);
    const sound = body.proof as SentProof;
    const stated = JSON.parse(sound.statement) as StatedRequests;
    const [authentication, signature] = who.card.set;
    assert.ok(authentication && signature);
    const by = (changes: object, set: readonly CardKey[] = who.card.set) => word(who, { ...stated, ...changes }, set);
    const [first, second] = stated.requests;
    assert.ok(first && second);
    const swapped = [
      { ...first, profile: second.profile },
      { ...second, profile: first.profile },
    ];
    const cms = (...options: readonly string[]) => ({
      certificateId: authentication.certificate.id,
      cms: cmsOf(certified(authentication), stated, ...options),
    });
    const two = filesOf(certified(signature));
    const off = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const refused: readonly (readonly [rule: string, proof: object])[] = [
      ['statement-canonical', { ...sound, statement: sound.statement.replace(',', ', ') }],
      ['statement-members', by({ reason: 'unspecified' })],
      ['statement-members', { ...by({}), statement: canonicalText({ ...stated, verb: 'login' }) }],
      ['statement-environment', by({ environment: 'production' })],
      ['statement-platform', by({ platform: '3'.repeat(64) })],
      ['statement-card', by({ card: other.card.tokenId })],
      ['statement-requests', by({ requests: swapped })],
      ['statement-requests', by({ requests: [second, first] })],
      ['statement-requests', by({ requests: [first] })],
      ['statement-requests', by({ requests: [first, { ...second, csrSha256: 'e'.repeat(64) }] })],
      ['statement-time', by({ at: off(-16) })],
      ['statement-time', by({ at: off(16) })],
      ['signature-verifies', { ...by({}, other.card.set), certificateId: authentication.certificate.id }],
      ['signature-verifies', { ...by({ at: off(2) }), statement: sound.statement }],
      ['certificate-of-this-card', by({}, other.card.set)],
      ['certificate-for-client-authentication', by({}, [signature])],
      ['cms-shape', cms('-noattr')],
      ['cms-shape', cms(...two.asSigner)],
    ];
    for (const [rule, proof] of refused) {
      const answer = await running.cards.call('POST', pathOf(who.card), { body: { ...body, proof } });
      const { violations } = assertProblem(answer, { status: 422, code: 'proof-rejected' });
      const rules = violations?.map((one) => one.rule);
      assert.deepEqual(rules, [rule], JSON.stringify(violations));
    }
    two.remove();
    assert.deepEqual(await onCard(who), ['issued', 'issued']);
    const begun = await running.cards.call('POST', pathOf(who.card), { body: { ...body, proof: cms() } });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    assert.deepEqual([...(await onCard(who))].sort(), ['issued', 'issued', 'pending', 'pending']);
  });

  it('is refused when the certificate that signs was revoked', async () => {
    const who = await speaker();
    const [authentication] = who.card.set;
    const path = `/v1/certificates/${authentication?.certificate.id}/revocation`;
    await running.officer.expect('POST', path, { body: { reason: 'superseded' } });
    const { body } = beginOf(who);
    const answer = await running.cards.call('POST', pathOf(who.card), { body });
    assertProblem(answer, { status: 422, code: 'proof-rejected', pointer: '/proof', rule: 'certificate-not-revoked' });
    assert.equal((await onCard(who)).length, 2);
  });
});
