/**
 * Accounts that two officers change. Without these guards one officer could give himself rights, a
 * change could be made to another account than was read, and nobody could be left to decide.
 */
import assert from 'node:assert/strict';
import { certifyAccount } from '../../../src/operations/accounts/certify-account.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import { CARDS, FIRST, LIMITED, type Office, openOffice, SECOND, THIRD } from '../../support/approvals/office.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';

describeOnEach('an account that two officers change', ({ fresh, opened }) => {
  let store: Store;
  let office: Office;

  beforeEach(async () => {
    store = await opened({ database: await fresh() });
    office = await openOffice(store);
  });
  afterEach(() => office.close());

  const stored = async (id: string): Promise<Account | undefined> =>
    unwrap(await store.read((reads) => reads.accounts())).find((one) => one.id === id);
  const ask = (what: string, body: object, as = FIRST) =>
    office.send(as, `POST /v1/accounts/${CARDS.id}/${what}`, { reason: 'decided', ...body });

  it('stays as it is until the second officer approves, and the entry names both', async () => {
    const asked = await ask('change', { roles: ['auditor'], scope: { holders: ['8*'] } });
    assert.equal(asked.status, 202);
    const { id, object, action } = asked.body.approval;
    assert.equal(action, 'account.change');
    assert.deepEqual(object.roles, ['card-management']);
    assert.deepEqual((await stored(CARDS.id))?.roles, ['card-management']);
    assert.equal((await office.approve(FIRST, id)).status, 409);
    assert.equal((await office.approve(SECOND, id)).status, 200);
    const { roles, scope } = (await stored(CARDS.id)) ?? CARDS;
    assert.deepEqual([roles, scope.holders, scope.profiles], [['auditor'], ['8*'], ['*']]);
    const [entry] = (await storedAudit(store)).filter(({ type }) => type === 'account.changed');
    assert.equal(entry?.actor, 'account:officer-2');
    assert.deepEqual(
      [entry?.details.officers, entry?.details.approval, entry?.details.changed],
      [['officer-1', 'officer-2'], id, ['roles', 'holders']],
    );
  });

  it('gets a structure that is in its scope, and no other', async () => {
    const structure = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' };
    const { body } = await ask('change', { structure });
    assert.equal((await office.approve(SECOND, body.approval.id)).status, 200);
    assert.deepEqual((await stored(CARDS.id))?.structure, structure);
    const [entry] = (await storedAudit(store)).filter(({ type }) => type === 'account.changed');
    assert.deepEqual([entry?.details.structure, entry?.details.changed], ['10B0057881', ['structure']]);
    const elsewhere = await ask('change', { scope: { structures: ['2187512751'] } });
    assert.deepEqual([elsewhere.status, elsewhere.body.rule], [409, 'account-structure']);
    const misspelt = await ask('change', { structure: { ...structure, department: 'Paris' } });
    assert.deepEqual(
      misspelt.body.violations?.map(({ pointer }) => pointer),
      ['/structure/department'],
    );
    const none = await ask('change', { structure: null });
    assert.equal((await office.approve(SECOND, none.body.approval.id)).status, 200);
    assert.equal((await stored(CARDS.id))?.structure, null);
  });

  it('gets no new certificate from an officer with a limited scope, who would have its rights', async () => {
    const order = { csr: '-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----' };
    const certify = (as: Account) => office.send(as, `POST /v1/accounts/${CARDS.id}/certificate`, order);
    const limited = await certify(LIMITED);
    assert.deepEqual([limited.status, limited.body.rule], [403, 'scope-unlimited']);
    const unlimited = await certify(FIRST);
    assert.deepEqual([unlimited.status, unlimited.body.rule], [409, 'account-of-this-platform']);
  });

  it('that approves gets a new certificate from a break-glass officer only, because one officer would sign for two', async () => {
    const certify = async (officer: Account) => {
      const asked = { officer, accountId: SECOND.id, csr: '', keyOrigin: null };
      const certified = await certifyAccount(office.world, asked);
      assert.ok(!certified.ok && 'rule' in certified.error);
      return [certified.error.kind, certified.error.rule];
    };
    assert.deepEqual(await certify(FIRST), ['not-permitted', 'account-approves']);
    const credentials = [{ issuer: 'access' as IssuerId, spkiSha256: 'a'.repeat(64) }];
    assert.deepEqual(await certify({ ...FIRST, credentials }), ['state-conflict', 'account-of-this-platform']);
  });

  it('of an officer is changed by two others, and by no signature of the same officer', async () => {
    const change = (as: Account) =>
      office.send(as, `POST /v1/accounts/${SECOND.id}/change`, { name: 'another name', reason: 'a marriage' });
    const own = await change(SECOND);
    assert.deepEqual([own.status, own.body.rule], [403, 'approval-own-account']);
    const { body } = await change(FIRST);
    const second = await office.approve(SECOND, body.approval.id);
    assert.deepEqual([second.status, second.body.rule], [403, 'approval-own-account']);
    assert.equal((await office.approve(THIRD, body.approval.id)).status, 200);
    assert.equal((await stored(SECOND.id))?.name, 'another name');
  });

  it('is disabled and enabled again', async () => {
    for (const [what, disabled] of [
      ['disabling', true],
      ['enabling', false],
    ] as const) {
      const { body } = await ask(what, {});
      assert.equal((await office.approve(SECOND, body.approval.id)).status, 200);
      assert.equal((await stored(CARDS.id))?.disabled, disabled);
      const again = await ask(what, {});
      assert.deepEqual([again.status, again.body.rule], [409, 'account-differs']);
    }
  });

  it('is not changed if it was changed otherwise since the request', async () => {
    const { body } = await ask('change', { roles: ['auditor'] });
    const rights = { name: 'another name' };
    unwrap(await changeAccount({ store, clock: () => NOW }, { id: CARDS.id, change: { rights } }, { login: 'root' }));
    const refused = await office.approve(SECOND, body.approval.id);
    assert.deepEqual([refused.status, refused.body.rule], [409, 'approval-stale']);
    assert.deepEqual((await stored(CARDS.id))?.roles, ['card-management']);
  });

  it('is no officer of the last two', async () => {
    const disable = (id: string) => office.send(FIRST, `POST /v1/accounts/${id}/disabling`, { reason: 'away' });
    const asked = await disable(THIRD.id);
    assert.equal((await office.approve(SECOND, asked.body.approval.id)).status, 200);
    const refused = await disable(SECOND.id);
    assert.deepEqual([refused.status, refused.body.rule], [409, 'account-officers-remain']);
    const limited = { scope: { holders: ['8*'] }, reason: 'less' };
    const change = await office.send(FIRST, `POST /v1/accounts/${SECOND.id}/change`, limited);
    assert.equal(change.body.rule, 'account-officers-remain');
  });

  it('is not requested by others than officers, and not with rights that do not exist', async () => {
    assert.equal((await ask('disabling', {}, CARDS)).status, 403);
    const wrong = await ask('change', { scope: { profiles: ['fort/none'] } });
    assert.equal(wrong.status, 422);
    assert.deepEqual(
      wrong.body.violations?.map(({ pointer, rule }) => `${pointer} ${rule}`),
      ['/scope/profiles/0 account-scope'],
    );
    assert.equal((await ask('change', { roles: ['root'] })).status, 400);
    const unknown = await office.send(FIRST, 'POST /v1/accounts/nobody/disabling', { reason: 'away' });
    assert.equal(unknown.status, 404);
  });
});
