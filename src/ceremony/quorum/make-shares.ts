/**
 * New shares of a new PIN: drawn, split, each sealed to its holder and written, and last the set that they make. A set that is
 * not whole was never in use: shares that a power cut left without one open nothing, and are left alone.
 */
import { assert, present } from '../../kernel/assert.js';
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Bilingual, both, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { Holder } from '../plan/model.js';
import { PASSPHRASE_OCTETS_MIN, type QuorumContext, type Shared } from './context.js';
import { commitmentTo, SECRET_OCTETS, splitSecret } from './secret.js';
import { SCRYPT, sealToCertificate, sealWithPassphrase } from './share-encryption.js';
import { encodeShare, type Sealed, type ShareFile, type ShareHeader } from './share-file.js';
import { encodeSet, type ShareOf, setFolder, setPath } from './share-set.js';

const SET_OCTETS = 16;

/** The secret that the token's PIN comes from; whoever gets it overwrites it. */
export async function makeShares(context: QuorumContext, shared: Shared): Promise<Result<Bytes, StepFailure>> {
  const { world } = context;
  const set = toHex(world.random(SET_OCTETS));
  const secret = world.random(SECRET_OCTETS);
  const shares = await splitSecret(secret, shared.sharing);
  let made = false;
  try {
    const members: ShareOf[] = [];
    for (const [at, share] of shares.entries()) {
      const member = await makeShare(context, shared, { set, share, number: at + 1 });
      if (!member.ok) return member;
      members.push(member.value);
      share.fill(0);
    }
    const { use, generation, sharing } = shared;
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
  { use, generation, sharing }: Shared,
  { set, share, number }: Share,
): Promise<Result<ShareOf, StepFailure>> {
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
  const sealed = await seal(context, { header, share }, holder);
  if (!sealed.ok) return sealed;
  const content = encodeShare({ ...header, sealed: sealed.value } satisfies ShareFile);
  const file = `${set.slice(0, 8)}-${number}.json`;
  const path = `${setFolder(use, generation)}/${file}`;
  await world.files.createSealed(path, content);
  const written = await world.files.read(path);
  assert(written !== null && equalBytes(written, content), `${path} reads back as it was written`);
  return ok({
    number,
    holder: holder.name,
    organisation: holder.organisation,
    seal: holder.seal === 'passphrase' ? 'passphrase' : 'certificate',
    file,
    fileSha256: sha256Hex(content),
    commitment: commitmentTo('share', set, share),
  });
}

async function seal(
  context: QuorumContext,
  what: { readonly header: ShareHeader; readonly share: Bytes },
  holder: Holder,
): Promise<Result<Sealed, StepFailure>> {
  const { world, plan } = context;
  if (holder.seal !== 'passphrase') {
    const { certificate: path, sha256 } = holder.seal;
    const certificate = await world.files.read(path);
    if (certificate === null) return err({ kind: 'missing', what: same(path) });
    const wrong = (detail: Bilingual) => err({ kind: 'artefact-wrong' as const, artefact: same(path), detail });
    if (sha256Hex(certificate) !== sha256) return wrong(ANOTHER_CERTIFICATE);
    const sealed = await sealToCertificate(what, certificate);
    return sealed === null ? wrong(UNFIT_CERTIFICATE) : ok(sealed);
  }
  const passphrase = await askNewPassphrase(context, what.header);
  if (!passphrase.ok) return passphrase;
  try {
    const { random } = world;
    return ok(await sealWithPassphrase(what, passphrase.value, { random, cost: SCRYPT[plan.environment] }));
  } finally {
    passphrase.value.fill(0);
  }
}

const ANOTHER_CERTIFICATE = {
  fr: "son empreinte SHA-256 n'est pas celle du plan",
  en: "its SHA-256 is not the plan's",
};
const UNFIT_CERTIFICATE = {
  fr: "ce n'est pas un certificat dont la clé chiffre (RSA, P-256, P-384, P-521)",
  en: 'not a certificate whose key enciphers (RSA, P-256, P-384, P-521)',
};
const TOO_SHORT = {
  fr: `moins de ${PASSPHRASE_OCTETS_MIN} octets : choisissez plus long`,
  en: `less than ${PASSPHRASE_OCTETS_MIN} octets: choose a longer one`,
};
const DIFFERENT = { fr: 'les deux saisies diffèrent : recommencez', en: 'the two differ: once more' };

/** Typed twice, by the holder alone at the keyboard. */
async function askNewPassphrase(
  { world }: QuorumContext,
  { number, shares, holder, token }: ShareHeader,
): Promise<Result<Bytes, StepFailure>> {
  const { terminal } = world;
  const gaveUp = err({
    kind: 'given-up' as const,
    what: { fr: `la part ${number} (${holder})`, en: `share ${number} (${holder})` },
  });
  const ask = (words: Bilingual) => terminal.askSecret({ about: 'new-passphrase', token, number, holder, ...words });
  terminal.show([
    both({ fr: `Jeton ${token}, part ${number} sur ${shares}`, en: `Token ${token}, share ${number} of ${shares}` }),
  ]);
  for (;;) {
    const first = await ask({
      fr: `${holder}, choisissez votre phrase secrète (elle ne s'affiche pas)`,
      en: `${holder}, choose your passphrase (it is not shown)`,
    });
    if (first === null) return gaveUp;
    if (first.length < PASSPHRASE_OCTETS_MIN) {
      first.fill(0);
      terminal.show([both(TOO_SHORT)]);
      continue;
    }
    const second = await ask({ fr: `${holder}, une seconde fois`, en: `${holder}, a second time` });
    const isSame = second !== null && equalBytes(first, second);
    second?.fill(0);
    if (isSame) return ok(first);
    first.fill(0);
    if (second === null) return gaveUp;
    terminal.show([both(DIFFERENT)]);
  }
}
