import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createConnection as connectTo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import { type Connection, createConnection } from '../../../hsm/client/connection.js';
import { readJournal } from '../../../hsm/journal/read-journal.js';
import { KEY_TYPE_FACTS } from '../../../hsm/pkcs11/keys/key-types.js';
import { type Frame, type FrameType, type Meta, readMeta } from '../../../hsm/wire/frames.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import { BENCH_TEXT } from '../../../hsm/wire/platform-purposes.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { err, ok } from '../../../src/kernel/result.js';
import { makeLintToken } from '../../../src/lint/token.js';
import { receiptOctets, receiptText } from '../../../src/orders/receipt.js';
import type { CrlLintStream, IssuerId } from '../../../src/ports/signer.js';
import type { KeyType } from '../../../src/x509/model.js';
import { tbsCertificate, tbsCertList } from '../../support/hsm/der.js';
import {
  isAlive,
  type MadeToken,
  makeToken,
  mapsOf,
  PATIENCE_MS,
  PIN,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  statusOf,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';
import { RECEIPT, SIGNATURE_BASE } from '../../support/orders/receipts.js';

const RSA = 'aci-te-pp' as IssuerId;
const EC = 'aci-te-org' as IssuerId;
const KEYS: ReadonlyMap<string, KeyType> = new Map([
  [RSA, 'rsa-2048'],
  [EC, 'p-384'],
  ['platform', 'p-256'],
]);
/** The deadline of requests, which only a child that hangs must meet. */
const DEADLINE_MS = 6_000;

/**
 * kill -9 of the child that has the token; it may have ended already, and the next may be unknown
 * yet.
 */
async function killAlive(pid: () => number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid(), 'SIGKILL');
      return;
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown;
      await sleep(5);
    }
  }
}

