/** The faults that a relying party would find in what it downloads. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkPublicAddressesJob,
  createSelfCheck,
  type PublicAddress,
  type SelfCheckState,
} from '../../../src/jobs/lists/self-check.js';
import type { CheckedCertificate } from '../../../src/jobs/lists/self-check-ocsp.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import type { Json } from '../../../src/kernel/json.js';
import { err, ok } from '../../../src/kernel/result.js';
import { assembleOcspResponse, encodeErrorResponse, encodeResponseData } from '../../../src/ocsp/encode.js';
import { ocspRequestFor } from '../../../src/ocsp/make-request.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import { createOcspResponder } from '../../../src/operations/status/answer-ocsp.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Reads, Transaction } from '../../../src/ports/store.js';
import { type CrlPublisher, createCrlPublisher } from '../../support/crl/world.js';
import { createStatusAuthority, SILENT_LOG, type StatusAuthority } from '../../support/status/authority.js';
import { createStatusStore } from '../../support/status/store.js';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const LIST = 'http://localhost/CRL/TEST-CA.crl';
const CERTIFICATE = 'http://localhost/AC/TEST-CA.cer';

/** A lease that keeps the cursor, as the runner does between two pieces of work. */
function leaseOf() {
  let cursor: Json = null;
  return {
    get cursor() {
      return cursor;
    },
    setCursor: async (_: Transaction, next: Json) => {
      cursor = next;
    },
    transaction: async <Value>(work: (tx: Transaction) => Promise<Value>) => ok(await work({} as Transaction)),
    mustEnd: () => false,
    state: () => cursor as SelfCheckState & { readonly next: number },
  };
}

