/**
 * Lint of a to-be-signed OCSP answer (ResponseData, RFC 6960 4.2.1). The service lints before it
 * asks its signer, and the signer before it signs. Reads with the reader alone; nothing that it is
 * given makes it throw.
 */
import { parseDer } from '../../asn1/der-reader.js';
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Linted } from '../../ports/signer.js';
import type { Issuer } from '../../x509/model.js';
import { type Finding, type LintFailure, type RuleName, runRules } from '../rule.js';
import { grant } from '../token.js';
import { nameAndKeyOf } from './cert-id.js';
import { OCSP_DER, OCSP_SIZE, ocspRulesFor } from './lists.js';
import { readResponseData } from './reader.js';
import type { OcspAnswerView, OcspSubject } from './subjects.js';

export type ResponderIdentity = { readonly subjectDer: Bytes; readonly spki: Bytes };

export type OcspLintContext = {
  /** The only CA whose certificates the answer may be about; null: not known. */
  readonly issuer: Pick<Issuer, 'subjectDer' | 'spki'> | null;
  /**
   * Subject and key of the certificate whose key is to sign, or of those one of whose keys is;
   * null: not known.
   */
  readonly responder: ResponderIdentity | readonly ResponderIdentity[] | null;
  /** Longest time from thisUpdate to nextUpdate, in milliseconds. */
  readonly lifeMsMax: number;
  /**
   * `standards`: somebody else's answer. Absent: ours, which the platform's own rules hold for as
   * well.
   */
  readonly heldTo?: 'ours' | 'standards';
};

export type OcspSummary = {
  readonly producedAt: Instant;
  /** The one of the context that it names; null: none was known. */
  readonly responder: ResponderIdentity | null;
  readonly responses: readonly {
    /** Lower-case hex of even length, without leading zero octets. */
    readonly serial: string;
    readonly status: 'good' | 'revoked' | 'unknown';
    readonly thisUpdate: Instant;
    /** That of thisUpdate where none is written: of somebody else's answer. */
    readonly nextUpdate: Instant;
  }[];
};

/**
 * A token for these bytes under `issuer`, whose delegated responder signs; or everything that
 * stands against it.
 */
export function lintOcsp(
  issuer: Issuer,
  responseData: Bytes,
  context: Pick<OcspLintContext, 'responder' | 'lifeMsMax'>,
): Result<Linted<'ocsp'>, LintFailure> {
  const checked = checkOcspResponseData({ ...context, issuer }, responseData);
  return checked.ok ? ok(grant('ocsp', issuer.id, responseData)) : checked;
}

/** The same without a token: for the signer, which decides for itself, and for people. */
export function checkOcspResponseData(context: OcspLintContext, responseData: Bytes): Result<OcspSummary, LintFailure> {
  if (responseData.length > LIMITS.signerFrameBytesMax) return unreadable(OCSP_SIZE, `${responseData.length} octets`);
  const parsed = parseDer(responseData, readResponseData);
  if (!parsed.ok) return unreadable(OCSP_DER, `octet ${parsed.error.offset}: ${parsed.error.rule}`);
  const responder = namedIn(parsed.value, context.responder);
  const findings = findingsIn(parsed.value, context, responder);
  return findings.length === 0 ? ok(summaryOf(parsed.value, responder)) : err({ kind: 'lint-failed', findings });
}

/**
 * Of several the one that the answer names, by its key; where it names none of them, any: the rules
 * will say so.
 */
function namedIn(
  { responderKeyHash }: OcspAnswerView,
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
  answer: OcspAnswerView,
  { issuer, lifeMsMax, heldTo = 'ours' }: OcspLintContext,
  responder: ResponderIdentity | null,
): readonly Finding[] {
  const rules = ocspRulesFor(heldTo);
  const subject: OcspSubject = {
    answer,
    issuer: issuer === null ? null : nameAndKeyOf(issuer),
    responder: responder === null ? null : nameAndKeyOf(responder),
    lifeMsMax,
  };
  const findings = [...runRules(rules.answer, subject)];
  for (const single of answer.singles) {
    // Member by member: copies by spreading cost more than the rules.
    const { issuer: about, responder: by } = subject;
    findings.push(...runRules(rules.single, { answer, issuer: about, responder: by, lifeMsMax, single }));
  }
  return findings;
}

function summaryOf({ producedAt, singles }: OcspAnswerView, responder: ResponderIdentity | null): OcspSummary {
  return {
    producedAt,
    responder,
    responses: singles.map(({ serial, status, thisUpdate, nextUpdate }) => ({
      serial: toHex(serial).replace(/^(00)+(?=..)/, ''),
      status,
      thisUpdate,
      nextUpdate: nextUpdate ?? thisUpdate,
    })),
  };
}
