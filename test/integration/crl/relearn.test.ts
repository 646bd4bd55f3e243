/**
 * A database that was restored from a backup, and CRLs that were published since: every status in
 * them is in the next CRL and in the next OCSP response.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok } from '../../../src/kernel/result.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import { type RelearnWorld, relearnRevocations } from '../../../src/operations/restored/relearn.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { createHistories, type Histories } from '../../support/crl/histories.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, intent, NOW, RUN } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setStates } from '../../support/db/unaudited.js';
import { createStatusAuthority, openssl, type StatusAuthority } from '../../support/status/authority.js';

const HOUR_MS = DAY_MS / 24;
const INVALID = NOW - 3 * DAY_MS;
const SUSPECTED: StoredState = { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: INVALID };
const SUSPENDED: StoredState = { status: 'suspended', at: NOW, invalidityDate: null };
const ISSUED: StoredState = { status: 'issued' };
const revoked = (at: number): StoredState => ({ status: 'revoked', at, reason: 'superseded', invalidityDate: null });

const REVOKED = revoked(NOW);

type Case = {
  readonly name: string;
  /** The times of the full CRL and of its delta CRL. */
  readonly listed: readonly [StoredState, StoredState];
  /** In the backup; null: it was issued afterwards. */
  readonly backup: StoredState | null;
  readonly after: StoredState | null;
  /**
   * Its certificate names the CRL of all certificates, so the CRL of a partition does not contain
   * it.
   */
  readonly ofAll?: true;
};

const DELTA_AT = NOW + HOUR_MS;
/** A serial number of 20 bytes, like those of other CAs. */
const LONGER = `7f${'ff'.repeat(19)}`;
const CASES: readonly Case[] = [
  { name: 'revoked', listed: [SUSPECTED, SUSPECTED], backup: ISSUED, after: SUSPECTED },
  {
    name: 'revoked since the full list',
    listed: [ISSUED, revoked(DELTA_AT)],
    backup: ISSUED,
    after: revoked(DELTA_AT),
  },
  { name: 'suspended', listed: [SUSPENDED, SUSPENDED], backup: ISSUED, after: SUSPENDED },
  { name: 'suspended, then revoked', listed: [SUSPENDED, REVOKED], backup: ISSUED, after: REVOKED },
  { name: 'suspended, then released', listed: [SUSPENDED, ISSUED], backup: ISSUED, after: ISSUED },
  { name: 'suspended in the backup, then revoked', listed: [REVOKED, REVOKED], backup: SUSPENDED, after: REVOKED },
  {
    name: 'suspended before its confirmation was saved',
    listed: [SUSPENDED, SUSPENDED],
    backup: { status: 'pending' },
    after: SUSPENDED,
  },
  {
    name: 'revoked before its signature was saved',
    listed: [SUSPECTED, SUSPECTED],
    backup: { status: 'open' },
    after: SUSPECTED,
  },
  { name: 'good', listed: [ISSUED, ISSUED], backup: ISSUED, after: ISSUED },
  { name: 'revoked already', listed: [REVOKED, REVOKED], backup: SUSPECTED, after: SUSPECTED },
  { name: 'issued afterwards and revoked', listed: [SUSPECTED, SUSPECTED], backup: null, after: SUSPECTED },
  {
    name: 'issued afterwards and suspended',
    listed: [SUSPENDED, SUSPENDED],
    backup: null,
    after: { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null },
  },
  { name: 'issued afterwards, of all', listed: [REVOKED, REVOKED], backup: null, after: REVOKED, ofAll: true },
  { name: 'issued afterwards and good', listed: [ISSUED, ISSUED], backup: null, after: null },
];

async function put(store: Store, record: CertificateRecord, state: StoredState): Promise<void> {
  unwrap(await store.transaction((tx) => certify(tx, record, state)));
}

