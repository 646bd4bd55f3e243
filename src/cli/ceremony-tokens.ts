/** Tokens of a ceremony in SoftHSM folders of a home. PINs are drawn, written and read here, and go nowhere else. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readPinFile } from '../../hsm/pin-file.js';
import {
  createCeremonyToken,
  type CeremonyToken as HsmToken,
  openCeremonyToken,
} from '../../hsm/pkcs11/ceremony-token.js';
import { TokenFailed } from '../../hsm/pkcs11/failures.js';
import { tokenLabel } from '../../hsm/token-label.js';
import type { TokenUse } from '../ceremony/plan.js';
import { type CeremonyToken, type CeremonyTokens, TokenTrouble } from '../ceremony/world.js';
import { type Bytes, utf8 } from '../kernel/bytes.js';
import type { Random } from '../ports/world.js';
import { type HomeFiles, isThere, syncPath, syncTree } from './ceremony-files.js';
import { tokenWords } from './ceremony-words.js';

export type HomeTokens = CeremonyTokens & { readonly close: () => Promise<void> };

export type HomeTokensWorld = {
  readonly home: string;
  readonly files: HomeFiles;
  readonly random: Random;
  readonly modulePath: string;
  /** The environment's, part of every token's label. */
  readonly mark: string;
};

export function homeTokens({ home, files, random, modulePath, mark }: HomeTokensWorld): HomeTokens {
  const opened: HsmToken[] = [];
  const location = async (use: TokenUse, directory: string) => ({
    modulePath,
    directory,
    label: tokenLabel(mark, use.name),
    pin: await readPin(join(home, use.pin.path)),
  });
  return {
    exists: (use) => isThere(join(home, use.folder)),
    create: (use) =>
      troubled(use, async () => {
        const folder = join(home, use.folder);
        if (!(await isThere(join(home, use.pin.path)))) await makePin(files, use, random);
        // In a folder of another name until it is whole: one that was cut off has no transcript, no key, and goes.
        const unfinished = join(dirname(folder), `.new-${basename(folder)}`);
        await rm(unfinished, { recursive: true, force: true });
        await mkdir(unfinished, { recursive: true, mode: 0o700 });
        const token = await createCeremonyToken({ ...(await location(use, unfinished)), soPin: drawPin(random) });
        await token.close();
        await syncTree(unfinished);
        await rename(unfinished, folder);
        await syncPath(dirname(folder));
      }),
    open: (use) =>
      troubled(use, async () => {
        const token = await openCeremonyToken(await location(use, join(home, use.folder)));
        opened.push(token);
        return ceremonyToken(use, token, join(home, use.folder));
      }),
    async close() {
      for (const token of opened.splice(0)) await token.close();
    },
  };
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
    attributes: (label) => troubled(use, () => token.attributes(label)),
    sign: (label, keyType, tbs) => troubled(use, () => token.sign(label, keyType, tbs)),
    async discardKey(label) {
      await troubled(use, () => orNull(token.destroyKey(label)));
      await syncTree(join(folder, 'tokens'));
    },
    info: () => troubled(use, () => token.info()),
  };
}

async function troubled<Value>(use: TokenUse, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof TokenFailed) throw new TokenTrouble(tokenWords(use.name, thrown));
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

function drawPin(random: Random): string {
  return Array.from(random(PIN_CHARACTERS), (octet) => BASE32[octet & 31]).join('');
}

async function makePin(files: HomeFiles, use: TokenUse, random: Random): Promise<void> {
  if (use.kind === 'root') await explainRootPin(files, use);
  await files.createSecret(use.pin.path, utf8(`${drawPin(random)}\n`));
}

const ROOT_PIN_EXPLAINED: Bytes =
  utf8(`Ce dossier est celui d'une répétition : le PIN du jeton racine est dans un fichier, lisible par son seul propriétaire.
Dans une cérémonie réelle, ce PIN est partagé entre des porteurs de secret, il n'est écrit nulle part, et le jeton est
conservé hors ligne. Le PIN du responsable de sécurité (SO PIN) a été tiré au sort, utilisé une fois, et n'est gardé
nulle part : personne ne peut réinitialiser le PIN de ce jeton.

This folder is that of a rehearsal: the PIN of the root token lies in a file that its owner alone can read. In a real
ceremony that PIN is shared among officers, is written nowhere, and the token is kept offline. The SO PIN was drawn, used
once, and is kept nowhere: nobody can reset the PIN of this token.
`);

async function explainRootPin(files: HomeFiles, use: TokenUse): Promise<void> {
  const path = join(dirname(use.pin.path), 'README.txt');
  if ((await files.read(path)) === null) await files.create(path, ROOT_PIN_EXPLAINED);
}
