/**
 * The end of an order: hashes of what was answered, and a signed receipt. Without these tests an
 * altered file could pass for the one that was signed, a receipt could be signed for other files
 * than those that are read, and an order could wait for the platform token.
 */
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyOrderFiles } from '../../../src/cli/order/verify.js';
import { endOrdersJob } from '../../../src/jobs/orders/order-end.js';
import { present } from '../../../src/kernel/assert.js';
import { toBase64 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { err } from '../../../src/kernel/result.js';
import { finishOrder } from '../../../src/operations/orders/finish-order.js';
import type { Pages } from '../../../src/operations/orders/line-pages.js';
import { readBundle, readReceipt, readResults } from '../../../src/operations/orders/read-files.js';
import { signReceipt } from '../../../src/operations/orders/sign-receipt.js';
import type { World } from '../../../src/operations/world.js';
import type { Receipt } from '../../../src/orders/receipt.js';
import type { Signer } from '../../../src/ports/signer.js';
import type { Order } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { softwarePlatform } from '../../support/orders/receipts.js';
import {
  ALGORITHM,
  BUREAU,
  CARDS,
  cardOf,
  derOf,
  issuedLine,
  lineOf,
  OTHER,
  workingOrder,
} from '../../support/orders/settled-order.js';
import { openssl } from '../../support/service/judges.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const REQUEST = '{"card":1}\n{"card":2}\n{"card":3}\n';
const CHAIN = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)];
const AWAY = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'away' } as const;

