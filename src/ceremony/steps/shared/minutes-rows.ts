/** Makes the rows of the minutes that several kinds of step have. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Json } from '../../../kernel/json.js';
import type { MinutesRow } from '../../minutes/rows.js';
import type { Entry } from '../../transcript/transcript.js';

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
