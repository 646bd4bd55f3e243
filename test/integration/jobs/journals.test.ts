import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../../../hsm/journal/journal-entry.js';
import { openJournal } from '../../../hsm/signer/journal.js';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { countJournalsJob } from '../../../src/jobs/journals/journal-counts.js';
import { recordOcspCountsJob } from '../../../src/jobs/journals/ocsp-audit.js';
import { reconcileJournals, reconciliationJob } from '../../../src/jobs/journals/reconcile.js';
import { recordRefusalsAndAlarms } from '../../../src/jobs/journals/signer-notes.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import type { NodeId } from '../../../src/ports/node.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import type { Log } from '../../../src/ports/world.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, ISSUER, intent, NOW, serialOf } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

const NODE = '0123456789abcdef' as NodeId;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the signer writes before it signs this certificate. */
function entryOf({ issuer, serial, profile, tbs }: CertificateRecord): JournalEvent {
  return { kind: 'certificate', issuer, serial, profile, sha256: sha256(tbs) };
}

/** Appends to the journal as a signer does, and lets go of it. */
async function journalled(folder: string, events: readonly JournalEvent[]): Promise<void> {
  const { journal } = unwrap(await openJournal(folder));
  for (const event of events) unwrap(await journal.append({ at: NOW, steadyAt: null, event }));
  await journal.close();
}

type Alarm = { readonly count: number; readonly unknown: readonly string[]; readonly faults: readonly string[] };

/** Runs the job once, and returns what it logs. */
async function reconciled(store: Store, token: 'ca-fort' | 'ocsp-fort', folder: string) {
  const alarms: Alarm[] = [];
  const done: unknown[] = [];
  const log: Log = {
    ...SILENT,
    info: (event, fields) => event === 'reconcile.done' && done.push(fields),
    error: (event, fields) => event === 'reconcile.alarm' && alarms.push(fields as unknown as Alarm),
  };
  const kind = token === 'ca-fort' ? 'ca' : 'ocsp';
  const parts = { store, node: NODE, clock: () => NOW, log, journals: [{ token, kind, folder }] } as const;
  const run = () => workDue(reconciliationJob, parts, sharedWorldOf(store));
  await run();
  return { run, alarms, done };
}

