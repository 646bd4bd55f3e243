/**
 * Opens shares: one holder after the other decrypts a share, until there are enough to derive the
 * PIN. A faulty share is reported at once with its fault, and the same or another holder tries
 * again. A PIN is tried on the token only if it matches the commitment of the set.
 */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { askLine, askPassphrase, type NoAnswer, noAnswerFailure, type WrongTry } from '../sitting/ask.js';
import { BLANK } from '../sitting/terminal.js';
import type { QuorumContext } from './make-shares.js';
import { warnIfReadableByOthers } from './secret-files.js';
import {
  combineShares,
  commitmentTo,
  type DecryptionFault,
  openWithKey,
  openWithPassphrase,
} from './share-encryption.js';
import { readShare, type ShareFile } from './share-file.js';
import type { ShareEntry, ShareSet } from './share-set.js';

type OpenableSet = {
  readonly set: ShareSet;
  /** The folder of the set, with its shares. */
  readonly folder: string;
  /** Generation of each earlier set of this token, by the id of the set. */
  readonly retired: ReadonlyMap<string, number>;
};

type OpenedShare = { readonly member: ShareEntry; readonly share: Bytes };

/**
 * Asks holders for shares, and returns the secret, which the caller overwrites after use. The
 * shares are overwritten here.
 */
export async function openShares(context: QuorumContext, at: OpenableSet): Promise<Result<Bytes, StepFailure>> {
  const { set } = at;
  const { terminal } = context.world;
  const accepted: OpenedShare[] = [];
  try {
    terminal.show([BLANK, opening(set)]);
    while (accepted.length < set.threshold) {
      const share = await askShare(context, at, accepted);
      if (!share.ok) return err(noShareFailure(share.error, set, accepted.length));
      accepted.push(share.value);
    }
    const secret = await combineShares(accepted.map(({ share }) => share));
    if (commitmentTo('pin', set.set, secret) !== set.pinCommitment) {
      secret.fill(0);
      return err({ kind: 'quorum-unfit', token: set.token, detail: NO_PIN });
    }
    const holders = accepted.map(({ member }) => ({ number: member.number, holder: member.holder }));
    await context.note('open-quorum', { token: set.token, set: set.set, generation: set.generation, holders });
    terminal.show([{ fr: `Le jeton ${set.token} peut s'ouvrir`, en: `Token ${set.token} can be opened` }]);
    return ok(secret);
  } finally {
    for (const { share } of accepted) share.fill(0);
  }
}

const NO_PIN = {
  fr: "les parts ouvertes ne reconstituent pas le code PIN de leur jeu de parts ; aucun code PIN n'a été présenté au jeton",
  en: 'the opened shares do not reconstruct the PIN of their share set; no PIN was tried on the token',
};

function opening({ token, shares, threshold, members }: ShareSet): Bilingual {
  const list = members.map(({ number, holder }) => `${number} ${holder}`).join(', ');
  return {
    fr: `Jeton ${token} : ${threshold} parts sur ${shares} sont nécessaires (${list})`,
    en: `Token ${token}: ${threshold} of the ${shares} shares are needed (${list})`,
  };
}

/** Asks for the next share until one is opened. */
function askShare(
  context: QuorumContext,
  at: OpenableSet,
  accepted: readonly OpenedShare[],
): Promise<Result<OpenedShare, NoAnswer>> {
  const { set } = at;
  const next = accepted.length + 1;
  return askLine(context.world.terminal, {
    question: {
      about: 'share',
      shares: set.shares,
      given: accepted.map(({ member }) => member.number),
      fr: `Porteur ${next} sur ${set.threshold} : numéro de sa part, ou chemin de son fichier`,
      en: `Holder ${next} of ${set.threshold}: number of the share, or path of its file`,
    },
    expected: { fr: 'le numéro de la part ou le chemin de son fichier', en: 'the number of the share or its path' },
    refusal: openingOf(set.token),
    read: async (answer) => {
      const share = await takeShare(context, { at, accepted, answer });
      return share.ok ? share : err(wrongTry(share.error));
    },
    record: (wrong) => recordFault(context, set.token, wrong),
  });
}

function openingOf(token: string): Bilingual {
  return { fr: `l'ouverture du jeton ${token}`, en: `the opening of token ${token}` };
}

/**
 * Returns the failure when no further share is opened. An interruption is not recorded as a
 * refusal: the ceremony can be resumed when more holders have come.
 */
function noShareFailure(reason: NoAnswer, { token, threshold }: ShareSet, acceptedCount: number): StepFailure {
  if (reason === 'interrupted') return { kind: 'quorum-not-reached', token, given: acceptedCount, threshold };
  const { fr, en } = openingOf(token);
  return noAnswerFailure(reason, {
    fr: `${fr} : parts acceptées ${acceptedCount}, nécessaires ${threshold}`,
    en: `${en}: ${acceptedCount} of the ${threshold} required shares`,
  });
}

