/**
 * Faults of a real service and its signers, and the alerts that they raise: each is silent before
 * its fault, fires during it, and clears after the repair. promtool evaluates the rules over what
 * the service has said at the three times. Without this test an alert could be written for values
 * that the service never reports.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { makeTwoRecipients } from '../../support/backup/recipients.js';
import { postCmp } from '../../support/cmp/post.js';
import { certificateRequest } from '../../support/cmp/request.js';
import { rawDatabase } from '../../support/db/raw.js';
import { canMakeDisks, smallDisk } from '../../support/machine/small-disk.js';
import { assertFireAndClear, type Capture, captureMetrics } from '../../support/monitoring/alerts.js';
import { type Client, clientOf } from '../../support/service/client.js';
import { makeKey } from '../../support/service/csr.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf, cardBody, nextNumber } from '../../support/service/orders.js';
import { isSignerChild, type ProcessFacts, tokenOf } from '../../support/service/processes.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';

const CAPPED = 'elementaire/cpe-signature';
const OTHER = 'elementaire/org-auth-cli';
const PER_HOUR_MAX = 2;
const TOKEN = 'ca-elementaire';
const KILLS = 4;
const CARD_TOKEN = 'ca-fort';
/** CMP messages at once with a wrong secret. */
const MESSAGES = 40;
/** Errors in a minute. The alert needs more than 100, and is evaluated after three such minutes. */
const ERRORS = 40;
/** Only root can make a disk that is small. */
const itOnDisk = canMakeDisks ? it : () => {};

