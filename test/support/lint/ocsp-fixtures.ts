/**
 * Takes an OCSP response apart into the bytes of its fields, and encodes it again with one fault.
 */
import {
  contextTag,
  type DerElement,
  explicit as inside,
  parseDer,
  sequence,
  sequenceOf,
  TAG,
} from '../../../src/asn1/der-reader.js';
import { explicit, oid, seq } from '../../../src/asn1/der-writer.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import type { OcspLintContext } from '../../../src/lint/ocsp/lint.js';
import type { RuleName } from '../../../src/lint/rule.js';
import { readExtensions } from '../../../src/x509/certificate/extension-reader.js';
import type { Extension } from '../../../src/x509/model.js';
import { rawExtension } from './crl-fixtures.js';

/** The encoded members. */
export type CertIdParts = {
  readonly algorithm: Bytes;
  readonly nameHash: Bytes;
  readonly keyHash: Bytes;
  readonly serial: Bytes;
};

export type SingleParts = {
  readonly certId: CertIdParts;
  readonly status: Bytes;
  readonly from: Bytes;
  /** nextUpdate without its `[0]`. */
  readonly to: Bytes | null;
  readonly extensions: readonly Extension[];
};

export type OcspParts = {
  readonly version: Bytes | null;
  readonly id: Bytes;
  readonly producedAt: Bytes;
  readonly singles: readonly SingleParts[];
  readonly extensions: readonly Extension[];
};

export type OcspEdit = (parts: OcspParts, responder: { readonly subjectDer: Bytes }) => OcspParts;

export type OcspFault = {
  readonly rule: RuleName;
  /** What is wrong with it, in a few words. */
  readonly fault: string;
  readonly edit?: OcspEdit;
  /** Replaces `edit`: makes the broken response from the valid to-be-signed one. */
  readonly make?: (data: Bytes) => Bytes;
  /** Changes the context of the lint. */
  readonly context?: (context: OcspLintContext) => OcspLintContext;
  /** Other rules that must fail too, each with the reason. */
  readonly also?: Readonly<Record<string, string>>;
};

export function ocspPartsOf(data: Bytes): OcspParts {
  const parsed = parseDer(data, (root): OcspParts => {
    const fields = sequence(root, 'ResponseData');
    const id = fields.any('responderID').whole;
    const producedAt = fields.any('producedAt').whole;
    const singles = sequenceOf(fields.any('responses'), 'responses').map(singleOf);
    return {
      version: null,
      id,
      producedAt,
      singles,
      extensions: extensionsIn(fields.optional(contextTag(1, 'constructed'))),
    };
  });
  if (!parsed.ok) throw new Error(parsed.error.rule);
  return parsed.value;
}

function extensionsIn(tagged: DerElement | null): readonly Extension[] {
  return tagged === null ? [] : readExtensions(inside(tagged, 'extensions'), 'extensions');
}

function singleOf(element: DerElement): SingleParts {
  const fields = sequence(element, 'SingleResponse');
  const id = sequence(fields.next(TAG.sequence, 'certID'), 'certID');
  const [algorithm, nameHash, keyHash, serial] = [1, 2, 3, 4].map(() => id.any('member').whole) as [
    Bytes,
    Bytes,
    Bytes,
    Bytes,
  ];
  const status = fields.any('certStatus').whole;
  const from = fields.any('thisUpdate').whole;
  const to = inside(fields.any('nextUpdate'), 'nextUpdate').whole;
  const extensions = extensionsIn(fields.optional(contextTag(1, 'constructed')));
  return { certId: { algorithm, nameHash, keyHash, serial }, status, from, to, extensions };
}

export function assembleOcspParts({ version, id, producedAt, singles, extensions }: OcspParts): Bytes {
  return seq(
    ...(version === null ? [] : [explicit(0, version)]),
    id,
    producedAt,
    seq(...singles.map(assembleSingle)),
    ...tagged(extensions),
  );
}

function assembleSingle({ certId, status, from, to, extensions }: SingleParts): Bytes {
  const { algorithm, nameHash, keyHash, serial } = certId;
  return seq(
    seq(algorithm, nameHash, keyHash, serial),
    status,
    from,
    ...(to === null ? [] : [explicit(0, to)]),
    ...tagged(extensions),
  );
}

function tagged(extensions: readonly Extension[]): readonly Bytes[] {
  return extensions.length === 0 ? [] : [explicit(1, seq(...extensions.map(rawExtension)))];
}

export function breakOcsp({ edit, make }: OcspFault, data: Bytes, responder: { readonly subjectDer: Bytes }): Bytes {
  if (make !== undefined) return make(data);
  return edit === undefined ? data : assembleOcspParts(edit(ocspPartsOf(data), responder));
}

/** Replaces these members of each SingleResponse. */
export function withSingle(change: Partial<SingleParts> | ((single: SingleParts) => Partial<SingleParts>)): OcspEdit {
  return (parts) => ({
    ...parts,
    singles: parts.singles.map((single) => ({
      ...single,
      ...(typeof change === 'function' ? change(single) : change),
    })),
  });
}

export function withOcspExtensions(...extensions: readonly Extension[]): OcspEdit {
  return (parts) => ({ ...parts, extensions });
}

export function all(...edits: readonly OcspEdit[]): OcspEdit {
  return (parts, responder) => edits.reduce((edited, edit) => edit(edited, responder), parts);
}

export function hashAlgorithm(dotted: string, ...parameters: readonly Bytes[]): Bytes {
  return seq(oid(dotted), ...parameters);
}
