/**
 * One order revokes a batch of certificates, and the service is killed in the middle: after its
 * next start it continues, and revokes each certificate once. PFCNG_FAULT_REVOCATIONS=100000 makes
 * the batch as large as a batch of cards may be.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordIdFrom } from '../../src/issuance/intent.js';
import { present } from '../../src/kernel/assert.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { CertificateRecord } from '../../src/ports/store/certificates.js';
import { describeOnEach, unwrap } from '../support/db/fixture.js';
import { intent } from '../support/db/records.js';
import { insertIntents, storeSignatures } from '../support/db/unaudited.js';
import { type Client, clientOf, fetchOpenApi, trustOf } from '../support/service/client.js';
import { openDatabase, openServiceStore } from '../support/service/database.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { openssl } from '../support/service/judges.js';
import { createResponseJudge } from '../support/service/schema.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';

const COUNT = Number(process.env.PFCNG_FAULT_REVOCATIONS ?? 2_000);
const MINUTES_MS = 60_000;
/** For a hundred thousand on a slow machine; two thousand take seconds. */
const WAIT_MS_MAX = 20 * MINUTES_MS;
const SAMPLE = 12;
const CA = 'aci-el-org';
const PROFILE = 'elementaire/org-auth-cli';
/** An order may end before the service is killed; then another batch is tried. */
const BATCHES = 3;

type Order = {
  readonly id: string;
  readonly state: string;
  readonly matched: number;
  readonly done: number;
  readonly revoked: number;
};

/**
 * Unsigned certificates, created within one second: a batch of faulty cards as the database sees
 * it.
 */
function recordsOf(batch: number): readonly CertificateRecord[] {
  const bornAt = Date.UTC(2026, 0, 1 + batch);
  return Array.from({ length: COUNT }, (_, at) => {
    const createdAt = bornAt + Math.floor((at * 1_000) / COUNT);
    return intent(0, {
      id: recordIdFrom(createdAt, randomBytes(10)),
      createdAt,
      issuer: CA as IssuerId,
      profile: PROFILE,
      serial: Buffer.concat([Buffer.of(1), randomBytes(15)]).toString('hex'),
      spkiSha256: randomBytes(32).toString('hex'),
      notBefore: createdAt,
      notAfter: createdAt + 1_000 * 86_400_000,
      structureId: '10B0057881',
      identity: null,
      holderId: `10B0057881/A-${at}`,
      holder: { kind: 'organisation', application: `A-${at}` },
    });
  });
}