describe('an alert fires during the fault of a real service, and clears after it:', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let officers: readonly [Client, Client];
  let web: string;
  let relay: Server | null = null;
  /** 0: the system chooses it. */
  let port = 0;
  const relayed = new Set<Socket>();

  before(async () => {
    at = await makeServiceHome('p-256');
    web = join(at.folder, 'web');
    mkdirSync(web);
    setCap();
    await openRelay();
    // Relying parties come through the relay, as through a balancer.
    const recipients = await makeTwoRecipients(at.folder);
    configure(at, {
      backup: { recipients },
      publicAddress: `http://127.0.0.1:${port}`,
      publication: { outlets: [{ kind: 'directory', name: 'web', path: web }], selfCheckSeconds: 1 },
    });
    service = createService(at);
    await service.start();
    cards = clientOf(service, 'card-management');
    officers = [clientOf(service, 'officer-1'), clientOf(service, 'officer-2')];
  });
  after(async () => {
    for (const client of [cards, ...(officers ?? [])]) await client?.close();
    await service?.stop();
    closeRelay();
    if (at !== undefined) removeServiceHome(at);
  });

  function setCap(): void {
    const file = join(at.folder, 'policies', `${CAPPED.replace('/', '/profiles/')}.json`);
    const { sources, ...body } = JSON.parse(readFileSync(file, 'utf8')) as { readonly sources: object };
    const sourced = { ...sources, '/certificatesPerHourMax': 'assumption' };
    writeFileSync(file, JSON.stringify({ ...body, certificatesPerHourMax: PER_HOUR_MAX, sources: sourced }));
  }

  async function openRelay(): Promise<void> {
    const server = createServer((client) => {
      const upstream = connect(at.ports.publication, '127.0.0.1');
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) {
        relayed.add(socket);
        socket.on('close', () => relayed.delete(socket));
        socket.on('error', () => {
          client.destroy();
          upstream.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    relay = server;
  }

  function closeRelay(): void {
    relay?.close();
    for (const socket of relayed) socket.destroy();
  }

  /** Waits until the service says so, and returns all that it says then. */
  async function captured(what: string, isSo: (values: ReadonlyMap<string, number>) => boolean): Promise<Capture> {
    let capture: Capture | null = null;
    await until(what, async () => {
      capture = await captureMetrics(service);
      return capture.values !== null && isSo(capture.values);
    });
    return present<Capture>(capture, what);
  }
  const isUp = (values: ReadonlyMap<string, number>): boolean =>
    [...values].every(([series, value]) => !series.startsWith('pfcng_signer_up') || value === 1);
  const healthyNow = (): Promise<Capture> => captured('all signers are ready', isUp);
  const series = (name: string, value: number) => (values: ReadonlyMap<string, number>) => values.get(name) === value;
  const signerOf = (token = TOKEN): ProcessFacts | undefined =>
    service.tree().find((one) => isSignerChild(one) && tokenOf(one) === token);
  const issue = (profile: typeof CAPPED | typeof OTHER) =>
    cards.call('POST', '/v1/certificates', { headers: { 'idempotency-key': randomUUID() }, body: bodyOf(profile) });
  const account = async (...args: readonly string[]): Promise<void> => {
    const { status, stderr } = await runPfcng(at, 'account', 'change', ...args);
    assert.equal(status, 0, stderr);
  };

  it('a folder of a publication point is gone', async () => {
    const state = 'pfcng_outlet_state{outlet="web",state="down"}';
    const healthy = await captured('the outlet is current', series(state, 0));
    rmSync(web, { recursive: true });
    writeFileSync(web, '');
    await officers[0].expect('POST', '/v1/cas/aci-el-org/crl');
    const faulty = await captured('the outlet is down', series(state, 1));
    rmSync(web);
    mkdirSync(web);
    await officers[0].expect('POST', '/v1/cas/aci-el-org/crl');
    const repaired = await captured('the outlet is back', series(state, 0));
    await assertFireAndClear([['PfcngOutletDown', { healthy, faulty, repaired }]]);
  });

  it('the public addresses lead nowhere', async () => {
    const checked = (value: number) => (values: ReadonlyMap<string, number>) => {
      const found = [...values].filter(([name]) => name.startsWith('pfcng_self_check_ok{'));
      return found.length > 0 && found.every(([, is]) => is === value);
    };
    const healthy = await captured('all addresses are right', checked(1));
    closeRelay();
    const faulty = await captured('no address is right', checked(0));
    await openRelay();
    const repaired = await captured('all addresses are right again', checked(1));
    await assertFireAndClear([['PfcngSelfCheckWrong', { healthy, faulty, repaired }]]);
  });

  it('a signer dies again and again, and nobody replaces it', async () => {
    const healthy = await healthyNow();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await until('the signer runs', async () => signerOf() !== undefined);
      process.kill(present(signerOf(), 'a signer').pid, 'SIGKILL');
      await captured('it was replaced', series(`pfcng_signer_restarts_total{token="${TOKEN}"}`, kill + 1));
    }
    await healthyNow();
    const { parent, pid } = present(signerOf(), 'a signer');
    process.kill(parent, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    const faulty = await captured('it is down', series(`pfcng_signer_state{token="${TOKEN}",state="down"}`, 1)).finally(
      () => process.kill(parent, 'SIGCONT'),
    );
    const repaired = await healthyNow();
    const story = { healthy, faulty, repaired };
    await assertFireAndClear([
      ['PfcngSignerDown', story],
      ['PfcngSignerRestarts', story],
      ['PfcngSignerFaults', story],
    ]);
  });

  it('an order waits for a signer that is down', async () => {
    const waiting = (value: number) => series('pfcng_order_set_aside{reason="signer"}', value);
    const healthy = await captured('no line waits', waiting(0));
    const { parent, pid } = present(signerOf(CARD_TOKEN), 'the signer of cards');
    process.kill(parent, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    let id = '';
    const faulty = await (async () => {
      await captured('it is down', series(`pfcng_signer_state{token="${CARD_TOKEN}",state="down"}`, 1));
      const raw = `${JSON.stringify(cardBody(nextNumber()))}\n`;
      const sent = { raw, type: 'application/x-ndjson' };
      ({ id } = await cards.expect<{ readonly id: string }>('POST', '/v1/orders', sent));
      return captured('its line waits', waiting(1));
    })().finally(() => process.kill(parent, 'SIGCONT'));
    await until('the line is issued', async () => (await cards.call('GET', `/v1/orders/${id}/receipt`)).status === 200);
    const repaired = await captured('no line waits any more', waiting(0));
    await assertFireAndClear([['PfcngOrderWaitsForSigner', { healthy, faulty, repaired }]]);
  });

  it('clients send wrong secrets, faster than errors are signed', async () => {
    const unprotected = (values: ReadonlyMap<string, number>) => values.get('pfcng_cmp_unprotected_errors_total') ?? 0;
    const healthy = await captureMetrics(service);
    const first = unprotected(present(healthy.values, 'values'));
    const proof = { kind: 'hmac', reference: 'card-management', secret: 'wrong' } as const;
    const body = certificateRequest(proof, { key: makeKey(), name: 'wrong', at: Date.now() });
    let faulty = healthy;
    await until('many errors have no protection', async () => {
      await Promise.all(Array.from({ length: MESSAGES }, () => postCmp(service, { body })));
      faulty = await captureMetrics(service);
      return unprotected(present(faulty.values, 'values')) >= first + ERRORS;
    });
    const story = { healthy, faulty, repaired: faulty };
    await assertFireAndClear([
      ['PfcngCmpUnprotected', story],
      ['PfcngRegistrationSecrets', story],
    ]);
  });

  it('a profile reaches its cap', async () => {
    const healthy = await healthyNow();
    for (let count = 0; count <= PER_HOUR_MAX; count += 1) await issue(CAPPED);
    const alarm = `pfcng_signer_alarms_total{token="${TOKEN}",alarm="rate-cap",subject="${CAPPED}"}`;
    const faulty = await captured('the alarm is counted', (values) => (values.get(alarm) ?? 0) > 0);
    await assertFireAndClear([['PfcngSignerAlarms', { healthy, faulty, repaired: faulty }]]);
  });

  it('an account reaches its quota, and its end comes near', async () => {
    const healthy = await captureMetrics(service);
    const tenDays = new Date(Date.now() + 10 * DAY_MS).toISOString();
    await account('card-management', '--per-day', '1', '--expires-at', `${tenDays.slice(0, 19)}Z`);
    for (let count = 0; count < 2; count += 1) await issue(OTHER);
    const refused = 'pfcng_account_quota_refusals_total{account="card-management"}';
    const faulty = await captured('the refusal is counted', (values) => (values.get(refused) ?? 0) > 0);
    await account('card-management', '--per-day', 'none', '--expires-at', 'none');
    const ends = 'pfcng_account_end_timestamp_seconds{account="card-management"}';
    const repaired = await captured('the account has no end', (values) => !values.has(ends));
    const story = { healthy, faulty, repaired };
    await assertFireAndClear([
      ['PfcngAccountQuota', story],
      ['PfcngAccountEnds', story],
    ]);
  });

  it('a request waits for a second officer', async () => {
    const [first, second] = officers;
    const open = 'pfcng_approvals_open{action="key.unblock"}';
    const key = randomBytes(32).toString('hex');
    const why = ['--officer', 'officer-1', '--reason', 'leaked'];
    assert.equal((await runPfcng(at, 'key', 'block', `sha256:${key}`, ...why)).status, 0);
    const healthy = await captureMetrics(service);
    const path = `/v1/blocked-keys/${key}?reason=${encodeURIComponent('another key')}`;
    const { approval } = await first.expect<{ readonly approval: { readonly id: string } }>('DELETE', path);
    const faulty = await captured('it waits', series(open, 1));
    await second.expect('POST', `/v1/approvals/${approval.id}`, { body: { decision: 'approve' } });
    const repaired = await captured('nothing waits', series(open, 0));
    await assertFireAndClear([['PfcngApprovalWaits', { healthy, faulty, repaired }]]);
  });

  it('another program has the lock of the database', async () => {
    const healthy = await healthyNow();
    const locking = await rawDatabase(at.database);
    await locking.all('begin immediate');
    const age = (values: ReadonlyMap<string, number>): number => values.get('pfcng_database_write_age_seconds') ?? 0;
    const faulty = await captured('nothing was written for 15 s', (values) => age(values) > 15);
    await locking.all('rollback');
    await locking.close();
    const repaired = await captured('it is written again', (values) => age(values) < 10);
    await assertFireAndClear([['PfcngDatabaseNotWritten', { healthy, faulty, repaired }]]);
  });

  it('no backup was made for a day', async () => {
    const taken = 'pfcng_backup_taken_timestamp_seconds';
    const backUp = async (name: string): Promise<Capture> => {
      const made = await runPfcng(at, 'backup', '--output', join(at.folder, name));
      assert.equal(made.status, 0, made.stderr);
      return captured('the backup is known', (values) => (values.get(taken) ?? 0) > Date.now() / 1_000 - 3_600);
    };
    const healthy = await backUp('first.cms');
    // The record says what it would say if the timer had stopped two days ago.
    const record = join(at.home, 'backup.json');
    const last = JSON.parse(readFileSync(record, 'utf8')) as { readonly takenAt: number };
    writeFileSync(record, JSON.stringify({ ...last, takenAt: last.takenAt - 2 * DAY_MS }));
    const faulty = await captured(
      'the record was read',
      (values) => (values.get(taken) ?? 0) < Date.now() / 1_000 - 86_400,
    );
    const repaired = await backUp('second.cms');
    await assertFireAndClear([['PfcngBackupOld', { healthy, faulty, repaired }]]);
  });

  itOnDisk('the disk of the CRLs is nearly full', async () => {
    const free = 'pfcng_disk_free_bytes{folder="crl"}';
    const healthy = await captured('the disk has space', (values) => (values.get(free) ?? 0) > 1e9);
    const disk = smallDisk(join(at.home, 'crl'), 64);
    const faulty = await captured('it has little space', (values) => (values.get(free) ?? 1e9) < 1e9).finally(
      disk.remove,
    );
    const repaired = await captured('it has space again', (values) => (values.get(free) ?? 0) > 1e9);
    await assertFireAndClear([['PfcngDiskNearlyFull', { healthy, faulty, repaired }]]);
  });

  it('every process is killed', async () => {
    const healthy = await healthyNow();
    await service.killEverything();
    const faulty = await captureMetrics(service);
    await service.start();
    const repaired = await healthyNow();
    await assertFireAndClear([['PfcngDown', { healthy, faulty, repaired }]]);
  });
});