describeOnEach('lists say what a restored database forgot', (database) => {
  let authority: StatusAuthority;
  let generation = 0;
  let histories: Histories;
  let then: Store;
  let store: Store;
  let world: RelearnWorld & Histories['world'];
  let changedSerials: string[][];
  let said: string[];
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));
  afterEach(() => rmSync(histories.folder, { recursive: true, force: true }));

  const recordOf = (at: number): CertificateRecord =>
    intent(at + 1, { issuer: histories.issuer.id, crlPartition: CASES[at]?.ofAll ? null : 0 });

  /** The folder with its CRLs, and the older backup. */
  beforeEach(async () => {
    generation += 1;
    then = await withRun(await database.opened());
    const certificates = [...CASES.map((_, at) => intent(at + 1)), { serial: LONGER }];
    const crl = { partitions: { 'test-ca': 1 } };
    histories = createHistories({ store: then, authority, generation, certificates, crl, now: NOW });
    await put(then, { ...recordOf(CASES.length), serial: LONGER }, REVOKED);
    for (const [at, one] of CASES.entries()) await put(then, recordOf(at), one.listed[0]);
    unwrap(await publishCrl(histories.world, histories.issuer.id));
    histories.now = DELTA_AT;
    const changes = CASES.flatMap((one, at) =>
      one.listed[0] === one.listed[1] ? [] : [{ ...recordOf(at), state: one.listed[1] }],
    );
    unwrap(await then.transaction((tx) => setStates(tx, changes, { at: DELTA_AT, actor: 'account:officer-1' })));
    unwrap(await publishCrl(histories.world, histories.issuer.id, 'delta'));
    store = await withRun(await database.opened());
    for (const [at, { backup }] of CASES.entries()) if (backup !== null) await put(store, recordOf(at), backup);
    changedSerials = [];
    said = [];
    const error: RelearnWorld['log']['error'] = (event) => said.push(event);
    const given = { ...histories.world, store, log: { ...histories.world.log, error } };
    const statusChanged: RelearnWorld['statusChanged'] = (changed) =>
      changedSerials.push(changed.map(({ serial }) => serial));
    world = { ...given, statusChanged, relearn: (issuer) => relearnRevocations({ ...given, statusChanged }, issuer) };
  });

  const statesNow = async (): Promise<readonly (StoredState | null)[]> => {
    const serials = CASES.map((_, at) => recordOf(at).serial);
    const found = unwrap(await store.read((reads) => reads.statuses(histories.issuer.id, serials)));
    return serials.map((serial) => found.records.get(serial)?.state ?? null);
  };
  const backups = CASES.map(({ backup }) => backup);

  it('imports each revocation and suspension once, and names the certificates', async () => {
    unwrap(await relearnRevocations(world, histories.issuer));
    for (const [at, state] of (await statesNow()).entries()) assert.deepEqual(state, CASES[at]?.after, CASES[at]?.name);
    const changed = CASES.flatMap(({ backup, after }, at) => (backup === after ? [] : [recordOf(at).serial]));
    assert.deepEqual(changedSerials.flat().sort(), changed.sort());
    const { seq } = unwrap(await store.read((reads) => reads.auditHead()));
    const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100 })));
    const audited = entries
      .map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
      .filter((text) => text.includes('relearnedFromCrl'));
    assert.equal(audited.length, changed.length);
    assert.ok(said.includes('crl.entries-not-ours'));
    assert.equal(unwrap(await store.read((reads) => reads.status(histories.issuer.id, LONGER))), null);
    unwrap(await relearnRevocations(world, histories.issuer));
    assert.equal(unwrap(await store.read((reads) => reads.auditHead())).seq, seq, 'nothing is learnt twice');
  });

  it('gives each unknown certificate a key hash of its own, so that a compromised key is not the key of all', async () => {
    unwrap(await relearnRevocations(world, histories.issuer));
    const hashes = unwrap(
      await store.read(async (reads) => {
        const found: (string | undefined)[] = [];
        for (const [at, { backup, after }] of CASES.entries())
          if (backup === null && after !== null)
            found.push((await reads.certificateBySerial(histories.issuer.id, recordOf(at).serial))?.spkiSha256);
        return found;
      }),
    );
    assert.equal(hashes.length, 3);
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('takes no suspensions from CRLs of which newer ones are known', async () => {
    unwrap(await relearnRevocations(world, histories.issuer, { takesSuspensions: false }));
    for (const [at, state] of (await statesNow()).entries()) {
      const { listed, backup, after, name } = CASES[at] as Case;
      assert.deepEqual(state, listed[1].status === 'suspended' ? backup : after, name);
    }
  });

  it('a run that was ended reserves no number', async () => {
    unwrap(await then.transaction((tx) => tx.endRun(RUN, { at: NOW, reason: 'lost' })));
    const refused = await publishCrl(histories.world, histories.issuer.id);
    assert.ok(!refused.ok && refused.error.kind === 'database-unavailable', JSON.stringify(refused));
    const reserved = unwrap(await then.read((reads) => reads.reservedCrls(histories.issuer.id)));
    assert.deepEqual(reserved, []);
  });

  it('imports many entries in several steps', async () => {
    unwrap(await relearnRevocations({ ...world, forgottenMax: 2 }, histories.issuer));
    assert.equal(changedSerials.length, 1, 'no list is made before all is learnt');
    for (const [at, state] of (await statesNow()).entries()) assert.deepEqual(state, CASES[at]?.after, CASES[at]?.name);
  });

  it('lists them on the next CRL with the same dates and reasons, verified by OpenSSL', async () => {
    unwrap(await relearnRevocations(world, histories.issuer));
    const { number } = unwrap(await publishCrl(world, histories.issuer.id));
    assert.ok(number > (histories.lists[0]?.number ?? 0));
    const expected = CASES.flatMap(({ after }, at) => {
      if (after?.status !== 'revoked' && after?.status !== 'suspended') return [];
      const reason = after.status === 'suspended' ? 'certificateHold' : after.reason;
      return [{ serial: recordOf(at).serial, at: after.at, reason, invalidityDate: after.invalidityDate }];
    });
    assert.deepEqual(entriesOf(join(histories.folder, crlFileName(histories.issuer.id))), expected.map(printed).sort());
    const ofPartition = CASES.flatMap(({ ofAll }, at) => (ofAll ? [recordOf(at).serial] : []));
    assert.deepEqual(
      entriesOf(join(histories.folder, crlFileName(histories.issuer.id, 'full-0'))),
      expected
        .filter(({ serial }) => !ofPartition.includes(serial))
        .map(printed)
        .sort(),
    );
  });

  it('learns nothing from known CRLs, and nothing from changed or truncated ones', async () => {
    const full = join(histories.folder, crlFileName(histories.issuer.id));
    for (const name of readdirSync(histories.folder))
      if (join(histories.folder, name) !== full) rmSync(join(histories.folder, name));
    const bytes = readFileSync(full);
    for (const spoiled of [
      bytes.subarray(0, -1),
      flipped(bytes, bytes.length - 1),
      flipped(bytes, bytes.length >> 1),
      readFileSync(full).subarray(0, 0),
    ]) {
      writeFileSync(full, spoiled);
      unwrap(await relearnRevocations(world, histories.issuer));
      assert.deepEqual(await statesNow(), backups);
    }
    rmSync(full);
    mkdirSync(full);
    unwrap(await relearnRevocations(world, histories.issuer));
    assert.ok(said.every((event) => event === 'crl.published-list-unreadable') && said.length === 5);
    rmSync(full, { recursive: true });
    unwrap(await relearnRevocations(world, histories.issuer));
    assert.deepEqual(await statesNow(), backups);
    assert.deepEqual(changedSerials, []);
  });

  const suspended = CASES.findIndex(({ name }) => name === 'suspended');
  const release = (at: number) =>
    store.transaction((tx) =>
      setStates(tx, [{ ...recordOf(at), state: ISSUED }], { at: DELTA_AT + HOUR_MS, actor: 'account:officer-1' }),
    );

  it('does not suspend again what was released after the import, with any clock', async () => {
    unwrap(await relearnRevocations(world, histories.issuer));
    unwrap(await release(suspended));
    changedSerials = [];
    unwrap(await relearnRevocations(world, histories.issuer));
    assert.deepEqual([(await statesNow())[suspended], changedSerials], [ISSUED, []]);
  });

  it('imports only final revocations, and no suspensions, from CRLs that are older than published statuses', async () => {
    const lists = readdirSync(histories.folder).map((name) => join(histories.folder, name));
    const older = lists.map((file) => [file, readFileSync(file)] as const);
    unwrap(await publishCrl(world, histories.issuer.id));
    for (const [file, bytes] of older) writeFileSync(file, bytes);
    unwrap(await relearnRevocations(world, histories.issuer));
    for (const [at, state] of (await statesNow()).entries()) {
      const { listed, backup, after, name } = CASES[at] as Case;
      assert.deepEqual(state, listed[1].status === 'suspended' ? backup : after, name);
    }
  });

  it('does not change statuses that are newer than the CRL of the database itself', async () => {
    const full = join(histories.folder, crlFileName(histories.issuer.id));
    const old = readFileSync(full);
    unwrap(await publishCrl(histories.world, histories.issuer.id));
    const states = unwrap(await then.read((reads) => reads.lastChanges([histories.issuer.id])));
    writeFileSync(full, old);
    unwrap(await relearnRevocations({ ...world, store: then }, histories.issuer));
    assert.deepEqual(unwrap(await then.read((reads) => reads.lastChanges([histories.issuer.id]))), states);
  });

  it('does not suspend again what was released before a crash prevented the record of its CRL', async () => {
    histories.now = DELTA_AT + HOUR_MS;
    const { draft } = histories.world.outlet;
    // The file is replaced, and nobody is notified.
    const outlet: typeof histories.world.outlet = {
      ...histories.world.outlet,
      draft: async (name, chunks) => {
        const made = await draft(name, chunks);
        if (!made.ok) return made;
        const publish: typeof made.value.publish = async () => {
          unwrap(await made.value.publish());
          return err({ kind: 'outlet-unavailable', detail: 'a test' });
        };
        return ok({ ...made.value, publish });
      },
    };
    assert.ok(!(await publishCrl({ ...histories.world, outlet }, histories.issuer.id)).ok);
    store = then;
    unwrap(await release(suspended));
    unwrap(await relearnRevocations({ ...world, store }, histories.issuer));
    assert.deepEqual([(await statesNow())[suspended], changedSerials], [ISSUED, []]);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at] = (other[at] as number) ^ 1;
  return other;
}

/** In the format of OpenSSL. */
function printed({
  serial,
  at,
  reason,
  invalidityDate,
}: Omit<RevokedEntry, 'reason'> & { readonly reason: string }): string {
  const words = reason.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return [
    serial.replace(/^(00)+/, ''),
    seconds(at),
    words,
    invalidityDate === null ? '' : seconds(invalidityDate),
  ].join(' ');
}

function seconds(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

function entriesOf(file: string): readonly string[] {
  const text = openssl('.', ['crl', '-inform', 'DER', '-in', file, '-noout', '-text']);
  const [, ...entries] = text.split('Serial Number: ');
  return entries
    .map((entry) => {
      const line = (after: RegExp): string => after.exec(entry)?.[1]?.trim() ?? '';
      const date = (printedAs: string): string => (printedAs === '' ? '' : seconds(Date.parse(printedAs)));
      const reason = line(/CRL Reason Code: *\n(.*)\n/).toLowerCase() || 'unspecified';
      const [serial] = entry.split('\n');
      return [
        serial?.toLowerCase(),
        date(line(/Revocation Date: (.*)\n/)),
        reason,
        date(line(/Invalidity Date: *\n(.*)\n/)),
      ].join(' ');
    })
    .sort();
}