describe('the check of public addresses', () => {
  let authority: StatusAuthority;
  let other: StatusAuthority;
  let folder: string;
  let publisher: CrlPublisher;
  let now: number;
  let events: string[];
  const pauses: number[] = [];
  let whenAskedAgain: Uint8Array | null = null;
  /** The earlier results of the database, one per query. */
  let whileAsked: Partial<CheckedCertificate>[] | null = null;

  before(() => {
    authority = createStatusAuthority();
    other = createStatusAuthority({ id: 'other-ca' });
  });
  after(() => {
    for (const one of [authority, other]) rmSync(one.folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-self-check-'));
    now = NOW;
    events = [];
    publisher = createCrlPublisher(authority, folder, () => now);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const list = (of = authority) => readFileSync(join(folder, crlFileName(of.issuer.id)));
  type CheckCase = {
    readonly octets?: Uint8Array | null;
    readonly latest?: CrlRecord | null;
    readonly newest?: CheckedCertificate | null;
    readonly address?: Partial<PublicAddress>;
    readonly cutAt?: number;
  };
  const checkOf = (given: () => CheckCase) => {
    const hear = (event: string): void => void events.push(event);
    return createSelfCheck({
      clock: () => now,
      log: { info: hear, warn: hear, error: hear },
      addresses: () => {
        const { issuer } = authority;
        return [{ kind: 'crl', address: LIST, issuer, scope: 'full', ...given().address } as PublicAddress];
      },
      latest: async () => given().latest ?? null,
      newest: async () => {
        const { newest = null } = given();
        if (whileAsked === null || newest === null) return newest;
        const [first] = whileAsked.splice(0, 1);
        return first === undefined ? newest : { ...newest, ...first };
      },
      fetchPublic: async () => {
        const { cutAt, octets: first = list() } = given();
        const octets = pauses.length > 0 && whenAskedAgain !== null ? whenAskedAgain : first;
        if (octets === null) return err({ kind: 'outlet-unavailable', detail: 'HTTP 404' });
        return ok(chunksOf(octets, cutAt));
      },
      pause: async (ms) => void pauses.push(ms),
    });
  };
  async function* chunksOf(octets: Uint8Array, cutAt?: number) {
    yield octets.slice(0, cutAt);
    if (cutAt !== undefined) throw new Error('ECONNRESET');
  }
  const found = async (given: CheckCase): Promise<string | null | undefined> => {
    const check = checkOf(() => given);
    const lease = leaseOf();
    await check.work(lease);
    const { at, wrong: all } = lease.state();
    assert.equal(at, now);
    const wrong = all[given.address?.address ?? LIST] ?? null;
    assert.deepEqual(events.splice(0), wrong === null ? [] : ['self-check.failed']);
    return wrong;
  };

  it('accepts the CRL that was published last, or a newer one', async () => {
    const latest = await publisher.publish(3);
    assert.equal(await found({ latest }), null);
    await publisher.publish(4);
    assert.equal(await found({ latest }), null);
  });

  it('reports a fault at once while another address accepts the connection and does not answer', async () => {
    let answer = (): void => undefined;
    let asked: string[] = [];
    const silence = new Promise<void>((resolve) => (answer = resolve));
    const { issuer } = authority;
    const check = createSelfCheck({
      clock: () => now,
      log: SILENT_LOG,
      addresses: () =>
        ['http://gone', 'http://silent'].map((address) => ({ kind: 'authority', address, issuer }) as const),
      latest: async () => null,
      newest: async () => null,
      fetchPublic: async (address) => {
        asked.push(address);
        if (address === 'http://silent') await silence;
        return err({ kind: 'outlet-unavailable', detail: 'gone' });
      },
      pause: async () => undefined,
    });
    const lease = leaseOf();
    const round = check.work(lease);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(lease.state(), { at: null, wrong: { 'http://gone': 'gone' }, next: 1 });
    asked = [];
    now += 6_000;
    answer();
    await round;
    assert.deepEqual(asked, [], 'after a long timeout, an address is not requested again');
    assert.deepEqual([lease.state().at, Object.keys(lease.state().wrong).length], [now, 2]);
  });

  it('waits for a limited number of slow addresses per round, so that an unavailable outlet does not block it', async () => {
    pauses.splice(0);
    const { issuer } = authority;
    const check = createSelfCheck({
      clock: () => now,
      log: SILENT_LOG,
      latest: async () => null,
      newest: async () => null,
      addresses: () =>
        Array.from({ length: 20 }, (_, at) => ({ kind: 'authority', address: `http://gone/${at}`, issuer }) as const),
      fetchPublic: async () => err({ kind: 'outlet-unavailable', detail: 'gone' }),
      pause: async (ms) => void pauses.push(ms),
    });
    const lease = leaseOf();
    await check.work(lease);
    assert.deepEqual([pauses.splice(0).length, Object.keys(lease.state().wrong).length], [10, 20]);
  });

  it('goes on with the next address after a piece of work that had to end', async () => {
    const latest = await publisher.publish();
    const check = checkOf(() => ({ latest, octets: null }));
    const lease = leaseOf();
    // It must end before the first address is asked, and then while it is asked, perhaps in vain.
    for (const endsAfter of [0, 1]) {
      let questions = 0;
      const mustEnd = (): boolean => {
        questions += 1;
        return questions > endsAfter;
      };
      assert.equal(await check.work({ ...lease, mustEnd }), 'more');
      assert.deepEqual([lease.state().at, lease.state().next, events, pauses], [null, 0, [], []]);
    }
    assert.equal(await check.work(lease), 'done');
    assert.deepEqual([lease.state().wrong, lease.state().next], [{ [LIST]: 'HTTP 404' }, 0]);
  });

  it('is due one period after the start, because the addresses may not lead to the process before', async () => {
    let steady = 0;
    const prepared = checkPublicAddressesJob.prepare({
      selfCheck: checkOf(() => ({})),
      selfCheckSeconds: 300,
      steadyMs: () => steady,
    });
    assert.deepEqual(await prepared?.due({} as Reads), []);
    steady = 300_000;
    assert.deepEqual(await prepared?.due({} as Reads), ['']);
  });

  it('finds an expired CRL', async () => {
    const latest = await publisher.publish();
    now += 2 * HOUR_MS;
    assert.match((await found({ latest })) ?? '', /^number 1 ended at /);
  });

  it('finds a CRL that is older than the published one after the time that caches may store it', async () => {
    await publisher.publish();
    const old = list();
    now += MINUTE_MS;
    const latest = await publisher.publish(1);
    now += 5 * MINUTE_MS;
    assert.equal(await found({ latest, octets: old }), null);
    now += 5 * MINUTE_MS;
    assert.match((await found({ latest, octets: old })) ?? '', /^number 1, and 2 has been published since /);
  });

  it('finds a CRL of another issuer, a damaged, a truncated and a missing CRL', async () => {
    const latest = await publisher.publish();
    await createCrlPublisher(other, folder, () => now).publish();
    assert.match((await found({ latest, octets: list(other) })) ?? '', /^crl-malformed: /);
    const spoiled = Buffer.from(list());
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
    assert.match((await found({ latest, octets: spoiled })) ?? '', /^crl-(signature-wrong|malformed): /);
    assert.match((await found({ latest, octets: list().subarray(0, 200) })) ?? '', /truncated/);
    assert.match((await found({ latest, cutAt: 100 })) ?? '', /^interrupted: ECONNRESET/);
    assert.equal(await found({ latest, octets: null }), 'HTTP 404');
  });

  it('finds a full CRL at the address of the delta CRL', async () => {
    const latest = await publisher.publish();
    assert.equal(await found({ latest, address: { scope: 'delta' } }), 'a full list');
  });

  it('does not download a delta CRL before one was published', async () => {
    assert.equal(await found({ latest: null, octets: null, address: { scope: 'delta' } }), null);
  });

  it('finds that the first full CRL of a partition, which its certificates name, was never published', async () => {
    assert.equal(await found({ latest: null, octets: null, address: { scope: 'full-1' } }), 'HTTP 404');
    assert.equal(await found({ latest: null, octets: null, address: { scope: 'delta-1' } }), null);
  });

  it('finds a certificate that is not the one of the CA', async () => {
    const address = { kind: 'authority', address: CERTIFICATE } as const;
    assert.equal(await found({ octets: authority.issuer.certificate, address }), null);
    assert.match((await found({ octets: other.issuer.certificate, address })) ?? '', /^not the certificate/);
    assert.match((await found({ octets: new Uint8Array(100_000), address })) ?? '', /^interrupted: more bytes/);
  });

  it('reports once that a fault is resolved', async () => {
    const latest = await publisher.publish();
    let octets: Uint8Array | null = null;
    const check = checkOf(() => ({ latest, octets: octets ?? null }));
    octets = Buffer.alloc(9);
    pauses.splice(0);
    const lease = leaseOf();
    await check.work(lease);
    await check.work(lease);
    assert.equal(pauses.length, 2, 'asked again before it is said, and not when it has been');
    octets = list();
    await check.work(lease);
    await check.work(lease);
    assert.deepEqual(events, ['self-check.failed', 'self-check.failed', 'self-check.recovered']);
  });

  it('finds a response without the certificate of its signer, one of another time, and one that the lint rejects', async () => {
    const made = Math.floor(Date.now() / 1000) * 1000;
    now = made;
    const serial = '4d00000000000000000000000000001f';
    const { issuer, responder, responderKey } = authority;
    const asked = readOcspRequest(ocspRequestFor(issuer, serial));
    const certIdDer = (asked.ok ? asked.value.certIds[0]?.der : undefined) ?? assert.fail('a question');
    const answerOf = ({
      thisUpdate = made,
      producedAt = made,
      certificates = [responder.certificate],
    } = {}): Uint8Array => {
      const responseData = encodeResponseData({
        responderId: { by: 'key', keyHash: responder.keyHash },
        producedAt,
        nonce: null,
        responses: [{ certIdDer, status: { kind: 'good' }, thisUpdate, nextUpdate: made + HOUR_MS }],
      });
      const signature = new Uint8Array(sign('sha256', responseData, responderKey));
      return assembleOcspResponse({ responseData, algorithm: responder.signatureAlgorithm, signature, certificates });
    };
    const foundOf = (octets: Uint8Array) =>
      found({
        address: { kind: 'ocsp', address: 'ocsp of test-ca', responder: 'http://localhost/ocsp' },
        octets,
        newest: { serial, state: { status: 'issued' }, notAfter: made + HOUR_MS, changedAt: null },
      });
    assert.equal(await foundOf(answerOf()), null);
    assert.equal(await foundOf(answerOf({ certificates: [] })), 'its signer: no certificate');
    assert.match((await foundOf(answerOf({ thisUpdate: made + MINUTE_MS }))) ?? '', /^e_ocsp_this_update_not_after/);
    const ahead = (ms: number) => answerOf({ thisUpdate: made + ms, producedAt: made + ms });
    assert.equal(await foundOf(ahead(MINUTE_MS)), null, 'the clocks of two machines differ');
    assert.match((await foundOf(ahead(MINUTE_MS + 1_000))) ?? '', /^it begins at /);
    now = responder.notAfter + 1;
    assert.match((await foundOf(answerOf())) ?? '', /^the certificate of its signer ended/);
    now = responder.notBefore - 1;
    assert.match((await foundOf(answerOf())) ?? '', /^the certificate of its signer begins/);
  });

  it('requests the status of the newest certificate, and finds a response that is unacceptable or wrong', async () => {
    // The time when the certificate of its responder had been made.
    const made = Math.floor(Date.now() / 1000) * 1000;
    now = made;
    const status = createStatusStore();
    const serial = '4d00000000000000000000000000001f';
    const issued = { status: 'issued' } as const;
    const revoked = { status: 'revoked', at: made - HOUR_MS, reason: 'superseded', invalidityDate: null } as const;
    /** `null`: the responder does not know the certificate. */
    const ask = async (of: StatusAuthority, state: StoredState | null, name = serial): Promise<Uint8Array> => {
      if (state === null) status.statuses.delete(name);
      else status.statuses.set(name, { state, notAfter: made + HOUR_MS, signed: true });
      const responder = createOcspResponder({
        store: status,
        signer: of.signer,
        clock: () => now,
        log: SILENT_LOG,
        authorities: () => [{ issuer: of.issuer, responder: of.responder }],
        answers: { lifeMs: HOUR_MS, maxAgeMs: 5 * MINUTE_MS, staleMsMax: 5 * MINUTE_MS, neverIssued: 'unknown' },
      });
      return (await responder.answer(ocspRequestFor(of.issuer, name))).bytes;
    };
    const address: Partial<PublicAddress> = {
      kind: 'ocsp',
      address: 'ocsp of test-ca',
      responder: 'http://localhost/ocsp',
    };
    const foundOf = (octets: Uint8Array | null, state: StoredState = issued, changedAt: number | null = null) =>
      found({ address, octets, newest: { serial, state, notAfter: made + HOUR_MS, changedAt } });
    const good = await ask(authority, issued);
    assert.equal(await foundOf(good), null);
    assert.equal(await foundOf(await ask(authority, revoked), revoked), null);
    assert.equal(await found({ address, octets: null, newest: null }), null, 'nobody to ask about');
    assert.match((await foundOf(good, revoked, made - HOUR_MS)) ?? '', /^it says good, the database says revoked/);
    assert.equal(await foundOf(good, revoked, made - MINUTE_MS), null, 'a cache may have it');
    const unknown = await foundOf(await ask(authority, null), issued, made - MINUTE_MS);
    assert.equal(unknown, 'it says unknown, the database says good', 'no cache has had it');
    const suspended = await ask(authority, { ...revoked, status: 'suspended' });
    assert.equal(
      await foundOf(suspended, issued, made - MINUTE_MS),
      null,
      'a cache may have it from before the release',
    );
    assert.match((await foundOf(suspended, issued, made - HOUR_MS)) ?? '', /^it says revoked, the database says good/);
    assert.match((await foundOf(suspended)) ?? '', /^it says revoked, the database says good/, 'it never was on hold');
    const spoilt = Uint8Array.from(good, (octet, at) =>
      at === good.length - authority.responder.certificate.length - 20 ? octet ^ 1 : octet,
    );
    assert.notEqual(await foundOf(spoilt), null);
    assert.match((await foundOf(await ask(other, issued))) ?? '', /^its signer: issued-by-its-authority/);
    assert.match((await foundOf(await ask(authority, issued, `${serial.slice(0, -1)}0`))) ?? '', /^about /);
    pauses.splice(0);
    assert.equal(await foundOf(encodeErrorResponse('tryLater')), 'tryLater');
    assert.deepEqual(pauses.splice(0), [1000, 1000], 'asked again, as it said');
    whenAskedAgain = good;
    assert.equal(await foundOf(encodeErrorResponse('tryLater')), null);
    assert.deepEqual(pauses, [1000]);
    whenAskedAgain = null;
    whileAsked = [{ state: issued, changedAt: null }];
    assert.equal(await foundOf(await ask(authority, revoked), revoked, made), null, 'revoked while it was asked about');
    whileAsked = null;
    assert.match((await foundOf(new Uint8Array(3))) ?? '', /^no OCSP response/);
    assert.equal(await foundOf(null), 'HTTP 404');
    now = made + HOUR_MS;
    assert.match((await foundOf(good)) ?? '', /^it ended at/);
  });
});