function wrongTry(fault: ShareFault): WrongTry {
  return { kind: fault.kind, detail: describeShareFault(fault) };
}

function recordFault({ note }: QuorumContext, token: string, { kind, detail }: WrongTry): Promise<void> {
  return note('try-again', { token, kind, detail: inBothLanguages(detail) });
}

type ShareAnswer = { readonly at: OpenableSet; readonly accepted: readonly OpenedShare[]; readonly answer: string };

async function takeShare(
  context: QuorumContext,
  { at, accepted, answer }: ShareAnswer,
): Promise<Result<OpenedShare, ShareFault>> {
  const bytes = await readShareAnswer(context, at, answer);
  if (bytes === null) return err({ kind: 'share-missing', given: answer });
  const share = readShare(bytes);
  const known = matchShareToSet(at, { share, bytes, answer });
  if (!known.ok) return known;
  const { member, file } = known.value;
  if (accepted.some((one) => one.member.number === member.number))
    return err({ kind: 'share-twice', number: member.number, holder: member.holder });
  const opened = await decrypt(context, file);
  if (!opened.ok) return opened;
  if (commitmentTo('share', at.set.set, opened.value) === member.commitment) return ok({ member, share: opened.value });
  opened.value.fill(0);
  return err({ kind: 'share-corrupted', given: answer });
}

/**
 * Reads the share that a holder names. `answer` is the number of a share in the folder of the set,
 * or the path of a file. null: there is no such file.
 */
async function readShareAnswer(
  { world }: QuorumContext,
  { set, folder }: OpenableSet,
  answer: string,
): Promise<Bytes | null> {
  const member = /^\d{1,2}$/.test(answer) ? set.members[Number(answer) - 1] : undefined;
  if (member === undefined && /^\d{1,2}$/.test(answer)) return null;
  const [path, from] =
    member === undefined ? [answer, 'typed' as const] : [`${folder}/${member.file}`, 'home' as const];
  await warnIfReadableByOthers(world, path, from);
  return from === 'typed' ? world.files.readTypedPath(path) : world.files.read(path);
}

/** Checks that the file is a share of this set, with the bytes that the set records. */
function matchShareToSet(
  { set, retired }: OpenableSet,
  { share, bytes, answer }: { readonly share: ShareFile | null; readonly bytes: Bytes; readonly answer: string },
): Result<{ readonly member: ShareEntry; readonly file: ShareFile }, ShareFault> {
  if (share === null) return err({ kind: 'share-corrupted', given: answer });
  if (share.set !== set.set) {
    const generation = retired.get(share.set);
    const { token, number, holder } = share;
    if (generation !== undefined) return err({ kind: 'share-retired', number, holder, generation });
    // If the set id of the holder's share is damaged, the share is reported as damaged, not as a
    // share of another token.
    const ours = set.members.find((member) => member.number === number && member.holder === holder);
    const isDamaged = token === set.token && share.ceremony === set.ceremony && ours !== undefined;
    return err(
      isDamaged ? { kind: 'share-corrupted', given: answer } : { kind: 'share-of-another', token, number, holder },
    );
  }
  const member = set.members[share.number - 1];
  if (member === undefined || member.fileSha256 !== sha256Hex(bytes))
    return err({ kind: 'share-corrupted', given: answer });
  return ok({ member, file: share });
}

/**
 * After this many wrong passphrases or keys for one share, the ceremony asks for a share again, so
 * that another holder can come instead.
 */
const TRIES_MAX = 3;

async function decrypt(context: QuorumContext, file: ShareFile): Promise<Result<Bytes, ShareFault>> {
  const { number, holder } = file;
  for (let tries = 1; ; tries += 1) {
    const opened =
      file.encrypted.kind === 'passphrase' ? await byPassphrase(context, file) : await byKey(context, file);
    if (opened === null) return err({ kind: 'share-withheld', number, holder });
    if (opened.ok) return opened;
    if (opened.error === 'share-malformed') return err({ kind: 'share-corrupted', given: `${number}` });
    const fault = { kind: 'share-not-decrypted', number, holder, encryption: file.encrypted.kind } as const;
    if (tries === TRIES_MAX) return err(fault);
    const wrong = wrongTry(fault);
    context.world.terminal.show([wrong.detail]);
    await recordFault(context, file.token, wrong);
  }
}

async function byPassphrase({ world }: QuorumContext, file: ShareFile): Promise<Result<Bytes, DecryptionFault> | null> {
  const { token, number, holder } = file;
  const passphrase = await askPassphrase(world.terminal, {
    question: {
      about: 'passphrase',
      token,
      number,
      holder,
      fr: `${holder}, votre phrase secrète (elle ne s'affiche pas)`,
      en: `${holder}, your passphrase (it is not shown)`,
    },
    expected: { fr: 'votre phrase secrète', en: 'your passphrase' },
    refusal: shareOf(file),
  });
  if (!passphrase.ok) return null;
  try {
    return await openWithPassphrase(file, passphrase.value);
  } finally {
    passphrase.value.fill(0);
  }
}