describeOnEach('the end of an order', ({ opened }) => {
  const platform = softwarePlatform();

  function worldOf(store: Store, signer: Pick<Signer, 'platform'> = platform.signer): World {
    return {
      store,
      signer,
      policy: { environment: { mark: 'development' } },
      issuers: { byId: () => ({ signatureAlgorithm: ALGORITHM }), chain: () => CHAIN },
      clock: () => NOW,
      log: SILENT_LOG,
    } as unknown as World;
  }

  const work = (store: Store, signer?: Pick<Signer, 'platform'>) =>
    workDue(endOrdersJob, { ...worldOf(store, signer), platformKey: platform.key }, sharedWorldOf(store));

  /** An issued card, a refused line and a duplicate. */
  async function settled(store: Store, number: number, more: Partial<Order> = {}) {
    const order = workingOrder(number, { requestSha256: sha256Hex(REQUEST), octets: REQUEST.length, ...more });
    const first = await issuedLine(store, { orderId: order.id, line: 1 });
    const third = await issuedLine(store, { orderId: order.id, line: 3, outcome: 'duplicate' });
    const refused = lineOf({ orderId: order.id, line: 2, outcome: 'refused' });
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertOrder(order);
        await tx.insertOrderLines([first.settled, refused, third.settled]);
      }),
    );
    return { id: order.id, records: [...first.records, ...third.records] };
  }

  const orderNow = async (store: Store, id: string): Promise<Order> =>
    present(unwrap(await store.read((reads) => reads.order(id))), id);

  async function textOf(pages: Pages<string>): Promise<string> {
    const lines: string[] = [];
    for await (const page of pages) lines.push(...unwrap(page));
    return lines.map((line) => `${line}\n`).join('');
  }

  const all = { from: 1, withCertificates: false };

  /** All files of an ended order, as a client has them. */
  async function filesOf(store: Store, id: string) {
    const world = worldOf(store);
    const { receipt, signature } = unwrap(await readReceipt(world, CARDS, id));
    const folder = temporaryFolder();
    const answer = JSON.stringify({ receipt, signature: toBase64(signature), key: platform.key.id, logProof: null });
    const contents = {
      receipt: answer,
      request: REQUEST,
      results: await textOf(unwrap(await readResults(world, CARDS, { id, ...all }))),
      bundle: await textOf(unwrap(await readBundle(world, BUREAU, id))),
      key: createPublicKey({ key: Buffer.from(platform.key.spki), format: 'der', type: 'spki' }).export({
        type: 'spki',
        format: 'pem',
      }) as string,
    };
    const paths = Object.fromEntries(Object.keys(contents).map((name) => [name, join(folder, name)]));
    for (const [name, content] of Object.entries(contents)) writeFileSync(paths[name] ?? '', content);
    return {
      contents,
      folder,
      paths: paths as Record<keyof typeof contents, string>,
      receipt: JSON.parse(receipt) as Receipt,
    };
  }

  it('has a receipt that OpenSSL verifies, with the hashes of what is read', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    assert.deepEqual(await work(store), ['done']);
    const { contents, folder, paths, receipt } = await filesOf(store, id);
    assert.equal((await orderNow(store, id)).state, 'finished');
    const { requestSha256, resultsSha256, bundleSha256, counts, lines } = receipt;
    assert.deepEqual(
      [requestSha256, resultsSha256, bundleSha256],
      [contents.request, contents.results, contents.bundle].map((text) => sha256Hex(text)),
    );
    assert.deepEqual([lines, counts], [3, { issued: 1, duplicate: 1, refused: 1, notIssued: 0, cancelled: 0 }]);
    const { receipt: text, signature } = JSON.parse(contents.receipt) as {
      readonly receipt: string;
      readonly signature: string;
    };
    const [signed, der] = [join(folder, 'signed'), join(folder, 'der')];
    writeFileSync(signed, `PFCNG receipt v1\0${text}`);
    writeFileSync(der, Buffer.from(signature, 'base64'));
    const verified = await openssl('dgst', '-sha256', '-verify', paths.key, '-signature', der, signed);
    assert.equal(verified.output.trim(), 'Verified OK');
    for (const altered of [0, 16, 17, readFileSync(signed).length - 1]) {
      writeFileSync(signed, flipped(Buffer.from(`PFCNG receipt v1\0${text}`), altered));
      assert.equal((await openssl('dgst', '-sha256', '-verify', paths.key, '-signature', der, signed)).status, 1);
    }
  });

  it('has files that the command verifies, which finds one altered octet of each', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    await work(store);
    const { contents, paths } = await filesOf(store, id);
    const good = unwrap(await verifyOrderFiles(paths));
    assert.equal(good.order, id);
    for (const name of ['request', 'results', 'bundle', 'receipt'] as const) {
      const content = Buffer.from(contents[name]);
      for (const at of [0, content.length >> 1, content.length - 1]) {
        writeFileSync(paths[name], flipped(content, at));
        assert.ok(!(await verifyOrderFiles(paths)).ok, `octet ${at} of ${name}`);
      }
      writeFileSync(paths[name], content);
    }
    const other = softwarePlatform();
    writeFileSync(paths.key, other.key.spki);
    assert.ok(!(await verifyOrderFiles(paths)).ok);
  });

  it('has a bundle with the certificates, containers and chains of each card that has some', async () => {
    const store = await opened();
    const { id, records } = await settled(store, 1);
    await work(store);
    const { contents } = await filesOf(store, id);
    const [head, one, three, end, ...more] = contents.bundle
      .split('\n')
      .map((line) => (line === '' ? null : JSON.parse(line)));
    assert.deepEqual(more, [null]);
    const chains = { [present(records[0], 'a certificate').issuer]: CHAIN.map((der) => toBase64(der)) };
    assert.deepEqual(head, { form: 'pfcng-card-bundle-1', order: id, environment: 'development', chains });
    assert.deepEqual(
      [one, three].map(({ line, card, outcome }) => [line, card, outcome]),
      [
        [1, cardOf(1), 'issued'],
        [3, cardOf(3), 'duplicate'],
      ],
    );
    assert.deepEqual(
      [...one.certificates, ...three.certificates].map(({ id: of, container, certificate }) => [
        of,
        container,
        certificate,
      ]),
      records.map((record) => [record.id, record.container, toBase64(derOf(record))]),
    );
    assert.deepEqual(end, { end: true, lines: 2 });
  });

  it('does not wait for the platform token, and gets its receipt when it is back', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    assert.deepEqual(await work(store, { platform: async () => err(AWAY) }), ['failed']);
    const ended = await orderNow(store, id);
    assert.deepEqual([ended.state, ended.receipt], ['finished', null]);
    const early = await readReceipt(worldOf(store), CARDS, id);
    assert.ok(!early.ok && early.error.kind === 'state-conflict' && early.error.rule === 'receipt-not-signed');
    assert.ok((early.error.retryAfterMs ?? 0) > 0);
    assert.ok((await readBundle(worldOf(store), CARDS, id)).ok);
    unwrap(await signReceipt({ ...worldOf(store), platformKey: platform.key }, id));
    assert.ok((await readReceipt(worldOf(store), CARDS, id)).ok);
    assert.deepEqual(await work(store), []);
  });

  it('stores no signature that does not verify with the public key of the platform', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    assert.deepEqual(await work(store, softwarePlatform().signer), ['failed']);
    assert.equal((await orderNow(store, id)).receipt, null);
  });

  it('comes when every line has its outcome, and not while the order is paused', async () => {
    const store = await opened();
    const { id: open } = await settled(store, 1, { lines: 4 });
    const { id: paused } = await settled(store, 2, { state: 'paused', pausedBy: CARDS.id });
    assert.deepEqual(await work(store), []);
    for (const id of [open, paused]) {
      // Also if it is not the job that asks.
      unwrap(await finishOrder({ ...worldOf(store), mustEnd: () => false }, id));
      assert.equal((await orderNow(store, id)).finishedAt, null);
    }
    const { id: late } = await settled(store, 3, { state: 'paused', pausedBy: CARDS.id, deadlineAt: NOW });
    const { id: cancelling } = await settled(store, 4, { state: 'cancelling' });
    assert.deepEqual(await work(store), ['done', 'done']);
    assert.deepEqual(
      [(await orderNow(store, late)).state, (await orderNow(store, cancelling)).state],
      ['finished', 'cancelled'],
    );
  });

  it('of a dry run has hashes of its results, and neither a bundle nor a receipt', async () => {
    const store = await opened();
    const order = workingOrder(1, { dryRun: true, lines: 1 });
    const line = lineOf({ orderId: order.id, line: 1, outcome: 'would-issue' });
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertOrder(order);
        await tx.insertOrderLines([line]);
      }),
    );
    assert.deepEqual(await work(store), ['done']);
    const { resultsSha256, bundleSha256, receipt } = await orderNow(store, order.id);
    assert.deepEqual([resultsSha256, bundleSha256, receipt], [sha256Hex(`${line.result}\n`), null, null]);
    for (const read of [readReceipt, readBundle]) {
      const refused = await read(worldOf(store), CARDS, order.id);
      assert.ok(!refused.ok && refused.error.kind === 'state-conflict' && refused.error.rule === 'order-dry-run');
    }
  });

  it('can be followed: results are those up to the first line without an outcome, from any line on', async () => {
    const store = await opened();
    const { id } = await settled(store, 1, { nextLine: 3 });
    const results = async (query: Partial<typeof all> = {}) =>
      (await textOf(unwrap(await readResults(worldOf(store), CARDS, { id, ...all, ...query })))).split('\n').length - 1;
    assert.equal(await results(), 2);
    await work(store);
    assert.deepEqual([await results(), await results({ from: 2 }), await results({ from: 9 })], [3, 2, 0]);
  });

  it('has results with the certificates that are in the scope of the account today', async () => {
    const store = await opened();
    const { id, records } = await settled(store, 1);
    await work(store);
    const certificatesFor = async (account: typeof CARDS) => {
      const query = { id, from: 1, withCertificates: true };
      const text = await textOf(unwrap(await readResults(worldOf(store), account, query)));
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { certificates?: { certificate?: string }[] });
      return lines.flatMap(({ certificates = [] }) => certificates.map(({ certificate }) => certificate));
    };
    assert.deepEqual(
      await certificatesFor(CARDS),
      records.map((record) => toBase64(derOf(record))),
    );
    const narrower = { ...CARDS, scope: { ...CARDS.scope, profiles: ['fort/cps-signature'] } };
    assert.deepEqual((await certificatesFor(narrower)).filter((one) => one !== undefined).length, 2);
  });

  it('is seen by the account, its bureau and officers, and recorded when results or the bundle are read', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    await work(store);
    const refused = await readResults(worldOf(store), OTHER, { id, ...all });
    assert.ok(!refused.ok && refused.error.kind === 'not-found');
    await filesOf(store, id);
    const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100 })));
    const types = entries.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)).type as string);
    assert.deepEqual(
      types.filter((type) => type.startsWith('order.')),
      ['order.finished', 'order.results-read', 'order.bundle-read'],
    );
  });

  it('breaks off a file that differs from the hash in the receipt', async () => {
    const store = await opened();
    const { id } = await settled(store, 1);
    await work(store);
    const altered: Store = {
      ...store,
      read: (use) =>
        store.read((reads) =>
          use({ ...reads, orderLinesAfter: async (page) => (await reads.orderLinesAfter(page)).slice(1) }),
        ),
    };
    const pages = unwrap(await readResults(worldOf(altered), CARDS, { id, ...all }));
    await assert.rejects(textOf(pages), /differs from the hash/);
  });

  function flipped(content: Buffer, at: number): Buffer {
    const altered = Buffer.from(content);
    altered[at] = (altered[at] ?? 0) ^ 1;
    return altered;
  }
});
