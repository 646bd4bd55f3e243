/**
 * Valid certificates of every profile and authority, and the means to break one thing in them. A
 * certificate is taken apart into the bytes of its fields and encoded again by the DER writer,
 * which the rules under test never use.
 */
import { createHash } from 'node:crypto';
import {
  bitString,
  bool,
  contextConstructed,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  setOf,
  tagged,
  time,
} from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat, fromHex, utf8 } from '../../../src/kernel/bytes.js';
import type { Instant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { AuthorityLintContext } from '../../../src/lint/certificate/authority.js';
import type { LinkLintContext } from '../../../src/lint/certificate/link.js';
import type { LintContext, LintInput } from '../../../src/lint/certificate/lint.js';
import type { RuleName } from '../../../src/lint/rule.js';
import type { Policy } from '../../../src/policy/model.js';
import { isOwnSigner } from '../../../src/policy/own-signers.js';
import { planAuthority, planLink } from '../../../src/policy/plan/authority-plan.js';
import { planCertificate, planSigner } from '../../../src/policy/plan/plan.js';
import { readTbs } from '../../../src/x509/certificate/certificate-reader.js';
import { encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { algorithmIdentifierDer } from '../../../src/x509/keys/algorithms.js';
import type { Extension, HolderKeyType, Name, SignatureAlgorithm, TbsCertificate } from '../../../src/x509/model.js';
import { keyTypeFor, NOW, orderFor, testIssuer, testKey, testPolicy } from '../../unit/policy/fixtures.js';

/** The notBefore of valid certificates. */
export const BEGINS: Instant = Math.floor(NOW / 1000) * 1000;

export const policy = testPolicy();

/** A valid certificate, and the context of its lint. */
export type GoodCertificate<Context> = { readonly tbs: Bytes; readonly context: Context };

const SERIAL = present(fromHex('5a4b3c2d1e0f10213243546576879801'), 'a serial number');

export function goodCertificate(
  profileId: string,
  {
    keyType = keyTypeFor(profileId),
    under = policy,
    holder = 'holder',
  }: { readonly keyType?: HolderKeyType; readonly under?: Policy; readonly holder?: string } = {},
): GoodCertificate<LintContext> {
  const profile = present(under.profiles.get(profileId), profileId);
  const issuer = testIssuer(under, profile.authority);
  const { spki } = testKey(keyType, holder);
  const planned = isOwnSigner(profile.holder)
    ? { ok: true as const, value: planSigner(under, { profile, spki, issuer, now: NOW }) }
    : planCertificate(under, { order: orderFor(profileId), spki, issuer, now: NOW });
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  const { validity, subject, extensions } = planned.value;
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const tbs = encodeTbs({ serial: SERIAL, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
  return { tbs, context: { issuer, profile, environment: under.environment } };
}

export function goodAuthority(id: string, under = policy): GoodCertificate<AuthorityLintContext> {
  const authority = present(under.authorities.get(id), id);
  const issuer = authority.kind === 'root' ? null : testIssuer(under, authority.issuer);
  const { spki } = testKey(authority.keyType, `${id}-1`);
  const plan = planAuthority(under, id, { generation: 1, spki, issuer, notBefore: NOW });
  const tbs = encodeTbs({
    serial: SERIAL,
    signatureAlgorithm: issuer?.signatureAlgorithm ?? testIssuer(under, id).signatureAlgorithm,
    issuerDer: issuer?.subjectDer ?? encodeName(plan.subject),
    validity: plan.validity,
    subject: plan.subject,
    spki,
    extensions: plan.extensions,
  } satisfies TbsCertificate);
  return { tbs, context: { issuer, authority, generation: 1, policy: under } };
}

/**
 * A link certificate of the root `acr-fo`, whose second generation is ten days younger. `of`: the
 * issuer id of the generation that it certifies.
 */
export function goodLink(of: string): GoodCertificate<LinkLintContext> {
  const [first, second] = [testIssuer(policy, 'acr-fo'), testIssuer(policy, 'acr-fo', 2)];
  const old = { ...first, notBefore: first.notBefore - 10 * DAY_MS, notAfter: first.notAfter - 10 * DAY_MS };
  const [root, issuer] = of === 'acr-fo' ? [old, second] : [second, old];
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const planned = planLink(policy, { root, issuer });
  const tbs = encodeTbs({ serial: SERIAL, signatureAlgorithm, issuerDer, spki: root.spki, ...planned });
  return { tbs, context: { root, issuer, policy } };
}

/** The bytes of the fields of a to-be-signed certificate; `extensions` are encoded last. */
export type Parts = {
  readonly version: Bytes;
  readonly serial: Bytes;
  readonly signature: Bytes;
  readonly issuer: Bytes;
  readonly notBefore: Bytes;
  readonly notAfter: Bytes;
  readonly subject: Bytes;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
  /** The decoded name, for edits that start from it. */
  readonly name: Name;
  readonly ends: Instant;
};

export function partsOf(tbs: Bytes): Parts {
  const read = readTbs(tbs);
  if (!read.ok) throw new Error(read.error.rule);
  const view = read.value;
  return {
    version: explicit(0, integer(2)),
    serial: tagged(0x02, view.serialOctets),
    signature: view.signatureAlgorithmDer,
    issuer: view.issuerDer,
    notBefore: time(view.notBefore.at),
    notAfter: time(view.notAfter.at),
    subject: view.subjectDer,
    spki: view.spki,
    extensions: view.extensions,
    name: view.subject,
    ends: view.notAfter.at,
  };
}

export function assemble(parts: Parts): Bytes {
  const { version, serial, signature, issuer, notBefore, notAfter, subject, spki, extensions } = parts;
  const list =
    extensions.length === 0
      ? []
      : [
          explicit(
            3,
            seq(
              ...extensions.map(({ oid: id, critical, value }) =>
                seq(oid(id), ...(critical ? [bool(true)] : []), octetString(value)),
              ),
            ),
          ),
        ];
  return seq(version, serial, signature, issuer, seq(notBefore, notAfter), subject, spki, ...list);
}

/** A whole certificate with this outer algorithm; its signature is not verified. */
export function wholeCertificate(tbs: Bytes, outer: SignatureAlgorithm): Bytes {
  return seq(tbs, algorithmIdentifierDer(outer), bitString(new Uint8Array(64).fill(1)));
}

export type Edit = (parts: Parts) => Parts;

/** A broken certificate, and the rule that must report it. */
export type Fault<Context> = {
  readonly rule: RuleName;
  /** What is wrong with it, in a few words. */
  readonly fault: string;
  /** The profile or authority of the valid certificate that is broken. */
  readonly of: string;
  readonly keyType?: HolderKeyType;
  readonly edit?: Edit;
  /** Replaces `edit`: makes the input of the lint from the valid to-be-signed bytes. */
  readonly make?: (tbs: Bytes) => LintInput;
  /** Changes the context of the lint. */
  readonly context?: (context: Context) => Context;
};

export type CertificateFault = Fault<LintContext>;
export type AuthorityFault = Fault<AuthorityLintContext>;
export type LinkFault = Fault<LinkLintContext>;

/**
 * A broken certificate of an end entity, a responder or an authority, checked against public
 * standards only.
 */
export type StandardFault = Omit<Fault<never>, 'context'>;

export function breakIt<Context>(fault: Fault<Context>, good: GoodCertificate<Context>): LintInput & Context {
  const { edit, make, context } = fault;
  const linting = make ? make(good.tbs) : { tbs: edit ? assemble(edit(partsOf(good.tbs))) : good.tbs };
  return { ...(context ? context(good.context) : good.context), ...linting };
}

/** The name with another string type of its common name; the lengths stay the same. */
export function printableCommonName(name: Bytes): Bytes {
  const at = Buffer.from(name).indexOf(Buffer.from('06035504030c', 'hex'));
  const changed = name.slice();
  changed[at + 5] = PRINTABLE;
  return changed;
}

type ExtensionName = keyof typeof OID;

export function withExtension(name: ExtensionName, value: Bytes, critical?: boolean): Edit {
  return (parts) => {
    const id = OID[name];
    const old = parts.extensions.find((extension) => extension.oid === id);
    const fresh = { oid: id, critical: critical ?? old?.critical ?? false, value };
    const extensions = old
      ? parts.extensions.map((extension) => (extension === old ? fresh : extension))
      : [...parts.extensions, fresh];
    return { ...parts, extensions };
  };
}

export function withCritical(name: ExtensionName, critical: boolean): Edit {
  return (parts) => ({
    ...parts,
    extensions: parts.extensions.map((extension) =>
      extension.oid === OID[name] ? { ...extension, critical } : extension,
    ),
  });
}

export function withoutExtension(...names: readonly ExtensionName[]): Edit {
  const gone = names.map((name): string => OID[name]);
  return (parts) => ({ ...parts, extensions: parts.extensions.filter((extension) => !gone.includes(extension.oid)) });
}

export function both(...edits: readonly Edit[]): Edit {
  return (parts) => edits.reduce((edited, edit) => edit(edited), parts);
}

/** One AttributeTypeAndValue with any tag, which the writer of names would not write. */
export type RawAttribute = { readonly type: string; readonly tag: number; readonly value: string };

export const UTF8 = 0x0c;
export const PRINTABLE = 0x13;

export function rawName(rdns: readonly (readonly RawAttribute[])[]): Bytes {
  return seq(...rdns.map((rdn) => setOf(rdn.map(({ type, tag, value }) => seq(oid(type), tagged(tag, utf8(value)))))));
}

export function rawOf(name: Name): readonly (readonly RawAttribute[])[] {
  const tag = (form: string): number => (form === 'printableString' ? PRINTABLE : UTF8);
  return name.map((rdn) => rdn.map(({ type, form, value }) => ({ type, tag: tag(form), value })));
}

/** Gives the first attribute of this type another value, and another tag where one is given. */
export function withValue(name: ExtensionName, value: string, tag?: number): Edit {
  let done = false;
  return (parts) => {
    done = false;
    const rdns = rawOf(parts.name).map((rdn) =>
      rdn.map((attribute) => {
        if (done || attribute.type !== OID[name]) return attribute;
        done = true;
        return { ...attribute, value, tag: tag ?? attribute.tag };
      }),
    );
    return { ...parts, subject: rawName(rdns) };
  };
}

/** Encodes the subject again from its RDNs. */
export function withRdns(change: (rdns: ReturnType<typeof rawOf>) => ReturnType<typeof rawOf>): Edit {
  return (parts) => ({ ...parts, subject: rawName(change(rawOf(parts.name))) });
}

export function withTimes(notBefore: Instant, notAfter: Instant): Edit {
  return (parts) => ({ ...parts, notBefore: time(notBefore), notAfter: time(notAfter) });
}

/** Replaces the key and the key identifier. */
export function withKey(spki: Bytes, keyBits: Bytes): Edit {
  const identifier = new Uint8Array(createHash('sha1').update(keyBits).digest());
  return (parts) => withExtension('subjectKeyIdentifier', octetString(identifier))({ ...parts, spki });
}

/** An RSA SubjectPublicKeyInfo, with NULL parameters by default. */
export function rsaKey(
  modulus: Bytes,
  exponent: Bytes,
  parameters: readonly Bytes[] = [nullValue()],
): { readonly spki: Bytes; readonly keyBits: Bytes } {
  const keyBits = seq(tagged(0x02, modulus), tagged(0x02, exponent));
  return { spki: seq(seq(oid(OID.rsaEncryption), ...parameters), bitString(keyBits)), keyBits };
}

export function ecKey(curve: string, point: Bytes): { readonly spki: Bytes; readonly keyBits: Bytes } {
  return { spki: seq(seq(oid(OID.ecPublicKey), oid(curve)), bitString(point)), keyBits: point };
}

export function ed25519Key(key: Bytes): { readonly spki: Bytes; readonly keyBits: Bytes } {
  return { spki: seq(seq(oid(OID.ed25519)), bitString(key)), keyBits: key };
}

/**
 * Content octets of the modulus of a real test key, so that nothing else is wrong with the
 * certificate.
 */
export function modulusOf(keyType: 'rsa-2048'): Bytes {
  const jwk = testKey(keyType, 'holder').privateKey.export({ format: 'jwk' });
  return concat([Uint8Array.of(0), new Uint8Array(Buffer.from(present(jwk.n, 'modulus'), 'base64url'))]);
}

/** The uncompressed point of the holder's P-256 key. */
export function pointOf(): Bytes {
  return testKey('p-256', 'holder').spki.slice(-65);
}

export const EXPONENT = Uint8Array.of(0x01, 0x00, 0x01);

const uri = (address: string): Bytes => tagged(0x86, utf8(address));

/** CRLDistributionPoints with one address per point; `more` is added to every point. */
export function distributionPoints(addresses: readonly string[], more: readonly Bytes[] = []): Bytes {
  return seq(...addresses.map((address) => seq(contextConstructed(0, contextConstructed(0, uri(address))), ...more)));
}

export function accessDescriptions(access: readonly { readonly method: string; readonly address: string }[]): Bytes {
  return seq(...access.map(({ method, address }) => seq(oid(method), uri(address))));
}

export function policyInformation(policyOid: string, address: string): Bytes {
  return seq(seq(oid(policyOid), seq(seq(oid(OID.cpsQualifier), tagged(0x16, utf8(address))))));
}

export function upn(value: string): Bytes {
  return contextConstructed(0, oid(OID.userPrincipalName), explicit(0, tagged(UTF8, utf8(value))));
}

export function email(value: string): Bytes {
  return tagged(0x81, utf8(value));
}

export function dns(value: string): Bytes {
  return tagged(0x82, utf8(value));
}
