/**
 * The results of lines: canonical JSON (RFC 8785), which is stored once, hashed as it is stored,
 * and never rendered again.
 */
import { formatInstant, type Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson, type Json, membersOf } from '../kernel/json.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { OrderOutcome, SettledLine } from '../ports/store/orders.js';
import { assembleCertificate } from '../x509/certificate/certificate-writer.js';
import type { Issuer } from '../x509/model.js';
import type { OrderLine } from './line-claim.js';

/** A certificate with its signature, as the result of a line shows it. */
export type ResultCertificate = {
  readonly record: CertificateRecord;
  readonly signature: Uint8Array;
  readonly issuer: Pick<Issuer, 'signatureAlgorithm'>;
};

type LineResult = {
  readonly outcome: OrderOutcome;
  /** null: the line cannot be read. */
  readonly card: string | null;
  /** The certificates of an issued line, or those that a duplicate asks for again. */
  readonly certificates?: readonly ResultCertificate[];
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

function renderCertificate({ record, signature, issuer }: ResultCertificate): Json {
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
