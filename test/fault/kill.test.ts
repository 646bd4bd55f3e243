/**
 * kill -9 of the service, of all its processes, and of a signer, at random moments during many
 * requests, on each database. The moments come from a printed seed: PFCNG_FAULT_SEED repeats them,
 * PFCNG_FAULT_KILLS sets the number of kills.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseKind, describeOnEach } from '../support/db/fixture.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { rawDatabase, tamper } from '../support/db/raw.js';
import { type Client, clientOf, fetchOpenApi, trustOf } from '../support/service/client.js';
import { openDatabase } from '../support/service/database.js';
import { createRelyingParty } from '../support/service/files.js';
import { copyServiceHome, makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { openssl } from '../support/service/judges.js';
import { isSignerChild, type ProcessFacts, tokenOf } from '../support/service/processes.js';
import { createResponseJudge } from '../support/service/schema.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import {
  assertPromisesKept,
  createLedger,
  type Intent,
  journalLines,
  openIntents,
  type Settlement,
  settlementsOf,
} from './ledger.js';
import { acknowledged, makeAttempts, type Outcome, type Storm, seededRandom, sendUntilTaken, storm } from './storm.js';

/**
 * Kills of the service. Every third one also kills all processes below it and the database server,
 * as a power cut does.
 */
const KILLS = Number(process.env.PFCNG_FAULT_KILLS ?? 3);
const POWER_CUT_EVERY = 3;
const SIGNER_KILLS = Math.ceil(KILLS / 2);
const CONCURRENT = 64;
const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const MOMENT_MS = 10;
/**
 * Where another service may be working on an intent, it is left alone for the longest time of a
 * request, and looked for every three seconds. Where a service is alone, its start recovers
 * everything.
 */
const SETTLE_MS_MAX = 300_000;
/** The worker takes later times for those of a wrong clock. */
const NEXT_AT_MS = 290_000;

type ReconciledSerials = readonly {
  readonly token: string;
  readonly entries: number;
  readonly unknown: readonly { readonly detail: string }[];
  readonly faults: readonly string[];
}[];

/** References to this row in other tables. */
function unlinked(id: string): readonly string[] {
  return ['certificate_domains', 'status_events'].map((table) => `delete from ${table} where certificate_id = '${id}'`);
}

const OTHER_OCTETS = { sqlite: "x'3000'", postgresql: "'\\x3000'" } as const satisfies Record<DatabaseKind, string>;
const OTHER_ACTOR = {
  sqlite: "cast(replace(bytes, 'system', 'nobody') as blob)",
  postgresql: "convert_to(replace(convert_from(bytes, 'UTF8'), 'system', 'nobody'), 'UTF8')",
} as const satisfies Record<DatabaseKind, string>;

