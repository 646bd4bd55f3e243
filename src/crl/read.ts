/**
 * Reads a whole CertificateList (RFC 5280 5.1.1) back as it streams: structure by the lint's parser, signature by the issuer's
 * key, in bounded memory. Nothing is published that has not come through here.
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

export type CrlRead = CrlSummary & {
  /** Of the whole CertificateList, lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** signatureAlgorithm, and a signatureValue of RSA-4096 with room to spare. */
const TAIL_ELEMENT_BYTES_MAX = 2 * 1024;

/** Whose signature it should have, and by which algorithm. */
type Signer = Pick<IssuerCertificate, 'spki' | 'signatureAlgorithm'>;

type Reading = {
  readonly input: DerInput;
  readonly lint: CrlLint;
  /** null: nobody knows whose signature it is, and none is looked at. */
  readonly verifier: ReturnType<typeof createVerify> | null;
  readonly issuer: Signer | null;
  /** Of the CertificateList; the outer SEQUENCE's content octets that have not been taken. */
  left: number;
  tbsLeft: number;
  signature: Bytes | null;
  step: Step;
};
/** As in the lint: the next step, or null to wait for more octets. */
type Step = (reading: Reading) => Result<Step | null, CrlReadFailure>;

/** What the list is held to, beside its issuer. */
export type CrlExpectations = Omit<CrlLintContext, 'issuer'> & { readonly issuer: IssuerCertificate };

export async function readCrl(
  chunks: AsyncIterable<Bytes>,
  expectations: CrlExpectations,
): Promise<Result<CrlRead, CrlReadFailure>> {
  return readCrlWithLint(chunks, { issuer: expectations.issuer, lint: createCrlLint(expectations) });
}

/** The same with a lint of the caller's, which may be one that goes on after its findings and tells of them afterwards. */
export async function readCrlWithLint(
  chunks: AsyncIterable<Bytes>,
  { issuer, lint }: { readonly issuer: Signer | null; readonly lint: CrlLint },
): Promise<Result<CrlRead, CrlReadFailure>> {
  const digest = createHash('sha256');
  const reading: Reading = {
    input: createDerInput(),
    lint,
    verifier: issuer === null ? null : createVerify(hashFor(issuer.signatureAlgorithm)),
    issuer,
    left: 0,
    tbsLeft: 0,
    signature: null,
    step: outerHeader,
  };
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    digest.update(chunk);
    sizeBytes += chunk.length;
    const advanced = advance(reading, chunk);
    if (!advanced.ok) return advanced;
  }
  const summary = conclude(reading);
  return summary.ok ? ok({ ...summary.value, sha256: digest.digest('hex'), sizeBytes }) : summary;
}

function advance(reading: Reading, chunk: Bytes): Result<void, CrlReadFailure> {
  pushChunk(reading.input, chunk);
  for (;;) {
    const next = reading.step(reading);
    if (!next.ok) return next;
    if (next.value === null) break;
    reading.step = next.value;
  }
  keepRest(reading.input);
  return ok(undefined);
}

function conclude({ step, lint, issuer, verifier, signature }: Reading): Result<CrlSummary, CrlReadFailure> {
  if (step !== finished || signature === null) return malformed('the file is cut off');
  const summary = lint.end();
  const key = issuer === null ? null : importPublicKey(issuer.spki);
  if (verifier !== null && (key === null || !verifier.verify(key, signature)))
    return err({ kind: 'crl-signature-wrong', detail: 'not a signature of its issuer over this list' });
  return summary.ok ? summary : err({ kind: 'crl-malformed', ...summary.error });
}

function malformed(detail: string): Result<never, CrlReadFailure> {
  return err({ kind: 'crl-malformed', rule: 'e_crl_der_is_strict', detail });
}

function header(reading: Reading): Result<DerHeader | null, CrlReadFailure> {
  const peeked = peekHeader(reading.input);
  return peeked.ok ? peeked : malformed(`octet ${inputOffset(reading.input)}: ${peeked.error}`);
}

function outerHeader(reading: Reading): Result<Step | null, CrlReadFailure> {
  const outer = header(reading);
  if (!outer.ok || outer.value === null) return outer.ok ? ok(null) : outer;
  const { tag, headerLength, contentLength } = outer.value;
  if (tag !== 0x30 || contentLength > LIMITS.crlBytesMax) return malformed('not a SEQUENCE within the size limit');
  reading.left = contentLength;
  reading.input.at += headerLength;
  return ok(listHeader);
}

/** Only looked at: the lint reads the list from its own first octet. */
function listHeader(reading: Reading): Result<Step | null, CrlReadFailure> {
  const list = header(reading);
  if (!list.ok || list.value === null) return list.ok ? ok(null) : list;
  reading.tbsLeft = list.value.headerLength + list.value.contentLength;
  reading.left -= reading.tbsLeft;
  return reading.left < 0 ? malformed('the to-be-signed list runs past the end') : ok(listContent);
}

function listContent(reading: Reading): Result<Step | null, CrlReadFailure> {
  const { input, lint, verifier } = reading;
  const piece = input.bytes.subarray(input.at, input.at + reading.tbsLeft);
  const linted = lint.push(piece);
  if (!linted.ok) return err({ kind: 'crl-malformed', ...linted.error });
  verifier?.update(piece);
  input.at += piece.length;
  reading.tbsLeft -= piece.length;
  return ok(reading.tbsLeft === 0 ? signatureAlgorithm : null);
}

function tailElement(reading: Reading): Result<Bytes | null, CrlReadFailure> {
  const taken = takeElement(reading.input, Math.min(TAIL_ELEMENT_BYTES_MAX, reading.left));
  if (!taken.ok) return malformed(`octet ${inputOffset(reading.input)}: ${taken.error}`);
  if (taken.value !== null) reading.left -= taken.value.length;
  return taken;
}

/** RFC 5280 5.1.1.2: the same as inside, which the lint holds to the issuer's. */
function signatureAlgorithm(reading: Reading): Result<Step | null, CrlReadFailure> {
  const whole = tailElement(reading);
  if (!whole.ok || whole.value === null) return whole.ok ? ok(null) : whole;
  const { issuer } = reading;
  if (issuer !== null && signatureAlgorithmOf(whole.value) !== issuer.signatureAlgorithm)
    return err({
      kind: 'crl-malformed',
      rule: 'e_crl_signature_algorithm_fits_issuer_key',
      detail: 'outer signatureAlgorithm',
    });
  return ok(signatureValue);
}

function signatureValue(reading: Reading): Result<Step | null, CrlReadFailure> {
  const whole = tailElement(reading);
  if (!whole.ok || whole.value === null) return whole.ok ? ok(null) : whole;
  const octets = parseDer(whole.value, (root) => bitStringOctets(root, 'signatureValue').slice());
  if (!octets.ok) return malformed(octets.error.rule);
  if (reading.left !== 0) return malformed('a field after signatureValue');
  reading.signature = octets.value;
  return ok(finished);
}

function finished({ input }: Reading): Result<Step | null, CrlReadFailure> {
  return input.at < input.bytes.length ? malformed('octets after the list') : ok(null);
}
