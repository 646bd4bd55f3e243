/** The parts of the jobs of webhooks, with a platform key in software. */
import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServiceParts } from '../../../src/compose/jobs.js';
import { err, ok } from '../../../src/kernel/result.js';
import { platformKeyOf } from '../../../src/orders/receipt.js';
import type { WebhookEndpoint } from '../../../src/orders/webhooks.js';
import type { Signer } from '../../../src/ports/signer.js';
import type { Store } from '../../../src/ports/store.js';
import type { Clock, Log } from '../../../src/ports/world.js';
import { networkList } from '../../../src/publish/webhook-address.js';
import { openWebhookSender } from '../../../src/publish/webhook-sender.js';

type PartsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** A private key on P-256. */
  readonly key: KeyObject;
  readonly endpoints: readonly WebhookEndpoint[];
  /** PEM file of the CA of all endpoints, which are at 127.0.0.1. */
  readonly ca: string;
  readonly isSignerDown?: () => boolean;
};

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

export function webhookParts({ store, clock, log, key, endpoints, ca, isSignerDown = () => false }: PartsOptions) {
  const target = { ca: readFileSync(ca, 'utf8'), connectionsMax: 16 };
  const rule = { networks: networkList(['127.0.0.1/32']), isPlain: false };
  const platform: Signer['platform'] = async (_purpose, octets) =>
    isSignerDown()
      ? err({ kind: 'signer-unavailable', retryAfterMs: 1, detail: 'the token is away' })
      : ok(new Uint8Array(sign('sha256', octets, key)));
  const webhooks: ServiceParts['webhooks'] = {
    endpoints,
    openSender: ({ url }) =>
      openWebhookSender({ ...target, rule, url: new URL(url) }, { resolve: async () => [], clock }),
    counted: () => undefined,
    wake: () => undefined,
  };
  return {
    store,
    clock,
    log,
    random: (length: number) => new Uint8Array(length).fill(0x80),
    platformKey: platformKeyOf(spkiOf(key)),
    signer: { platform } as Signer,
    webhooks,
  };
}
