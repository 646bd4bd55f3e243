/**
 * An HSM that hangs, crashes, disappears and makes bad signatures, under ten requests a second: the
 * real service on SoftHSM, with a module between them that fails on demand
 * (test/support/hsm/shim). Nothing is lost, signed twice or wrongly signed, only processes of
 * signers are restarted, and each fault is one line of the log and one count.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShownOrder } from '../../src/cli/order/order-view.js';
import { createShim, type Fault, type Shim } from '../support/hsm/shim.js';
import { SOFTHSM_MODULE } from '../support/hsm/signers.js';
import { type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { createRelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { cardBody, orderOf } from '../support/service/orders.js';
import { isSignerChild } from '../support/service/processes.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';
import { assertSigned, createLedger, journalLines, openIntents } from './ledger.js';
import { acknowledged } from './storm.js';
import { type Story, type Stream, startStream } from './stream.js';

const PER_SECOND = 10;
/** After a fault, so many requests in a row must succeed at their first try. */
const ANSWERED_AGAIN = 20;
const MINUTE_MS = 60_000;
/** The time for a fault to be met by requests, as often as it is injected, and to be remedied. */
const REMEDY_MS_MAX = 120_000;
const CA_TOKENS = '/tokens/ca-';
const ONE_TOKEN = '/tokens/ca-elementaire';

type Case = {
  readonly title: string;
  readonly faults: readonly Fault[];
  /** Text in the path of the token folders that have the fault. */
  readonly where: string;
  /** How long the fault lasts. Absent: until it was applied and remedied `times` times. */
  readonly holdMs?: number;
  /** Its names in the log and the metrics. */
  readonly seen: { readonly operation: string; readonly ckr: string };
  /** The exact number of lines and counts; absent: at least one. */
  readonly times?: number;
  /** False: each request gets its certificate at its first try. */
  readonly refuses: boolean;
  readonly restarts: boolean;
};

const failing = (operation: string, ckr: string, times: number): Pick<Case, 'faults' | 'seen' | 'times'> => ({
  faults: [{ act: 'fail', in: operation, ckr, times }],
  seen: { operation, ckr },
  times,
});
const repaired = { refuses: false, restarts: false } as const;
const replaced = { refuses: false, restarts: true } as const;

