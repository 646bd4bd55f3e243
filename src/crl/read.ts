/**
 * Reads a stream of a complete CertificateList (RFC 5280 5.1.1) in bounded memory. The lint checks
 * its structure, and the issuer's key its signature. Every CRL is read by this before it is
 * published.
 */
import { createHash, createVerify } from 'node:crypto';
import { bitStringOctets, parseDer } from '../asn1/der-reader.js';
import {
  createDerInput,
  type DerHeader,
  type DerInput,
  inputOffset,
  keepRest,
  peekHeader,
  pushChunk,
  takeElement,
} from '../asn1/der-stream.js';
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type CrlLint, type CrlSummary, createCrlLint } from '../lint/crl/stream.js';
import type { CrlLintContext } from '../lint/crl/subjects.js';
import { hashFor, importPublicKey, signatureAlgorithmOf } from '../x509/keys/algorithms.js';
import type { IssuerCertificate } from '../x509/model.js';

export type CrlReadFailure =
  | { readonly kind: 'crl-malformed'; readonly rule: string; readonly detail: string }
  | { readonly kind: 'crl-signature-wrong'; readonly detail: string };

export type VerifiedCrl = CrlSummary & {
  /** SHA-256 of the CertificateList, lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** Limit of signatureAlgorithm and of signatureValue; enough for RSA-4096. */
const TAIL_ELEMENT_BYTES_MAX = 2 * 1024;

/** The key and the algorithm of the expected signature. */
type ExpectedSigner = Pick<IssuerCertificate, 'spki' | 'signatureAlgorithm'>;

type CrlReadState = {
  readonly input: DerInput;
  readonly lint: CrlLint;
  /** null: the issuer is unknown, and the signature is not verified. */
  readonly verifier: ReturnType<typeof createVerify> | null;
  readonly issuer: ExpectedSigner | null;
  /** Bytes of the outer SEQUENCE that have not been read yet. */
  bytesLeft: number;
  /** Bytes of the to-be-signed CRL that have not been read yet. */
  tbsBytesLeft: number;
  signature: Bytes | null;
  step: Step;
};
/** Returns the next step, or null to wait for more bytes, as in the lint. */
type Step = (state: CrlReadState) => Result<Step | null, CrlReadFailure>;

/** What the CRL must match: its issuer and the context of the lint. */
type CrlExpectations = Omit<CrlLintContext, 'issuer'> & { readonly issuer: IssuerCertificate };

export async function readCrl(
  chunks: AsyncIterable<Bytes>,
  expected: CrlExpectations,
): Promise<Result<VerifiedCrl, CrlReadFailure>> {
  return readCrlWithLint(chunks, { issuer: expected.issuer, lint: createCrlLint(expected) });
}

/** Reads with a given lint, which may continue after findings and report all of them. */
export async function readCrlWithLint(
  chunks: AsyncIterable<Bytes>,
  { issuer, lint }: { readonly issuer: ExpectedSigner | null; readonly lint: CrlLint },
): Promise<Result<VerifiedCrl, CrlReadFailure>> {
  const digest = createHash('sha256');
  const state: CrlReadState = {
    input: createDerInput(),
    lint,
    verifier: issuer === null ? null : createVerify(hashFor(issuer.signatureAlgorithm)),
    issuer,
    bytesLeft: 0,
    tbsBytesLeft: 0,
    signature: null,
    step: outerHeader,
  };
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    digest.update(chunk);
    sizeBytes += chunk.length;
    const advanced = advance(state, chunk);
    if (!advanced.ok) return advanced;
  }
  const summary = conclude(state);
  return summary.ok ? ok({ ...summary.value, sha256: digest.digest('hex'), sizeBytes }) : summary;
}

function advance(state: CrlReadState, chunk: Bytes): Result<void, CrlReadFailure> {
  pushChunk(state.input, chunk);
  for (;;) {
    const next = state.step(state);
    if (!next.ok) return next;
    if (next.value === null) break;
    state.step = next.value;
  }
  keepRest(state.input);
  return ok(undefined);
}

