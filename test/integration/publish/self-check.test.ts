/** What a relying party would find wrong with what it gets, from the octets alone. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSelfCheck, type PublicAddress } from '../../../src/jobs/self-check.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { crlFileName } from '../../../src/policy/addresses.js';
import type { CrlRecord } from '../../../src/ports/store.js';
import { type CrlPublisher, createCrlPublisher } from '../../support/crl-world.js';
import { createStatusAuthority, type StatusAuthority } from '../../support/status-authority.js';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const LIST = 'http://localhost/CRL/TEST-CA.crl';
const CERTIFICATE = 'http://localhost/AC/TEST-CA.cer';

describe('the check of public addresses', () => {
  let authority: StatusAuthority;
  let other: StatusAuthority;
  let folder: string;
  let publisher: CrlPublisher;
  let now: number;
  let events: string[];

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
  type Given = {
    readonly octets?: Uint8Array | null;
    readonly latest?: CrlRecord | null;
    readonly address?: Partial<PublicAddress>;
    readonly cutAt?: number;
  };
  const checkOf = (given: () => Given) => {
    const hear = (event: string): void => void events.push(event);
    return createSelfCheck({
      clock: () => now,
      log: { info: hear, warn: hear, error: hear },
      addresses: () => {
        const { issuer } = authority;
        return [{ ...{ kind: 'crl', address: LIST, issuer, scope: 'full' }, ...given().address } as PublicAddress];
      },
      latest: async () => given().latest ?? null,
      fetchPublic: async () => {
        const { octets = list(), cutAt } = given();
        if (octets === null) return err({ kind: 'outlet-unavailable', detail: 'HTTP 404' });
        return ok(chunksOf(octets, cutAt));
      },
    });
  };
  async function* chunksOf(octets: Uint8Array, cutAt?: number) {
    yield octets.slice(0, cutAt);
    if (cutAt !== undefined) throw new Error('ECONNRESET');
  }
  const found = async (given: Given): Promise<string | null | undefined> => {
    const check = checkOf(() => given);
    await check.run();
    const { at, found: all } = check.state();
    assert.equal(at, now);
    const wrong = all.get(given.address?.address ?? LIST);
    assert.deepEqual(events.splice(0), wrong === null ? [] : ['self-check.failed']);
    return wrong;
  };

  it('finds nothing wrong with the list that was published last, or a newer one', async () => {
    const latest = await publisher.publish(3);
    assert.equal(await found({ latest }), null);
    await publisher.publish(4);
    assert.equal(await found({ latest }), null);
  });

  it('finds a list that has ended', async () => {
    const latest = await publisher.publish();
    now += 2 * HOUR_MS;
    assert.match((await found({ latest })) ?? '', /^number 1 ended at /);
  });

  it('finds a list that is older than the one that was published, once no cache may have it any more', async () => {
    await publisher.publish();
    const old = list();
    now += MINUTE_MS;
    const latest = await publisher.publish(1);
    now += 5 * MINUTE_MS;
    assert.equal(await found({ latest, octets: old }), null);
    now += 5 * MINUTE_MS;
    assert.match((await found({ latest, octets: old })) ?? '', /^number 1, and 2 has been published since /);
  });

  it('finds a list of somebody else, one that was spoiled, one that breaks off and one that is not there', async () => {
    const latest = await publisher.publish();
    await createCrlPublisher(other, folder, () => now).publish();
    assert.match((await found({ latest, octets: list(other) })) ?? '', /^crl-malformed: /);
    const spoiled = Buffer.from(list());
    spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
    assert.match((await found({ latest, octets: spoiled })) ?? '', /^crl-(signature-wrong|malformed): /);
    assert.match((await found({ latest, octets: list().subarray(0, 200) })) ?? '', /cut off/);
    assert.match((await found({ latest, cutAt: 100 })) ?? '', /^broke off: ECONNRESET/);
    assert.equal(await found({ latest, octets: null }), 'HTTP 404');
  });

  it('finds a full list at the address of the delta', async () => {
    const latest = await publisher.publish();
    assert.equal(await found({ latest, address: { scope: 'delta' } }), 'a full list');
  });

  it('asks for no delta before one was published', async () => {
    assert.equal(await found({ latest: null, octets: null, address: { scope: 'delta' } }), null);
  });

  it('finds another certificate than the authority’s', async () => {
    const address = { kind: 'authority', address: CERTIFICATE } as const;
    assert.equal(await found({ octets: authority.issuer.certificate, address }), null);
    assert.match((await found({ octets: other.issuer.certificate, address })) ?? '', /^not the certificate/);
    assert.match((await found({ octets: new Uint8Array(100_000), address })) ?? '', /^broke off: more octets/);
  });

  it('says once that what was wrong is right again', async () => {
    const latest = await publisher.publish();
    let octets: Uint8Array | null = null;
    const check = checkOf(() => ({ latest, octets: octets ?? null }));
    await check.run();
    octets = list();
    await check.run();
    await check.run();
    assert.deepEqual(events, ['self-check.failed', 'self-check.mended']);
  });
});