describe('signers', () => {
  let home: string;
  let ca: MadeToken;
  let ocsp: MadeToken;
  let platform: MadeToken;
  let supervisor: RunningSupervisor;
  let client: SignerClient;
  const connections: Connection[] = [];

  const socketOf = (token: MadeToken, role: CallerRole): string =>
    join(home, 'run', role, `${token.configuration.name}.sock`);

  function verifies(signature: Bytes, bytes: Bytes, by: { readonly token: MadeToken; readonly key: string }): boolean {
    const spki = by.token.publicKeys.get(by.key);
    const keyType = KEYS.get(by.key);
    assert(spki && keyType);
    return verify(
      KEY_TYPE_FACTS[keyType].hash,
      bytes,
      createPublicKey({ key: spki, format: 'der', type: 'spki' }),
      signature,
    );
  }
  const all = () => [ca, ocsp, platform].map((token) => token.configuration);
  const begin = (): RunningSupervisor =>
    startSupervisor(supervisorConfiguration(home, all(), { requestDeadlineMs: DEADLINE_MS }));
  const pidOf = (token: MadeToken): number => {
    const started = supervisor.events.filter(
      ({ event, token: name }) => event === 'child-started' && name === token.configuration.name,
    );
    const pid = started.at(-1)?.pid;
    assert(pid !== undefined);
    return pid;
  };
  async function allReady(): Promise<void> {
    const path = (token: MadeToken) => socketOf(token, 'api');
    for (const token of [ca, ocsp, platform])
      while ((await statusOf(client, path(token))).state !== 'ready') await sleep(20);
  }
  /** A connection for one test, for any request. */
  function rawConnection(
    token: MadeToken,
    role: CallerRole,
  ): (type: FrameType, meta: Meta, body?: Bytes) => Promise<string> {
    const connection = createConnection(socketOf(token, role), { deadlineMs: PATIENCE_MS, inFlightMax: 100 });
    connections.push(connection);
    return async (type, meta, body) => {
      const reply = await connection.ask(type, meta, body);
      if ('kind' in reply) return reply.kind;
      const read = readMeta(reply as Frame);
      return reply.type === 'refused' && read.ok ? String(read.value.rule) : reply.type;
    };
  }

  before(async () => {
    home = temporaryFolder();
    ca = makeToken(home, 'ca', [
      [RSA, 'rsa-2048'],
      [EC, 'p-384'],
    ]);
    ocsp = makeToken(home, 'ocsp', [[RSA, 'rsa-2048']]);
    platform = makeToken(home, 'platform', [['platform', 'p-256']]);
    supervisor = begin();
    client = createSignerClient({
      certificateSockets: new Map([RSA, EC].map((issuer) => [issuer, socketOf(ca, 'api')])),
      crlSockets: new Map([RSA, EC].map((issuer) => [issuer, socketOf(ca, 'worker')])),
      ocspSockets: new Map([[RSA, socketOf(ocsp, 'responder')]]),
      platformSocket: socketOf(platform, 'worker'),
      deadlineMs: PATIENCE_MS,
    });
    await allReady();
  });
  after(async () => {
    client?.close();
    await supervisor?.stop();
    removeFolder(home);
  });
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
  });

  async function signCertificate(issuer: IssuerId, tbs: Bytes): Promise<Bytes> {
    const signature = await client.certificate(makeLintToken('certificate', issuer, tbs), 'test/leaf');
    assert(signature.ok, JSON.stringify(signature));
    assert(verifies(signature.value, tbs, { token: ca, key: issuer }));
    return signature.value;
  }
  function lintingCrl(issuer: IssuerId, tbs: Buffer, passes = true): CrlLintStream {
    async function* chunks() {
      for (let at = 0; at < tbs.length; at += 100_000) yield new Uint8Array(tbs.subarray(at, at + 100_000));
    }
    const finish: CrlLintStream['finish'] = () =>
      passes
        ? ok(makeLintToken('crl', issuer, new Uint8Array(0)))
        : err({ kind: 'lint-failed', findings: [{ rule: 'e_test', detail: 'broken' }] });
    return { issuer, chunks: chunks(), finish };
  }
  async function serialsJournaled(): Promise<readonly string[]> {
    const serials: string[] = [];
    for await (const entry of readJournal(ca.configuration.journalFolder)) {
      assert(entry.ok, JSON.stringify(entry));
      if (entry.value.kind === 'certificate') serials.push(entry.value.serial);
    }
    return serials;
  }

  it('sign certificates, OCSP responses and CRLs, each over exactly the bytes that were sent', async () => {
    await signCertificate(RSA, tbsCertificate('01'));
    await signCertificate(EC, tbsCertificate('02'));
    const response = tbsCertificate('03');
    const answered = await client.ocsp(makeLintToken('ocsp', RSA, response));
    assert(answered.ok && verifies(answered.value, response, { token: ocsp, key: RSA }));
    const list = tbsCertList(1, 3_000_000);
    const crl = await client.crl(lintingCrl(EC, list));
    assert(crl.ok && verifies(crl.value, list, { token: ca, key: EC }));
  });

  it('of a platform token signs receipts and webhooks for the client, and no other text', async () => {
    const texts = { receipt: receiptOctets(receiptText(RECEIPT)), webhook: utf8(SIGNATURE_BASE) };
    for (const purpose of ['receipt', 'webhook'] as const) {
      const signed = await client.platform(purpose, texts[purpose]);
      assert(signed.ok && verifies(signed.value, texts[purpose], { token: platform, key: 'platform' }));
      const forged = await client.platform(purpose, utf8('forged checkpoint'));
      assert(!forged.ok && forged.error.kind === 'signer-refused' && forged.error.rule === `platform-${purpose}`);
    }
    const ask = rawConnection(platform, 'worker');
    const asked = (purpose: string) => ask('platform', { issuer: 'platform', purpose }, texts.receipt);
    assert.equal(await asked('checkpoint'), 'platform-purpose');
    assert.equal(await asked('cmp'), 'tbs-not-a-sequence');
  });

  it('of a platform token signs for the API and for the worker, which makes receipts, and not for a responder', async () => {
    const asked = (role: CallerRole) =>
      rawConnection(platform, role)('platform', { issuer: 'platform', purpose: 'bench' }, BENCH_TEXT);
    assert.equal(await asked('api'), 'signature');
    assert.equal(await asked('worker'), 'signature');
    assert.equal(await asked('responder'), 'kind-not-of-this-role');
  });

  it('a CRL whose lint fails at its end is not signed, and its number stays free', async () => {
    const failed = await client.crl(lintingCrl(RSA, tbsCertList(1, 200_000), false));
    assert.deepEqual(failed, err({ kind: 'lint-failed', findings: [{ rule: 'e_test', detail: 'broken' }] }));
    assert((await client.crl(lintingCrl(RSA, tbsCertList(1, 200_001)))).ok);
    const older = await client.crl(lintingCrl(RSA, tbsCertList(1, 200_000)));
    assert(!older.ok && older.error.kind === 'signer-refused' && older.error.rule === 'crl-number-not-rising');
  });

  it('only the children map the PKCS#11 module, with the libcrypto it was linked to; no other process has the PIN', async () => {
    for (const token of [ca, ocsp, platform]) {
      const maps = mapsOf(pidOf(token));
      assert.match(maps, /libsofthsm2\.so/);
      assert.match(maps, /\/libcrypto\.so\.3/);
    }
    const supervisorPid = supervisor.process.pid;
    assert(supervisorPid);
    assert.doesNotMatch(mapsOf(supervisorPid), /softhsm|pfcng_p11_loader|pkcs11/);
    const clientModule = new URL('../../../hsm/client/client.js', import.meta.url).href;
    const showMaps = "process.stdout.write((await import('node:fs')).readFileSync('/proc/self/maps'))";
    const script = `await import(${JSON.stringify(clientModule)}); ${showMaps}`;
    const service = execFileSync(process.execPath, ['--input-type=module', '-e', script]).toString();
    assert.doesNotMatch(service, /softhsm|pfcng_p11_loader|pkcs11/);
    for (const pid of [supervisorPid, ...[ca, ocsp, platform].map(pidOf)]) {
      for (const file of ['cmdline', 'environ']) assert(!readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(PIN));
    }
  });

  it('a child gets no more of the environment than it needs', () => {
    const names = readFileSync(`/proc/${pidOf(ca)}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((pair) => pair.split('=')[0] ?? '')
      // Node gives this to every child while coverage is measured.
      .filter((name) => name !== 'NODE_V8_COVERAGE');
    const expected = ['PATH', 'SOFTHSM2_CONF', 'PFCNG_PKCS11_MODULE', 'UV_THREADPOOL_SIZE'];
    // It is set in development only.
    expected.push('PFCNG_MEMORY_OPEN_TO');
    assert.deepEqual(names.sort(), expected.sort());
  });

  it('each role gets what its table allows and nothing else', async () => {
    const meta = { issuer: RSA, profile: 'test/leaf' };
    const outcomes: Record<string, string> = {};
    const TYPES = [
      'certificate',
      'responder-certificate',
      'ocsp',
      'platform',
      'crl-begin',
      'configure',
      'refused',
      'signature',
    ] as const;
    for (const role of ['api', 'worker', 'responder'] as const) {
      for (const type of TYPES) {
        const ask = rawConnection(type === 'ocsp' ? ocsp : ca, role);
        if (type === 'crl-begin' && role === 'worker') continue;
        outcomes[`${role} ${type}`] = await ask(type, meta, tbsCertificate('04'));
      }
    }
    assert.deepEqual(outcomes, {
      'api certificate': 'signature',
      'api responder-certificate': 'kind-not-of-this-role',
      'api ocsp': 'kind-not-of-this-role',
      'api platform': 'kind-not-of-this-token',
      'api crl-begin': 'kind-not-of-this-role',
      'api configure': 'frame-type',
      'api refused': 'frame-type',
      'api signature': 'frame-type',
      'worker certificate': 'signature',
      'worker responder-certificate': 'test-profile',
      'worker ocsp': 'kind-not-of-this-role',
      'worker platform': 'kind-not-of-this-token',
      'worker configure': 'frame-type',
      'worker refused': 'frame-type',
      'worker signature': 'frame-type',
      'responder certificate': 'kind-not-of-this-role',
      'responder responder-certificate': 'kind-not-of-this-role',
      'responder ocsp': 'signature',
      'responder platform': 'kind-not-of-this-role',
      'responder crl-begin': 'kind-not-of-this-role',
      'responder configure': 'frame-type',
      'responder refused': 'frame-type',
      'responder signature': 'frame-type',
    });
  });

  it('a bare digest is refused through the socket, on every token', async () => {
    const digest = Buffer.alloc(32, 7);
    const meta = { issuer: RSA, profile: 'test/leaf' };
    assert.equal(await rawConnection(ca, 'api')('certificate', meta, digest), 'tbs-not-a-sequence');
    assert.equal(await rawConnection(ocsp, 'responder')('ocsp', meta, digest), 'tbs-not-a-sequence');
    const bare = { issuer: 'platform', purpose: 'bench' };
    assert.equal(await rawConnection(platform, 'api')('platform', bare, digest), 'platform-bench-text');
  });

  it('hostile bytes close their own connection and nothing else', async () => {
    const before = pidOf(ca);
    for (const hostile of ['ffffffff00', '00000000', '00000007ee000000010000', '0000000801000000010002aa']) {
      await new Promise<void>((resolve) => {
        const socket = connectTo(socketOf(ca, 'api'), () => socket.write(Buffer.from(hostile, 'hex')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    assert.equal(await rawConnection(ca, 'api')('certificate', {}, Buffer.alloc(0)), 'issuer-unknown');
    await signCertificate(RSA, tbsCertificate('05'));
    assert.equal(pidOf(ca), before);
  });

  it('a request that a killed child did not answer goes to the next one and is answered', async () => {
    const pid = pidOf(ca);
    process.kill(pid, 'SIGSTOP');
    const asked = signCertificate(RSA, tbsCertificate('06'));
    await sleep(100);
    // On a busy machine the supervisor may have killed it already, at the deadline of the request.
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await asked;
    assert.notEqual(pidOf(ca), pid);
  });

  it('a child that hangs is killed after the time limit and its successor answers; the others are not affected', async () => {
    const pid = pidOf(ca);
    const others = [pidOf(ocsp), pidOf(platform)];
    const startedAt = performance.now();
    process.kill(pid, 'SIGSTOP');
    await Promise.all([RSA, EC, RSA].map((issuer, at) => signCertificate(issuer, tbsCertificate(`070${at}`))));
    const tookMs = performance.now() - startedAt;
    assert(tookMs >= DEADLINE_MS, `${tookMs} ms`);
    assert.notEqual(pidOf(ca), pid);
    assert.deepEqual([pidOf(ocsp), pidOf(platform)], others);
    const status = await statusOf(client, socketOf(ca, 'api'));
    assert.equal(status.state, 'ready');
    assert.match(String(status.lastError), new RegExp(`no answer in ${DEADLINE_MS} ms`));
  });

  it('a CRL that a child had read in part is answered unavailable when the child ends', async () => {
    const list = tbsCertList(50, 600_000);
    async function* chunks() {
      yield new Uint8Array(list.subarray(0, 300_000));
      // The supervisor reads the frames of a connection in their order.
      await statusOf(client, socketOf(ca, 'worker'));
      await sleep(100);
      const from = supervisor.events.length;
      process.kill(pidOf(ca), 'SIGKILL');
      await supervisor.event('child-gone', from);
      yield new Uint8Array(list.subarray(300_000));
    }
    const finish: CrlLintStream['finish'] = () => ok(makeLintToken('crl', RSA, new Uint8Array(0)));
    const failed = await client.crl({ issuer: RSA, chunks: chunks(), finish });
    assert(!failed.ok && failed.error.kind === 'signer-unavailable');
    assert.match(failed.error.detail, /the signer ended while it read the CRL/, 'and not after a deadline');
    await allReady();
    assert((await client.crl(lintingCrl(RSA, list))).ok);
  });

  it('under load, children killed at any moment lose no request, and every signature has its entry', async () => {
    const serials = Array.from({ length: 200 }, (_, at) => `10${at.toString(16).padStart(4, '0')}`);
    const asked = serials.map((serial, at) => signCertificate(at % 2 ? RSA : EC, tbsCertificate(serial)));
    for (const pauseMs of [15, 60]) {
      await sleep(pauseMs);
      await killAlive(() => pidOf(ca));
    }
    await Promise.all(asked);
    const journaled = new Set(await serialsJournaled());
    assert.deepEqual(
      serials.filter((serial) => !journaled.has(serial)),
      [],
    );
  });

  it('a new supervisor waits for the old one, and a supervisor ends with the process that started it', async () => {
    const first = supervisor;
    const firstChildren = [ca, ocsp, platform].map(pidOf);
    supervisor = begin();
    await sleep(500);
    assert.deepEqual(supervisor.events, []);
    await signCertificate(RSA, tbsCertificate('08'));
    await first.stop();
    assert.deepEqual(firstChildren.filter(isAlive), []);
    await allReady();
    await signCertificate(RSA, tbsCertificate('09'));
  });

  it('when a supervisor is killed its children end by themselves and its successor serves the same tokens', async () => {
    const children = [ca, ocsp, platform].map(pidOf);
    const asked = client.certificate(makeLintToken('certificate', RSA, tbsCertificate('0a')), 'test/leaf');
    supervisor.process.kill('SIGKILL');
    supervisor = begin();
    assert((await asked).ok);
    await allReady();
    assert.deepEqual(children.filter(isAlive), []);
  });
});