describeOnEach(`kill -9 in a storm of requests (PFCNG_FAULT_SEED=${SEED})`, ({ kind }) => {
  const random = seededRandom(SEED);
  const ledger = createLedger();
  const intents: Intent[] = [];
  const settled: Settlement[] = [];
  let at: ServiceHome;
  let service: Service;
  let client: Client;

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: kind });
    service = createService(at);
    await service.start();
    const judge = createResponseJudge(await fetchOpenApi(service.urls.api, trustOf(at)));
    client = clientOf(service, 'card-management', { connectionsMax: CONCURRENT, judge });
    const outcomes = await Promise.all(makeAttempts(CONCURRENT).map((attempt) => sendUntilTaken(client, attempt)));
    ledger.add(outcomes);
    const refused = outcomes.filter(({ answer }) => answer?.status !== 201).map(({ answer }) => answer);
    assert.deepEqual(refused, [], 'without a kill everything is issued');
  });

  /** During requests: after a random number of them was answered, and a few milliseconds later. */
  async function someMoment(storming: Storm): Promise<void> {
    await storming.answered(Math.floor(random() * (CONCURRENT - 10)));
    await sleep(random() * MOMENT_MS);
  }

  const caSigners = (): readonly ProcessFacts[] =>
    service.tree().filter((one) => isSignerChild(one) && tokenOf(one).startsWith('ca-'));

  /** After intents were stored, and before their signatures: the signers stand still. */
  async function openMoment(): Promise<void> {
    for (const { pid } of caSigners()) process.kill(pid, 'SIGSTOP');
    await until('an intent is open', async () => (await openIntents(at)).length > 0);
  }

  after(async function stopIt() {
    await client.close();
    await service.stop();
    removeServiceHome(at);
  });

  describe('of the service', () => {
    let broken = 0;
    const unsettled: Outcome[] = [];

    for (let round = 1; round <= KILLS; round += 1) {
      const isPowerCut = round % POWER_CUT_EVERY === 0;
      it(`${round}${isPowerCut ? ' (and of all under it)' : ''}: what was promised is kept`, async function oneKill() {
        const storming = storm(client, makeAttempts(CONCURRENT));
        // A few random moments can all come before or after the intents.
        await (round === POWER_CUT_EVERY ? openMoment() : someMoment(storming));
        await (isPowerCut ? cutPower() : service.killService());
        const outcomes = await storming.outcomes;
        ledger.add(outcomes);
        broken += outcomes.filter(({ answer }) => answer === null).length;
        const left = await openIntents(at);
        await service.start();
        if (kind === 'sqlite') {
          assert.deepEqual(await openIntents(at), [], 'open intents are settled before the API listens');
        }
        intents.push(...left.filter(({ id }) => !intents.some((known) => known.id === id)));
        unsettled.push(...(await askAgain(outcomes)));
      });
    }

    async function cutPower(): Promise<void> {
      const cluster = kind === 'postgresql' ? await sharedCluster() : null;
      await Promise.all([service.killEverything(), cluster?.end('kill')]);
      await cluster?.start();
    }

    /**
     * A repeated key returns the same certificate, for broken requests and for some answered ones.
     * Returns the attempts to repeat later.
     */
    async function askAgain(outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
      const keyed = outcomes.filter(({ attempt }) => attempt.key !== null);
      const some = keyed.filter(({ answer }, index) => answer === null || index % 10 === 0);
      const again = await Promise.all(some.map(({ attempt }) => sendUntilTaken(client, attempt)));
      ledger.add(again);
      const later = again.filter(({ answer }) => kind === 'postgresql' && answer?.status === 409);
      for (const outcome of again) {
        const { answer } = outcome;
        if (!later.includes(outcome)) assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
      }
      return later;
    }

    it('what was begun is finished, or revoked where nobody can come back for it', async function settleAll() {
      const end = performance.now() + SETTLE_MS_MAX;
      while ((await openIntents(at)).length > 0) {
        assert.ok(performance.now() < end, `${(await openIntents(at)).length} intents are left open`);
        await sleep(250);
      }
      settled.push(...(await settlementsOf(at, client, intents)));
      const expected = intents.map(({ key }) => (key === null ? 'abandoned' : 'finished'));
      assert.deepEqual(settled, expected);
      const outcomes = await Promise.all(unsettled.map(({ attempt }) => sendUntilTaken(client, attempt)));
      for (const { answer } of outcomes) assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
      ledger.add(outcomes);
    });

    it('came at moments that mattered: requests broke, and intents were left open', () => {
      assert.ok(broken > 0, 'no request was cut off');
      assert.ok(intents.length > 0, 'no intent was left open');
    });
  });

  describe('of a signer', () => {
    for (let round = 1; round <= SIGNER_KILLS; round += 1) {
      it(`${round}: every request is answered, and the signer is back`, async function oneKill() {
        const children = caSigners();
        assert.equal(children.length, 3);
        const victim = children[Math.floor(random() * children.length)];
        assert.ok(victim);
        const storming = storm(client, makeAttempts(CONCURRENT), sendUntilTaken);
        await someMoment(storming);
        process.kill(victim.pid, 'SIGKILL');
        const outcomes = await storming.outcomes;
        ledger.add(outcomes);
        for (const { answer } of outcomes) {
          // The supervisor sends the next child what the dead one left unanswered.
          assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
        }
        await readyWithout(victim);
      });
    }

    /** Another child has replaced it and is ready. */
    async function readyWithout(victim: ProcessFacts): Promise<void> {
      const end = performance.now() + SETTLE_MS_MAX;
      for (;;) {
        const answer = (await (await fetch(`${service.urls.operators}/readyz`)).json()) as { readonly state: string };
        const children = caSigners();
        const replaced = children.length === 3 && children.every(({ pid }) => pid !== victim.pid);
        if (answer.state === 'ready' && replaced) return;
        assert.ok(performance.now() < end, JSON.stringify(answer));
        await sleep(50);
      }
    }
  });

  describe('afterwards', () => {
    it('every acknowledged certificate is readable, with the same octets', async function readAll() {
      assert.ok(ledger.promised.size > CONCURRENT);
      await assertPromisesKept(ledger, client);
    });

    it('no serial number was used twice, in the database, the signers’ journals or the audit log', async () => {
      const database = await openDatabase(at);
      const twice = await database.all(
        'select issuer, serial from certificates group by issuer, serial having count(*) > 1',
      );
      const entries = await database.all('select bytes from audit_entries order by seq');
      await database.close();
      assert.deepEqual(twice, []);
      const signedAs = new Map<string, string>();
      for (const { kind, issuer, serial, sha256 } of journalLines(at.home)) {
        if (kind !== 'certificate') continue;
        const name = `${issuer} ${serial}`;
        assert.equal(signedAs.get(name) ?? sha256, sha256, `${name} was signed over different octets`);
        signedAs.set(name, sha256);
      }
      const begun = entries.flatMap(({ bytes }) => {
        const { type, details } = JSON.parse(String(bytes)) as { type: string; details: Record<string, string> };
        return type === 'certificate.intent' ? [`${details.issuer} ${details.serial}`] : [];
      });
      assert.equal(new Set(begun).size, begun.length);
      assert.ok(begun.length >= signedAs.size);
    });

    it('what was given up is on the CRL and revoked for OCSP', async function abandoned() {
      const lost = intents.filter((_, index) => settled[index] === 'abandoned');
      const officer = clientOf(service, 'officer-1');
      const party = createRelyingParty(service.urls.publication);
      for (const issuer of new Set(lost.map((intent) => intent.issuer)))
        await officer.expect('POST', `/v1/cas/${issuer}/crl`);
      await officer.close();
      await party.fetchAll();
      for (const { issuer, serial } of lost.slice(0, 20)) {
        const { output } = await openssl('crl', '-in', party.path(`${issuer}.crl.pem`), '-noout', '-text');
        assert.ok(output.toLowerCase().includes(serial.replace(/^(00)+/, '')), `${serial} is not on the CRL`);
        const asked = await openssl(
          'ocsp',
          '-no_nonce',
          '-issuer',
          party.path(`${issuer}.pem`),
          '-serial',
          `0x${serial}`,
          '-noverify',
          '-url',
          `${service.urls.publication}/ocsp`,
        );
        assert.ok(asked.output.includes(': revoked'), asked.output);
      }
      party.remove();
    });

    it('a revocation of a service that was killed is listed before its CA is due again', async () => {
      const [{ id, ca, serialNumber } = assert.fail('none')] = ledger.promised.values();
      const party = createRelyingParty(service.urls.publication);
      const isListed = async () => (await party.fetchCrl(ca)).includes(Buffer.from(serialNumber, 'hex'));
      const officer = clientOf(service, 'officer-1');
      await officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
      await service.killService();
      await officer.close();
      const database = await rawDatabase(at.database);
      const nextAt = Date.now() + NEXT_AT_MS;
      const ofCa = `where name = 'crl' and item = '${ca}'`;
      await database.all(`update jobs set next_at = ${nextAt} ${ofCa}`);
      await service.start();
      await until('it is listed', isListed);
      const [job] = await database.all(`select last_started_at as began from jobs ${ofCa}`);
      await database.close();
      party.remove();
      assert.ok(Number(job?.began) < nextAt, `the list waited for ${nextAt}`);
    });

    it('every entry of every signer’s journal is accounted for', async () => {
      const { status, stdout, stderr } = await runPfcng(at, 'hsm', 'reconcile', '--json');
      assert.equal(status, 0, stderr);
      const reconciled = JSON.parse(stdout) as ReconciledSerials;
      assert.equal(reconciled.length, 7);
      for (const { token, unknown, faults } of reconciled)
        assert.deepEqual({ token, unknown, faults }, { token, unknown: [], faults: [] });
      const entries = reconciled.reduce((sum, one) => sum + one.entries, 0);
      assert.equal(entries, journalLines(at.home).length);
      assert.ok(entries > ledger.promised.size);
    });

    it('the audit chain is intact', async () => {
      const { status, stdout, stderr } = await runPfcng(at, 'audit', 'verify', '--json');
      assert.equal(status, 0, stderr);
      const { verified, entries } = JSON.parse(stdout) as { readonly verified: boolean; readonly entries: number };
      assert.equal(verified, true);
      assert.ok(entries > 2 * ledger.promised.size);
    });
  });

  describe('and these checks can fail', () => {
    const tampered = async (statements: readonly string[], ...command: readonly string[]) => {
      const copy = await copyServiceHome(at);
      for (const sql of statements) await tamper(copy.database, sql);
      const outcome = await runPfcng(copy, ...command);
      removeServiceHome(copy);
      return outcome;
    };

    before(async function pause() {
      await service.stop();
    });

    it('reconcile names the signatures of a certificate that is missing, and of one whose octets were altered', async () => {
      const [missing, altered] = ledger.promised.values();
      assert.ok(missing && altered);
      const statements = [
        ...unlinked(missing.id),
        `delete from certificates where id = '${missing.id}'`,
        `update certificates set tbs = ${OTHER_OCTETS[kind]} where id = '${altered.id}'`,
      ];
      const { status, stderr } = await tampered(statements, 'hsm', 'reconcile');
      assert.equal(status, 1);
      for (const { serialNumber } of [missing, altered]) assert.ok(stderr.includes(serialNumber), stderr);
    });

    const audit: readonly [string, readonly string[], RegExp][] = [
      ['altered', [`update audit_entries set bytes = ${OTHER_ACTOR[kind]} where seq = 1`], /entry 1:/],
      ['removed', ['delete from audit_entries where seq = 10'], /entry 1[01]/],
      [
        'swapped',
        [
          [10, -10],
          [11, 10],
          [-10, 11],
        ].map(([from, to]) => `update audit_entries set seq = ${to} where seq = ${from}`),
        /entry 10/,
      ],
      ['cut off at the end', ['delete from audit_entries where seq = (select max(seq) from audit_entries)'], /missing/],
    ];
    for (const [what, statements, says] of audit) {
      it(`audit verify finds an entry that was ${what}`, async () => {
        const { status, stderr } = await tampered(statements, 'audit', 'verify');
        assert.equal(status, 1, stderr);
        assert.match(stderr, says);
      });
    }
  });
});

describe('the storm of the tests', () => {
  it('brings back its moments from a seed', () => {
    const [first, second] = [seededRandom(7), seededRandom(7)];
    const drawn = Array.from({ length: 100 }, first);
    assert.deepEqual(drawn, Array.from({ length: 100 }, second));
    assert.ok(drawn.every((one) => one >= 0 && one < 1) && new Set(drawn).size === 100);
  });

  it('sees a serial number that comes with two certificates', () => {
    const issued = { id: 'a', ca: 'aci-fo-pp', serialNumber: '01', certificate: 'one' };
    const outcome = (body: object): Outcome => ({
      attempt: { path: '', body: {}, key: null },
      answer: { status: 201, headers: {}, body },
    });
    const ledger = createLedger();
    ledger.add([outcome(issued)]);
    assert.equal(acknowledged(outcome(issued)).length, 1);
    assert.throws(() => ledger.add([outcome({ ...issued, id: 'b', certificate: 'two' })]), /two certificates/);
    assert.throws(() => ledger.add([outcome({ ...issued, serialNumber: '02', certificate: 'two' })]), /has changed/);
  });
});