const CASES: readonly Case[] = [
  {
    title: 'a call that never returns',
    faults: [{ act: 'hang', in: 'C_Sign', times: 1 }],
    where: ONE_TOKEN,
    ...replaced,
    seen: { operation: 'request', ckr: 'no-answer' },
    times: 1,
  },
  {
    title: 'a module that crashes its process',
    faults: [{ act: 'abort', in: 'C_Sign', times: 1 }],
    where: ONE_TOKEN,
    ...replaced,
    seen: { operation: 'process', ckr: 'SIGABRT' },
    times: 1,
  },
  {
    title: 'a token that is removed and put back within a second',
    faults: [{ act: 'removed' }],
    where: CA_TOKENS,
    ...repaired,
    holdMs: 700,
    seen: { operation: 'C_GetSlotList', ckr: 'CKR_TOKEN_NOT_PRESENT' },
  },
  {
    title: 'a token that stays away for six seconds',
    faults: [{ act: 'removed' }],
    where: ONE_TOKEN,
    refuses: true,
    restarts: true,
    holdMs: 6_000,
    seen: { operation: 'C_GetSlotList', ckr: 'CKR_TOKEN_NOT_PRESENT' },
  },
  {
    title: 'the death of every session, and with them of the login',
    faults: [{ act: 'kill' }],
    where: CA_TOKENS,
    ...repaired,
    holdMs: 1_000,
    seen: { operation: 'C_SignInit', ckr: 'CKR_SESSION_HANDLE_INVALID' },
  },
  { title: 'CKR_DEVICE_ERROR', ...failing('C_Sign', 'CKR_DEVICE_ERROR', 3), where: CA_TOKENS, ...repaired },
  {
    title: 'CKR_SESSION_HANDLE_INVALID',
    ...failing('C_SignInit', 'CKR_SESSION_HANDLE_INVALID', 5),
    where: CA_TOKENS,
    ...repaired,
  },
  {
    title: 'a login that is forgotten',
    faults: [{ act: 'logout' }],
    where: CA_TOKENS,
    ...repaired,
    holdMs: 1_000,
    seen: { operation: 'C_SignInit', ckr: 'CKR_USER_NOT_LOGGED_IN' },
  },
  { title: 'CKR_HOST_MEMORY', ...failing('C_Sign', 'CKR_HOST_MEMORY', 1), where: ONE_TOKEN, ...replaced },
  {
    title: 'a wrong signature',
    faults: [{ act: 'flip', in: 'C_Sign', times: 1 }],
    where: ONE_TOKEN,
    ...replaced,
    seen: { operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID' },
    times: 1,
  },
];

describe('an HSM with faults, under ten requests a second', () => {
  let at: ServiceHome;
  let shim: Shim;
  let service: Service;
  let client: Client;
  let stream: Stream;
  let others: readonly number[];

  before(async function startIt() {
    at = await makeServiceHome('p-256');
    shim = createShim(join(at.folder, 'shim'), SOFTHSM_MODULE);
    const config = JSON.parse(readFileSync(at.configFile, 'utf8')) as object;
    writeFileSync(at.configFile, JSON.stringify({ ...config, pkcs11: { module: shim.modulePath } }));
    service = createService(at);
    await service.start();
    await allReady();
    others = notSigners();
    client = clientOf(service, 'card-management', { connectionsMax: 300 });
    stream = startStream(client, PER_SECOND);
    await answeredAgain(performance.now());
  });

  after(async function stopIt() {
    await stream?.stop(0);
    await client?.close();
    await service?.stop();
    removeServiceHome(at);
  });

  /** The service and the supervisor, which must never be restarted. */
  const notSigners = (): readonly number[] =>
    service
      .tree()
      .filter((one) => !isSignerChild(one))
      .map(({ pid }) => pid);

  /** Counts answers and measures no time, because other processes may slow this one down. */
  async function answeredAgain(since: number): Promise<void> {
    const end = performance.now() + 5 * MINUTE_MS;
    const answered = (): readonly Story[] =>
      stream.stories.filter(({ sentAt, settledAt }) => sentAt > since && settledAt !== null);
    while (answered().length < ANSWERED_AGAIN) {
      assert.ok(performance.now() < end, `${answered().length} requests were answered afterwards`);
      await sleep(100);
    }
    const tries = answered().map(({ outcomes }) => outcomes.length);
    assert.deepEqual(
      tries.filter((count) => count !== 1),
      [],
      'every request is answered at its first try',
    );
  }

  async function allReady(): Promise<void> {
    const end = performance.now() + 5 * MINUTE_MS;
    for (;;) {
      const answer = await fetch(`${service.urls.operators}/readyz`);
      const said = (await answer.json()) as { readonly state: string };
      if (said.state === 'ready') return;
      assert.ok(performance.now() < end, JSON.stringify(said));
      await sleep(100);
    }
  }

  /**
   * Waits until the refused requests have their certificates, so that their retries do not disturb
   * the next test.
   */
  async function settledBefore(moment: number): Promise<void> {
    const end = performance.now() + 5 * MINUTE_MS;
    const isWaiting = ({ sentAt, settledAt }: Story): boolean => sentAt < moment && settledAt === null;
    while (stream.stories.some(isWaiting)) {
      assert.ok(performance.now() < end, `${stream.stories.filter(isWaiting).length} are still refused`);
      await sleep(100);
    }
  }

  type Count = (name: { readonly operation: string; readonly ckr: string }) => number;
  async function counts(): Promise<{ readonly logged: Count; readonly metered: Count; readonly restarts: number }> {
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    const lines = service
      .said()
      .split('\n')
      .filter((line) => line.includes('"signer-fault"'))
      .map((line) => JSON.parse(line) as { readonly operation: string; readonly ckr: string });
    return {
      logged: ({ operation, ckr }) => lines.filter((one) => one.operation === operation && one.ckr === ckr).length,
      metered: ({ operation, ckr }) =>
        sum(
          metrics,
          new RegExp(`^pfcng_signer_faults_total\\{.*operation="${operation}",ckr="${ckr}"\\} (\\d+)`, 'gm'),
        ),
      restarts: sum(metrics, /^pfcng_signer_restarts_total\{.*\} (\d+)/gm),
    };
  }

  for (const { title, faults, where, holdMs, seen, times, refuses, restarts } of CASES) {
    it(`${title}: ${refuses ? 'refused until it is over, then finished' : 'every request is answered'}`, async function oneFault() {
      const before = await counts();
      const injectedAt = performance.now();
      shim.inject(faults, where);
      const isOver = async (): Promise<boolean> => {
        const now = await counts();
        return now.logged(seen) - before.logged(seen) === times && now.restarts > before.restarts === restarts;
      };
      if (holdMs !== undefined) await sleep(holdMs);
      else while (performance.now() < injectedAt + REMEDY_MS_MAX && !(await isOver())) await sleep(100);
      shim.clear();
      await allReady();
      const readyAt = performance.now();
      if (refuses) await settledBefore(readyAt);
      await answeredAgain(performance.now());

      const during = stream.stories.filter(({ sentAt }) => sentAt >= injectedAt - 500 && sentAt < readyAt);
      const answers = during.flatMap(({ outcomes }) => outcomes.map(({ answer }) => answer?.status ?? 0));
      const others503 = answers.filter((status) => status !== 201);
      if (refuses) {
        assert.ok(others503.includes(503), 'no client learned that the HSM is unavailable');
        assert.deepEqual(
          others503.filter((status) => status !== 503 && status !== 409),
          [],
        );
      } else assert.deepEqual(others503, [], 'a request was not answered by its certificate');

      let after = await counts();
      // Metrics are computed at most once a second, and may be older than the log.
      const isComplete = () => after.metered(seen) - before.metered(seen) >= after.logged(seen) - before.logged(seen);
      while (!isComplete()) {
        await sleep(100);
        after = await counts();
      }
      const logged = after.logged(seen) - before.logged(seen);
      assert.equal(after.metered(seen) - before.metered(seen), logged, 'as many counts as lines');
      if (times === undefined) assert.ok(logged > 0, 'the fault left no line in the log');
      else assert.equal(logged, times, 'one line a fault');
      assert.equal(
        after.restarts > before.restarts,
        restarts,
        `${after.restarts - before.restarts} restarts of signers`,
      );
      assert.deepEqual(notSigners(), others, 'the service and its supervisor are the ones they were');
    });
  }

  it('with every token away, cached responses and lists are served, and a revocation counts at once', async function allUnavailable() {
    const party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    const [kept, lost] = stream.stories.flatMap(({ outcomes }) => outcomes.flatMap(acknowledged)).slice(-2);
    assert.ok(kept && lost);
    const ask = (one: IssuedCertificate) =>
      party.ocsp(party.write(`${one.id}.pem`, one.certificate), one.ca, '-no_nonce');
    for (const one of [kept, lost]) assert.match((await ask(one)).output, /: good/);
    const list = await party.fetchCrl(kept.ca);
    shim.inject([{ act: 'removed' }]);
    await sleep(1_000);
    assert.match((await ask(kept)).output, /: good/);
    assert.deepEqual(await party.fetchCrl(kept.ca), list);
    await client.expect('POST', `/v1/certificates/${lost.id}/revocation`, { body: { reason: 'superseded' } });
    // No new response can be signed, and the old one is withdrawn (RFC 6960 2.3).
    assert.match((await ask(lost)).output, /trylater/i);
    const readyz = async () => (await (await fetch(`${service.urls.operators}/readyz`)).json()) as { state: string };
    await until('operators see it', async () => (await readyz()).state !== 'ready');
    shim.clear();
    await allReady();
    await settledBefore(performance.now());
    assert.match((await ask(lost)).output, /: revoked/);
    assert.deepEqual(notSigners(), others);
    party.remove();
  });

  it('with one token away, an order goes on with the cards of the others, and ends when it is back', async () => {
    const { profile, ...staffCard } = orderOf('standard/cpe-authentication');
    const lines = [cardBody(), cardBody(), { ...staffCard, requests: [{ profile, csr: makeCsr(makeKey()) }] }];
    shim.inject([{ act: 'removed' }], '/tokens/ca-fort');
    const raw = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { id } = await client.expect<ShownOrder>('POST', '/v1/orders', { raw, type: 'application/x-ndjson' });
    const order = () => client.expect<ShownOrder>('GET', `/v1/orders/${id}`);
    await until('the STANDARD card has its certificate', async () => (await order()).counts.issued === 1);
    const { state, counts: waiting } = await order();
    assert.deepEqual([state, waiting.open], ['working', 2]);
    shim.clear();
    await allReady();
    await until('the FORT cards have theirs', async () => (await order()).state === 'finished');
    assert.equal((await order()).counts.issued, 3);
    await settledBefore(performance.now());
  });

  describe('afterwards', () => {
    it('every request has exactly one certificate, signed by its CA, and no intent is left open', async function settle() {
      await stream.stop(90_000);
      const lost = stream.stories.filter(({ settledAt }) => settledAt === null);
      assert.deepEqual(
        lost.map(({ outcomes }) => outcomes.at(-1)?.answer?.body),
        [],
      );
      const ledger = createLedger();
      ledger.add(stream.stories.flatMap(({ outcomes }) => outcomes));
      const issued = stream.stories.flatMap(({ outcomes }) => outcomes.flatMap(acknowledged));
      for (const one of issued) assertSigned(one);
      // A card has two certificates, and none was issued twice.
      assert.equal(ledger.promised.size, issued.length);
      assert.deepEqual(await openIntents(at), []);
    });

    it('no serial number was signed for two contents, and every signature is in a journal and in the database', async () => {
      const signedAs = new Map<string, string>();
      for (const { kind, issuer, serial, sha256 } of journalLines(at.home)) {
        if (kind !== 'certificate') continue;
        const name = `${issuer} ${serial}`;
        assert.equal(signedAs.get(name) ?? sha256, sha256, `${name} was signed over other bytes`);
        signedAs.set(name, sha256);
      }
      const { status, stderr } = await runPfcng(at, 'hsm', 'reconcile', '--json');
      assert.equal(status, 0, stderr);
    });
  });
});

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
}
