/**
 * The tokens of a ceremony, in SoftHSM folders of a home folder. PIN files are created and read
 * only here.
 */
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  changeSecurityOfficersPin,
  createCeremonyToken,
  type CeremonyToken as HsmToken,
  openCeremonyToken,
  requireCeremonyToken,
  resetUserPin,
} from '../../hsm/pkcs11/ceremony-token.js';
import { TokenError } from '../../hsm/pkcs11/failures.js';
import { readPinFile } from '../../hsm/pkcs11/pin/pin-file.js';
import { writeTokenFiles } from '../../hsm/pkcs11/softhsm/softhsm-files.js';
import { tokenLabel } from '../../hsm/token-label.js';
import type { TokenUse } from '../ceremony/plan/model.js';
import { type CeremonyFiles, type CeremonyToken, CeremonyTokenError, type CeremonyTokens } from '../ceremony/world.js';
import { present } from '../kernel/assert.js';
import { type Bytes, latin1, utf8 } from '../kernel/bytes.js';
import type { Random } from '../ports/world.js';
import { tokenFailureText } from './failure-text.js';
import { isThere, makeFolder, syncPath, syncTree } from './files.js';

type HomeTokens = CeremonyTokens & { readonly close: () => Promise<void> };

type HomeTokensWorld = {
  readonly home: string;
  readonly files: CeremonyFiles;
  readonly random: Random;
  readonly modulePath: string;
  /** The mark of the environment, which is part of every token's label. */
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
    probe: (use) =>
      withTokenFailures(use, async () => {
        const folder = join(home, use.folder);
        await withoutNewFolder(folder, async () =>
          requireCeremonyToken({ modulePath, directory: folder, label: tokenLabel(mark, use.name) }),
        );
        await pinText(home, use, null);
      }),
    create: (use, pin, soPin) =>
      withTokenFailures(use, async () => {
        const folder = join(home, use.folder);
        if (use.pin.kind === 'file' && !(await isThere(join(home, use.pin.path))))
          await files.createSecret(use.pin.path, utf8(`${randomPin(random)}\n`));
        await createFolder(folder, async (unfinished) => {
          const openable = await location(use, unfinished, pin);
          const securityOfficersPin = soPin === null ? randomPin(random) : latin1(soPin);
          const made = { ...openable, pin: present(openable.pin, 'a PIN'), soPin: securityOfficersPin };
          const token = await createCeremonyToken(made);
          await token.close();
        });
      }),
    restore: (use, files) =>
      createFolder(join(home, use.folder), async (unfinished) => writeTokenFiles(unfinished, files)),
    resetPin: (use, soPin, pin) =>
      withTokenFailures(use, async () => {
        const directory = join(home, use.folder);
        const label = tokenLabel(mark, use.name);
        await resetUserPin({ modulePath, directory, label }, { soPin: latin1(soPin), pin: latin1(pin) });
        await syncTree(join(directory, 'tokens'));
      }),
    changeSoPin: (use, soPins, next) =>
      withTokenFailures(use, async () => {
        const directory = join(home, use.folder);
        const label = tokenLabel(mark, use.name);
        const pins = { soPins: soPins.map(latin1), next: latin1(next) };
        await changeSecurityOfficersPin({ modulePath, directory, label }, pins);
        await syncTree(join(directory, 'tokens'));
      }),
    open: (use, pin) =>
      withTokenFailures(use, async () => {
        const folder = join(home, use.folder);
        const token = await withoutNewFolder(folder, async () => openCeremonyToken(await location(use, folder, pin)));
        opened.push(token);
        return ceremonyToken(use, token, folder);
      }),
    async close() {
      for (const token of opened.splice(0)) await token.close();
    },
  };
}

/**
 * Opening a token creates its folder. After a failure the folder is removed again, because it would
 * prevent the restoration of a lost token.
 */
