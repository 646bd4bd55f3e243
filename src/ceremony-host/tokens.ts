/** Tokens of a ceremony in SoftHSM folders of a home. PINs in files are drawn, written and read here, and go nowhere else. */
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  changeSecurityOfficersPin,
  createCeremonyToken,
  type CeremonyToken as HsmToken,
  openCeremonyToken,
  resetUserPin,
} from '../../hsm/pkcs11/ceremony-token.js';
import { TokenFailed } from '../../hsm/pkcs11/failures.js';
import { readPinFile } from '../../hsm/pkcs11/pin/pin-file.js';
import { writeTokenFiles } from '../../hsm/pkcs11/softhsm/softhsm-files.js';
import { tokenLabel } from '../../hsm/pkcs11/token-label.js';
import type { TokenUse } from '../ceremony/plan/model.js';
import { type CeremonyFiles, type CeremonyToken, type CeremonyTokens, TokenTrouble } from '../ceremony/world.js';
import { present } from '../kernel/assert.js';
import { type Bytes, latin1, utf8 } from '../kernel/bytes.js';
import type { Random } from '../ports/world.js';
import { tokenWords } from './failure-text.js';
import { isThere, makeFolder, syncPath, syncTree } from './files.js';

export type HomeTokens = CeremonyTokens & { readonly close: () => Promise<void> };

export type HomeTokensWorld = {
  readonly home: string;
  readonly files: CeremonyFiles;
  readonly random: Random;
  readonly modulePath: string;
  /** The environment's, part of every token's label. */
  readonly mark: string;
};

export function homeTokens({ home, files, random, modulePath, mark }: HomeTokensWorld): HomeTokens {
  const opened: HsmToken[] = [];
  const location = async (use: TokenUse, directory: string, pin: Bytes | null) => ({
    modulePath,
    directory,
    label: tokenLabel(mark, use.name),
    pin: await pinText(home, use, pin),
  });
  return {
    exists: (use) => isThere(join(home, use.folder)),
    create: (use, pin, soPin) =>
      troubled(use, async () => {
        const folder = join(home, use.folder);
        if (use.pin.kind === 'file' && !(await isThere(join(home, use.pin.path))))
          await files.createSecret(use.pin.path, utf8(`${drawPin(random)}\n`));
        await wholeFolder(folder, async (unfinished) => {
          const place = await location(use, unfinished, pin);
          const drawn = soPin === null ? drawPin(random) : latin1(soPin);
          const made = { ...place, pin: present(place.pin, 'a PIN'), soPin: drawn };
          const token = await createCeremonyToken(made);
          await token.close();
        });
      }),
    restore: (use, files) =>
      wholeFolder(join(home, use.folder), async (unfinished) => writeTokenFiles(unfinished, files)),
    resetPin: (use, soPin, pin) =>
      troubled(use, async () => {
        const directory = join(home, use.folder);
        const label = tokenLabel(mark, use.name);
        await resetUserPin({ modulePath, directory, label }, { soPin: latin1(soPin), pin: latin1(pin) });
        await syncTree(join(directory, 'tokens'));
      }),
    changeSoPin: (use, soPins, next) =>
      troubled(use, async () => {
        const directory = join(home, use.folder);
        const label = tokenLabel(mark, use.name);
        const pins = { soPins: soPins.map(latin1), next: latin1(next) };
        await changeSecurityOfficersPin({ modulePath, directory, label }, pins);
        await syncTree(join(directory, 'tokens'));
      }),
    open: (use, pin) =>
      troubled(use, async () => {
        const folder = join(home, use.folder);
        const wasThere = await isThere(folder);
        try {
          const token = await openCeremonyToken(await location(use, folder, pin));
          opened.push(token);
          return ceremonyToken(use, token, folder);
        } catch (thrown) {
          // The folder of a token that was lost would stand in the way of its restoration.
          if (!wasThere) await rm(folder, { recursive: true, force: true });
          throw thrown;
        }
      }),
    async close() {
      for (const token of opened.splice(0)) await token.close();
    },
  };
}

/** In a folder of another name until it is whole: one that was cut off has no transcript, no key, and goes. */
async function wholeFolder(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = join(dirname(folder), `.new-${basename(folder)}`);
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished, 0o700);
  await fill(unfinished);
  await syncTree(unfinished);
  await rename(unfinished, folder);
  await syncPath(dirname(folder));
}

/**
 * The module's binding takes PINs as strings, which cannot be overwritten: one is in this process until its memory is used
 * for something else. null: the HSM asks for it itself (CKF_PROTECTED_AUTHENTICATION_PATH).
 */
async function pinText(home: string, use: TokenUse, pin: Bytes | null): Promise<string | null> {
  if (pin !== null) return latin1(pin);
  return use.pin.kind === 'file' ? readPin(join(home, use.pin.path)) : null;
}

function ceremonyToken(use: TokenUse, token: HsmToken, folder: string): CeremonyToken {
  return {
    async generateKey(label, keyType) {
      const publicKey = await troubled(use, () => token.generateKey(label, keyType));
      // The transcript must not know of a key that a power cut takes away.
      await syncTree(join(folder, 'tokens'));
      return publicKey;
    },
    publicKey: (label) => troubled(use, () => orNull(token.publicKey(label))),
    isTaken: (label) => troubled(use, () => token.isTaken(label)),
    attributes: (label) => troubled(use, () => token.attributes(label)),
    sign: (label, keyType, tbs) => troubled(use, () => token.sign(label, keyType, tbs)),
    async changePin(pin) {
      await troubled(use, () => token.changePin(latin1(pin)));
      await syncTree(join(folder, 'tokens'));
    },
    async discardKey(label) {
      await troubled(use, () => orNull(token.destroyKey(label)));
      await syncTree(join(folder, 'tokens'));
    },
    info: () => troubled(use, () => token.info()),
    keys: () => troubled(use, () => token.keys()),
    copy: () => troubled(use, () => token.copy()),
  };
}

async function troubled<Value>(use: TokenUse, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof TokenFailed)
      throw new TokenTrouble(
        tokenWords(use.name, thrown),
        thrown.failure.kind === 'pin-refused' ? 'pin-refused' : 'other',
      );
    throw thrown;
  }
}

async function orNull<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (thrown) {
    const kind = thrown instanceof TokenFailed ? thrown.failure.kind : null;
    if (kind === 'key-not-found' || kind === 'key-ambiguous') return null;
    throw thrown;
  }
}

async function readPin(file: string): Promise<string> {
  const pin = readPinFile(file);
  if (pin.ok) return pin.value;
  if (pin.error.kind === 'pin-file-unreadable')
    throw new TokenTrouble({
      fr: `le fichier du PIN ${file} ne peut pas être lu : remettez-le là (mode 0400), puis relancez la même commande`,
      en: `the PIN file ${file} cannot be read: put it back (mode 0400), then give the same command again`,
    });
  const { detail } = pin.error;
  throw new TokenTrouble({
    fr: `le fichier du PIN ${file} doit être un fichier ordinaire de cet utilisateur, en mode 0400`,
    en: `the PIN file ${file} must be a plain file of this user, of mode 0400: ${detail}`,
  });
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** 160 bits: 32 characters of five. */
const PIN_CHARACTERS = 32;

export function drawPin(random: Random): string {
  return Array.from(random(PIN_CHARACTERS), (octet) => BASE32[octet & 31]).join('');
}
