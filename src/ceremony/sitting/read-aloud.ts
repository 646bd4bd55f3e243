/**
 * Writes certificates as text that people read aloud before they are signed, in French and English.
 */
import { present } from '../../kernel/assert.js';
import { inBothLanguages, type Language } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { Extension, KeyType } from '../../x509/model.js';
import { instantInWords } from '../instant-text.js';
import { extensionText } from './extension-text.js';
import { heading, rowOf, type ScreenLine, type TextMaker } from './screen.js';

/** The width of labels. With it, a SHA-256 in hexadecimal fits on a line of the minutes. */
const LABEL_WIDTH = 38;

/** Returns one line of the minutes: the name in both languages, then the value. */
export function labelled(fr: string, en: string, value: string): string {
  return `${inBothLanguages({ fr, en }).padEnd(LABEL_WIDTH)} ${value}`;
}

/** A label and a value, in one language or in both. */
type TextRow = { readonly label: string; readonly value: string };

/**
 * Returns the screen for a certificate that has passed the lint. `signsWith` is the type of the
 * issuer's key.
 */
export function certificateLines(output: string, tbs: Bytes, signsWith: KeyType): readonly ScreenLine[] {
  const inLanguage = (language: Language) => certificateRows(tbs, { signsWith, wording: (text) => text[language] });
  const [french, english] = [inLanguage('fr'), inLanguage('en')];
  return [
    ...heading({ fr: `Certificat à signer : ${output}`, en: `Certificate to be signed: ${output}` }),
    ...french.map(({ label, value }, at) => {
      const { label: en, value: valueEn } = present(english[at], 'as many rows in English');
      return rowOf({ fr: label, en }, { fr: value, en: valueEn });
    }),
  ];
}

/**
 * Returns the rows of a certificate, in the language of `wording`. `signsWith` is the type of the
 * signing key; null: the certificate is signed already, and the row is left out.
 */
export function certificateRows(
  tbs: Bytes,
  { signsWith, wording }: { readonly signsWith: KeyType | null; readonly wording: TextMaker },
): readonly TextRow[] {
  const row = (fr: string, en: string, value: string): TextRow => ({ label: wording({ fr, en }), value });
  const read = readTbs(tbs);
  if (!read.ok) return [row('défaut', 'fault', read.error.rule)];
  const { subject, issuer, serial, notBefore, notAfter, spki, extensions } = read.value;
  return [
    row('sujet', 'subject', formatName(subject)),
    row('émetteur', 'issuer', formatName(issuer)),
    ...(signsWith === null ? [] : [row('clé de signature', 'signing key', signsWith)]),
    row('numéro de série', 'serial number', serial),
    row('valable à partir du', 'not before', wording(instantInWords(notBefore.at))),
    row("valable jusqu'au", 'not after', wording(instantInWords(notAfter.at))),
    row('clé certifiée', 'certified key', keyName(spki)),
    row('SHA-256 (clé)', 'SHA-256 (key)', sha256Hex(spki)),
    ...extensions.flatMap((extension) => extensionRows(extension, wording)),
  ];
}

function keyName(spki: Bytes): string {
  const view = readPublicKey(spki);
  return (view.ok ? keyTypeOf(view.value) : null) ?? '?';
}

function extensionRows(extension: Extension, wording: TextMaker): readonly TextRow[] {
  const { name, lines } = extensionText(extension, wording);
  const [first = '', ...more] = lines;
  return [{ label: name, value: first }, ...more.map((value) => ({ label: '', value }))];
}
