import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, fromHex, toHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { ok } from '../../../src/kernel/result.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { ocspError } from '../../../src/ocsp/encode.js';
import { createOcspResponder, type OcspResponder, type OcspWorld } from '../../../src/operations/answer-ocsp.js';
import type { StoredState } from '../../../src/ports/store.js';
import { REASON_CODES } from '../../support/reason-codes.js';
import {
  ABSENT_SIGNER,
  createStatusAuthority,
  openssl,
  SILENT_LOG,
  type StatusAuthority,
  serialOf,
} from '../../support/status-authority.js';
import { createStatusStore, type StatusStore } from '../../support/status-store.js';

const ANSWERS = { lifeMs: HOUR_MS, maxAgeMs: 5 * MINUTE_MS, neverIssued: 'unknown' } as const;
const SERIAL = serialOf(1);

type SpokenAnswer = { readonly bytes: Bytes; readonly text: string };

describe('answers to OCSP requests', () => {
  let authority: StatusAuthority;
  let other: StatusAuthority;
  let store: StatusStore;
  /** When the certificates had been made, to the second: OpenSSL judges by its own clock. */
  let start: number;
  let now: number;
  before(() => {
    authority = createStatusAuthority({ responderKeyType: 'rsa-2048' });
    other = createStatusAuthority({ id: 'other-ca' });
    start = Math.floor(Date.now() / 1000) * 1000;
  });
  after(() => {
    for (const { folder } of [authority, other]) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    store = createStatusStore();
    now = start;
    status(SERIAL, { status: 'issued' });
  });

  const status = (serial: string, state: StoredState) =>
    store.statuses.set(serial, { state, notAfter: start + DAY_MS, signed: true });
  const revoked = (at = start - MINUTE_MS): StoredState => ({
    status: 'revoked',
    at,
    reason: 'keyCompromise',
    invalidityDate: null,
  });
  const authorities = () => [authority, other];
  const world = (changes: Partial<OcspWorld> = {}): OcspWorld => {
    const list = authorities().map(({ issuer, responder }) => ({ issuer, responder }));
    return {
      ...{
        store,
        signer: authority.signer,
        authorities: () => list,
        clock: () => now,
        answers: ANSWERS,
        log: SILENT_LOG,
      },
      ...changes,
    };
  };
  const responder = (changes: Partial<OcspWorld> = {}) => createOcspResponder(world(changes));

  const request = (args: readonly string[]): Bytes => {
    openssl(authority.folder, ['ocsp', '-issuer', 'ca.pem', ...args, '-reqout', 'request.der']);
    return new Uint8Array(readFileSync(join(authority.folder, 'request.der')));
  };
  const plain = (serial = SERIAL): Bytes => request(['-no_nonce', '-serial', `0x${serial}`]);
  const withNonce = (): Bytes => request(['-nonce', '-serial', `0x${SERIAL}`]);

  /** What OpenSSL says of an answer that it has verified, by the request it was given last. */
  const spoken = (bytes: Bytes, args: readonly string[] = []): SpokenAnswer => {
    writeFileSync(join(authority.folder, 'response.der'), bytes);
    const verify = [
      'ocsp',
      '-respin',
      'response.der',
      '-reqin',
      'request.der',
      '-CAfile',
      'ca.pem',
      '-issuer',
      'ca.pem',
    ];
    const text = openssl(authority.folder, [...verify, '-resp_text', ...args]);
    assert.match(text, /Response verify OK/);
    return { bytes, text };
  };
  const ask = async (made: OcspResponder, der: Bytes, args: readonly string[] = []) =>
    spoken((await made.answer(der)).bytes, args).text;

  it('is good for an issued certificate, with and without nonce, by SHA-1 and the longer hashes', async () => {
    for (const hash of ['-sha1', '-sha256', '-sha384', '-sha512']) {
      for (const nonce of ['-no_nonce', '-nonce']) {
        const text = await ask(responder(), request([nonce, hash, '-serial', `0x${SERIAL}`]));
        assert.match(text, /Cert Status: good/);
        assert.equal(/OCSP Nonce/.test(text), nonce === '-nonce');
        assert.equal(/WARNING: no nonce|Nonce Verify error/.test(text), false);
      }
    }
  });

  it('is revoked with time and reason, for each reason, and on hold while suspended', async () => {
    for (const reason of Object.keys(REASON_CODES)) {
      const at = start - DAY_MS;
      if (reason === 'certificateHold') status(SERIAL, { status: 'suspended', at, invalidityDate: null });
      else status(SERIAL, { ...revoked(at), reason } as StoredState);
      const text = await ask(responder(), plain());
      assert.match(text, /Cert Status: revoked/);
      assert.match(
        text,
        new RegExp(`Revocation Reason: ${reason} \\(0x${REASON_CODES[reason as keyof typeof REASON_CODES]}\\)`),
      );
    }
  });

  it('finds a number that begins with zero octets', async () => {
    const serial = '0000a5a5a5a5a5a5a5a5a5a5a5a5a5a5';
    status(serial, revoked());
    assert.match(await ask(responder(), plain(serial)), /Cert Status: revoked/);
  });

  it('answers several certificates of one authority in one message', async () => {
    status(serialOf(2), revoked());
    const der = request([
      '-no_nonce',
      '-serial',
      `0x${SERIAL}`,
      '-serial',
      `0x${serialOf(2)}`,
      '-serial',
      `0x${serialOf(3)}`,
    ]);
    const text = await ask(responder(), der);
    assert.deepEqual(text.match(/Cert Status: \w+/g), [
      'Cert Status: good',
      'Cert Status: revoked',
      'Cert Status: unknown',
    ]);
  });

  it('a number never issued is unknown, or revoked since 1970 where policy says so; neither is kept', async () => {
    const der = plain(serialOf(9));
    const unknown = await responder().answer(der);
    assert.match(spoken(unknown.bytes).text, /Cert Status: unknown/);
    assert.equal(unknown.cacheable, null);
    const made = responder({ answers: { ...ANSWERS, neverIssued: 'revoked' } });
    const text = await ask(made, der);
    assert.match(text, /Revocation Time: Jan {2}1 00:00:00 1970 GMT/);
    // OpenSSL has an older name for 1.3.6.1.5.5.7.48.1.9.
    assert.match(text, /Response Extensions:\s+valid:/);
    assert.equal(made.cached(requestKey(der)), null);
  });

  it('a certificate that is over is told as it was, with the time since when the authority has kept records', async () => {
    for (const [state, says] of [
      [{ status: 'issued' }, /Cert Status: good/],
      [revoked(), /Cert Status: revoked/],
    ] as const) {
      store.statuses.set(SERIAL, { state, notAfter: start - DAY_MS, signed: true });
      const text = await ask(responder(), plain());
      assert.match(text, says);
      const cutoff = /OCSP Archive Cutoff:\s*\n?\s*(.+ GMT)/.exec(text)?.[1] ?? text;
      assert.equal(Date.parse(cutoff), authority.issuer.notBefore);
    }
    status(SERIAL, { status: 'issued' });
    assert.doesNotMatch(await ask(responder(), plain()), /Archive Cutoff/);
  });

  it('an open intent is tryLater, and never good', async () => {
    status(SERIAL, { status: 'open' });
    assert.equal((await responder().answer(plain())).source, 'tryLater');
  });

  it('two authorities in one message, or one that is not ours, are unauthorized', async () => {
    const both = request(['-no_nonce', '-serial', `0x${SERIAL}`, '-issuer', other.caPem, '-serial', `0x${SERIAL}`]);
    assert.equal((await responder().answer(both)).source, 'unauthorized');
    const list = [{ issuer: other.issuer, responder: other.responder }];
    const foreign = await responder({ authorities: () => list }).answer(plain());
    assert.equal(toHex(foreign.bytes), toHex(ocspError('unauthorized')));
    const silent = [{ issuer: authority.issuer, responder: null }];
    assert.equal((await responder({ authorities: () => silent }).answer(plain())).source, 'unauthorized');
  });

  it('what is not a request is malformedRequest, and OpenSSL reads the error', async () => {
    const { bytes } = await responder().answer(fromHex('3003020100') ?? new Uint8Array(0));
    writeFileSync(join(authority.folder, 'error.der'), bytes);
    assert.throws(
      () => openssl(authority.folder, ['ocsp', '-respin', 'error.der']),
      /Responder Error: malformedrequest \(1\)/,
    );
  });

  it('an answer without nonce is kept and given out again; HTTP caches may keep it as long as policy promises', async () => {
    const made = responder();
    const der = plain();
    const first = await made.answer(der);
    now += MINUTE_MS;
    const again = made.cached(requestKey(der));
    assert.equal(toHex(again?.bytes ?? new Uint8Array(0)), toHex(first.bytes));
    assert.deepEqual(again?.cacheable, {
      ...{ maxAgeMs: 5 * MINUTE_MS, etag: first.cacheable?.etag, lastModified: start, expires: now + 5 * MINUTE_MS },
    });
    const nonce = withNonce();
    assert.equal((await made.answer(nonce)).cacheable, null);
    assert.equal(made.cached(requestKey(nonce)), null);
  });

  it('a hundred who ask the same at once share one signature', async () => {
    let signatures = 0;
    const made = responder({
      signer: {
        ...authority.signer,
        ocsp: (token) => {
          signatures += 1;
          return authority.signer.ocsp(token);
        },
      },
    });
    const der = plain();
    const answers = await Promise.all(Array.from({ length: 100 }, () => made.answer(der)));
    assert.equal(signatures, 1);
    assert.equal(new Set(answers.map(({ bytes }) => toHex(bytes))).size, 1);
  });

  it('a revocation withdraws the kept answer at once', async () => {
    const made = responder();
    const der = plain();
    await made.answer(der);
    status(SERIAL, revoked());
    made.withdraw(authority.issuer.id, SERIAL);
    assert.equal(made.cached(requestKey(der)), null);
    assert.match(await ask(made, der), /Cert Status: revoked/);
  });

  it('a revocation while an answer is being read or signed is in the answer: no old good comes out, none is kept', async () => {
    for (const place of ['reading', 'signing'] as const) {
      for (const der of [plain(), withNonce()]) {
        status(SERIAL, { status: 'issued' });
        store.beforeStatus = async () => undefined;
        let changed = false;
        const change = () => {
          if (changed) return;
          changed = true;
          status(SERIAL, revoked());
          made.withdraw(authority.issuer.id, SERIAL);
        };
        if (place === 'reading') store.beforeStatus = async () => change();
        const made: OcspResponder = responder({
          signer: {
            ...authority.signer,
            ocsp: async (token) => {
              const signature = await authority.signer.ocsp(token);
              if (place === 'signing') change();
              return signature;
            },
          },
        });
        const answers = await Promise.all([made.answer(der), made.answer(der)]);
        for (const { bytes } of answers) assert.match(spoken(bytes, ['-no_nonce']).text, /Cert Status: revoked/);
        const { bytes } = await made.answer(der);
        assert.match(spoken(bytes, ['-no_nonce']).text, /Cert Status: revoked/);
      }
    }
  });

  it('once one answer has read revoked, a slower one that read good does not come out, before anyone withdraws', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    const made = responder({
      signer: {
        ...authority.signer,
        ocsp: async (token) => {
          const hold = first;
          first = false;
          if (hold) await held;
          return authority.signer.ocsp(token);
        },
      },
    });
    const slow = made.answer(plain());
    await new Promise((resolve) => setImmediate(resolve));
    status(SERIAL, revoked());
    const sha256 = request(['-no_nonce', '-sha256', '-serial', `0x${SERIAL}`]);
    assert.match(await ask(made, sha256), /Cert Status: revoked/);
    release();
    const late = await slow;
    plain();
    assert.match(spoken(late.bytes).text, /Cert Status: revoked/);
  });

  it('a status that changes each time it is signed ends in tryLater, not in a loop', async () => {
    const made: OcspResponder = responder({
      signer: {
        ...authority.signer,
        ocsp: async (token) => {
          made.withdraw(authority.issuer.id, SERIAL);
          return authority.signer.ocsp(token);
        },
      },
    });
    assert.equal((await made.answer(plain())).source, 'tryLater');
  });

  it('without a signer what is kept goes on to nextUpdate while the database says the same, then it is tryLater', async () => {
    let signer = authority.signer as Pick<StatusAuthority['signer'], 'ocsp'>;
    const made = responder({ signer: { ...authority.signer, ocsp: (token) => signer.ocsp(token) } });
    const der = plain();
    await made.answer(der);
    signer = ABSENT_SIGNER;
    now = start + 45 * MINUTE_MS;
    const kept = await made.answer(der);
    assert.equal(kept.source, 'kept');
    assert.equal(kept.cacheable?.maxAgeMs, 5 * MINUTE_MS);
    status(SERIAL, revoked());
    assert.equal((await made.answer(der)).source, 'tryLater');
    status(SERIAL, { status: 'issued' });
    assert.equal((await made.answer(der)).source, 'tryLater');
    signer = authority.signer;
    assert.equal((await made.answer(der)).source, 'signed');
    signer = ABSENT_SIGNER;
    now += HOUR_MS;
    assert.equal((await made.answer(der)).source, 'tryLater');
  });

  it('without the database nothing new is said: fresh answers go on, the rest is tryLater', async () => {
    const made = responder();
    const der = plain();
    await made.answer(der);
    store.failure = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a test' };
    assert.equal((await made.answer(der)).source, 'cache');
    now = start + 45 * MINUTE_MS;
    assert.equal((await made.answer(der)).source, 'tryLater');
  });

  it('a signature that does not verify under the responder certificate is not given out, and its signer is doubted', async () => {
    const doubted: string[] = [];
    const doubt = async (kind: string, issuer: string) => void doubted.push(`${kind} ${issuer}`);
    const signer = { ocsp: async () => ok(new Uint8Array(256)), doubt };
    assert.equal((await responder({ signer }).answer(plain())).source, 'tryLater');
    assert.deepEqual(doubted, Array(2).fill(`ocsp ${authority.issuer.id}`));
  });

  it('a revocation dated after the present, by another clock, is told as of now', async () => {
    status(SERIAL, revoked(start + MINUTE_MS));
    assert.match(await ask(responder(), plain()), /Cert Status: revoked/);
  });

  it('an answer does not outlive the certificate of its responder', async () => {
    const ending = { ...authority.responder, notAfter: start + 10 * MINUTE_MS };
    const list = [{ issuer: authority.issuer, responder: ending }];
    const made = responder({ authorities: () => list });
    const text = await ask(made, plain());
    const next = /Next Update: (.*)/.exec(text)?.[1] ?? '';
    assert.equal(Date.parse(next), start + 10 * MINUTE_MS);
    now = start + 11 * MINUTE_MS;
    assert.equal((await made.answer(plain())).source, 'tryLater');
  });

  it('answers to nonces are bounded, and leave room for the others', async () => {
    const audiences: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const made = responder({
      limits: { inFlightNoncesMax: 2 },
      signer: {
        ...authority.signer,
        ocsp: async (token, audience) => {
          audiences.push(audience ?? 'all');
          await held;
          return authority.signer.ocsp(token);
        },
      },
    });
    const nonces = [withNonce(), withNonce(), withNonce()].map((der) => made.answer(der));
    const other = made.answer(plain());
    release();
    const sources = await Promise.all([...nonces, other].map(async (answer) => (await answer).source));
    assert.deepEqual(sources, ['signed', 'signed', 'tryLater', 'signed']);
    assert.deepEqual(audiences, ['one', 'one', 'all'], 'the signer is told whose turn is last');
  });
});
