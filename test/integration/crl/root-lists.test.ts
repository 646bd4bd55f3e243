/**
 * Lists of roots that somebody puts into the folder of published files: a CA is revoked for all
 * nodes by each list that its root has signed, by no other, and for good.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRootCrlImporter } from '../../../src/jobs/lists/root-crl-importer.js';
import type { RootListsWorld } from '../../../src/operations/crl/import-crls.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { Store } from '../../../src/ports/store.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import type { Issuer } from '../../../src/x509/model.js';
import { rootListOf } from '../../support/crl/root-list.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { testIssuer, testKey, testPolicy } from '../../unit/policy/fixtures.js';

const POLICY = testPolicy();
const ROOT = testIssuer(POLICY, 'acr-el');
const FORT = testIssuer(POLICY, 'acr-fo');
// Generations, because issuers of the fixtures have the serial number of their generation.
const PERSONS = testIssuer(POLICY, 'aci-el-pp');
const ORGANISATIONS = testIssuer(POLICY, 'aci-el-org', 2);
const CARDS = testIssuer(POLICY, 'aci-fo-pp');
const ISSUERS = [ROOT, FORT, CARDS, PERSONS, ORGANISATIONS];

const keyOf = ({ id, keyType }: Issuer) => testKey(keyType, `${id}-1`).privateKey;
const listOf = (number: number, revoked: readonly Issuer[]) =>
  rootListOf({ root: ROOT, key: keyOf(ROOT), number, revoked });

describeOnEach('a list of a root in the folder', ({ fresh, opened }) => {
  let store: Store;
  let folder: string;
  let reported: string[];
  let database: Awaited<ReturnType<typeof fresh>>;

  const nodeOn = (on: Store, directory: string) => {
    const log = (level: string) => (event: string, members?: object) => {
      reported.push(`${level} ${event} ${Object.values(members ?? {}).join(' ')}`);
    };
    const world: Pick<RootListsWorld, 'store' | 'clock' | 'outlet'> = {
      store: on,
      clock: () => NOW,
      outlet: createFileOutlet({ directory }),
    };
    const issuers = { all: () => ISSUERS };
    const logs = { info: log('info'), warn: log('warn'), error: log('error') };
    return createRootCrlImporter({ ...world, issuers, log: logs } as unknown as RootListsWorld);
  };
  const put = (list: Uint8Array, { id }: Issuer = ROOT) => writeFileSync(join(folder, crlFileName(id)), list);
  const read = async () => unwrap(await nodeOn(store, folder).read());
  const revoked = async () =>
    [...unwrap(await store.read((reads) => reads.revokedIssuers())).values()]
      .map(({ issuer, reason, listNumber }) => `${issuer} ${reason} ${listNumber}`)
      .sort();
  const latest = async () => unwrap(await store.read((reads) => reads.latestCrl(ROOT.id)))?.number ?? null;

  beforeEach(async () => {
    database = await fresh();
    store = await opened({ database });
    folder = temporaryFolder();
    reported = [];
    put(listOf(1, []));
    put(rootListOf({ root: FORT, key: keyOf(FORT), number: 1, revoked: [] }), FORT);
    await read();
    assert.deepEqual([await latest(), await revoked()], [1, []]);
  });

  it('revokes the CAs that it names: with its reason and number, once, and with one entry of the audit log', async () => {
    put(listOf(2, [PERSONS]));
    const other = await opened({ database });
    const nodes = [nodeOn(store, folder), nodeOn(other, folder), nodeOn(store, folder)];
    for (const outcome of await Promise.all(nodes.map((node) => node.read()))) unwrap(outcome);
    put(listOf(3, [PERSONS, ORGANISATIONS]));
    await read();
    await read();
    assert.deepEqual(await revoked(), ['aci-el-org-2 keyCompromise 3', 'aci-el-pp keyCompromise 2']);
    assert.equal(await latest(), 3);
    const written = (await storedAudit(store)).flatMap(({ type, details }) =>
      type === 'issuer.revoked' ? [details] : [],
    );
    assert.deepEqual(written, [
      { issuer: 'aci-el-pp', reason: 'keyCompromise', root: 'acr-el', list: 2 },
      { issuer: 'aci-el-org-2', reason: 'keyCompromise', root: 'acr-el', list: 3 },
    ]);
    assert.deepEqual(
      reported.filter((line) => line.startsWith('error')),
      [
        'error issuer.revoked aci-el-pp keyCompromise acr-el 2',
        'error issuer.revoked aci-el-org-2 keyCompromise acr-el 3',
      ],
    );
  });

  it('that another key has signed, of another hierarchy or altered, revokes nobody and is reported once', async () => {
    const good = listOf(2, [PERSONS]);
    const lists: Readonly<Record<string, Uint8Array>> = {
      forged: rootListOf({
        root: ROOT,
        key: testKey(ROOT.keyType, 'forger').privateKey,
        number: 2,
        revoked: [PERSONS],
      }),
      'of the other root': rootListOf({ root: FORT, key: keyOf(FORT), number: 2, revoked: [PERSONS] }),
      'under the name of the root, with the key of the other one': rootListOf({
        root: ROOT,
        key: keyOf(FORT),
        number: 2,
        revoked: [PERSONS],
      }),
      'of an issuing CA': rootListOf({ root: PERSONS, key: keyOf(PERSONS), number: 2, revoked: [PERSONS] }),
      altered: good.map((octet, at) => (at === good.length - 1 ? octet ^ 1 : octet)),
      half: good.subarray(0, good.length / 2),
      empty: new Uint8Array(0),
    };
    const node = nodeOn(store, folder);
    for (const [what, list] of Object.entries(lists)) {
      reported = [];
      put(list);
      for (let times = 0; times < 3; times += 1) unwrap(await node.read());
      assert.deepEqual([what, await latest(), await revoked()], [what, 1, []]);
      assert.equal(reported.length, 1, `${what}: ${reported.join('\n')}`);
      assert.match(reported[0] ?? '', /^error crl\.published-list-unreadable/);
      put(listOf(1, []));
      unwrap(await node.read());
    }
  });

  it('revokes nobody of another hierarchy who has the same serial number', async () => {
    put(rootListOf({ root: FORT, key: keyOf(FORT), number: 2, revoked: [PERSONS] }), FORT);
    await read();
    assert.deepEqual(await revoked(), ['aci-fo-pp keyCompromise 2']);
  });

  it('that is older than the last one, or no longer names a CA, does not take a revocation back', async () => {
    put(listOf(2, [PERSONS]));
    await read();
    for (const after of [listOf(1, []), listOf(3, [])]) {
      put(after);
      await read();
      assert.deepEqual(await revoked(), ['aci-el-pp keyCompromise 2']);
    }
    assert.equal(await latest(), 3);
    // An older list still says which CAs were revoked, and does not become the last one.
    put(listOf(2, [ORGANISATIONS, PERSONS]));
    await read();
    assert.deepEqual(await revoked(), ['aci-el-org-2 keyCompromise 2', 'aci-el-pp keyCompromise 2']);
    assert.equal(await latest(), 3);
  });

  it('revokes in a restored database that has forgotten it, which may know the number of the list', async () => {
    put(listOf(2, [PERSONS]));
    await read();
    const older = await opened();
    unwrap(await nodeOn(older, folder).read());
    store = older;
    assert.deepEqual(await revoked(), ['aci-el-pp keyCompromise 2']);
    const knows = await opened();
    unwrap(
      await knows.transaction(async (tx) => {
        const times = { thisUpdate: NOW, nextUpdate: NOW + 1_000 };
        await tx.reserveCrl({ issuer: ROOT.id, ...times, numberMin: 2 });
      }),
    );
    unwrap(await nodeOn(knows, folder).read());
    store = knows;
    assert.deepEqual(await revoked(), ['aci-el-pp keyCompromise 2']);
  });

  it('that cannot be read at all does not keep those of the other roots from being read', async () => {
    const file = join(folder, crlFileName(ROOT.id));
    rmSync(file);
    put(rootListOf({ root: FORT, key: keyOf(FORT), number: 2, revoked: [CARDS] }), FORT);
    await read();
    assert.deepEqual(await revoked(), ['aci-fo-pp keyCompromise 2']);
    assert.deepEqual(reported, ['error issuer.revoked aci-fo-pp keyCompromise acr-fo 2', 'warn crl.not-there acr-el']);
    mkdirSync(file);
    await read();
    assert.match(reported.at(-1) ?? '', /^error crl\.published-list-unreadable acr-el outlet-unavailable EISDIR/);
  });

  it('has revoked for good: the database changes and deletes no row', async () => {
    put(listOf(2, [PERSONS]));
    await read();
    const raw = await rawDatabase(database);
    for (const sql of [
      `update revoked_issuers set reason = 'superseded'`,
      'delete from revoked_issuers',
      ...(database.kind === 'postgresql' ? ['truncate revoked_issuers'] : []),
    ])
      await assert.rejects(raw.all(sql), /guard: revoked_issuers/, sql);
    await raw.close();
    assert.deepEqual(await revoked(), ['aci-el-pp keyCompromise 2']);
  });
});
