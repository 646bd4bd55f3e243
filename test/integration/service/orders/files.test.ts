/**
 * What a client gets of an order over HTTP, signed by the platform token of a real service. Without
 * this test the parts could each be right, and the files of a client still not verify.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { verifyOrderFiles } from '../../../../src/cli/order/verify.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { judgeReceipt, pemOf, publishedPlatformKey, type ShownReceipt } from '../../../support/orders/judge-receipt.js';
import { assertProblem, credentialOf, trustOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../../../support/service/orders.js';
import { until } from '../../../support/until.js';

type Line = {
  readonly line: number;
  readonly card: string;
  readonly certificates: readonly { readonly sha256: string }[];
};

describeService('the files of an order', { on: 'sqlite' }, (running) => {
  const numbers = [nextNumber(), nextNumber()];
  const [first, second] = numbers.map((number) => cardBody(number) as { readonly requests: readonly [object, object] });
  const [authentication, signature] = second?.requests ?? [];
  const cards = [first, { ...second, requests: [{ ...authentication, container: 'slot-9a' }, signature] }];
  const upload = cards.map((card) => `${JSON.stringify(card)}\n`).join('');
  let id = '';
  let folder = '';
  const textOf = async (path: string): Promise<string> => {
    const lines = (await running.cards.expect<readonly unknown[]>('GET', path)).map((line) => JSON.stringify(line));
    return lines.map((line) => `${line}\n`).join('');
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-order-'));
    const sent = { raw: upload, type: 'application/x-ndjson' };
    id = (await running.cards.expect<{ readonly id: string }>('POST', '/v1/orders', sent)).id;
    await until(
      'the receipt is signed',
      async () => (await running.cards.call('GET', `/v1/orders/${id}/receipt`)).status === 200,
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('verify with the key of the publication point, with OpenSSL and with the command', async () => {
    const signed = await running.cards.expect<ShownReceipt>('GET', `/v1/orders/${id}/receipt`);
    const spki = await publishedPlatformKey(running.shared.service);
    const pem = pemOf(spki);
    const path = (name: string): string => join(folder, name);
    const contents = {
      receipt: JSON.stringify(signed),
      request: upload,
      results: await textOf(`/v1/orders/${id}/results`),
      bundle: await textOf(`/v1/orders/${id}/bundle`),
      key: pem,
    };
    for (const [name, content] of Object.entries(contents)) writeFileSync(path(name), content);
    assert.equal(await judgeReceipt(signed, spki), 'Verified OK');
    const [receipt, request, results, bundle, key] = ['receipt', 'request', 'results', 'bundle', 'key'].map(path);
    const files = {
      receipt: receipt ?? '',
      request: request ?? '',
      results: results ?? '',
      bundle: bundle ?? '',
      key: key ?? '',
    };
    const verified = await verifyOrderFiles(files);
    assert.ok(verified.ok, JSON.stringify(verified));
    assert.deepEqual(verified.value.counts, { issued: 2, duplicate: 0, refused: 0, notIssued: 0, cancelled: 0 });
    const { keys } = await running.cards.expect<{ readonly keys: readonly unknown[] }>('GET', '/v1/keys');
    const known = {
      id: sha256Hex(spki),
      purposes: ['receipt', 'webhook'],
      algorithm: 'ecdsa-p256-sha256',
      publicKey: pem,
    };
    assert.deepEqual([keys, signed.key], [[known], known.id]);
    const containers = contents.bundle.match(/"container":"[^"]*"/g);
    assert.deepEqual(
      containers,
      ['authentication', 'signature', 'slot-9a', 'signature'].map((name) => `"container":"${name}"`),
    );
  });

  it('are not there for an order that is not theirs, or has not ended', async () => {
    assertProblem(await running.shared.as('no-rights').call('GET', `/v1/orders/${id}/bundle`), {
      status: 403,
      code: 'not-permitted',
    });
    const sent = { raw: upload, type: 'application/x-ndjson' };
    const paused = await running.cards.expect<{ readonly id: string }>('POST', '/v1/orders?paused=true', sent);
    for (const file of ['receipt', 'bundle']) {
      const early = await running.cards.call('GET', `/v1/orders/${paused.id}/${file}`);
      assert.equal(
        (assertProblem(early, { status: 409, code: 'state-conflict' }) as { rule?: string }).rule,
        'order-not-ended',
      );
    }
    await running.cards.expect('POST', `/v1/orders/${paused.id}/cancellation`, { body: {} });
  });

  it('have acknowledgements that are answered line by line, while the upload goes on', async () => {
    const lines = await running.cards.expect<readonly Line[]>('GET', `/v1/orders/${id}/results`);
    const at = '2026-03-01T10:00:00Z';
    const reports = lines.map(({ line, card, certificates }) => {
      return { line, card, outcome: 'written', onCard: certificates.map(({ sha256 }) => sha256), at };
    });
    const { service } = running.shared;
    const { certificate: cert, key } = credentialOf(service.at, 'card-management');
    const sending = request(`${service.urls.api}/v1/orders/${id}/acknowledgements`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'accept-language': 'fr' },
      ca: trustOf(service.at),
      cert,
      key,
    });
    const send = (line: string): void => void sending.write(`${line}\n`);
    send(JSON.stringify(reports[0]));
    const [response] = await once(sending, 'response');
    const answers = createInterface({ input: response })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse((await answers.next()).value ?? 'null');
    assert.deepEqual(await next(), { line: 1, result: 'accepted', live: true });
    send('{"line":2,"card":');
    assert.deepEqual((await next()) as object, {
      line: null,
      result: 'invalid',
      live: false,
      position: 2,
      violations: [
        { pointer: '', rule: 'json', message: "la ligne n'est pas du JSON (RFC 8259) : voyez la colonne 18" },
      ],
    });
    send(JSON.stringify({ ...reports[1], card: tokenId(nextNumber()) }));
    assert.deepEqual(await next(), { line: 2, result: 'unknown-line', live: false });
    sending.end(JSON.stringify({ ...reports[1], outcome: 'scrapped' }));
    assert.deepEqual(await next(), { line: 2, result: 'accepted', live: false });
    assert.equal((await answers.next()).done, true);
    const order = await running.cards.expect<{ readonly acknowledged: number }>('GET', `/v1/orders/${id}`);
    assert.equal(order.acknowledged, 2);
    const kept = await running.cards.expect<readonly { readonly line: number }[]>(
      'GET',
      `/v1/orders/${id}/acknowledgements`,
    );
    assert.deepEqual(
      kept.map(({ line }) => line),
      [1, 2],
    );
  });
});
