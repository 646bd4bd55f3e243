/** Certificates as text that people read aloud before they are signed, in French and English. */

import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { Extension, KeyType } from '../../x509/model.js';
import { extensionText } from './extension-text.js';

/** With labels of this width, a SHA-256 in hexadecimal fits on a line of the minutes. */
const LABEL_WIDTH = 38;

/** One line: the name in both languages, then the value. */
export function labelled(fr: string, en: string, value: string): string {
  const name = fr === en ? fr : inBothLanguages({ fr, en });
  return `${name.padEnd(LABEL_WIDTH)} ${value}`;
}

function line(fr: string, en: string, value: string): string {
  return `  ${labelled(fr, en, value)}`;
}

/** The text of a certificate that passed the lint. `signsWith` is the type of the issuer's key. */
export function certificateLines(output: string, tbs: Bytes, signsWith: KeyType): readonly string[] {
  const read = readTbs(tbs);
  if (!read.ok) return [`${output}: ${read.error.rule}`];
  const { subject, issuer, serial, notBefore, notAfter, spki, extensions } = read.value;
  return [
    inBothLanguages({ fr: `Certificat à signer : ${output}`, en: `certificate to be signed: ${output}` }),
    line('sujet', 'subject', formatName(subject)),
    line('émetteur', 'issuer', formatName(issuer)),
    line('clé qui signe', 'signing key', signsWith),
    line('numéro de série', 'serial number', serial),
    line('valable à partir de', 'not before', formatInstant(notBefore.at)),
    line("valable jusqu'à", 'not after', formatInstant(notAfter.at)),
    line('clé certifiée', 'certified key', keyName(spki)),
    line(KEY_HASH, KEY_HASH, sha256Hex(spki)),
    ...extensions.flatMap(extensionLines),
  ];
}

const KEY_HASH = 'SHA-256 (clé / key)';

function keyName(spki: Bytes): string {
  const view = readPublicKey(spki);
  return (view.ok ? keyTypeOf(view.value) : null) ?? '?';
}

function extensionLines(extension: Extension): readonly string[] {
  const { name, lines } = extensionText(extension);
  const [first = '', ...more] = lines;
  return [line(name, name, first), ...more.map((one) => line('', '', one))];
}
