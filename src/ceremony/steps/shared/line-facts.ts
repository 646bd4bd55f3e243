/** Makes facts for the transcript lines of several kinds of step, and checks them for `verify`. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { type Bytes, fromBase64, toBase64 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { type Json, membersOf } from '../../../kernel/json.js';
import type { KeyType } from '../../../x509/model.js';
import type { MinutesRow } from '../../minutes/document.js';
import type { Sharing } from '../../plan/model.js';
import type { Entry, Facts } from '../../transcript/transcript.js';
import type { EarlierLines, NeededFile, StepContext } from '../kind.js';

const EXPOSED: Bilingual = { fr: 'cette clé peut sortir de son jeton', en: 'this key can leave its token' };
const OTHER_HASH: Bilingual = { fr: "l'empreinte diffère de celle de la clé", en: 'the hash is not that of the key' };

/**
 * Returns the facts that identify a key on its token: the token as it describes itself, the public
 * key and the attributes of the private key.
 */
export async function keyFacts(
  context: StepContext,
  { token: name, key }: { readonly token: string; readonly key: string },
  { publicKey, keyType }: { readonly publicKey: Bytes; readonly keyType: KeyType | null },
): Promise<Facts> {
  const token = await context.token(name);
  return {
    token: name,
    ...(await token.info()),
    key,
    keyType,
    publicKey: toBase64(publicKey),
    publicKeySha256: sha256Hex(publicKey),
    attributes: await token.attributes(key),
  };
}

/**
 * Checks that the hash in a transcript line is that of its key, and that the attributes show that
 * the key cannot leave its token.
 */
export function recordedKeyFault({ result }: Entry): Bilingual | null {
  const key = typeof result.publicKey === 'string' ? fromBase64(result.publicKey) : null;
  if (key === null || sha256Hex(key) !== result.publicKeySha256) return OTHER_HASH;
  const { CKA_EXTRACTABLE, CKA_SENSITIVE } = membersOf(result.attributes);
  return CKA_EXTRACTABLE === false && CKA_SENSITIVE === true ? null : EXPOSED;
}

/**
 * Returns the member that a transcript line must have if the plan states a hash. Empty: the plan
 * states none, or `*`.
 */
export function statedHash(member: string, sha256: string | undefined): Facts {
  return sha256 === undefined || sha256 === '*' ? {} : { [member]: sha256 };
}

const NOT_ITS_KEY: Bilingual = {
  fr: "la clé certifiée n'est pas celle que ce jeton avait dans une ligne antérieure",
  en: 'the certified key is not the one that an earlier line found on its token',
};

/** Checks that a certificate is for the key that an earlier line made or read on the token. */
export function certifiedKeyFault(
  { result }: Entry,
  { keyOn }: EarlierLines,
  subject: { readonly token: string; readonly key: string },
): Bilingual | null {
  const known = keyOn(subject);
  return known === null || known === result.publicKeySha256 ? null : NOT_ITS_KEY;
}

/** Makes the rows of the minutes that several kinds of step have. */

/** Writes a value of a transcript line in a cell. `-`: the line does not have it. */
export function cellText(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '-' : JSON.stringify(value);
}

/** Returns the row of a key. `act`: what was done with it. */
export function keyRow({ result }: Entry, act: Bilingual): MinutesRow {
  const { key, token, keyType, publicKeySha256 } = result;
  return { table: 'keys', cells: [cellText(key), cellText(token), act, cellText(keyType), cellText(publicKeySha256)] };
}

export function keyAttributesRow({ result }: Entry): MinutesRow {
  return { table: 'attributes', key: `${result.key} (${result.token})`, attributes: result.attributes ?? null };
}

/**
 * Returns the row of the shares that the step made, if it made any. `member`: the member of the
 * transcript line with the share set.
 */
export function sharesRow(
  { result }: Entry,
  member: 'quorum' | 'soQuorum',
  pinOf: 'user' | 'security-officer',
): readonly MinutesRow[] {
  const set = result[member];
  if (set === undefined) return [];
  const token = typeof result.token === 'string' ? result.token : '-';
  const pin =
    pinOf === 'user'
      ? { fr: token, en: token }
      : { fr: `${token}, responsable de sécurité`, en: `${token}, security officer` };
  return [{ table: 'shares', pin, set }];
}

/** Names the files that steps read, so that they are checked before a ceremony begins. */

/** Names files of which the plan states no hash. */
export function neededFiles(...paths: readonly string[]): readonly NeededFile[] {
  return paths.map((path) => ({ path, sha256: null }));
}

/** Names a file with the hash that the plan states; `*` stands for any content. */
export function neededFile(path: string, sha256: string): NeededFile {
  return { path, sha256: sha256 === '*' ? null : sha256 };
}

export function issuerCertificateFile(issuer: string): string {
  return `authorities/${issuer}.cer`;
}

/** Names the certificates for which shares are encrypted. */
export function holderCertificates({ holders }: Sharing): readonly NeededFile[] {
  return holders.flatMap(({ encryption }) =>
    encryption === 'passphrase' ? [] : [neededFile(encryption.certificate, encryption.sha256)],
  );
}
