import assert from 'node:assert/strict';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { lineOfClaim } from '../../../src/orders/progress.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import { unwrap } from '../db/fixture.js';
import { linesOf, type OrderBench, orderOf, resultOf } from './order-bench.js';

/** What must hold of an order at its end, whatever happened meanwhile. */
export async function assertComplete(bench: OrderBench, id: string): Promise<void> {
  const order = await orderOf(bench, id);
  const lines = await linesOf(bench, id);
  assert.equal(lines.length, order.lines);
  assert.equal(new Set(lines.map(({ line }) => line)).size, order.lines);
  for (const [outcome, count] of Object.entries(order.counts))
    assert.equal(lines.filter((one) => one.outcome === outcome).length, count, outcome);
  const named = lines.flatMap((one) =>
    one.outcome === 'issued' ? (resultOf(one).certificates ?? []).map((certificate) => ({ ...certificate, one })) : [],
  );
  const found = unwrap(
    await bench.store.read(async (reads) => ({
      records: await reads.certificatesByIds(named.map((one) => one.id)),
      onCards: await reads.certificatesOfCards(lines.flatMap(({ cardTokenId }) => cardTokenId ?? [])),
      claims: await reads.peekClaims(
        lines.map(({ line }) => ({
          claim: { account: order.accountId, route: `order/${id}`, key: String(line) },
          bodySha256: '',
        })),
      ),
    })),
  );
  assert.equal(found.records.length, named.length);
  for (const record of found.records) {
    const { sha256, one } = named.find((certificate) => certificate.id === record.id) ?? {};
    assert.deepEqual(lineOfClaim(record.claim), { orderId: id, line: one?.line });
    const { signatureAlgorithm } = bench.world.issuers.byId(record.issuer) ?? assert.fail(record.issuer);
    const der = assembleCertificate(record.tbs, signatureAlgorithm, record.signature ?? new Uint8Array());
    assert.equal(sha256Hex(der), sha256);
  }
  const live = found.onCards.filter(({ claim, signature }) => lineOfClaim(claim)?.orderId === id && signature !== null);
  assert.deepEqual(new Set(live.map((record) => record.id)), new Set(named.map((one) => one.id)));
  assert.equal(new Set(found.onCards.map(({ serial }) => serial)).size, found.onCards.length);
  assert.ok(
    found.claims.every(({ kind }) => kind === 'claimed'),
    'no claim of a line is left',
  );
}
