/**
 * Makes a token as a ceremony does, in a process of its own: `node make-token.js '{"location":...,
 * "keys":[[label, type]]}'`.
 */
import { createCeremonyToken } from '../../../hsm/pkcs11/ceremony-token.js';
import type { KeyType } from '../../../src/x509/model.js';

type Order = {
  readonly location: Parameters<typeof createCeremonyToken>[0];
  readonly keys: readonly (readonly [string, KeyType])[];
};

const order = JSON.parse(process.argv[2] ?? '') as Order;
const token = await createCeremonyToken(order.location);
const keys: Record<string, string> = {};
for (const [label, keyType] of order.keys) {
  keys[label] = Buffer.from(await token.generateKey(label, keyType)).toString('base64');
}
await token.close();
process.stdout.write(JSON.stringify(keys));
