/**
 * Refusals and alarms of signers, in the log and status of the supervisor and in the signer's
 * journal.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import { createConnection } from '../../../hsm/client/connection.js';
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { readJournal } from '../../../hsm/journal/read-journal.js';
import { REFUSAL_LOG_LIMIT } from '../../../hsm/log-rate-limiter.js';
import type { FrameType } from '../../../hsm/wire/frames.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import { ok } from '../../../src/kernel/result.js';
import { makeLintToken } from '../../../src/lint/token.js';
import { tbsCertificate, tbsCertList } from '../../support/hsm/der.js';
import {
  ISSUER,
  type MadeToken,
  makeToken,
  PATIENCE_MS,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  statusOf,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

describe('refusals and alarms of a signer', () => {
  let home: string;
  let ca: MadeToken;
  let supervisor: RunningSupervisor;
  let client: SignerClient;

  const socket = (role: CallerRole): string => join(home, 'run', role, `${ca.configuration.name}.sock`);
  const certificate = (serial: string, profile: string) =>
    client.certificate(makeLintToken('certificate', ISSUER, tbsCertificate(serial)), profile);
  async function status(): Promise<Readonly<Record<string, unknown>>> {
    return statusOf(client, socket('api'));
  }
  type EntryOf<Kind extends JournalEntry['kind']> = JournalEntry & { readonly kind: Kind };
  async function entries<Kind extends JournalEntry['kind']>(kind: Kind): Promise<readonly EntryOf<Kind>[]> {
    const found: EntryOf<Kind>[] = [];
    for await (const entry of readJournal(ca.configuration.journalFolder)) {
      assert(entry.ok, JSON.stringify(entry));
      if (entry.value.kind === kind) found.push(entry.value as EntryOf<Kind>);
    }
    return found;
  }
  const linesOf = (event: string) => supervisor.events.filter((line) => line.event === event);
  /** The log comes through another pipe than the answers. */
  async function logged(event: string, count: number): Promise<void> {
    while (linesOf(event).length < count) await sleep(20);
  }

  beforeEach(async function begin() {
    home = temporaryFolder();
    ca = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
    supervisor = startSupervisor(supervisorConfiguration(home, [ca.configuration]));
    client = createSignerClient({
      certificateSockets: new Map([[ISSUER, socket('api')]]),
      crlSockets: new Map([[ISSUER, socket('worker')]]),
      ocspSockets: new Map(),
      deadlineMs: PATIENCE_MS,
    });
    await supervisor.event('child-ready');
  });
  afterEach(async function end() {
    client?.close();
    await supervisor?.stop();
    removeFolder(home);
  });

  it('a profile never gets more than its cap, even when the signer is killed; the alarm has the profile and the number', async () => {
    for (const serial of ['01', '02', '03']) assert((await certificate(serial, 'test/rare')).ok);
    /** The alarm is written after the answer. */
    const alarmsWritten = async (count: number): Promise<void> => {
      while ((await entries('alarm')).length < count) await sleep(50);
    };
    for (const killed of [false, true]) {
      if (killed) {
        await alarmsWritten(1);
        const before = supervisor.events.length;
        const { pid } = linesOf('child-started').at(-1) ?? {};
        assert(pid !== undefined);
        process.kill(pid, 'SIGKILL');
        await supervisor.event('child-ready', before);
      }
      const over = await certificate('04', 'test/rare');
      assert(!over.ok && over.error.kind === 'signer-unavailable', JSON.stringify(over));
      assert.match(over.error.detail, /rate cap of test\/rare/);
      assert(over.error.retryAfterMs > 50 * 60_000 && over.error.retryAfterMs <= 61 * 60_000);
    }
    assert((await certificate('05', 'test/leaf')).ok, 'other profiles go on');
    const signed = (await entries('certificate')).map(({ serial }) => serial);
    assert.deepEqual(signed, ['01', '02', '03', '05']);
    await logged('signer-alarm', 1);
    const [line] = linesOf('signer-alarm');
    assert.deepEqual([line?.token, line?.alarm, line?.subject], ['ca-test', 'rate-cap', 'test/rare']);
    assert.match(String(line?.detail), /cap of 3 certificates an hour/);
    assert.deepEqual((await status()).alarms, [{ alarm: 'rate-cap', subject: 'test/rare', count: 2 }]);
    await alarmsWritten(2);
    assert.deepEqual(
      (await entries('alarm')).map(({ alarm, profile }) => [alarm, profile]),
      [
        ['rate-cap', 'test/rare'],
        ['rate-cap', 'test/rare'],
      ],
    );
  });

  it('each refusal by signer or supervisor is logged, counted and journaled, and no caller can prevent it', async () => {
    const connection = createConnection(socket('responder'), { deadlineMs: PATIENCE_MS, inFlightMax: 10 });
    const ask = (type: FrameType) =>
      connection.ask(type, { issuer: ISSUER, profile: 'test/leaf' }, tbsCertificate('01'));
    const refused = await certificate('01', 'test/none');
    assert(!refused.ok && refused.error.kind === 'signer-refused');
    await ask('certificate');
    connection.close();
    while ((await entries('refused')).length < 2) await sleep(20);
    await logged('signer-refusal', 2);
    assert.deepEqual(
      (await entries('refused')).map(({ rule, asked }) => [rule, asked]),
      [
        ['test-profile', 'certificate'],
        ['kind-not-of-this-role', null],
      ],
    );
    assert.deepEqual(
      linesOf('signer-refusal').map(({ token, rule, role }) => [token, rule, role]),
      [
        ['ca-test', 'test-profile', undefined],
        ['ca-test', 'kind-not-of-this-role', 'responder'],
      ],
    );
    assert.deepEqual((await status()).refusals, [
      { rule: 'test-profile', count: 1 },
      { rule: 'kind-not-of-this-role', count: 1 },
    ]);
  });

  it('a serial number is signed for other bytes never, also not after a kill or without its index; the same bytes are', async () => {
    const [tbs, other] = [tbsCertificate('0a0b'), tbsCertificate('0a0b', 601)];
    const sign = (body: Buffer) => client.certificate(makeLintToken('certificate', ISSUER, body), 'test/leaf');
    assert((await sign(tbs)).ok);
    const index = join(ca.configuration.journalFolder, 'serials.index');
    for (const loss of ['nothing', 'process', 'index']) {
      if (loss !== 'nothing') {
        const before = supervisor.events.length;
        if (loss === 'index') rmSync(index);
        const { pid } = linesOf('child-started').at(-1) ?? {};
        assert(pid !== undefined);
        process.kill(pid, 'SIGKILL');
        await supervisor.event('child-ready', before);
      }
      const refused = await sign(other);
      assert(!refused.ok && refused.error.kind === 'signer-refused', JSON.stringify(refused));
      assert.equal(refused.error.rule, 'serial-used', loss);
      assert((await sign(tbs)).ok, loss);
    }
  });

  it('a flood of refusals is counted completely, and fills neither log nor journal', async () => {
    await Promise.all(Array.from({ length: 500 }, () => certificate('01', 'test/none')));
    assert.deepEqual((await status()).refusals, [{ rule: 'test-profile', count: 500 }]);
    // What comes later than the stop of the supervisor does not come.
    await supervisor.stop();
    assert.equal(linesOf('signer-refusal').length, REFUSAL_LOG_LIMIT.linesMax);
    assert.equal((await entries('refused')).length, REFUSAL_LOG_LIMIT.linesMax);
  });

  it('a list that lost many entries is signed, logged, counted and journaled, also when the signer was killed before', async () => {
    const publish = (number: number, octets: number) => {
      const tbs = tbsCertList(number, octets);
      async function* chunks() {
        for (let at = 0; at < tbs.length; at += 60_000) yield new Uint8Array(tbs.subarray(at, at + 60_000));
      }
      return client.crl({
        issuer: ISSUER,
        chunks: chunks(),
        finish: () => ok(makeLintToken('crl', ISSUER, new Uint8Array(0))),
      });
    };
    assert((await publish(1, 200_000)).ok);
    const before = supervisor.events.length;
    const { pid } = linesOf('child-started').at(-1) ?? {};
    assert(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await supervisor.event('child-ready', before);
    assert((await publish(2, 100_000)).ok);
    assert.deepEqual((await status()).alarms, [{ alarm: 'crl-shrank', subject: ISSUER, count: 1 }]);
    await logged('signer-alarm', 1);
    while ((await entries('alarm')).length < 1) await sleep(20);
    assert.match(
      String(linesOf('signer-alarm')[0]?.detail),
      /^list 2 of aci-te-pp \(full\) has 25\d\d entries, the list before it had 50\d\d$/,
    );
    assert.equal((await entries('alarm'))[0]?.alarm, 'crl-shrank');
    assert.equal((await entries('crl')).at(-1)?.thisUpdate, '2026-01-01T00:00:00Z');
  });
});
