/**
 * Signer groups: each CA token has a clone, and one of the two hangs, crashes, disappears or makes
 * bad signatures, under ten requests a second. No caller sees a failure, and nothing is lost,
 * signed twice or wrongly signed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createShim, type Fault, type Shim } from '../support/hsm/shim.js';
import { SOFTHSM_MODULE } from '../support/hsm/signers.js';
import { type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { createRelyingParty } from '../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { cloneTokens } from '../support/service/replicas.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { assertSigned, createLedger, type JournalLine, journalLines, openIntents } from './ledger.js';
import { acknowledged } from './storm.js';
import { type Stream, startStream } from './stream.js';

/** Ends a test that hangs. */
const WAIT_MS_MAX = 300_000;
const PER_SECOND = 10;
/** Lines of the journal of a token that show that it signs. */
const SIGNED_MIN = 5;
const TOKEN = 'ca-elementaire';
const CLONE = `${TOKEN}-b`;
const OCSP_TOKEN = 'ocsp-elementaire';
const GROUPS = ['ca-fort', 'ca-standard', TOKEN, OCSP_TOKEN];
const isOf =
  (ocspToken: string) =>
  ({ profile }: IssuedCertificate): boolean =>
    profile.startsWith(ocspToken.replace('ocsp-', ''));

/** `times: 0`: until it is cleared, because the readiness is computed at most once a second. */
type Case = { readonly title: string; readonly faults: readonly Fault[]; readonly member: string };

const CASES: readonly Case[] = [
  { title: 'hangs', faults: [{ act: 'hang', in: 'C_Sign', times: 0 }], member: TOKEN },
  { title: 'crashes with its module', faults: [{ act: 'abort', in: 'C_Sign', times: 3 }], member: CLONE },
  { title: 'is removed', faults: [{ act: 'removed' }], member: TOKEN },
  { title: 'signs wrongly', faults: [{ act: 'flip', in: 'C_Sign', times: 0 }], member: CLONE },
];

