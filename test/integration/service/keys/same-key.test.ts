/** One key, several certificates of its holder: what becomes of the others when one is revoked. */
import assert from 'node:assert/strict';
import { describeOnEach } from '../../../support/db/fixture.js';
import type { Client, Issued } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../../support/service/files.js';
import { bodyOf, nextNumber, orderOf, type ProfileId, tokenId } from '../../../support/service/orders.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';

type RevokedCertificate = Issued & { readonly alsoRevoked?: readonly string[] };
type ShownCertificate = {
  readonly status: string;
  readonly revocation: { readonly reason: string; readonly invalidityDate: string };
};
type Entries = { readonly entries: readonly { readonly entry: Entry }[]; readonly nextCursor: string | null };
type Entry = { readonly type: string; readonly details: { readonly id?: string; readonly sameKey?: string } };

describeOnEach('the certificates of one key', ({ kind }) => {
  let shared: SharedService;
  let cards: Client;
  let party: RelyingParty;

  before(async function start() {
    shared = await sharedService('p-256', kind);
    cards = shared.as('card-management');
    party = createRelyingParty(shared.service.urls.publication);
    await party.fetchAll();
  });

  after(() => party.remove());

  /** Two certificates of one holder on one key. */
  async function two(profiles: readonly ProfileId[] = [ORGANISATION, ORGANISATION], number = nextNumber()) {
    const csr = makeCsr(makeKey());
    const made: Issued[] = [];
    for (const profile of profiles)
      made.push(await cards.expect<Issued>('POST', '/v1/certificates', { body: { ...orderOf(profile, number), csr } }));
    const [first, second] = made;
    assert.ok(first && second);
    return { first, second, number };
  }
  const revoke = (client: Client, { id }: Issued, body: object) =>
    client.expect<RevokedCertificate>('POST', `/v1/certificates/${id}/revocation`, { body });
  const show = ({ id }: Issued) => cards.expect<ShownCertificate>('GET', `/v1/certificates/${id}`);

  async function entriesOf(id: string): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    let cursor = '';
    for (;;) {
      const path = `/v1/audit/entries?limit=200${cursor}`;
      const { entries, nextCursor } = await shared.as('auditor').expect<Entries>('GET', path);
      found.push(...entries.map(({ entry }) => entry).filter(({ details }) => details?.id === id));
      if (nextCursor === null) return found;
      cursor = `&cursor=${nextCursor}`;
    }
  }

  it('are all revoked when one is revoked for compromise: said in the answer, in OCSP, and each in the audit log', async () => {
    const { first, second } = await two();
    for (const issued of [first, second]) {
      const { output } = await party.ocsp(writeIssued(party, issued), issued.ca);
      assert.ok(output.includes(': good'), output);
    }
    const invalidityDate = '2026-03-01T10:00:00Z';
    const answer = await revoke(cards, first, { reason: 'keyCompromise', invalidityDate });
    assert.deepEqual(answer.alsoRevoked, [second.id]);
    for (const issued of [first, second]) {
      const { status, revocation } = await show(issued);
      assert.deepEqual(
        [status, revocation.reason, revocation.invalidityDate],
        ['revoked', 'keyCompromise', invalidityDate],
      );
      const { output } = await party.ocsp(writeIssued(party, issued), issued.ca);
      assert.ok(output.includes(': revoked'), output);
      const revoked = (await entriesOf(issued.id)).filter(({ type }) => type === 'certificate.revoked');
      assert.equal(revoked.length, 1);
      assert.equal(revoked[0]?.details.sameKey === undefined, issued === first);
    }
  });

  it('are left as they are when one is revoked for any other reason', async () => {
    const { first, second } = await two();
    assert.equal((await revoke(cards, first, { reason: 'superseded' })).alsoRevoked, undefined);
    assert.equal((await show(second)).status, 'issued');
  });

  it('are revoked when they are suspended too, and stay as they are when they were revoked before', async () => {
    const suspended = await two();
    await cards.expect('POST', `/v1/certificates/${suspended.second.id}/suspension`, { body: {} });
    await revoke(cards, suspended.first, { reason: 'keyCompromise' });
    assert.equal((await show(suspended.second)).status, 'revoked');
    const before = await two();
    await revoke(cards, before.second, { reason: 'superseded' });
    assert.equal((await revoke(cards, before.first, { reason: 'keyCompromise' })).alsoRevoked, undefined);
    assert.equal((await show(before.second)).revocation.reason, 'superseded');
  });

  it('are revoked whether or not the account may see them, and named to it as far as it may', async () => {
    const scope = { profiles: [ORGANISATION], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { client } = await shared.newAccount({ roles: ['card-management'], scope });
    const { first, second } = await two([ORGANISATION, 'elementaire/org-sign']);
    assert.equal((await revoke(client, first, { reason: 'keyCompromise' })).alsoRevoked, undefined);
    assert.equal((await show(second)).status, 'revoked');
  });

  it('go with the card that one of them is on', async () => {
    const [profiles, number] = [['fort/cps-authentication', 'fort/cps-signature'] as const, nextNumber()];
    const csr = makeCsr(makeKey());
    const made: Issued[] = [];
    for (const [at, profile] of profiles.entries()) {
      // The same holder's next card.
      const card = { tokenId: tokenId(at === 0 ? number : nextNumber()), product: 'cps' };
      const body = { ...bodyOf(profile), ...orderOf(profile, number), card, csr };
      made.push(await cards.expect<Issued>('POST', '/v1/certificates', { body }));
    }
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/revocation`;
    const { certificates } = await cards.expect<{ readonly certificates: readonly Issued[] }>('POST', path, {
      body: { reason: 'keyCompromise' },
    });
    assert.deepEqual(
      certificates.map(({ id }) => id),
      made.map(({ id }) => id),
    );
  });
});
