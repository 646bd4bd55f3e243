/**
 * Answers that are for one client only. If their number were not limited, anybody could occupy the
 * signers, delay revocations and fill the disk with journals.
 */
import assert from 'node:assert/strict';
import { seq } from '../../../src/asn1/der-writer.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { requestKey } from '../../../src/ocsp/cache.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import type { OcspResponder, OcspWorld } from '../../../src/operations/status/answer-ocsp.js';
import { serialOf } from '../../support/status/authority.js';
import { ocspBench, revokedAt, SERIAL } from './bench.js';
import { certIdsIn, statusIn, withNonce } from './read-answer.js';

const NUMBERS = [1, 2, 3, 4, 5];

describe('answers for one client only', () => {
  const bench = ocspBench();
  let audiences: string[];
  beforeEach(() => {
    audiences = [];
    for (const number of NUMBERS) bench.status(serialOf(number), { status: 'issued' });
  });

  const about = (number: number, ...args: readonly string[]): Bytes =>
    bench.request('-no_nonce', ...args, '-serial', `0x${serialOf(number)}`);
  /** A request about several certificates. */
  const aboutAll = (numbers: readonly number[]): Bytes =>
    plainRequest(numbers.flatMap((number) => certIdsIn(about(number))));
  const responder = (limits: NonNullable<OcspWorld['limits']> = {}): OcspResponder =>
    bench.responder({
      limits,
      signer: {
        ...bench.authority.signer,
        ocsp: (token, audience) => {
          audiences.push(audience ?? 'all');
          return bench.authority.signer.ocsp(token);
        },
      },
    });
  const sourcesOf = async (made: OcspResponder, requests: readonly Bytes[]): Promise<readonly string[]> => {
    const sources: string[] = [];
    for (const request of requests) sources.push((await made.answer(request)).source);
    return sources;
  };
  /** The CertID of OpenSSL without the NULL of its hash algorithm. */
  const withoutNull = (): Bytes => {
    const [certId = seq()] = certIdsIn(bench.plain());
    const text = Buffer.from(certId).toString('hex').replace('300906052b0e03021a0500', '300706052b0e03021a');
    const bytes = new Uint8Array(Buffer.from(text, 'hex'));
    return plainRequest([seq(bytes.subarray(2))]);
  };

  it('are those about several certificates and those in an unusual form: signed last, and never cached', async () => {
    const made = responder();
    const unusual = [aboutAll([1, 2]), about(1, '-sha384'), about(1, '-sha512'), withoutNull()];
    for (const request of unusual) {
      for (let time = 0; time < 2; time += 1) {
        const answer = await made.answer(request);
        assert.deepEqual([answer.source, answer.cacheable], ['signed', null]);
        assert.match(statusIn(answer.bytes), /^good/);
        assert.equal(made.cached(requestKey(request)), null);
      }
    }
    assert.deepEqual(audiences, Array(2 * unusual.length).fill('one'));
    assert.equal(made.size().entries, 0);
  });

  it('are not those about one certificate with SHA-1 or SHA-256: the signer signs them first, and they are cached', async () => {
    const made = responder();
    const usual = [about(1), about(1, '-sha256'), plainRequest([...certIdsIn(about(2)), ...certIdsIn(about(2))])];
    assert.deepEqual(await sourcesOf(made, [...usual, ...usual.slice(0, 2)]), [
      'signed',
      'signed',
      'signed',
      'cache',
      'cache',
    ]);
    assert.deepEqual(audiences, ['all', 'all', 'all']);
  });

  it('are limited per second: beyond it a nonce gets the cached answer without nonce, and the rest gets tryLater', async () => {
    const made = responder({ oneClientPerSecondMax: 1 });
    // Ten at once after a pause.
    const allowed = await sourcesOf(made, Array(10).fill(aboutAll([1, 2])));
    assert.deepEqual(allowed, Array(10).fill('signed'));
    const beyond = [withNonce(bench.plain()), aboutAll([1, 2]), about(1, '-sha384'), about(9), bench.plain()];
    assert.deepEqual(await sourcesOf(made, beyond), ['without-nonce', 'tryLater', 'tryLater', 'tryLater', 'cache']);
    const answer = await made.answer(withNonce(bench.plain()));
    assert.deepEqual([answer.source, answer.cacheable], ['without-nonce', null]);
    assert.deepEqual(answer.bytes, (await made.answer(bench.plain())).bytes);
    assert.equal(
      audiences.filter((audience) => audience === 'all').length,
      1,
      'the answer for everybody is signed once',
    );
    bench.now += SECOND_MS;
    const later = await sourcesOf(made, [withNonce(bench.plain()), withNonce(bench.plain())]);
    assert.deepEqual(later, ['signed', 'without-nonce']);
  });

  it('do not say good after a revocation, with or without the nonce', async () => {
    const made = responder({ oneClientPerSecondMax: 1 });
    await sourcesOf(made, Array(11).fill(withNonce(bench.plain())));
    bench.status(SERIAL, revokedAt(bench.start - MINUTE_MS));
    made.withdraw(bench.authority.issuer.id, SERIAL);
    const answer = await made.answer(withNonce(bench.plain()));
    assert.deepEqual([answer.source, statusIn(answer.bytes)], ['without-nonce', 'revoked']);
  });

  it('are not delayed by a clock that was set back for longer than the answers before it', async () => {
    bench.now += HOUR_MS;
    const made = responder({ oneClientPerSecondMax: 1 });
    await sourcesOf(made, Array(10).fill(aboutAll([1, 2])));
    bench.now -= MINUTE_MS;
    assert.deepEqual(await sourcesOf(made, [aboutAll([1, 2])]), ['tryLater']);
    bench.now += SECOND_MS;
    assert.deepEqual(await sourcesOf(made, [aboutAll([1, 2])]), ['signed']);
  });
});