async function byKey({ world }: QuorumContext, file: ShareFile): Promise<Result<Bytes, DecryptionFault> | null> {
  const { token, number, holder } = file;
  const read = await askLine(world.terminal, {
    question: {
      about: 'key-file',
      holder,
      fr: `${holder}, le chemin de votre clé de chiffrement (PKCS#8)`,
      en: `${holder}, the path of your encryption key (PKCS#8)`,
    },
    expected: { fr: 'le chemin du fichier de votre clé', en: 'the path of the file of the key' },
    refusal: shareOf(file),
    read: async (path) => {
      const content = await world.files.readTypedPath(path);
      return content === null ? err(NO_KEY_FILE) : ok(content);
    },
  });
  if (!read.ok) return null;
  const key = read.value;
  const passphrase = await world.terminal.askSecret({
    about: 'key-passphrase',
    token,
    number,
    holder,
    fr: `${holder}, la phrase secrète de cette clé (Entrée seule si elle n'en a pas)`,
    en: `${holder}, the passphrase of this key (Enter alone if it has none)`,
  });
  try {
    return passphrase === null ? null : await openWithKey(file, { key, passphrase });
  } finally {
    passphrase?.fill(0);
    key.fill(0);
  }
}

function shareOf({ number, holder }: ShareFile): Bilingual {
  return { fr: `d'ouvrir la part ${number} (${holder})`, en: `to open share ${number} (${holder})` };
}

const NO_KEY_FILE: WrongTry = {
  kind: 'no-key-file',
  detail: {
    fr: 'aucun fichier lisible à cet emplacement : tapez de nouveau son chemin',
    en: 'there is no readable file at this place: type its path again',
  },
};

type ShareFault =
  /**
   * No file was found, or its content is not the expected share. `given`: the number or path that
   * was typed.
   */
  | { readonly kind: 'share-missing' | 'share-corrupted'; readonly given: string }
  | { readonly kind: 'share-twice' | 'share-withheld'; readonly number: number; readonly holder: string }
  | { readonly kind: 'share-of-another'; readonly token: string; readonly number: number; readonly holder: string }
  /** The share belongs to an earlier sharing of the same token. */
  | { readonly kind: 'share-retired'; readonly number: number; readonly holder: string; readonly generation: number }
  | {
      readonly kind: 'share-not-decrypted';
      readonly number: number;
      readonly holder: string;
      readonly encryption: 'passphrase' | 'certificate';
    };

function describeShareFault(fault: ShareFault): Bilingual {
  switch (fault.kind) {
    case 'share-missing':
      return missing(fault.given);
    case 'share-corrupted':
      return {
        fr: `la part ${fault.given} est abîmée : apportez-en une autre copie`,
        en: `share ${fault.given} is damaged: bring another copy of it`,
      };
    case 'share-twice':
      return {
        fr: `la part ${fault.number} (${fault.holder}) a déjà été donnée : il en faut une autre`,
        en: `share ${fault.number} (${fault.holder}) has been given already: another one is needed`,
      };
    case 'share-withheld':
      return {
        fr: `la part ${fault.number} (${fault.holder}) n'a pas été déchiffrée`,
        en: `share ${fault.number} (${fault.holder}) was not decrypted`,
      };
    case 'share-of-another':
      return {
        fr: `la part ${fault.number} (${fault.holder}) appartient à un autre jeu de parts, celui du jeton ${fault.token}`,
        en: `share ${fault.number} (${fault.holder}) belongs to another share set, that of token ${fault.token}`,
      };
    case 'share-retired':
      return {
        fr: `la part ${fault.number} (${fault.holder}) appartient au partage ${fault.generation}, remplacé depuis : elle n'ouvre plus rien`,
        en: `share ${fault.number} (${fault.holder}) belongs to sharing ${fault.generation}, which was replaced: it opens nothing any more`,
      };
    case 'share-not-decrypted':
      return fault.encryption === 'passphrase'
        ? {
            fr: `ce n'est pas la phrase secrète de la part ${fault.number} (${fault.holder})`,
            en: `that is not the passphrase of share ${fault.number} (${fault.holder})`,
          }
        : {
            fr: `cette clé ne déchiffre pas la part ${fault.number} (${fault.holder})`,
            en: `that key does not decrypt share ${fault.number} (${fault.holder})`,
          };
  }
}

/**
 * Describes a share that was not found. What was typed is recorded only if it is a number: other
 * text may be a passphrase that was typed too early.
 */
function missing(given: string): Bilingual {
  if (!/^\d{1,2}$/.test(given))
    return {
      fr: "ni le numéro d'une part, ni un fichier (ce qui a été tapé n'est pas consigné)",
      en: 'neither the number of a share nor a file (what was typed is not recorded)',
    };
  return {
    fr: `il n'y a pas de part ${given} dans le dossier de la cérémonie : donnez le chemin de son fichier`,
    en: `there is no share ${given} in the folder of the ceremony: give the path of its file`,
  };
}
