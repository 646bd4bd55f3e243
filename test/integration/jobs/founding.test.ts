/**
 * The service registers founding certificates and their accounts. Without these tests, a start
 * could open a closed account again, or use a file that somebody has changed.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { performCeremony } from '../../../src/ceremony/perform.js';
import { foundingFiles } from '../../../src/compose/founding.js';
import { systemRandom } from '../../../src/compose/world.js';
import { homePaths } from '../../../src/config/paths.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import { findUnusableAccounts } from '../../../src/operations/accounts/find-unusable-accounts.js';
import { registerCertificates } from '../../../src/operations/status/register-certificates.js';
import { parseIssuerId } from '../../../src/policy/ids.js';
import type { Policy } from '../../../src/policy/model.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../../src/x509/model.js';
import { type Disk, fakeWorld, testPolicy } from '../../support/ceremony/fake-world.js';
import {
  AGAIN,
  FOUNDING_FORT,
  foundingCeremonies,
  LATER,
  OFFICER,
  OTHER_OFFICER,
  REGAIN,
} from '../../support/ceremony/founding.js';
import { copyOf, fileOf, linesOf, rewritten } from '../../support/ceremony/in-memory.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';

const AUTHORITY = 'aci-fo-pp' as IssuerId;
const TRANSCRIPT = 'ceremony/fort/transcript.ndjson';

describeOnEach('founding certificates', ({ fresh, opened }) => {
  const policy = testPolicy();
  const { founded, fresh: unfounded, done, planOf } = foundingCeremonies(policy);
  let fort: Disk;
  let regained: Disk;
  let stores: readonly [Store, Store];
  let store: Store;
  let logged: (readonly [event: string, fields: Readonly<Record<string, unknown>>])[];
  const blocked = new Set<string>();

  before(async () => {
    fort = await founded();
    regained = copyOf(fort);
    await done(regained, planOf(REGAIN), { now: LATER });
  });

  beforeEach(async () => {
    const database = await fresh();
    stores = await Promise.all([opened({ database }), opened({ database })]);
    [store] = stores;
    logged = [];
    blocked.clear();
  });

  const issuerOf = (disk: Disk): Issuer => {
    const id = parseIssuerId(AUTHORITY);
    assert.ok(id.ok);
    const certificate = fileOf(disk, `authorities/${AUTHORITY}.cer`);
    return unwrap(readIssuer({ ...id.value, hierarchy: 'fort', kind: 'issuing', certificate }));
  };
  const note = (event: string, fields: Readonly<Record<string, unknown>> = {}) => void logged.push([event, fields]);
  /** A start of the service on a home folder with these files. */
  const start = async (
    disk: Disk,
    { of = store, under = policy, issuer = issuerOf(disk) }: { of?: Store; under?: Policy; issuer?: Issuer } = {},
  ): Promise<boolean> => {
    const home = temporaryFolder();
    for (const [path, content] of disk.files) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), content);
    }
    const files = foundingFiles({ config: { paths: homePaths(home) }, policy: under });
    const issuers = {
      all: () => [issuer],
      byId: (id: IssuerId) => (id === issuer.id ? issuer : null),
      current: () => issuer,
      chain: () => [],
      links: () => [],
    };
    const log = { info: note, warn: note, error: note };
    const clock = () => LATER + 1;
    const world = { policy: under, store: of, clock, random: systemRandom, log, issuers, blockedKeys: blocked };
    // Each file twice, as if another service had registered it after it was looked up.
    const registered = await registerCertificates(world, [...files, ...files]);
    rmSync(home, { recursive: true });
    return registered.ok;
  };
  /** It would make other certificates of the same plans. */
  const shorterPolicy = (): Policy => {
    const profile = present(policy.profiles.get('fort/cps-authentication') ?? null, 'a profile');
    return { ...policy, profiles: new Map([...policy.profiles, [profile.id, { ...profile, validity: { years: 2 } }]]) };
  };
  const accounts = async (): Promise<readonly Account[]> => unwrap(await store.read((reads) => reads.accounts()));
  const account = async (id: string): Promise<Account> =>
    present(
      (await accounts()).find((one) => one.id === id),
      id,
    );
  const tbsOf = (disk: Disk, path: string) => {
    const read = readCertificate(fileOf(disk, path));
    assert.ok(read.ok);
    return read.value.tbs;
  };
  const recordOf = (disk: Disk, path: string) =>
    store
      .read((reads) => reads.certificateBySerial(AUTHORITY, tbsOf(disk, path).serial))
      .then((found) => unwrap(found));
  const keyOf = (disk: Disk, path: string): string => sha256Hex(tbsOf(disk, path).spki);
  const change = async (id: string, what: Parameters<typeof changeAccount>[1]['change']) =>
    unwrap(await changeAccount({ store, clock: () => LATER }, { id, change: what }, { login: 'operator' }));
  const unusable = async (facts: Partial<Parameters<typeof findUnusableAccounts>[1]> = {}) =>
    unwrap(
      await store.read((reads) =>
        findUnusableAccounts(reads, { authorities: [AUTHORITY, 'aci-st-pp'], access: [], now: LATER, ...facts }),
      ),
    );
  const eventsOf = () => logged.map(([event]) => event);
  const auditTypes = async () => (await storedAudit(store)).map(({ type }) => type);

  it('are registered at a start with their accounts, once, by several services at once', async () => {
    assert.deepEqual(await Promise.all(stores.map((of) => start(fort, { of }))), [true, true]);
    assert.ok(await start(fort));
    const record = present(await recordOf(fort, OFFICER), 'a record');
    assert.deepEqual(
      [record.state.status, record.profile, record.holderId, record.cardTokenId, record.keyOrigin],
      ['issued', 'fort/cps-authentication', '810000000017', '8025000001/9000000001', 'card'],
    );
    assert.deepEqual(record.tbs, tbsOf(fort, OFFICER).der);
    const { credentials, ...rest } = await account('officer-1');
    assert.deepEqual(credentials, [{ issuer: AUTHORITY, spkiSha256: keyOf(fort, OFFICER) }]);
    const everything = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    assert.deepEqual(rest, {
      id: 'officer-1',
      name: 'Development officer 1',
      roles: ['officer'],
      scope: everything,
      disabled: false,
      ...ACCOUNT_DEFAULTS,
      createdAt: LATER + 1,
    });
    const entries = await storedAudit(store);
    assert.deepEqual(
      entries.map(({ type }) => type),
      Array(2).fill(['certificate.registered', 'account.added']).flat(),
    );
    const planSha256 = sha256Hex(fileOf(fort, 'ceremony/fort/plan.json'));
    const [registered, added] = entries.map(({ details }) => details);
    assert.deepEqual([registered?.ceremony, registered?.planSha256], ['fort', planSha256]);
    assert.deepEqual([added?.ceremony, added?.planSha256, added?.certificate], ['fort', planSha256, record.id]);
    assert.deepEqual(eventsOf(), ['account.founded', 'account.founded']);
  });

  it('are found and stay revoked: a later start changes nothing', async () => {
    await start(fort);
    const { id } = present(await recordOf(fort, OFFICER), 'a record');
    const state = { status: 'revoked', at: LATER, reason: 'keyCompromise', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, id, [state, { at: LATER, actor: 'account:officer-2' }])));
    await start(fort);
    await start(fort, { under: shorterPolicy() });
    assert.deepEqual((await recordOf(fort, OFFICER))?.state, state);
    assert.equal((await storedAudit(store)).length, 4);
    assert.deepEqual(eventsOf(), ['account.founded', 'account.founded']);
  });

  it('give an account that has lost all of its credentials another one, with a trace in the audit log', async () => {
    await start(fort);
    await start(regained);
    assert.deepEqual(
      (await account('officer-1')).credentials.map(({ spkiSha256 }) => spkiSha256).sort(),
      [keyOf(fort, OFFICER), keyOf(regained, AGAIN)].sort(),
    );
    const entry = present((await storedAudit(store)).at(-1), 'the last entry');
    assert.equal(entry.type, 'account.credential-added');
    assert.deepEqual(
      [entry.details.account, entry.details.ceremony, entry.details.planSha256, entry.details.certificate],
      [
        'officer-1',
        'regain-access',
        sha256Hex(fileOf(regained, 'ceremony/regain-access/plan.json')),
        (await recordOf(regained, AGAIN))?.id,
      ],
    );
    assert.deepEqual(eventsOf().slice(2), ['account.founded']);
  });

  it('neither enable a disabled account nor restore a credential that was replaced', async () => {
    await start(fort);
    await change('officer-2', 'disable');
    const other = { issuer: AUTHORITY, spkiSha256: 'c'.repeat(64) };
    await change('officer-1', { credentials: [other] });
    await start(fort);
    assert.equal((await account('officer-2')).disabled, true);
    assert.deepEqual((await account('officer-1')).credentials, [other]);
    await change('officer-1', 'disable');
    await start(regained);
    const { disabled, credentials } = await account('officer-1');
    assert.deepEqual([disabled, credentials.length], [true, 2]);
    assert.deepEqual(logged.at(-1), [
      'account.founded',
      {
        account: 'officer-1',
        ceremony: 'regain-access',
        id: (await recordOf(regained, AGAIN))?.id,
        disabled: true,
      },
    ]);
  });

  it('are registered without their account if it has other rights, or the key is another account’s or blocked', async () => {
    const reasons: Readonly<Record<string, () => Promise<unknown>>> = {
      'the account has other roles or another scope than the plan says': async () => {
        const officer = await account('officer-1');
        unwrap(await store.transaction((tx) => tx.updateAccount({ ...officer, roles: ['officer', 'auditor'] })));
      },
      'the key is already that of the account officer-2': () =>
        change('officer-2', { credentials: [{ issuer: 'aci-st-pp' as IssuerId, spkiSha256: keyOf(regained, AGAIN) }] }),
      'its key is compromised or blocked': async () => blocked.add(keyOf(regained, AGAIN)),
    };
    for (const [detail, prepare] of Object.entries(reasons)) {
      store = await opened();
      blocked.clear();
      await start(fort);
      await prepare();
      const before = await account('officer-1');
      await start(regained);
      const { id } = present(await recordOf(regained, AGAIN), 'a record');
      assert.deepEqual(logged.at(-1), [
        'account.not-founded',
        { account: 'officer-1', ceremony: 'regain-access', id, detail },
      ]);
      assert.deepEqual(await account('officer-1'), before);
      const entry = present((await storedAudit(store)).at(-1), 'the last entry');
      assert.deepEqual([entry.type, entry.outcome], ['account.not-founded', 'failure']);
      const planSha256 = sha256Hex(fileOf(regained, 'ceremony/regain-access/plan.json'));
      assert.deepEqual(entry.details, {
        account: 'officer-1',
        certificate: id,
        ceremony: 'regain-access',
        detail,
        planSha256,
      });
      const said = `it did not get the founding certificate ${id}: ${detail}; bind it with pfcng account, or revoke it`;
      assert.deepEqual(await unusable(), [{ account: 'officer-1', detail: said }]);
      await start(regained);
      assert.equal((await auditTypes()).filter((type) => type === entry.type).length, 1, 'no entry at later starts');
      await change('officer-2', { credentials: [{ issuer: AUTHORITY, spkiSha256: keyOf(regained, AGAIN) }] });
      assert.deepEqual(await unusable(), [], 'an operator has bound it');
    }
    store = await opened();
    await start(fort);
    const key = { spkiSha256: keyOf(regained, AGAIN), at: LATER, actor: 'account:officer-2', reason: 'leaked' };
    unwrap(await store.transaction((tx) => tx.insertBlockedKey(key)));
    await start(regained);
    assert.equal(logged.at(-1)?.[1].detail, 'its key is compromised or blocked', 'by an officer');
  });

  it('are reported with their account while its certificate was not bound, and not after its revocation', async () => {
    await start(fort);
    blocked.add(keyOf(regained, AGAIN));
    await start(regained);
    assert.equal((await unusable()).length, 1);
    const { id, notAfter } = present(await recordOf(regained, AGAIN), 'a record');
    assert.deepEqual(await unusable({ now: notAfter + 1_000 }), []);
    const state = { status: 'revoked', at: LATER, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, id, [state, { at: LATER, actor: 'account:officer-2' }])));
    assert.deepEqual(await unusable(), []);
  });

  it('of a CA whose certificates the API refuses are reported until the configuration names the CA', async () => {
    await start(fort);
    const detail =
      `the API accepts no certificate of ${AUTHORITY}; ` +
      'name the CA in accountAuthorities of the configuration, or bind another certificate';
    const all = [
      { account: 'officer-1', detail },
      { account: 'officer-2', detail },
    ];
    assert.deepEqual(await unusable({ authorities: ['aci-el-org'] }), all);
    assert.deepEqual(await unusable({ authorities: ['aci-el-org'], access: [AUTHORITY] }), []);
    await change('officer-2', 'disable');
    assert.deepEqual(await unusable({ authorities: ['aci-el-org'] }), all.slice(0, 1));
    assert.deepEqual(await unusable(), []);
  });

  const altered = (content: Bytes): Bytes =>
    content.map((octet, at) => (at === content.length - 9 ? octet ^ 1 : octet));
  const changed = (path: string, content: Bytes | null): Disk => {
    const disk = copyOf(fort);
    if (content === null) disk.files.delete(path);
    else disk.files.set(path, content);
    return disk;
  };
  /** The transcript with other lines, whose hashes are right. */
  const withLines = (edit: Parameters<typeof rewritten>[1]): Disk =>
    changed(TRANSCRIPT, utf8(`${rewritten(linesOf(fort, 'fort'), edit).join('\n')}\n`));

  it('are reported and not used when certificate, request, chain, plan or transcript do not fit', async () => {
    const chain = OFFICER.replace('.cer', '.chain.pem');
    const plan = 'ceremony/fort/plan.json';
    const otherPlan = new TextDecoder().decode(fileOf(fort, plan)).replace('"officer-1"', '"officer-9"');
    const faults: readonly (readonly [Disk, RegExp])[] = [
      [changed(OFFICER, altered(fileOf(fort, OFFICER))), /officer-1\.cer: its SHA-256 differs from line/],
      [changed(OFFICER, fileOf(fort, OTHER_OFFICER)), /officer-1\.cer: its SHA-256 differs from line/],
      [changed(OFFICER, null), /officer-1\.cer does not exist/],
      [changed('requests/officer-1.csr.pem', utf8('x')), /officer-1\.csr\.pem: its SHA-256 differs from line/],
      [changed(chain, null), /officer-1\.chain\.pem does not exist/],
      [changed(plan, utf8(otherPlan)), /plan\.json: this is not the plan that the ceremony began with/],
      [changed(plan, null), /plan\.json does not exist/],
      [changed(plan, utf8('{')), /plan\.json: this is not the plan that the ceremony began with/],
      [changed(TRANSCRIPT, null), /transcript\.ndjson does not exist/],
      [withLines(({ action, result }) => (action === 'end' ? null : result)), /does not record the end/],
      [
        withLines(({ action, result }) => (action === 'begin' ? { ...result, rehearsal: true } : result)),
        /not the signature of the ceremony key/,
      ],
    ];
    for (const [disk, says] of faults) {
      logged = [];
      assert.ok(await start(disk));
      const details = logged.map(([event, { detail }]) => `${event} ${detail}`);
      assert.ok(details.length > 0, String(says));
      for (const detail of details) assert.match(detail, /^founding\.not-registered /);
      assert.ok(
        details.some((detail) => says.test(detail)),
        `${says}: ${details.join('\n')}`,
      );
      assert.deepEqual(await accounts(), []);
      assert.deepEqual(await auditTypes(), []);
    }
  });

  it('of a rehearsal are not used, nor under a policy that would make other certificates', async () => {
    const disk = unfounded();
    const { world } = fakeWorld(disk, { policy, machine: { swap: true } });
    assert.ok((await performCeremony({ ...world, isRehearsal: true }, planOf(FOUNDING_FORT))).ok);
    await start(disk);
    assert.equal(logged[0]?.[1].detail, 'the ceremony was a rehearsal');
    await start(fort, { under: shorterPolicy() });
    assert.equal(logged.at(-1)?.[1].detail, 'not the certificate that the policy makes of the plan of its ceremony');
    assert.deepEqual(await accounts(), []);
  });

  it('are not used if their CA at home is another one', async () => {
    const other = await founded();
    const path = `authorities/${AUTHORITY}.cer`;
    await start(fort, { issuer: issuerOf(other) });
    assert.deepEqual(
      logged.map(([event, { detail }]) => `${event}: ${detail}`),
      Array(4).fill(`founding.not-registered: not signed with the key of ${AUTHORITY}`),
    );
    await start(changed(path, fileOf(other, path)));
    assert.deepEqual(await accounts(), []);
  });
});