function conclude({ step, lint, issuer, verifier, signature }: CrlReadState): Result<CrlSummary, CrlReadFailure> {
  if (step !== finished || signature === null) return malformed('the file is truncated');
  const summary = lint.end();
  const key = issuer === null ? null : importPublicKey(issuer.spki);
  if (verifier !== null && (key === null || !verifier.verify(key, signature)))
    return err({ kind: 'crl-signature-wrong', detail: 'the signature is not one of the issuer over this CRL' });
  return summary.ok ? summary : err({ kind: 'crl-malformed', ...summary.error });
}

function malformed(detail: string): Result<never, CrlReadFailure> {
  return err({ kind: 'crl-malformed', rule: 'e_crl_der_is_strict', detail });
}

function header(state: CrlReadState): Result<DerHeader | null, CrlReadFailure> {
  const peeked = peekHeader(state.input);
  return peeked.ok ? peeked : malformed(`octet ${inputOffset(state.input)}: ${peeked.error}`);
}

function outerHeader(state: CrlReadState): Result<Step | null, CrlReadFailure> {
  const outer = header(state);
  if (!outer.ok || outer.value === null) return outer.ok ? ok(null) : outer;
  const { tag, headerLength, contentLength } = outer.value;
  if (tag !== 0x30 || contentLength > LIMITS.crlBytesMax) return malformed('not a SEQUENCE within the size limit');
  state.bytesLeft = contentLength;
  state.input.at += headerLength;
  return ok(listHeader);
}

/**
 * Reads the header without consuming it, because the lint reads the to-be-signed CRL from its first
 * byte.
 */
function listHeader(state: CrlReadState): Result<Step | null, CrlReadFailure> {
  const list = header(state);
  if (!list.ok || list.value === null) return list.ok ? ok(null) : list;
  state.tbsBytesLeft = list.value.headerLength + list.value.contentLength;
  state.bytesLeft -= state.tbsBytesLeft;
  return state.bytesLeft < 0 ? malformed('the to-be-signed CRL is longer than the file') : ok(listContent);
}

function listContent(state: CrlReadState): Result<Step | null, CrlReadFailure> {
  const { input, lint, verifier } = state;
  const piece = input.bytes.subarray(input.at, input.at + state.tbsBytesLeft);
  const linted = lint.push(piece);
  if (!linted.ok) return err({ kind: 'crl-malformed', ...linted.error });
  verifier?.update(piece);
  input.at += piece.length;
  state.tbsBytesLeft -= piece.length;
  return ok(state.tbsBytesLeft === 0 ? signatureAlgorithm : null);
}

function tailElement(state: CrlReadState): Result<Bytes | null, CrlReadFailure> {
  const taken = takeElement(state.input, Math.min(TAIL_ELEMENT_BYTES_MAX, state.bytesLeft));
  if (!taken.ok) return malformed(`octet ${inputOffset(state.input)}: ${taken.error}`);
  if (taken.value !== null) state.bytesLeft -= taken.value.length;
  return taken;
}

/**
 * Must equal the inner algorithm (RFC 5280 5.1.1.2), which the lint compares with the issuer's key.
 */
function signatureAlgorithm(state: CrlReadState): Result<Step | null, CrlReadFailure> {
  const whole = tailElement(state);
  if (!whole.ok || whole.value === null) return whole.ok ? ok(null) : whole;
  const { issuer } = state;
  if (issuer !== null && signatureAlgorithmOf(whole.value) !== issuer.signatureAlgorithm)
    return err({
      kind: 'crl-malformed',
      rule: 'e_crl_signature_algorithm_fits_issuer_key',
      detail: 'outer signatureAlgorithm',
    });
  return ok(signatureValue);
}

function signatureValue(state: CrlReadState): Result<Step | null, CrlReadFailure> {
  const whole = tailElement(state);
  if (!whole.ok || whole.value === null) return whole.ok ? ok(null) : whole;
  const octets = parseDer(whole.value, (root) => bitStringOctets(root, 'signatureValue').slice());
  if (!octets.ok) return malformed(octets.error.rule);
  if (state.bytesLeft !== 0) return malformed('a field after signatureValue');
  state.signature = octets.value;
  return ok(finished);
}

function finished({ input }: CrlReadState): Result<Step | null, CrlReadFailure> {
  return input.at < input.bytes.length ? malformed('bytes after the CRL') : ok(null);
}
