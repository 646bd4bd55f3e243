/**
 * The database is removed, renamed, emptied, replaced by an older copy or filled up: at the start
 * and while the service runs. Without these checks, a service went on with an empty database,
 * acknowledged what was lost when it stopped, and said `unknown` of live certificates.
 */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeOnEach } from '../support/db/fixture.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { canMakeDisks, type SmallDisk, smallDisk } from '../support/machine/small-disk.js';
import {
  type Answer,
  type Client,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../support/service/client.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { type Damage, type DamagedPlace, POSTGRESQL_DAMAGES, SQLITE_DAMAGES } from './database-damages.js';

const CA = 'aci-el-org';
const DISK_MB = 64;
const DEADLINE_MS = 60_000;
/** How many of the first and of the last certificates relying parties ask for. */
const ASKED_FOR = 4;
const OTHER_COMMANDS = [
  ['start', '--no-play'],
  ['audit', 'verify'],
  ['database', 'create'],
];

type DoctorReport = {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly whatToDo?: string }[];
};

describeOnEach('a database that is lost', function onEach({ kind }) {
  let at: ServiceHome;
  let disk: SmallDisk | null = null;
  let service: Service;
  let cards: Client;
  let party: RelyingParty;
  let place: DamagedPlace;
  let revoked: IssuedCertificate;
  /** What was acknowledged, and not revoked. */
  const live: IssuedCertificate[] = [];

  before(async function prepare() {
    this.timeout(2 * DEADLINE_MS);
    at = await makeServiceHome('p-256', { database: kind });
    if (kind === 'sqlite' && canMakeDisks) disk = smallDisk(at.home, DISK_MB);
    service = createService(at);
    await service.start();
    cards = createClient({
      url: service.urls.api,
      trust: trustOf(at),
      credential: credentialOf(at, 'card-management'),
      judge: null,
    });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    revoked = await issue();
    await service.stop();
    place = { service, disk, older: await copyDatabase(at) };
    await service.start();
    live.push(await issue());
    await cards.expect('POST', `/v1/certificates/${revoked.id}/revocation`, { body: { reason: 'superseded' } });
  });
  after(async function leave() {
    await cards.close();
    await service.stop();
    party.remove();
    disk?.remove();
    removeServiceHome(at);
  });

  const order = () => ({ body: bodyOf('elementaire/org-auth-cli') });
  const issue = () => cards.expect<IssuedCertificate>('POST', '/v1/certificates', order());
  async function statusOf(one: IssuedCertificate): Promise<string> {
    // With a nonce, so that no cached response is sent.
    const { output } = await party.ocsp(party.write('asked.pem', one.certificate), CA);
    return /\.pem: (\w+)/.exec(output)?.[1] ?? /Responder Error: (\w+)/.exec(output)?.[1] ?? output;
  }
  async function nothingWrongIsAnswered(): Promise<void> {
    assert.ok(['revoked', 'trylater'].includes(await statusOf(revoked)), await statusOf(revoked));
    for (const one of firstAndLast(live))
      assert.ok(['good', 'trylater'].includes(await statusOf(one)), await statusOf(one));
  }
  async function allIsWell(): Promise<void> {
    await until('new requests are granted', async () => {
      const answer = await cards.call('POST', '/v1/certificates', order());
      if (answer.status === 201) live.push(answer.body as IssuedCertificate);
      return answer.status === 201;
    });
    await until('revoked is answered', async () => (await statusOf(revoked)) === 'revoked');
    for (const one of firstAndLast(live)) await until('good is answered', async () => (await statusOf(one)) === 'good');
  }
  async function everythingIsThere(): Promise<void> {
    for (const { id } of live) await cards.expect('GET', `/v1/certificates/${id}`);
    const { status, stderr } = await runPfcng(at, 'audit', 'verify');
    assert.equal(status, 0, stderr);
  }
  async function doctor(): Promise<DoctorReport> {
    const { status, stdout } = await runPfcng(at, 'doctor', '--json');
    const report = JSON.parse(stdout) as DoctorReport;
    assert.equal(status, report.ok ? 0 : 1);
    return report;
  }
  async function untilRefused(damage: Damage): Promise<Answer> {
    for (const end = performance.now() + DEADLINE_MS; performance.now() < end; ) {
      const answer = await cards.call('POST', '/v1/certificates', order());
      if (answer.status === 503) return answer;
      // A full disk still has room in the files that are there.
      assert.ok(damage.mayStart === true && answer.status === 201, JSON.stringify(answer));
      live.push(answer.body as IssuedCertificate);
    }
    throw new Error('no request is refused');
  }

  const all = kind === 'sqlite' ? SQLITE_DAMAGES : POSTGRESQL_DAMAGES;
  const damages = all.filter(({ mayStart }) => mayStart !== true || (kind === 'sqlite' && canMakeDisks));

  for (const damage of damages) {
    it(`${damage.name} while serving: the next request is refused, and nothing wrong is answered`, async function serving() {
      this.timeout(4 * DEADLINE_MS);
      await damage.inflict(place);
      const { body, headers } = await untilRefused(damage);
      const { code } = body as { readonly code: string };
      assert.ok(code === 'database-unavailable' || (damage.mayStart === true && code === 'signer-unavailable'), code);
      assert.ok(Number(headers['retry-after']) >= 1);
      await nothingWrongIsAnswered();
      await until('/readyz says so', async () => {
        const answer = await fetch(`${service.urls.operators}/readyz`);
        const { parts } = (await answer.json()) as { readonly parts: { readonly database: string } };
        return answer.status === 503 && damage.whileServing.test(parts.database);
      });
      const report = await doctor();
      assert.ok(report.checks.some(({ state, whatToDo }) => state === 'fault' && whatToDo !== undefined));
      if ((await damage.repairServing(place)) === 'start-again') await service.start();
      await allIsWell();
    });
  }

  it('and after all of it everything acknowledged is there, and the doctor finds nothing wrong', async () => {
    await everythingIsThere();
    assert.equal((await doctor()).ok, true);
  });

  describe('while the service is stopped', () => {
    before(() => service.stop());

    it('is not missed by the doctor while it is there', async () => {
      const before = readdirSync(at.home).sort();
      assert.equal((await doctor()).ok, true);
      assert.deepEqual(readdirSync(at.home).sort(), before);
    });

    const refused = damages.filter(({ mayStart }) => mayStart !== true);
    for (const [turn, damage] of refused.entries()) {
      it(`${damage.name}: the start and the commands refuse it and create nothing`, async function stopped() {
        this.timeout(2 * DEADLINE_MS);
        await damage.inflict(place);
        const before = readdirSync(at.home).sort();
        const report = await doctor();
        assert.ok(report.checks.some(({ state, whatToDo }) => state === 'fault' && whatToDo !== undefined));
        assert.deepEqual(readdirSync(at.home).sort(), before, 'the doctor changes nothing');
        // A responder may read a replica, which may be behind.
        const responder = /older/.test(damage.name) ? [] : [['serve', '--roles', 'responder']];
        const starts = await Promise.all([['serve'], ...responder].map((command) => runPfcng(at, ...command)));
        for (const { status, stderr } of starts) {
          assert.equal(status, 1);
          assert.match(stderr, damage.atStart);
        }
        // All commands open the database in the same way, so each damage meets one of them.
        const command = OTHER_COMMANDS[turn % OTHER_COMMANDS.length] ?? [];
        assert.equal((await runPfcng(at, ...command)).status, 1);
        if (kind === 'sqlite') assert.equal(existsSync(join(at.home, 'pfcng.sqlite')), before.includes('pfcng.sqlite'));
        await damage.repairStopped(place);
      });
    }

    const full = damages.find(({ mayStart }) => mayStart === true);
    if (full !== undefined) {
      it('on a full disk: the start is refused with the reason, or requests are', async function fullDisk() {
        this.timeout(4 * DEADLINE_MS);
        await full.inflict(place);
        const refusal = await service.start().then(
          () => null,
          (error: unknown) => String(error),
        );
        if (refusal === null) await untilRefused(full).finally(service.stop);
        await full.repairStopped(place);
        if (refusal !== null) assert.match(refusal, full.atStart);
      });
    }

    it('and put back, it has everything that was acknowledged', async function afterwards() {
      this.timeout(2 * DEADLINE_MS);
      await service.start();
      await allIsWell();
      await everythingIsThere();
    });
  });
});

/** Each is asked for by a process: a disk that fills up lets hundreds be issued before. */
function firstAndLast(issued: readonly IssuedCertificate[]): readonly IssuedCertificate[] {
  return issued.length <= 2 * ASKED_FOR ? issued : [...issued.slice(0, ASKED_FOR), ...issued.slice(-ASKED_FOR)];
}

/** Returns the file, or the name of the database on the server. */
async function copyDatabase({ database }: ServiceHome): Promise<string> {
  if (database.kind === 'postgresql') return (await (await sharedCluster()).copy(database.database)).database;
  const copy = `${database.file}.older`;
  copyFileSync(database.file, copy);
  return copy;
}
