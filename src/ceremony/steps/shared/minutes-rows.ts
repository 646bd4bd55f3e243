/** Rows of minutes that several kinds of step have. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Json } from '../../../kernel/json.js';
import type { MinutesRow } from '../../minutes/rows.js';
import type { Entry } from '../../transcript/transcript.js';

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '-' : JSON.stringify(value);
}

/** `act`: what was done with the key. */
export function keyRow({ result }: Entry, act: Bilingual): MinutesRow {
  const { key, token, keyType, publicKeySha256 } = result;
  return { table: 'keys', cells: [textOf(key), textOf(token), act, textOf(keyType), textOf(publicKeySha256)] };
}

export function keyAttributesRow({ result }: Entry): MinutesRow {
  return { table: 'attributes', key: `${result.key} (${result.token})`, attributes: result.attributes ?? null };
}

/**
 * A row with the shares of a PIN that the step made; no row if it made none. `member` names the
 * member of the transcript line that has the share set.
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
