/**
 * Writes certificates as text that people read aloud before they are signed, in French and English.
 */

import { OID } from '../../asn1/oids.js';
import { present } from '../../kernel/assert.js';
import { type Bilingual, inBothLanguages, type Language } from '../../kernel/bilingual.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import { readAuthorityInfoAccess } from '../../x509/extensions/authority-info-access.js';
import { readAuthorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js';
import { type BasicConstraints, readBasicConstraints } from '../../x509/extensions/basic-constraints.js';
import { type PolicyInformation, readCertificatePolicies } from '../../x509/extensions/certificate-policies.js';
import { readCrlDistributionPoints } from '../../x509/extensions/crl-distribution-points.js';
import { readExtendedKeyUsage } from '../../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../../x509/extensions/key-usage.js';
import { readSubjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { Extension, KeyType } from '../../x509/model.js';
import { heading, rowOf, type ScreenLine, type TextMaker } from './terminal.js';

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

/**
 * Writes certificate extensions as text for people: the name from the standard that defines the
 * extension, and the content in French, English or both.
 */

/**
 * Descriptions of key usages (RFC 5280 4.2.1.3) and extended key usages (4.2.1.12), by the names
 * that `readKeyUsage` and `readExtendedKeyUsage` return.
 */
const USAGES: Readonly<Record<string, Bilingual>> = {
  digitalSignature: { fr: 'signature numérique', en: 'digital signature' },
  nonRepudiation: { fr: 'non-répudiation', en: 'non-repudiation' },
  keyEncipherment: { fr: 'chiffrement de clés', en: 'key encipherment' },
  dataEncipherment: { fr: 'chiffrement de données', en: 'data encipherment' },
  keyAgreement: { fr: 'accord de clé', en: 'key agreement' },
  keyCertSign: { fr: 'signature de certificats', en: 'signing certificates' },
  cRLSign: { fr: 'signature de LCR', en: 'signing CRLs' },
  serverAuth: { fr: "authentification d'un serveur", en: 'server authentication' },
  clientAuth: { fr: "authentification d'un client", en: 'client authentication' },
  emailProtection: { fr: 'protection du courrier électronique', en: 'e-mail protection' },
  ocspSigning: { fr: 'signature de réponses OCSP', en: 'signing OCSP responses' },
  cmcCa: { fr: "réponses CMP au nom de l'AC", en: 'CMP answers for the CA' },
  smartcardLogon: { fr: 'ouverture de session par carte', en: 'smart card logon' },
};

type ExtensionFormat = {
  readonly name: string;
  /** Returns the content as lines. `null`: the value is malformed. */
  readonly lines: (value: Bytes, wording: TextMaker) => readonly string[] | null;
};

type ReadResult<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false };

function ifRead<Value>(read: ReadResult<Value>, lines: (value: Value) => readonly string[]): readonly string[] | null {
  return read.ok ? lines(read.value) : null;
}

/** The extensions by OID, with their names from RFC 5280 4.2, RFC 6960 and RFC 9608. */
const EXTENSIONS: Readonly<Record<string, ExtensionFormat>> = {
  [OID.basicConstraints]: {
    name: 'basicConstraints',
    lines: (value, wording) => ifRead(readBasicConstraints(value), (found) => [wording(constraintsText(found))]),
  },
  [OID.keyUsage]: {
    name: 'keyUsage',
    lines: (value, wording) => ifRead(readKeyUsage(value), (bits) => bits.map((bit) => usageLine(bit, wording))),
  },
  [OID.extKeyUsage]: {
    name: 'extKeyUsage',
    lines: (value, wording) =>
      ifRead(readExtendedKeyUsage(value), (usages) => usages.map((usage) => usageLine(usage, wording))),
  },
  [OID.subjectKeyIdentifier]: {
    name: 'subjectKeyIdentifier',
    lines: (value) => ifRead(readSubjectKeyIdentifier(value), (id) => [toHex(id)]),
  },
  [OID.authorityKeyIdentifier]: {
    name: 'authorityKeyIdentifier',
    lines: (value) => ifRead(readAuthorityKeyIdentifier(value), (id) => [toHex(id)]),
  },
  [OID.certificatePolicies]: {
    name: 'certificatePolicies',
    lines: (value, wording) =>
      ifRead(readCertificatePolicies(value), (policies) => policies.flatMap((policy) => policyLines(policy, wording))),
  },
  [OID.crlDistributionPoints]: {
    name: 'cRLDistributionPoints',
    lines: (value) => ifRead(readCrlDistributionPoints(value), (uris) => uris),
  },
  [OID.authorityInfoAccess]: {
    name: 'authorityInfoAccess',
    lines: (value, wording) =>
      ifRead(readAuthorityInfoAccess(value), ({ ocsp, caIssuers }) => [
        ...(ocsp === undefined ? [] : [wording(OCSP_RESPONDER), ocsp]),
        ...(caIssuers === undefined ? [] : [wording(ISSUER_CERTIFICATE), caIssuers]),
      ]),
  },
  [OID.ocspNoCheck]: { name: 'ocsp-nocheck', lines: (_, wording) => [wording(NOT_CHECKED)] },
  [OID.noRevocationAvailable]: { name: 'noRevAvail', lines: (_, wording) => [wording(NOT_PUBLISHED)] },
};

const OCSP_RESPONDER = { fr: 'répondeur OCSP :', en: 'OCSP responder:' };
const ISSUER_CERTIFICATE = { fr: "certificat de l'émetteur :", en: "issuer's certificate:" };
const NOT_CHECKED = { fr: "son statut n'est pas vérifié", en: 'its status is not checked' };
const NOT_PUBLISHED = { fr: "son statut n'est pas publié", en: 'its status is not published' };

function constraintsText(constraints: BasicConstraints): Bilingual {
  if (!constraints.ca) return { fr: "n'est pas une AC", en: 'not a CA' };
  const { pathLen } = constraints;
  if (pathLen === null)
    return { fr: "AC ; niveaux d'AC subordonnées : sans limite", en: 'CA; levels of subordinate CAs: no limit' };
  if (pathLen === 0) return { fr: 'AC ; aucune AC subordonnée (pathLen 0)', en: 'CA; no subordinate CA (pathLen 0)' };
  return {
    fr: `AC ; niveaux d'AC subordonnées : ${pathLen} (pathLen ${pathLen})`,
    en: `CA; levels of subordinate CAs: ${pathLen} (pathLen ${pathLen})`,
  };
}

function usageLine(usage: string, wording: TextMaker): string {
  const words = USAGES[usage];
  return words === undefined ? usage : `${usage} (${wording(words)})`;
}

/** The OID anyPolicy (RFC 5280 4.2.1.4). */
const ANY_POLICY = '2.5.29.32.0';

const PRACTICE_STATEMENT = {
  fr: 'déclaration des pratiques de certification (DPC) :',
  en: 'certification practice statement (CPS):',
};

function policyLines({ policy, cps }: PolicyInformation, wording: TextMaker): readonly string[] {
  const name = policy === ANY_POLICY ? `${policy} (${wording({ fr: 'toute politique', en: 'any policy' })})` : policy;
  return cps === undefined ? [name] : [name, wording(PRACTICE_STATEMENT), cps];
}

/**
 * Returns the name, with a mark if the extension is critical, and the content as lines. The value
 * of an unknown or malformed extension is shown in hexadecimal.
 */
function extensionText(
  { oid, critical, value }: Extension,
  wording: TextMaker,
): {
  readonly name: string;
  readonly lines: readonly string[];
} {
  const known = EXTENSIONS[oid];
  const name = known?.name ?? oid;
  const lines = known?.lines(value, wording) ?? [toHex(value)];
  return { name: critical ? `${name} (${wording({ fr: 'critique', en: 'critical' })})` : name, lines };
}

/** Writes moments in words, so that people can read them aloud. */
const DAYS_FR = 'dimanche lundi mardi mercredi jeudi vendredi samedi'.split(' ');
const DAYS_EN = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS_FR = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');
const MONTHS_EN = 'January February March April May June July August September October November December'.split(' ');

/** Writes a moment in UTC with its weekday, to the second: `Sunday 1 March 2026, 10:00:00 UTC`. */
export function instantInWords(at: Instant): Bilingual {
  const date = new Date(at);
  const [day, month, year] = [date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear()];
  const time = `${date.toISOString().slice(11, 19)} UTC`;
  const weekday = date.getUTCDay();
  return {
    fr: `${DAYS_FR[weekday]} ${day === 1 ? '1er' : day} ${MONTHS_FR[month]} ${year}, ${time}`,
    en: `${DAYS_EN[weekday]} ${day} ${MONTHS_EN[month]} ${year}, ${time}`,
  };
}
