import { generateKeyPairSync, sign } from 'node:crypto';
import { present } from '../../../src/kernel/assert.js';
import { ok } from '../../../src/kernel/result.js';
import { type PlatformKey, platformKeyOf, type Receipt } from '../../../src/orders/receipt.js';
import type { Signer } from '../../../src/ports/signer.js';

/** A receipt that all readers accept. */
export const RECEIPT: Receipt = {
  acceptedAt: '2026-03-01T10:00:00Z',
  account: 'card-management',
  bundleSha256: 'b'.repeat(64),
  counts: { issued: 7, duplicate: 1, refused: 2, notIssued: 0, cancelled: 0 },
  environment: 'development',
  finishedAt: '2026-03-01T10:05:00Z',
  form: 'pfcng-receipt-1',
  lines: 10,
  octets: 34_123,
  order: '01958a5c-5c00-7000-8000-000000000001',
  platform: 'a'.repeat(64),
  requestSha256: 'c'.repeat(64),
  resultsSha256: 'd'.repeat(64),
  state: 'finished',
};

/** The signature base of a webhook (RFC 9421 2.5). */
export const SIGNATURE_BASE = [
  '"@method": POST',
  '"@target-uri": https://cards.example.org/hooks?from=pfcng',
  '"content-type": application/json',
  `"content-digest": sha-256=:${'A'.repeat(43)}=:`,
  '"webhook-id": 01958a5c-5c00-7000-8000-000000000002',
  '"webhook-timestamp": 1772359200',
  '"@signature-params": ("@method" "@target-uri" "content-type" "content-digest" "webhook-id" "webhook-timestamp")' +
    `;created=1772359200;keyid="${'a'.repeat(64)}";alg="ecdsa-p256-sha256";tag="pfcng-webhook"`,
].join('\n');

/** A platform key in memory. */
export function softwarePlatform(): {
  readonly key: PlatformKey;
  readonly signer: Pick<Signer, 'platform'>;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    key: present(platformKeyOf(spki), 'a key on P-256'),
    signer: { platform: async (_purpose, octets) => ok(new Uint8Array(sign('sha256', octets, privateKey))) },
  };
}
