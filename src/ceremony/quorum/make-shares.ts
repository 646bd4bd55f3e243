/**
 * Makes shares of a new PIN: generates the secret, splits it, encrypts each share for its holder,
 * writes the shares, and finally writes the set file. A power cut can leave shares without a set
 * file. They open nothing, because no token ever had their PIN, so they are not deleted.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { CeremonyPlan, Holder, Sharing, TokenUse } from '../plan/model.js';
import { askPassphrase, noAnswerFailure } from '../sitting/ask.js';
import { heading } from '../sitting/terminal.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import type { CeremonyWorld } from '../world.js';
import {
  commitmentTo,
  encryptToCertificate,
  encryptWithPassphrase,
  SCRYPT,
  SECRET_BYTES,
  splitSecret,
} from './share-encryption.js';
import { type EncryptedShare, encodeShare, type ShareFile, type ShareHeader } from './share-file.js';
import { encodeSet, type ShareEntry, setFolder, setPath } from './share-set.js';

/** What the functions that make and open shares can use. */
export type QuorumContext = {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  /** Appends an entry to the transcript, in addition to the entry with the outcome of the step. */
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
};

/**
 * One sharing of the PIN of a token: the secret is split once, among these holders. Each new
 * sharing of the same token has the next generation number.
 */
export type PinSharing = { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing };

/**
 * The minimum length of a passphrase. A shorter one could be found by brute force, however slow
 * each attempt is.
 */
const PASSPHRASE_CHARACTERS_MIN = 12;

const SET_ID_BYTES = 16;

/**
 * Makes the shares and their set file, and returns the secret from which the PIN is derived. The
 * caller overwrites the secret after use.
 */
export async function makeShares(context: QuorumContext, pinSharing: PinSharing): Promise<Result<Bytes, StepFailure>> {
  const { world } = context;
  const set = toHex(world.random(SET_ID_BYTES));
  const secret = world.random(SECRET_BYTES);
  const shares = await splitSecret(secret, pinSharing.sharing);
  let made = false;
  try {
    const members: ShareEntry[] = [];
    for (const [at, share] of shares.entries()) {
      const member = await makeShare(context, pinSharing, { set, share, number: at + 1 });
      if (!member.ok) return member;
      members.push(member.value);
      share.fill(0);
    }
    const { use, generation, sharing } = pinSharing;
    const whole = {
      form: 1,
      kind: 'quorum-set',
      set,
      ceremony: context.plan.id,
      token: use.name,
      generation,
      shares: sharing.shares,
      threshold: sharing.threshold,
      pinCommitment: commitmentTo('pin', set, secret),
      members,
    } as const;
    await world.files.create(setPath(use, generation), encodeSet(whole));
    made = true;
    return ok(secret);
  } finally {
    for (const share of shares) share.fill(0);
    if (!made) secret.fill(0);
  }
}

type Share = { readonly set: string; readonly share: Bytes; readonly number: number };

async function makeShare(
  context: QuorumContext,
  { use, generation, sharing }: PinSharing,
  { set, share, number }: Share,
): Promise<Result<ShareEntry, StepFailure>> {
  const { world, plan } = context;
  const holder = present(sharing.holders[number - 1], `holder of share ${number}`);
  const header: ShareHeader = {
    form: 1,
    kind: 'quorum-share',
    set,
    ceremony: plan.id,
    token: use.name,
    generation,
    number,
    shares: sharing.shares,
    threshold: sharing.threshold,
    holder: holder.name,
    organisation: holder.organisation,
  };
  const encrypted = await encrypt(context, { header, share }, holder);
  if (!encrypted.ok) return encrypted;
  const content = encodeShare({ ...header, encrypted: encrypted.value } satisfies ShareFile);
  const file = `${set.slice(0, 8)}-${number}.json`;
  const path = `${setFolder(use, generation)}/${file}`;
  await world.files.createPrivate(path, content);
  const written = await world.files.read(path);
  assert(written !== null && equalBytes(written, content), `${path} reads back as it was written`);
  return ok({
    number,
    holder: holder.name,
    organisation: holder.organisation,
    encryption: holder.encryption === 'passphrase' ? 'passphrase' : 'certificate',
    file,
    fileSha256: sha256Hex(content),
    commitment: commitmentTo('share', set, share),
  });
}

