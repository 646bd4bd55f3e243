/**
 * Lint of a to-be-signed OCSP response (ResponseData, RFC 6960 4.2.1). The service lints before it
 * requests a signature, and the signer before it signs. The lint uses the DER reader only, and no
 * input makes it throw.
 */
import { parseDer } from '../../asn1/der-reader.js';
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { LintToken } from '../../ports/signer.js';
import type { Issuer } from '../../x509/model.js';
import { type Finding, type LintFailure, type RuleName, runRules } from '../rule.js';
import { makeLintToken } from '../token.js';
import { nameAndKeyOf } from './cert-id.js';
import { OCSP_DER, OCSP_SIZE, ocspRulesFor } from './lists.js';
import { readResponseData } from './reader.js';
import type { OcspResponseView, OcspSubject } from './subjects.js';

type ResponderIdentity = { readonly subjectDer: Bytes; readonly spki: Bytes };

export type OcspLintContext = {
  /** The only CA whose certificates the response may be about; null: unknown. */
  readonly issuer: Pick<Issuer, 'subjectDer' | 'spki'> | null;
  /**
   * Subject and key of the responder certificate, or of several when one of their keys signs; null:
   * unknown.
   */
  readonly responder: ResponderIdentity | readonly ResponderIdentity[] | null;
  /** Longest time from thisUpdate to nextUpdate, in milliseconds. */
  readonly lifeMsMax: number;
  /**
   * `standards`: a response of another responder. The default is a response of this platform, to
   * which the platform's own rules apply too.
   */
  readonly ruleSet?: 'platform' | 'standards';
};

type OcspSummary = {
  readonly producedAt: Instant;
  /** The responder of the context that the response names; null: none was known. */
  readonly responder: ResponderIdentity | null;
  readonly responses: readonly {
    /** Lower-case hex of even length, without leading zero octets. */
    readonly serial: string;
    readonly status: 'good' | 'revoked' | 'unknown';
    /** null: it is not revoked. */
    readonly revokedAt: Instant | null;
    /** Number of RFC 5280 5.3.1; null: absent. */
    readonly reason: number | null;
    readonly thisUpdate: Instant;
    /** Equal to thisUpdate when it is absent, which happens in responses of others only. */
    readonly nextUpdate: Instant;
  }[];
};

/**
 * Returns a token for these bytes under `issuer`, whose delegated responder signs; or all findings.
 */
export function lintOcsp(
  issuer: Issuer,
  responseData: Bytes,
  context: Pick<OcspLintContext, 'responder' | 'lifeMsMax'>,
): Result<LintToken<'ocsp'>, LintFailure> {
  const checked = checkOcspResponseData({ ...context, issuer }, responseData);
  return checked.ok ? ok(makeLintToken('ocsp', issuer.id, responseData)) : checked;
}

/** As `lintOcsp`, without a token: for the signer, which decides for itself, and for people. */
export function checkOcspResponseData(context: OcspLintContext, responseData: Bytes): Result<OcspSummary, LintFailure> {
  if (responseData.length > LIMITS.signerFrameBytesMax) return unreadable(OCSP_SIZE, `${responseData.length} octets`);
  const parsed = parseDer(responseData, readResponseData);
  if (!parsed.ok) return unreadable(OCSP_DER, `octet ${parsed.error.offset}: ${parsed.error.rule}`);
  const responder = namedIn(parsed.value, context.responder);
  const findings = findingsIn(parsed.value, context, responder);
  return findings.length === 0 ? ok(summaryOf(parsed.value, responder)) : err({ kind: 'lint-failed', findings });
}

/**
 * The responder that the response names by its key. When it names none of them, the first one: a
 * rule then reports it.
 */
function namedIn(
  { responderKeyHash }: OcspResponseView,
  responder: OcspLintContext['responder'],
): ResponderIdentity | null {
  if (responder === null || !('length' in responder)) return responder;
  const named = responder.find(
    (one) => responderKeyHash !== null && equalBytes(responderKeyHash, nameAndKeyOf(one).keyHash('sha1')),
  );
  return named ?? responder[0] ?? null;
}

function unreadable({ name }: { readonly name: RuleName }, detail: string): Result<never, LintFailure> {
  return err({ kind: 'lint-failed', findings: [{ rule: name, detail }] });
}

function findingsIn(
  response: OcspResponseView,
  { issuer, lifeMsMax, ruleSet = 'platform' }: OcspLintContext,
  responder: ResponderIdentity | null,
): readonly Finding[] {
  const rules = ocspRulesFor(ruleSet);
  const subject: OcspSubject = {
    response,
    issuer: issuer === null ? null : nameAndKeyOf(issuer),
    responder: responder === null ? null : nameAndKeyOf(responder),
    lifeMsMax,
  };
  const findings = [...runRules(rules.response, subject)];
  for (const single of response.singles) {
    // Written out, because copies by spreading cost more than the rules.
    const { issuer: about, responder: by } = subject;
    findings.push(...runRules(rules.single, { response, issuer: about, responder: by, lifeMsMax, single }));
  }
  return findings;
}

function summaryOf({ producedAt, singles }: OcspResponseView, responder: ResponderIdentity | null): OcspSummary {
  return {
    producedAt,
    responder,
    responses: singles.map(({ serial, status, revokedAt, reason, thisUpdate, nextUpdate }) => ({
      serial: toHex(serial).replace(/^(00)+(?=..)/, ''),
      status,
      revokedAt,
      reason,
      thisUpdate,
      nextUpdate: nextUpdate ?? thisUpdate,
    })),
  };
}
