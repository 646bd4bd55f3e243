/**
 * A card of a professional for development: a SoftHSM token that makes its own keys and signs its
 * own certification requests. It replaces the card and the reader of the card management system, so
 * that the whole path runs on keys that never leave it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createCeremonyToken } from '../../hsm/pkcs11/ceremony-token.js';
import { bitString, contextConstructed, integer, seq } from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { systemRandom } from '../compose/world.js';
import { loadConfig } from '../config/load.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { fail, say } from '../terminal/say.js';
import { encodeName } from '../x509/certificate/name-writer.js';
import { algorithmIdentifierDer, signatureAlgorithmFor } from '../x509/keys/algorithms.js';
import { KEY_TYPES, type KeyType } from '../x509/model.js';
import { encodePem } from '../x509/pem.js';

type Options = { readonly directory: string; readonly keys: readonly string[]; readonly keyType: string };

export function registerCard(program: Command): void {
  program
    .command('card')
    .description('development: make a card (a SoftHSM token) with its keys and certification requests')
    .requiredOption('--directory <folder>', 'folder of the new card; must not exist')
    .option('--keys <labels...>', 'one key and one request for each label', ['authentication', 'signature'])
    .option('--key-type <type>', `one of ${KEY_TYPES.join(', ')}`, 'rsa-2048')
    .action(makeCard);
}

async function makeCard({ directory, keys, keyType }: Options): Promise<void> {
  const type = KEY_TYPES.find((known) => known === keyType);
  if (type === undefined) return fail([`no key type ${keyType}: one of ${KEY_TYPES.join(', ')}`]);
  const config = loadConfig();
  if (!config.ok) return fail(config.error.faults);
  mkdirSync(directory, { recursive: false, mode: 0o700 });
  const pin = toHex(systemRandom(12));
  const soPin = toHex(systemRandom(12));
  writeFileSync(join(directory, 'card.pin'), `${pin}\n`, { mode: 0o400, flag: 'wx' });
  const location = { modulePath: config.value.pkcs11.module, directory, label: 'pfcng-development-card', pin };
  const token = await createCeremonyToken({ ...location, soPin });
  try {
    for (const label of keys) {
      const spki = await token.generateKey(label, type);
      const request = await requestFor({ label, type, spki }, (info) => token.sign(label, type, info));
      const file = join(directory, `${label}.csr.pem`);
      writeFileSync(file, encodePem('CERTIFICATE REQUEST', request), { flag: 'wx' });
      say(file);
    }
  } finally {
    await token.close();
  }
}

/**
 * Makes a PKCS#10 request (RFC 2986 4) without attributes. The subject is only a label: the
 * platform composes its own.
 */
async function requestFor(
  { label, type, spki }: { readonly label: string; readonly type: KeyType; readonly spki: Bytes },
  sign: (info: Bytes) => Promise<Bytes>,
): Promise<Bytes> {
  const subject = encodeName([[{ type: OID.commonName, form: 'utf8String', value: label }]]);
  const info = seq(integer(0), subject, spki, contextConstructed(0));
  const signature = await sign(info);
  return seq(info, algorithmIdentifierDer(signatureAlgorithmFor(type)), bitString(signature));
}