describeOnEach(`a mass revocation of ${COUNT} certificates that is killed half-way`, ({ kind }) => {
  let at: ServiceHome;
  let service: Service;
  let officer: Client;
  let party: RelyingParty;
  let batch: readonly CertificateRecord[] = [];
  let order: Order;
  const figures: string[] = [];

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: kind });
    service = createService(at);
    await service.start();
    const judge = createResponseJudge(await fetchOpenApi(service.urls.api, trustOf(at)));
    officer = clientOf(service, 'officer-1', { judge });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
  });

  after(async function stopIt() {
    party.remove();
    await officer.close();
    await service.stop();
    removeServiceHome(at);
    for (const figure of figures) process.stdout.write(`      ${kind}: ${figure}\n`);
  });

  async function fill(records: readonly CertificateRecord[]): Promise<void> {
    const store = await openServiceStore(at);
    for (let from = 0; from < records.length; from += 1_000) {
      const some = records.slice(from, from + 1_000);
      const filled = await store.transaction(async (tx) => {
        await insertIntents(tx, some);
        const signed = some.map(({ id }) => ({ id, signature: Uint8Array.of(1) }));
        await storeSignatures(tx, signed);
      });
      unwrap(filled);
    }
    await store.close();
  }

  const sampleOf = (): readonly CertificateRecord[] =>
    batch.filter((_, index) => index % Math.ceil(batch.length / SAMPLE) === 0);
  async function statusOf({ serial }: CertificateRecord): Promise<string> {
    const { output } = await openssl(
      'ocsp',
      '-no_nonce',
      '-issuer',
      party.path(`${CA}.pem`),
      '-serial',
      `0x${serial}`,
      '-CAfile',
      party.path('acr-el.pem'),
      '-url',
      `${service.urls.publication}/ocsp`,
    );
    return /0x\w+: (\w+)/.exec(output)?.[1] ?? output;
  }
  const orderNow = (): Promise<Order> => officer.expect<Order>('GET', `/v1/revocations/${order.id}`);

  /** Whether the service was killed while some were revoked and some were not. */
  async function killInTheMiddle(number: number): Promise<boolean> {
    batch = recordsOf(number);
    await fill(batch);
    for (const record of sampleOf()) assert.equal(await statusOf(record), 'good');
    const born = batch.map(({ createdAt }) => createdAt);
    const select = {
      profile: PROFILE,
      issuedFrom: new Date(Math.min(...born)).toISOString(),
      issuedUntil: new Date(Math.max(...born)).toISOString(),
    };
    const began = performance.now();
    const body = { select, reason: 'keyCompromise', expectedCount: COUNT };
    order = await officer.expect<Order>('POST', '/v1/revocations', { body });
    figures.push(`${order.matched} selected and fixed in ${Math.round(performance.now() - began)} ms`);
    assert.equal(order.matched, COUNT);
    while (order.done < Math.min(COUNT / 2, 20_000) && order.state === 'running') {
      order = await orderNow();
      if (COUNT < 10_000 && order.done > 0) break;
    }
    await service.killService();
    const database = await openDatabase(at);
    const [row] = await database.all('select state, revoked from mass_revocations where id = ?', order.id);
    await database.close();
    const revoked = Number(row?.revoked);
    const seconds = (performance.now() - began) / 1_000;
    figures.push(`killed after ${seconds.toFixed(1)} s with ${revoked} revoked`);
    return row?.state === 'running' && revoked > 0;
  }

  it('goes on by itself after the next start, and ends complete', async function goOn() {
    this.timeout(WAIT_MS_MAX);
    let killed = false;
    for (let number = 1; number <= BATCHES && !killed; number += 1) {
      if (number > 1) await service.start();
      killed = await killInTheMiddle(number);
    }
    assert.ok(killed, 'every order had ended before the service was killed');
    await service.start();
    const began = performance.now();
    const before = await orderNow();
    while (order.state === 'running' || order.done < order.matched) {
      assert.ok(performance.now() - began < WAIT_MS_MAX, JSON.stringify(order));
      await sleep(100);
      order = await orderNow();
    }
    const seconds = (performance.now() - began) / 1_000;
    figures.push(`the remaining ${COUNT - before.done} within ${seconds.toFixed(1)} s, waiting for the lease included`);
    assert.deepEqual([order.state, order.revoked], ['completed', COUNT]);
  });

  it('OCSP says revoked of each that it said good of before', async () => {
    for (const record of sampleOf()) assert.equal(await statusOf(record), 'revoked');
  });

  it('each certificate has one event and one entry in the audit log, and no other certificate has', async function count() {
    const database = await openDatabase(at);
    const [events] = await database.all(
      `select count(*) as all_of_them, count(distinct e.certificate_id) as certificates from status_events e
        join mass_revocation_items i on i.certificate_id = e.certificate_id
        where e.status = 'revoked' and i.revocation_id = ? and i.outcome = 'revoked'`,
      order.id,
    );
    const entries = await database.all('select bytes from audit_entries order by seq');
    await database.close();
    assert.deepEqual([Number(events?.all_of_them), Number(events?.certificates)], [COUNT, COUNT]);
    const ours = new Set(batch.map(({ id }) => id));
    const revoked = entries.flatMap(({ bytes }) => {
      const { type, details } = JSON.parse(String(bytes)) as { type: string; details: { readonly id?: string } };
      return type === 'certificate.revoked' && ours.has(details.id ?? '') ? [details.id] : [];
    });
    assert.deepEqual([revoked.length, new Set(revoked).size], [COUNT, COUNT]);
  });

  it('the audit chain is intact', async function verify() {
    const { status, stderr } = await runPfcng(at, 'audit', 'verify', '--json');
    assert.equal(status, 0, stderr);
  });

  it('the results have a line for each', async function read() {
    const began = performance.now();
    type Line = { readonly certificate: string; readonly outcome: string };
    const lines = await officer.expect<readonly Line[]>('GET', `/v1/revocations/${order.id}/results`);
    figures.push(`${lines.length} results read and checked in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    assert.deepEqual(new Set(lines.map(({ certificate }) => certificate)), new Set(batch.map(({ id }) => id)));
    assert.equal(lines.length, COUNT);
    assert.ok(lines.every(({ outcome }) => outcome === 'revoked'));
  });

  it('the list has them all', async function list() {
    type Authority = { readonly crl: { readonly entries: number } | null };
    const began = performance.now();
    for (;;) {
      const { crl } = await officer.expect<Authority>('GET', `/v1/cas/${CA}`);
      if ((crl?.entries ?? 0) >= COUNT) break;
      assert.ok(performance.now() - began < 4 * MINUTES_MS, `${crl?.entries} entries`);
      await sleep(250);
    }
    await party.fetchCrl(CA);
    const { output } = await openssl('crl', '-in', party.path(`${CA}.crl.pem`), '-noout', '-text');
    const listed = output.toLowerCase();
    for (const { serial } of sampleOf())
      assert.ok(listed.includes(present(serial.replace(/^0+/, ''), 'serial')), serial);
  });
});
