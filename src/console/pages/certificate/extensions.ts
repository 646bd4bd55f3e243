/** Puts the extensions of a certificate into words. The lint's readers decode them. */
import { OID, type OidName, oidName } from '../../../asn1/oids.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { toHex } from '../../../kernel/bytes.js';
import { type DecodedExtensions, decodeLazily, type KnownExtension } from '../../../lint/reading/decoded-extensions.js';
import { findCode } from '../../../policy/code-lists.js';
import type { CodeList } from '../../../policy/model.js';
import type { Extension, Name } from '../../../x509/model.js';
import { timeWords } from '../../words/times.js';
import {
  ATTRIBUTE_WORDS,
  EXTENSION_WORDS,
  KEY_USAGE_WORDS,
  NAME_KIND_WORDS,
  PURPOSE_WORDS,
  VALUE_WORDS,
} from './extension-words.js';

/** One thing that an extension says. `text`: as it stands in the certificate. */
export type ExtensionValue = { readonly label: Bilingual | null; readonly text: string | null };

export type ExplainedExtension = {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly name: Bilingual;
  /** null: an extension that this program does not know. */
  readonly meaning: Bilingual | null;
  readonly values: readonly ExtensionValue[];
};

/** In the order of the certificate. `professions`: the list that names their codes. */
export function explainExtensions(
  extensions: readonly Extension[],
  professions: CodeList,
): readonly ExplainedExtension[] {
  const decoded = decodeLazily(extensions);
  return extensions.map(({ oid, critical, value }) => {
    const name = oidName(oid);
    const octets = { label: VALUE_WORDS.octets, text: toHex(value) };
    if (name === null || !isKnown(name))
      return { oid, isCritical: critical, name: untranslated(name ?? oid), meaning: null, values: [octets] };
    const values = VALUES[name](decoded, professions);
    const shown = values ?? [{ label: VALUE_WORDS.malformed, text: null }, octets];
    return { oid, isCritical: critical, ...EXTENSION_WORDS[name], values: shown };
  });
}

/** The attributes of a name in the order of the certificate. */
export function explainName(name: Name): readonly ExtensionValue[] {
  return name.flat().map(({ type, value }) => {
    const attribute = oidName(type);
    const words = attribute === null ? undefined : ATTRIBUTE_WORDS[attribute];
    return { label: words ?? untranslated(attribute ?? type), text: value };
  });
}

function isKnown(name: OidName): name is KnownExtension {
  return Object.hasOwn(EXTENSION_WORDS, name);
}

type Explain = (decoded: DecodedExtensions, professions: CodeList) => readonly ExtensionValue[] | null;

const said = (label: Bilingual): ExtensionValue => ({ label, text: null });
const plain = (text: string): ExtensionValue => ({ label: null, text });

function purpose(oid: string): ExtensionValue {
  const name = oidName(oid);
  return { label: (name === null ? undefined : PURPOSE_WORDS[name]) ?? null, text: oid };
}

/** Shows the value with `show` where the extension could be decoded. */
function of<Name extends KnownExtension>(
  name: Name,
  show: (value: NonNullable<ReturnType<typeof decodedValue<Name>>>, professions: CodeList) => readonly ExtensionValue[],
): Explain {
  return (decoded, professions) => {
    const value = decodedValue(decoded, name);
    return value === null ? null : show(value as NonNullable<typeof value>, professions);
  };
}

function decodedValue<Name extends KnownExtension>(decoded: DecodedExtensions, name: Name) {
  return decoded.get(name);
}

const asJson = (value: unknown): readonly ExtensionValue[] => [plain(JSON.stringify(value))];
const hex = (value: Uint8Array): readonly ExtensionValue[] => [plain(toHex(value))];

type Names = readonly { readonly kind: keyof typeof NAME_KIND_WORDS; readonly value: string }[];
const names = (list: Names): readonly ExtensionValue[] =>
  list.map(({ kind, value }) => ({ label: NAME_KIND_WORDS[kind], text: value }));

type Points = readonly { readonly fullName: Names | null }[];
const points = (list: Points): readonly ExtensionValue[] => list.flatMap(({ fullName }) => names(fullName ?? []));

type Accesses = readonly { readonly method: string; readonly location: { readonly value: string } }[];
const accesses = (list: Accesses): readonly ExtensionValue[] =>
  list.map(({ method, location }) => ({
    label: method === OID.accessOcsp ? VALUE_WORDS.ocsp : method === OID.accessCaIssuers ? VALUE_WORDS.caIssuers : null,
    text: location.value,
  }));

/** `Du 29/11/2026 03:13:04 UTC`. */
const time = (label: Bilingual, at: number): ExtensionValue => {
  const words = timeWords(at);
  return said({ fr: `${label.fr} ${words.fr}`, en: `${label.en} ${words.en}` });
};

const VALUES: Readonly<Record<KnownExtension, Explain>> = {
  basicConstraints: of('basicConstraints', ({ cA, pathLength }) => [
    said(cA ? VALUE_WORDS.authority : VALUE_WORDS.notAuthority),
    ...(pathLength === null ? [] : [{ label: VALUE_WORDS.pathLength, text: String(pathLength) }]),
  ]),
  keyUsage: of('keyUsage', (bits) => bits.map((bit) => said(KEY_USAGE_WORDS[bit] ?? untranslated(String(bit))))),
  extKeyUsage: of('extKeyUsage', (purposes) => purposes.map(purpose)),
  authorityKeyIdentifier: of('authorityKeyIdentifier', ({ keyIdentifier }) =>
    keyIdentifier === null ? [] : hex(keyIdentifier),
  ),
  subjectKeyIdentifier: of('subjectKeyIdentifier', hex),
  certificatePolicies: of('certificatePolicies', (policies) =>
    policies.flatMap(({ oid, qualifiers }) => [
      { label: VALUE_WORDS.policy, text: oid },
      ...qualifiers.map(({ oid: type, uri, notice }) =>
        uri === null
          ? { label: VALUE_WORDS.notice, text: notice?.text?.value ?? type }
          : { label: VALUE_WORDS.statement, text: uri },
      ),
    ]),
  ),
  crlDistributionPoints: of('crlDistributionPoints', points),
  freshestCrl: of('freshestCrl', points),
  authorityInfoAccess: of('authorityInfoAccess', accesses),
  subjectInfoAccess: of('subjectInfoAccess', accesses),
  subjectAltName: of('subjectAltName', names),
  issuerAltName: of('issuerAltName', names),
  subjectDirectoryAttributes: of('subjectDirectoryAttributes', (types) => types.map(plain)),
  nameConstraints: of('nameConstraints', asJson),
  policyConstraints: of('policyConstraints', asJson),
  policyMappings: of('policyMappings', asJson),
  inhibitAnyPolicy: of('inhibitAnyPolicy', (skipped) => [plain(String(skipped))]),
  privateKeyUsagePeriod: of('privateKeyUsagePeriod', ({ notBefore, notAfter }) => [
    ...(notBefore === null ? [] : [time(VALUE_WORDS.from, notBefore)]),
    ...(notAfter === null ? [] : [time(VALUE_WORDS.until, notAfter)]),
  ]),
  ocspNoCheck: of('ocspNoCheck', () => []),
  gipCardType: of('gipCardType', (type) => [plain(String(type))]),
  gipCardId: of('gipCardId', (id) => [plain(id)]),
  gipCardCategory: of('gipCardCategory', hex),
  gipProfessionCode: of('gipProfessionCode', (code, professions) => {
    const found = findCode(professions, String(code));
    return [{ label: found === null ? null : untranslated(found.label), text: String(code) }];
  }),
};
