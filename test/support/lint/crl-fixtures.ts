/** Takes a CRL apart into the bytes of its fields, and encodes it again with one fault. */
import { contextTag, explicit as inside, parseDer, sequence, sequenceOf, TAG } from '../../../src/asn1/der-reader.js';
import { bool, explicit, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { CrlLintContext } from '../../../src/lint/crl/subjects.js';
import type { RuleName } from '../../../src/lint/rule.js';
import { readExtensions } from '../../../src/x509/certificate/extension-reader.js';
import type { Extension } from '../../../src/x509/model.js';

/** A to-be-signed CRL; a field that is null is left out. */
export type CrlParts = {
  readonly version: Bytes | null;
  readonly algorithm: Bytes;
  readonly issuer: Bytes;
  readonly from: Bytes;
  readonly to: Bytes | null;
  readonly entries: readonly Bytes[] | null;
  readonly extensions: readonly Extension[] | null;
};

export type CrlEdit = (parts: CrlParts) => CrlParts;

export type CrlFault = {
  readonly rule: RuleName;
  /** What is wrong with it, in a few words. */
  readonly fault: string;
  readonly edit?: CrlEdit;
  /** Replaces `edit`: makes the broken CRL from the valid to-be-signed one. */
  readonly make?: (tbs: Bytes) => Bytes;
  /** Changes the context of the lint. */
  readonly context?: (context: CrlLintContext) => CrlLintContext;
  /** Other rules that must fail too, each with the reason. */
  readonly also?: Readonly<Record<string, string>>;
};

export function crlPartsOf(tbs: Bytes): CrlParts {
  const parsed = parseDer(tbs, (root): CrlParts => {
    const fields = sequence(root, 'TBSCertList');
    const version = fields.next(TAG.integer, 'version').whole;
    const algorithm = fields.next(TAG.sequence, 'signature').whole;
    const issuer = fields.next(TAG.sequence, 'issuer').whole;
    const [from, to] = [fields.any('thisUpdate').whole, fields.any('nextUpdate').whole];
    const entries = fields.optional(TAG.sequence);
    const extensions = fields.next(contextTag(0, 'constructed'), 'crlExtensions');
    return {
      version,
      algorithm,
      issuer,
      from,
      to,
      entries: entries === null ? null : sequenceOf(entries, 'entries').map(({ whole }) => whole),
      extensions: readExtensions(inside(extensions, 'crlExtensions'), 'crlExtensions'),
    };
  });
  if (!parsed.ok) throw new Error(parsed.error.rule);
  return parsed.value;
}

export function assembleCrlParts(parts: CrlParts): Bytes {
  const { version, algorithm, issuer, from, to, entries, extensions } = parts;
  return seq(
    ...(version === null ? [] : [version]),
    algorithm,
    issuer,
    from,
    ...(to === null ? [] : [to]),
    ...(entries === null ? [] : [seq(...entries)]),
    ...(extensions === null ? [] : [explicit(0, seq(...extensions.map(rawExtension)))]),
  );
}

export function rawExtension({ oid: id, critical, value }: Extension): Bytes {
  return seq(oid(id), ...(critical ? [bool(true)] : []), octetString(value));
}

export function breakCrl({ edit, make }: CrlFault, tbs: Bytes): Bytes {
  if (make !== undefined) return make(tbs);
  return edit === undefined ? tbs : assembleCrlParts(edit(crlPartsOf(tbs)));
}

type ExtensionName = keyof typeof OID;

/** Replaces the extension, or adds it after all others. */
export function withCrlExtension(name: ExtensionName | Extension, value?: Bytes, critical = false): CrlEdit {
  return (parts) => {
    const fresh = typeof name === 'string' ? { oid: OID[name], critical, value: value ?? new Uint8Array(0) } : name;
    const all = parts.extensions ?? [];
    const isThere = all.some(({ oid: id }) => id === fresh.oid);
    const extensions = isThere ? all.map((one) => (one.oid === fresh.oid ? fresh : one)) : [...all, fresh];
    return { ...parts, extensions };
  };
}

export function withoutCrlExtension(name: ExtensionName): CrlEdit {
  return (parts) => ({ ...parts, extensions: parts.extensions?.filter(({ oid: id }) => id !== OID[name]) ?? null });
}

export function criticalCrlExtension(name: ExtensionName): CrlEdit {
  return (parts) => ({
    ...parts,
    extensions: parts.extensions?.map((one) => (one.oid === OID[name] ? { ...one, critical: true } : one)) ?? null,
  });
}

export function inTurn(...edits: readonly CrlEdit[]): CrlEdit {
  return (parts) => edits.reduce((edited, edit) => edit(edited), parts);
}

/** A CRL with one entry, revoked at thisUpdate, with this serial number and these extensions. */
export function onlyEntry(serial: Bytes, ...extensions: readonly Extension[]): CrlEdit {
  return (parts) => ({ ...parts, entries: [entryOf(serial, parts.from, extensions)] });
}

export function entryOf(serial: Bytes, date: Bytes, extensions: readonly Extension[] = []): Bytes {
  return seq(serial, date, ...(extensions.length === 0 ? [] : [seq(...extensions.map(rawExtension))]));
}