describeOnEach('signers’ journals', ({ opened }) => {
  it('are counted into the audit log once, with a digest that can be recomputed from the journal', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const ocspJournals = [{ token: 'ocsp-fort', kind: 'ocsp', folder } as const];
    const countResponsesParts = { store, node: NODE, clock: () => NOW, log: SILENT, ocspJournals };
    const countResponses = () => workDue(recordOcspCountsJob, countResponsesParts, sharedWorldOf(store));
    const answer = (name: string, issuer = 'aci-fo-pp') => ({ kind: 'ocsp', issuer, sha256: sha256(name) }) as const;
    await journalled(folder, [answer('a'), answer('b'), answer('c', 'aci-fo-org')]);
    // Two services at once, and one once more.
    await Promise.all([countResponses(), countResponses()]);
    await countResponses();
    await journalled(folder, [{ kind: 'refused', issuer: null, asked: null, rule: 'frame-type', sha256: null }]);
    await countResponses();
    await journalled(folder, [answer('d')]);
    await countResponses();
    const entries = await storedAudit(store);
    assert.deepEqual(
      entries.map(({ type, details }) => [type, details.fromSeq, details.toSeq, details.answersByIssuer]),
      [
        ['ocsp.signed', 1, 3, { 'aci-fo-pp': 2, 'aci-fo-org': 1 }],
        // The refusal between them is no answer.
        ['ocsp.signed', 5, 5, { 'aci-fo-pp': 1 }],
      ],
    );
    assert.equal(entries[0]?.details.sha256, sha256(['a', 'b', 'c'].map((name) => `${sha256(name)}\n`).join('')));
  });

  it('are read on from the last entry that was counted, so that a long journal is not read again', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const errors: unknown[] = [];
    const log = { ...SILENT, error: (...line: readonly unknown[]) => void errors.push(line) };
    const ocspJournals = [{ token: 'ocsp-fort', kind: 'ocsp', folder } as const];
    const countResponsesParts = { store, node: NODE, clock: () => NOW, log, ocspJournals };
    const countResponses = () => workDue(recordOcspCountsJob, countResponsesParts, sharedWorldOf(store));
    const answers = (...names: readonly string[]) =>
      journalled(
        folder,
        names.map((name) => ({ kind: 'ocsp', issuer: 'aci-fo-pp', sha256: sha256(name) }) as const),
      );
    await answers('a', 'b');
    await countResponses();
    await answers('c');
    // What was counted already could not be read again without a fault.
    const file = join(folder, 'journal.000001.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace(sha256('a'), sha256('z')));
    await countResponses();
    const counted = (await storedAudit(store)).map(({ details }) => [details.fromSeq, details.toSeq, details.sha256]);
    assert.deepEqual(counted, [
      [1, 2, sha256(`${sha256('a')}\n${sha256('b')}\n`)],
      [3, 3, sha256(`${sha256('c')}\n`)],
    ]);
    assert.deepEqual(errors, []);
    // The entry that was counted last is another one now.
    writeFileSync(file, readFileSync(file, 'utf8').replace(sha256('c'), sha256('d')));
    await countResponses();
    const detail = 'the entry that was read last has changed';
    assert.deepEqual(errors, [['ocsp-audit.journal', { token: 'ocsp-fort', detail }]]);
  });

  it('reveal each signature that is not in the database: another serial, other bytes, another number', async () => {
    const store = await opened();
    const known = intent(1);
    unwrap(await store.transaction((tx) => insertIntents(tx, [known])));
    const folder = temporaryFolder();
    const times = { thisUpdate: NOW, nextUpdate: NOW + 1_000 };
    const listed = await store.transaction(async (tx) => {
      const crl = await tx.reserveCrl({ issuer: ISSUER, ...times });
      await tx.updateCrl({ ...crl, tbsSha256: sha256('a list') });
      return crl.number;
    });
    const certificate = { kind: 'certificate', issuer: ISSUER, profile: known.profile } as const;
    const list = {
      kind: 'crl',
      issuer: ISSUER,
      scope: 'full',
      number: String(unwrap(listed)),
      base: null,
      thisUpdate: formatInstant(NOW),
      entries: 1,
    } as const;
    await journalled(folder, [
      { ...certificate, serial: known.serial, sha256: sha256(known.tbs) },
      { ...certificate, serial: serialOf(2), sha256: sha256(known.tbs) },
      { ...certificate, serial: known.serial, sha256: sha256('other bytes') },
      { ...list, sha256: sha256('a list') },
      { ...list, sha256: sha256('another list') },
      { ...list, number: '7', sha256: sha256('a list') },
    ]);
    const [result] = unwrap(await reconcileJournals(store, [{ token: 'ca-fort', kind: 'ca', folder }]));
    assert.equal(result?.entries, 6);
    assert.deepEqual(
      result?.unknown.named.map(({ seq }) => seq),
      [2, 3, 5, 6],
    );
  });

  it('have their refusals and alarms copied into the audit log once, counted by name and not as signatures', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const known = intent(1);
    unwrap(await store.transaction((tx) => insertIntents(tx, [known])));
    const signed = { kind: 'certificate', issuer: ISSUER, profile: known.profile, serial: known.serial } as const;
    const refused = (rule: string) =>
      ({ kind: 'refused', issuer: ISSUER, asked: null, rule, sha256: sha256('x') }) as const;
    await journalled(folder, [
      { ...signed, sha256: sha256(known.tbs) },
      refused('profile-of-responders'),
      refused('frame-type'),
      refused('frame-type'),
      { kind: 'refusals-over-limit', count: 9_980 },
      { kind: 'alarm', issuer: ISSUER, alarm: 'rate-cap', profile: 'fort/cps-signature', sha256: sha256('y') },
      { kind: 'alarm', issuer: ISSUER, alarm: 'crl-shrank', profile: null, sha256: sha256('z') },
      { kind: 'tally', tally: { 'fort/cps-signature': { 1: 2 } } },
    ]);
    const world = { store, node: NODE, clock: () => NOW };
    const reconcileOnce = async () => {
      const [one] = unwrap(await reconcileJournals(store, [{ token: 'ca-fort', kind: 'ca', folder }]));
      assert.ok(one);
      unwrap(await recordRefusalsAndAlarms(world, one));
      return one;
    };
    const first = await reconcileOnce();
    assert.deepEqual([first.entries, first.signatures, first.unknown.count, first.faults], [8, 1, 0, []]);
    unwrap(await recordRefusalsAndAlarms(world, first));
    assert.equal((await reconcileOnce()).notes, null);
    await journalled(folder, [refused('frame-type')]);
    await reconcileOnce();
    const details = (await storedAudit(store))
      .filter(({ type }) => type === 'signer.notes')
      .map((entry) => entry.details);
    assert.deepEqual(details, [
      {
        token: 'ca-fort',
        fromSeq: 1,
        toSeq: 7,
        refusals: { 'profile-of-responders': 1, 'frame-type': 2, others: 9_980 },
        alarms: { 'rate-cap fort/cps-signature': 1, [`crl-shrank ${ISSUER}`]: 1 },
      },
      { token: 'ca-fort', fromSeq: 8, toSeq: 9, refusals: { 'frame-type': 1 }, alarms: {} },
    ]);
  });

  it('are compared by the job from the last entry on, and an unknown signature is reported once', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const errors: unknown[] = [];
    const log = { ...SILENT, error: (...line: readonly unknown[]) => void errors.push(line) };
    const journals = [{ token: 'ca-fort', kind: 'ca', folder } as const];
    const run = () =>
      workDue(reconciliationJob, { store, node: NODE, clock: () => NOW, log, journals }, sharedWorldOf(store));
    const signed = { kind: 'certificate', issuer: ISSUER, profile: 'test/leaf', sha256: sha256('x') } as const;
    const reported = async () =>
      (await storedAudit(store))
        .filter(({ type }) => type === 'signer.unknown-signature')
        .map(({ details }) => (details.unknown as readonly string[]).map((one) => one.split(':')[0]));
    await journalled(folder, [
      { ...signed, serial: serialOf(1) },
      { ...signed, serial: serialOf(2) },
    ]);
    await run();
    await run();
    assert.deepEqual([await reported(), errors.length], [[['1', '2']], 1]);
    await journalled(folder, [{ ...signed, serial: serialOf(3) }]);
    // What was compared already could not be read again without a fault.
    const file = join(folder, 'journal.000001.ndjson');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('test/leaf', 'test/lean'));
    await run();
    assert.deepEqual(await reported(), [['1', '2'], ['3']]);
    writeFileSync(file, whole);
    const [all] = unwrap(await reconcileJournals(store, journals));
    assert.deepEqual([all?.entries, all?.unknown.count], [3, 3], 'the command reads from the beginning');
  });

  it('are told apart by their ids, where two nodes have tokens of one name', async () => {
    const store = await opened();
    const folders = { long: temporaryFolder(), short: temporaryFolder() };
    const signed = { kind: 'certificate', issuer: ISSUER, profile: 'test/leaf', sha256: sha256('x') } as const;
    const written = (folder: string, serials: readonly number[]) =>
      journalled(
        folder,
        serials.map((serial) => ({ ...signed, serial: serialOf(serial) })),
      );
    await written(folders.long, [1, 2, 3]);
    await written(folders.short, [4]);
    const counts = async () => {
      const found: number[] = [];
      for (const folder of Object.values(folders)) {
        const { alarms } = await reconciled(store, 'ca-fort', folder);
        found.push(alarms.reduce((sum, { count }) => sum + count, 0));
      }
      return found;
    };
    assert.deepEqual(await counts(), [3, 1]);
    assert.deepEqual(await counts(), [0, 0]);
    await written(folders.short, [5, 6]);
    assert.deepEqual(await counts(), [0, 2]);
  });

  it('are reported as incomplete, once, when an issuer has more certificates of a day than entries for them', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const { now } = unwrap(await store.read((reads) => reads.databaseClock()));
    const intentAt = (number: number, createdAt: number): CertificateRecord =>
      intent(number, { id: recordIdFrom(createdAt, new Uint8Array(10).fill(number)), createdAt });
    const at = now - 3 * DAY_MS;
    const records = [1, 2, 3].map((number) => intentAt(number, at));
    unwrap(
      await store.transaction(async (tx) => {
        // The journals of today and yesterday may not have been read yet.
        for (const record of [...records, intentAt(4, now), intentAt(5, now - DAY_MS)]) await certify(tx, record);
      }),
    );
    const written = (signed: typeof records) => journalled(folder, signed.map(entryOf));
    const found: unknown[] = [];
    const log = { ...SILENT, error: (...line: readonly unknown[]) => void found.push(line) };
    // The clock of this node is ahead, so that its yesterday is a day that nobody checks yet.
    const parts = { store, clock: () => now + 2 * DAY_MS, log };
    const count = () => workDue(countJournalsJob, parts, sharedWorldOf(store));
    await written(records.slice(0, 2));
    await reconciled(store, 'ca-fort', folder);
    await count();
    await count();
    const details = { day: formatInstant(at).slice(0, 10), issuer: ISSUER, certificates: 3, entries: 2 };
    assert.deepEqual(found.splice(0), Array(2).fill(['journal.incomplete', details]));
    const reported = (await storedAudit(store)).filter(({ type }) => type === 'journal.incomplete');
    assert.deepEqual(
      reported.map((entry) => entry.details),
      [details],
    );
    await written(records.slice(2));
    await reconciled(store, 'ca-fort', folder);
    await count();
    assert.deepEqual(found, []);
  });

  it('are compared by one look-up for 500 entries', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const records = Array.from({ length: 1_100 }, (_, at) => intent(at));
    unwrap(await store.transaction((tx) => insertIntents(tx, records)));
    await journalled(folder, records.map(entryOf));
    const calls: string[] = [];
    const counted: Store = {
      ...store,
      read: (work) =>
        store.read((reads) =>
          work(
            new Proxy(reads, {
              get: (target, name: keyof typeof reads) => {
                calls.push(name);
                return target[name];
              },
            }),
          ),
        ),
    };
    const [result] = unwrap(await reconcileJournals(counted, [{ token: 'ca-fort', kind: 'ca', folder }]));
    assert.deepEqual([result?.signatures, result?.unknown.count], [1_100, 0]);
    assert.equal(calls.filter((name) => name === 'intentTimes').length, 3);
    assert.equal(calls.filter((name) => name === 'certificateBySerial').length, 0);
  });

  it('reveal the certificate of a responder that is not in the database', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const kind = 'responder-certificate';
    await journalled(folder, [
      { kind, issuer: ISSUER, serial: serialOf(3), profile: 'fort/ocsp-pp', sha256: sha256('x') },
    ]);
    const [result] = unwrap(await reconcileJournals(store, [{ token: 'ca-fort', kind: 'ca', folder }]));
    assert.deepEqual(
      result?.unknown.named.map(({ seq }) => seq),
      [1],
    );
  });

  it('are reported as inconsistent when they were altered, or when an intruder appended to them', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    await journalled(folder, [{ kind: 'ocsp', issuer: ISSUER, sha256: sha256('a') }]);
    appendFileSync(
      join(folder, 'journal.000001.ndjson'),
      `${JSON.stringify({ seq: 2, at: '2026-03-01T10:00:00Z', kind: 'ocsp', issuer: ISSUER })}\n`,
    );
    const [result] = unwrap(await reconcileJournals(store, [{ token: 'ocsp-fort', kind: 'ocsp', folder } as const]));
    assert.equal(result?.entries, 1);
    assert.equal(result?.faults.length, 1);
    const { run, alarms } = await reconciled(store, 'ocsp-fort', folder);
    await run();
    assert.deepEqual(
      alarms.map(({ count, faults }) => [count, faults]),
      [[0, result?.faults]],
      'once',
    );
  });

  it('have unknown signatures reported once, as a count with the first fifty', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const unknown = (serial: number) =>
      ({ kind: 'certificate', issuer: ISSUER, profile: 'x', serial: serialOf(serial), sha256: sha256('x') }) as const;
    await journalled(
      folder,
      Array.from({ length: 250 }, (_, at) => unknown(at + 1)),
    );
    const { run, alarms } = await reconciled(store, 'ca-fort', folder);
    assert.equal(alarms.length, 1);
    await run();
    assert.equal(alarms.length, 1, 'they were reported');
    const [{ count, unknown: named } = assert.fail('an alarm')] = alarms;
    assert.deepEqual([count, named.length, named[0]?.slice(0, 15)], [250, 50, '1: certificate ']);
    await journalled(folder, [unknown(251)]);
    await Promise.all([run(), run()]);
    await run();
    assert.equal(alarms.length, 2);
    assert.equal(alarms[1]?.count, 1);
    assert.match(alarms[1]?.unknown.join('\n') ?? '', /^251: certificate .* is not in the database$/);
    const entries = (await storedAudit(store)).filter(({ type }) => type === 'signer.unknown-signature');
    assert.deepEqual(
      entries.map(({ details }) => details),
      alarms,
    );
  });

  it('have OCSP responses and signatures of the platform counted and not compared, and a missing journal named', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    await journalled(folder, [
      { kind: 'ocsp', issuer: ISSUER, sha256: sha256('a') },
      { kind: 'platform', issuer: 'platform', purpose: 'bench', sha256: sha256('b') },
    ]);
    const { done } = await reconciled(store, 'ocsp-fort', folder);
    const missing = await reconciled(store, 'ca-fort', `${folder}.none`);
    const of = (token: string, journal: string, signatures: number) =>
      ({ token, journal, signatures, notCompared: signatures, unknown: 0 }) as const;
    assert.deepEqual([done, missing.done], [[of('ocsp-fort', 'read', 2)], [of('ca-fort', 'not-here', 0)]]);
  });
});