async function encrypt(
  context: QuorumContext,
  plain: { readonly header: ShareHeader; readonly share: Bytes },
  holder: Holder,
): Promise<Result<EncryptedShare, StepFailure>> {
  const { world, plan } = context;
  if (holder.encryption !== 'passphrase') {
    const { certificate: path, sha256 } = holder.encryption;
    const certificate = await world.files.read(path);
    if (certificate === null) return missingFile(path);
    const wrong = (detail: Bilingual) => wrongFile(path, detail);
    if (sha256Hex(certificate) !== sha256) return wrong(ANOTHER_CERTIFICATE);
    const encrypted = await encryptToCertificate(plain, certificate);
    return encrypted === null ? wrong(UNFIT_CERTIFICATE) : ok(encrypted);
  }
  const passphrase = await askNewPassphrase(context, plain.header);
  if (!passphrase.ok) return passphrase;
  try {
    const { random } = world;
    return ok(await encryptWithPassphrase(plain, passphrase.value, { random, cost: SCRYPT[plan.environment] }));
  } finally {
    passphrase.value.fill(0);
  }
}

const ANOTHER_CERTIFICATE = {
  fr: 'son empreinte SHA-256 diffère de celle du plan',
  en: 'its SHA-256 differs from the one in the plan',
};
const UNFIT_CERTIFICATE = {
  fr:
    "ce n'est pas un certificat pour lequel on peut chiffrer : clé RSA de 2048 bits ou plus, P-256, P-384 ou P-521, " +
    'et keyUsage keyEncipherment (RSA) ou keyAgreement (EC) si ce champ existe',
  en:
    'nothing can be encrypted for this certificate: the key must be RSA of 2048 bits or more, P-256, P-384 or P-521, ' +
    'and keyUsage, if there is one, keyEncipherment (RSA) or keyAgreement (EC)',
};
const TOO_SHORT = {
  fr: `choisissez une phrase d'au moins ${PASSPHRASE_CHARACTERS_MIN} caractères`,
  en: `choose a passphrase of at least ${PASSPHRASE_CHARACTERS_MIN} characters`,
};

/**
 * Returns the number of characters of a passphrase in UTF-8: all bytes count except those that
 * begin with the bits 10, which continue a character (RFC 3629 section 3).
 */
function charactersIn(passphrase: Bytes): number {
  return passphrase.filter((byte) => (byte & 0xc0) !== 0x80).length;
}
const DIFFERENT = { fr: 'les deux saisies diffèrent : recommencez', en: 'the two entries differ: try again' };

/** Asks the holder to type a new passphrase twice. */
async function askNewPassphrase(
  { world }: QuorumContext,
  { number, shares, holder, token }: ShareHeader,
): Promise<Result<Bytes, StepFailure>> {
  const { terminal } = world;
  const share = { fr: `la part ${number} (${holder})`, en: `share ${number} (${holder})` };
  const ask = (words: Bilingual) =>
    askPassphrase(terminal, {
      question: { about: 'new-passphrase', token, number, holder, ...words },
      expected: { fr: 'votre phrase secrète', en: 'your passphrase' },
      refusal: share,
    });
  terminal.show(
    heading({
      fr: `Jeton ${token}, part ${number} sur ${shares}`,
      en: `Token ${token}, share ${number} of ${shares}`,
    }),
  );
  for (;;) {
    const first = await ask({
      fr: `${holder}, choisissez votre phrase secrète (elle ne s'affiche pas)`,
      en: `${holder}, choose your passphrase (it is not shown)`,
    });
    if (!first.ok) return err(noAnswerFailure(first.error, share));
    if (charactersIn(first.value) < PASSPHRASE_CHARACTERS_MIN) {
      first.value.fill(0);
      terminal.show([TOO_SHORT]);
      continue;
    }
    const second = await ask({ fr: `${holder}, une seconde fois`, en: `${holder}, a second time` });
    const isSame = second.ok && equalBytes(first.value, second.value);
    if (second.ok) second.value.fill(0);
    if (isSame) return first;
    first.value.fill(0);
    if (!second.ok) return err(noAnswerFailure(second.error, share));
    terminal.show([DIFFERENT]);
  }
}
