/**
 * Makes a simulated card: a SoftHSM token that makes its own keys and signs its own certification
 * requests, so that the whole path runs on keys that never leave it. Writes certificates on it, as
 * a card bureau does.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '../../../compose/world.js';
import { loadConfig } from '../../../config/load.js';
import { fail, say } from '../../../terminal/say.js';
import { KEY_TYPES, type KeyType } from '../../../x509/model.js';
import { labelOf, makeCardFolder, newPin, openCardFolder } from './card-folder.js';

export type MakeOptions = { readonly directory: string; readonly keys: readonly string[]; readonly keyType: string };

export async function makeCard({ directory, keys, keyType }: MakeOptions): Promise<void> {
  const type = keyTypeNamed(keyType);
  if (type === null) return fail([`no key type ${keyType}: one of ${KEY_TYPES.join(', ')}`]);
  const config = loadConfig();
  if (!config.ok) return fail(config.error.faults);
  const pins = { pin: newPin(systemRandom), soPin: newPin(systemRandom) };
  const card = await makeCardFolder(directory, { modulePath: config.value.pkcs11.module, ...pins });
  try {
    for (const use of keys) {
      const container = await card.makeKey({ use, set: 1, keyType: type });
      const file = join(directory, `${labelOf(container)}.csr.pem`);
      writeFileSync(file, await card.request(container), { flag: 'wx' });
      say(file);
    }
  } finally {
    await card.close();
  }
}

export function keyTypeNamed(name: string): KeyType | null {
  return KEY_TYPES.find((known) => known === name) ?? null;
}

export type WriteOptions = { readonly directory: string; readonly card: string };

/** `files`: certificates, PEM. */
export async function writeCard(files: readonly string[], { directory, card: number }: WriteOptions): Promise<void> {
  const config = loadConfig();
  if (!config.ok) return fail(config.error.faults);
  const card = await openCardFolder(directory, { modulePath: config.value.pkcs11.module, faults: [] });
  try {
    card.setNumber(number);
    for (const file of files) {
      if (!(await card.writeCertificate(readFileSync(file, 'utf8'))))
        return fail([`${file}: the card has not the key of this certificate`]);
      say(`${file} is written on the card ${number}`);
    }
  } finally {
    await card.close();
  }
}
