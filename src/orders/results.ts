/** Reads the certificates of a stored result, which `result-line.ts` has written. */

import { type Bytes, toBase64 } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson, type Json, membersOf } from '../kernel/json.js';
import type { IssuerId } from '../ports/signer.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { OrderOutcome, SettledLine } from '../ports/store/orders.js';
import { assembleCertificate } from '../x509/certificate/certificate-writer.js';
import type { Issuer } from '../x509/model.js';
import type { OrderLine } from './progress.js';

type ResultCertificate = {
  readonly id: string;
  readonly issuer: IssuerId;
  readonly profile: string;
  /** SHA-256 of the DER, in lower-case hex. */
  readonly sha256: string;
};

/** Empty for a line without certificates: refused, not issued, cancelled, or of a dry run. */
export function certificatesOfResult({ outcome, result }: SettledLine): readonly ResultCertificate[] {
  if (outcome !== 'issued' && outcome !== 'duplicate') return [];
  const { certificates } = JSON.parse(result) as { readonly certificates: readonly ResultCertificate[] };
  return certificates.map(({ id, issuer, profile, sha256 }) => ({ id, issuer, profile, sha256 }));
}

/**
 * The results of lines: canonical JSON (RFC 8785), which is stored once, hashed as it is stored,
 * and never rendered again.
 */

/** A certificate with its signature, as the result of a line shows it. */
export type SignedCertificate = {
  readonly record: CertificateRecord;
  readonly signature: Uint8Array;
  readonly issuer: Pick<Issuer, 'signatureAlgorithm'>;
};

type LineResult = {
  readonly outcome: OrderOutcome;
  /** null: the line cannot be read. */
  readonly card: string | null;
  /** The certificates of an issued line, or those that a duplicate asks for again. */
  readonly certificates?: readonly SignedCertificate[];
  /** The problem document of a refused line. */
  readonly problem?: Json;
};

export function settledLine(
  { orderId, line }: OrderLine,
  { outcome, card, certificates, problem }: LineResult,
  settledAt: Instant,
): SettledLine {
  const result = canonicalJson({
    card,
    line,
    outcome,
    ...(certificates === undefined ? {} : { certificates: certificates.map(renderCertificate) }),
    ...(problem === undefined ? {} : { problem }),
  });
  return { orderId, line, outcome, cardTokenId: card, result, settledAt };
}

function renderCertificate({ record, signature, issuer }: SignedCertificate): Json {
  return {
    id: record.id,
    issuer: record.issuer,
    notAfter: formatInstant(record.notAfter),
    notBefore: formatInstant(record.notBefore),
    profile: record.profile,
    serialNumber: record.serial,
    sha256: sha256Hex(assembleCertificate(record.tbs, issuer.signatureAlgorithm, signature)),
  };
}

/** The code of a problem, and a rule that was broken; an empty text: the problem has no rule. */
type LineProblem = { readonly code: string; readonly rule: string };

/** What was wrong with a line, each rule once; nothing for a line without a problem. */
export function problemsOfLine({ result }: Pick<SettledLine, 'result'>): readonly LineProblem[] {
  const { problem } = membersOf(JSON.parse(result) as Json);
  if (problem === undefined) return [];
  const { code, rule, violations } = membersOf(problem);
  const listed = (Array.isArray(violations) ? violations : []) as readonly Json[];
  const rules = [rule, ...listed.map((one) => membersOf(one).rule)].filter((one) => typeof one === 'string');
  const known = rules.length === 0 ? [''] : [...new Set(rules)];
  return known.map((one) => ({ code: String(code), rule: one }));
}

/**
 * The bundle: the file with which a card bureau personalises the cards of an order. It is NDJSON: a
 * head with the chains of the CAs, a line for each card that has certificates, and an end. All of
 * it is made of what never changes, so that it is the same at each reading and has one hash.
 */

type BundleCertificate = Pick<ResultCertificate, 'id' | 'issuer' | 'profile' | 'sha256'> & {
  /** The container of the card that gets it; null: none is named. */
  readonly container: string | null;
  /** DER. */
  readonly certificate: Bytes;
};

/** `chains`: the certificates of each issuer, from its own up to its root, DER. */
export function bundleHead(head: {
  readonly order: string;
  readonly environment: string;
  readonly chains: readonly (readonly [issuer: string, certificates: readonly Bytes[]])[];
}): string {
  const { order, environment, chains } = head;
  const encoded = chains.map(([issuer, certificates]) => [issuer, certificates.map(toBase64)] as const);
  return canonicalJson({ form: 'pfcng-card-bundle-1', order, environment, chains: Object.fromEntries(encoded) });
}

export function bundleLine(
  { line, cardTokenId, outcome }: SettledLine,
  certificates: readonly BundleCertificate[],
): string {
  const rendered = certificates.map(
    ({ certificate, ...facts }): Json => ({ ...facts, certificate: toBase64(certificate) }),
  );
  return canonicalJson({ line, card: cardTokenId, outcome, certificates: rendered });
}

/** `lines`: how many lines with cards are before the end. */
export function bundleEnd(lines: number): string {
  return canonicalJson({ end: true, lines });
}