async function withoutNewFolder<Value>(folder: string, open: () => Promise<Value>): Promise<Value> {
  const wasThere = await isThere(folder);
  try {
    return await open();
  } catch (thrown) {
    if (!wasThere) await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}

/**
 * Fills a temporary folder and renames it. A temporary folder that an interrupted attempt left
 * has no key that a transcript knows, so it is deleted.
 */
async function createFolder(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = join(dirname(folder), `.new-${basename(folder)}`);
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished, 0o700);
  await fill(unfinished);
  await syncTree(unfinished);
  await rename(unfinished, folder);
  await syncPath(dirname(folder));
}

/**
 * The PKCS#11 binding takes PINs as strings, which cannot be overwritten: a copy stays in the
 * memory of this process until it is reused. `null`: the HSM reads the PIN itself
 * (CKF_PROTECTED_AUTHENTICATION_PATH).
 */
async function pinText(home: string, use: TokenUse, pin: Bytes | null): Promise<string | null> {
  if (pin !== null) return latin1(pin);
  return use.pin.kind === 'file' ? readPin(join(home, use.pin.path)) : null;
}

function ceremonyToken(use: TokenUse, token: HsmToken, folder: string): CeremonyToken {
  return {
    async generateKey(label, keyType) {
      const publicKey = await withTokenFailures(use, () => token.generateKey(label, keyType));
      // The key is on disk before the transcript records it; otherwise a power cut could lose a
      // recorded key.
      await syncTree(join(folder, 'tokens'));
      return publicKey;
    },
    publicKey: (label) => withTokenFailures(use, () => orNull(token.publicKey(label))),
    isTaken: (label) => withTokenFailures(use, () => token.isTaken(label)),
    attributes: (label) => withTokenFailures(use, () => token.attributes(label)),
    sign: (label, keyType, tbs) => withTokenFailures(use, () => token.sign(label, keyType, tbs)),
    async changePin(pin) {
      await withTokenFailures(use, () => token.changePin(latin1(pin)));
      await syncTree(join(folder, 'tokens'));
    },
    async discardKey(label) {
      await withTokenFailures(use, () => orNull(token.destroyKey(label)));
      await syncTree(join(folder, 'tokens'));
    },
    info: () => withTokenFailures(use, () => token.info()),
    keys: () => withTokenFailures(use, () => token.keys()),
    copy: () => withTokenFailures(use, () => token.copy()),
  };
}

async function withTokenFailures<Value>(use: TokenUse, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof TokenError)
      throw new CeremonyTokenError(
        tokenFailureText(use.name, thrown),
        thrown.failure.kind === 'pin-refused' ? 'pin-refused' : 'other',
      );
    throw thrown;
  }
}

async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (thrown) {
    const kind = thrown instanceof TokenError ? thrown.failure.kind : null;
    if (kind === 'key-not-found' || kind === 'key-ambiguous') return null;
    throw thrown;
  }
}

async function readPin(file: string): Promise<string> {
  const pin = readPinFile(file);
  if (pin.ok) return pin.value;
  if (pin.error.kind === 'pin-file-unreadable')
    throw new CeremonyTokenError({
      fr: `le fichier du code PIN ${file} ne peut pas être lu : remettez-le en place (mode 0400), puis relancez la même commande`,
      en: `the PIN file ${file} cannot be read: put it back (mode 0400), then run the same command again`,
    });
  const { detail } = pin.error;
  throw new CeremonyTokenError({
    fr: `le fichier du code PIN ${file} doit être un fichier ordinaire de cet utilisateur, en mode 0400`,
    en: `the PIN file ${file} must be a regular file of this user, with mode 0400: ${detail}`,
  });
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** 32 characters of 5 bits each are 160 bits. */
const PIN_CHARACTERS = 32;

export function randomPin(random: Random): string {
  return Array.from(random(PIN_CHARACTERS), (byte) => BASE32[byte & 31]).join('');
}
