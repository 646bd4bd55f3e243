/**
 * The signature of webhooks, against a verifier that was written from RFC 9421. Without these tests
 * no receiver could verify an event, or a receiver would accept one that was altered.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { eventBodyOf, rawEcdsaSignature, signedHeaders, webhookMessage } from '../../../src/orders/webhooks.js';
import type { OutboxEvent } from '../../../src/ports/store/outbox/events.js';
import { type ReceivedRequest, signatureFault } from '../../support/webhooks/verifier.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const TARGET = 'https://cards.example.org:8443/events?from=pfcng';
const EVENT: OutboxEvent = {
  topic: 'certificate.revoked',
  subject: '00000000-0000-7000-8000-000000000001',
  account: 'card-management',
  at: Date.UTC(2026, 2, 1, 10, 0, 0, 7),
  data: { serialNumber: '0a', issuer: 'aci-fo-pp', reason: 'keyCompromise' },
};

function signedRequest(): ReceivedRequest {
  const { id, body } = eventBodyOf(EVENT);
  const message = webhookMessage({ targetUri: TARGET, id, body, at: EVENT.at, keyId: sha256Hex(SPKI) });
  const der = new Uint8Array(sign('sha256', message.base, privateKey));
  const raw = rawEcdsaSignature(der);
  assert.ok(raw.ok);
  return { method: 'POST', targetUri: TARGET, headers: signedHeaders(message, raw.value), body: Buffer.from(body) };
}

/** DER of ECDSA-Sig-Value from the content octets of its integers. */
function sigValue(...integers: readonly (readonly number[])[]): Uint8Array {
  const content = integers.flatMap((octets) => [0x02, octets.length, ...octets]);
  return Uint8Array.from([0x30, content.length, ...content]);
}

describe('webhook messages', () => {
  it('have a signature that a verifier of RFC 9421 accepts, whatever lengths r and s have', () => {
    // One in 128 signatures has an r or an s of fewer than 32 octets.
    for (let count = 0; count < 400; count += 1) assert.equal(signatureFault(signedRequest(), SPKI), null);
  });

  it('are not accepted with another method, address, body, id or time', () => {
    const request = signedRequest();
    const changed: readonly Partial<ReceivedRequest>[] = [
      { method: 'PUT' },
      { targetUri: TARGET.replace('cards', 'other') },
      { body: Buffer.from(request.body.toString().replace('keyCompromise', 'superseded')) },
      { headers: { ...request.headers, 'webhook-id': '0' } },
      { headers: { ...request.headers, 'webhook-timestamp': '1' } },
      { headers: { ...request.headers, 'content-type': 'text/plain' } },
    ];
    for (const change of changed) assert.notEqual(signatureFault({ ...request, ...change }, SPKI), null);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    assert.match(signatureFault(request, other.export({ type: 'spki', format: 'der' })) ?? '', /^key/);
  });

  it('are signed over exactly the lines of the specification', () => {
    const { base } = webhookMessage({ targetUri: TARGET, id: 'the-id', body: '{}', at: 1_772_359_200_007, keyId: 'k' });
    assert.equal(
      Buffer.from(base).toString(),
      [
        '"@method": POST',
        `"@target-uri": ${TARGET}`,
        '"content-type": application/json',
        '"content-digest": sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:',
        '"webhook-id": the-id',
        '"webhook-timestamp": 1772359200',
        '"@signature-params": ("@method" "@target-uri" "content-type" "content-digest" "webhook-id" "webhook-timestamp")' +
          ';created=1772359200;keyid="k";alg="ecdsa-p256-sha256";tag="pfcng-webhook"',
      ].join('\n'),
    );
  });

  it('have r and s in 64 octets, padded on the left', () => {
    const raw = rawEcdsaSignature(sigValue([1], [0, 0x80, ...Array<number>(31).fill(7)]));
    assert.ok(raw.ok);
    assert.deepEqual([...raw.value], [...Array<number>(31).fill(0), 1, 0x80, ...Array<number>(31).fill(7)]);
  });

  it('have no signature from anything but two positive numbers of 256 bits', () => {
    const long = [1, ...Array<number>(32).fill(0)];
    const wrong = [
      sigValue([1]),
      sigValue([1], [2], [3]),
      sigValue([0x80], [1]),
      sigValue([1], long),
      sigValue([0, 1], [1]),
      Uint8Array.from([...sigValue([1], [1]), 0]),
      new Uint8Array(64).fill(1),
    ];
    for (const der of wrong) assert.equal(rawEcdsaSignature(der).ok, false);
  });
});

describe('the body of an event', () => {
  it('is canonical JSON with an id that depends on all of it', () => {
    const { id, body } = eventBodyOf(EVENT);
    assert.equal(
      body,
      `{"account":"card-management","at":"2026-03-01T10:00:00.007Z","data":{"issuer":"aci-fo-pp","reason":"keyCompromise",` +
        `"serialNumber":"0a"},"id":"${id}","subject":"${EVENT.subject}","type":"certificate.revoked"}`,
    );
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const others = [{ at: EVENT.at + 1 }, { subject: 'other' }, { account: null }, { data: {} }];
    for (const other of others) assert.notEqual(eventBodyOf({ ...EVENT, ...other }).id, id);
    assert.equal(eventBodyOf({ ...EVENT }).id, id);
  });
});