describe('a group of two tokens, under ten requests a second, one of which', () => {
  let at: ServiceHome;
  let shim: Shim;
  let service: Service;
  let client: Client;
  let officer: Client;
  let stream: Stream;

  before(async function startIt() {
    at = await makeServiceHome('p-256');
    shim = createShim(join(at.folder, 'shim'), SOFTHSM_MODULE);
    const config = JSON.parse(readFileSync(at.configFile, 'utf8')) as object;
    writeFileSync(at.configFile, JSON.stringify({ ...config, pkcs11: { module: shim.modulePath } }));
    cloneTokens(at, GROUPS);
    service = createService(at);
    await service.start();
    await readyz((said) => said.state === 'ready');
    const as = (account: 'card-management' | 'officer-1') => clientOf(service, account, { connectionsMax: 300 });
    client = as('card-management');
    officer = as('officer-1');
    stream = startStream(client, PER_SECOND);
  });

  after(async function stopIt() {
    await stream?.stop(0);
    await client?.close();
    await officer?.close();
    await service?.stop();
    removeServiceHome(at);
  });

  type Readyz = {
    readonly state: string;
    readonly parts: { readonly signers: Record<string, string>; readonly groups: Record<string, string> };
  };
  async function readyz(isAwaited: (said: Readyz) => boolean): Promise<void> {
    const until = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const said = (await (await fetch(`${service.urls.operators}/readyz`)).json()) as Readyz;
      if (isAwaited(said)) return;
      assert.ok(performance.now() < until, JSON.stringify(said));
      await sleep(100);
    }
  }

  const journaled = (token: string): number =>
    readFileSync(join(at.home, 'signers', token, 'journal.000001.ndjson'), 'utf8').split('\n').length;

  const certificatesOf = (token: string): readonly string[] =>
    readFileSync(join(at.home, 'signers', token, 'journal.000001.ndjson'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JournalLine)
      .flatMap(({ kind, issuer, serial }) => (kind === 'certificate' ? `${issuer} ${serial}` : []));

  /** Certificates that both tokens got to sign. */
  function putToBoth(): number {
    const one = new Set(certificatesOf(TOKEN));
    return certificatesOf(CLONE).filter((name) => one.has(name)).length;
  }

  it('is as healthy as the other: both sign', async function both() {
    await readyz(({ parts }) => GROUPS.every((name) => parts.groups[name] === 'ready'));
    const until = performance.now() + WAIT_MS_MAX;
    while (![TOKEN, CLONE].every((token) => journaled(token) > SIGNED_MIN)) {
      assert.ok(performance.now() < until, `${journaled(TOKEN)} and ${journaled(CLONE)} entries`);
      await sleep(50);
    }
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    for (const token of [TOKEN, CLONE])
      assert.match(metrics, new RegExp(`^pfcng_signer_state\\{token="${token}",state="ready"\\} 1$`, 'm'));
  });

  for (const { title, faults, member } of CASES) {
    it(`${title}: every request is answered by the other, and it comes back by itself`, async function oneFault() {
      const injectedAt = performance.now();
      const twice = putToBoth();
      shim.inject(faults, `/tokens/${member}/`);
      await readyz(({ state, parts }) => state === 'degraded' && parts.groups[TOKEN] === 'degraded');
      // For a list too, the other token signs the same bytes with the same number.
      for (const ca of ['aci-el-org', 'aci-el-pp']) {
        const { status, body } = await officer.call('POST', `/v1/cas/${ca}/crl`, {});
        assert.ok(status < 300, JSON.stringify(body));
      }
      await sleep(500);
      // The other token must answer what the one got before it hung, and not the next process of
      // the same token, which would be too late in a longer outage.
      for (const until = performance.now() + WAIT_MS_MAX; title === 'hangs' && putToBoth() === twice; await sleep(50))
        assert.ok(performance.now() < until, 'what the one did not answer was put to the other');
      shim.clear();
      await readyz(({ state }) => state === 'ready');
      const readyAt = performance.now();
      const before = journaled(member);
      const until = performance.now() + WAIT_MS_MAX;
      while (journaled(member) < before + SIGNED_MIN) {
        assert.ok(performance.now() < until, `${member} is asked again`);
        await sleep(50);
      }
      const during = stream.stories.filter(({ sentAt }) => sentAt >= injectedAt - 500 && sentAt < readyAt);
      const waiting = (): number => during.filter(({ settledAt }) => settledAt === null).length;
      while (waiting() > 0) {
        assert.ok(performance.now() < until, `${waiting()} have no answer`);
        await sleep(50);
      }
      const answers = during.flatMap(({ outcomes }) => outcomes.map(({ answer }) => answer?.status ?? 0));
      assert.deepEqual(
        answers.filter((status) => status !== 201),
        [],
        'a request was not answered by its certificate',
      );
    });
  }

  it('fails or disappears, of two OCSP tokens: every response is signed', async function ocsp() {
    const party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    const [one] = stream.stories.flatMap(({ outcomes }) => outcomes.flatMap(acknowledged)).filter(isOf(OCSP_TOKEN));
    assert.ok(one);
    const file = party.write('one.pem', one.certificate);
    const faults: readonly [Fault, string][] = [
      [{ act: 'flip', in: 'C_Sign', times: 0 }, `${OCSP_TOKEN}-b`],
      [{ act: 'removed' }, OCSP_TOKEN],
    ];
    for (const [fault, member] of faults) {
      shim.inject([fault], `/tokens/${member}/`);
      // Each request has a nonce, so that no response comes from a cache.
      for (let count = 0; count < 6; count += 1) assert.match((await party.ocsp(file, one.ca)).output, /: good/);
      await readyz(({ parts }) => parts.groups[OCSP_TOKEN] === 'degraded');
      assert.match((await party.ocsp(file, one.ca)).output, /: good/);
      shim.clear();
      await readyz(({ state }) => state === 'ready');
    }
    party.remove();
  });

  describe('afterwards', () => {
    it('the log has a line when one of them was unavailable, and when it was available again', async () => {
      const lines = [TOKEN, CLONE, OCSP_TOKEN].flatMap((token) =>
        ['unavailable', 'available'].map(
          (how) => new RegExp(`"event":"signer.member-${how}","socket":"[^"]*/${token}/`),
        ),
      );
      const until = performance.now() + WAIT_MS_MAX;
      while (!lines.every((line) => line.test(service.said()))) {
        assert.ok(performance.now() < until, String(lines.filter((line) => !line.test(service.said()))));
        await sleep(100);
      }
    });

    it('every request has exactly one certificate, signed by its CA, and no intent is left open', async function settle() {
      await stream.stop(30_000);
      const ledger = createLedger();
      ledger.add(stream.stories.flatMap(({ outcomes }) => outcomes));
      const issued = stream.stories.flatMap(({ outcomes }) => outcomes.flatMap(acknowledged));
      for (const one of issued) assertSigned(one);
      assert.equal(ledger.promised.size, issued.length);
      assert.ok(issued.length >= stream.stories.length);
      assert.deepEqual(await openIntents(at), []);
    });

    it('both have signed the same bytes only, and every signature is in a journal and in the database', async () => {
      const signedAs = new Map<string, string>();
      let twice = 0;
      for (const { kind, issuer, serial, sha256 } of journalLines(at.home)) {
        if (kind !== 'certificate') continue;
        const name = `${issuer} ${serial}`;
        if (signedAs.has(name)) twice += 1;
        assert.equal(signedAs.get(name) ?? sha256, sha256, `${name} was signed over other bytes`);
        signedAs.set(name, sha256);
      }
      assert.ok(twice > 0, 'nothing was put to a second token');
      const { status, stdout, stderr } = await runPfcng(at, 'hsm', 'reconcile', '--json');
      assert.equal(status, 0, stderr);
      const tokens = (JSON.parse(stdout) as readonly { readonly token: string }[]).map(({ token }) => token);
      for (const token of readdirSync(join(at.home, 'signers'))) assert.ok(tokens.includes(token), token);
    });

    it('a clone is checked like any other token', async () => {
      await service.stop();
      const { status, stdout, stderr } = await runPfcng(at, 'hsm', 'check', '--token', CLONE);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /ok {2}aci-el-org {2}p-256, certificate: matches, signature: verifies/);
    });
  });
});
