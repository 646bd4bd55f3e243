/** Checks an OCSP response from a file against the rules, with the responder that signed it. */
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { checkOcspResponseData, type OcspLintContext } from '../../lint/ocsp/lint.js';
import { countOcspRules, OCSP_DER } from '../../lint/ocsp/lists.js';
import { type BasicResponseView, readOcspResponse } from '../../ocsp/read.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { IssuerCertificate } from '../../x509/model.js';
import { type Knowledge, NO_LIMIT, type Report, STANDARDS } from './report.js';

/** RFC 6960 4.2.1: malformedRequest, internalError, tryLater, sigRequired, unauthorized. */
const ERRORS: readonly number[] = [1, 2, 3, 5, 6];

export function lintOcspFile(known: Knowledge, der: Bytes): Report {
  const read = readOcspResponse(der);
  if (!read.ok)
    return found(STANDARDS, { rule: OCSP_DER.name, detail: `octet ${read.error.offset}: ${read.error.rule}` });
  const { status, basic } = read.value;
  if (basic !== null) return lintBasic(known, basic);
  // An error response has nothing else to check.
  if (ERRORS.includes(status)) return { kind: 'ocsp-response', ruleSet: 'RFC 6960', rules: 1, findings: [] };
  return found('RFC 6960', { rule: 'e_ocsp_status_form', detail: `responseStatus ${status}` });
}

type Finding = Report['findings'][number];

function found(ruleSet: string, ...findings: readonly Finding[]): Report {
  return { kind: 'ocsp-response', ruleSet, rules: countOcspRules('standards'), findings };
}

function lintBasic(known: Knowledge, basic: BasicResponseView): Report {
  const { own, given, policy } = known;
  const lifeMs = policy?.environment.ocspAnswers.lifeMs ?? NO_LIMIT;
  for (const issuer of own) {
    const responder = responderOf(issuer, basic);
    if (responder === null) continue;
    const context = { issuer, responder, lifeMsMax: lifeMs, ruleSet: 'platform' } as const;
    return lintWithResponder(issuer.id, context, basic);
  }
  for (const issuer of given) {
    const responder = responderOf(issuer, basic);
    if (responder === null) continue;
    return lintWithResponder(STANDARDS, { issuer, responder, lifeMsMax: NO_LIMIT, ruleSet: 'standards' }, basic);
  }
  const checked = checkOcspResponseData(
    { issuer: null, responder: null, lifeMsMax: NO_LIMIT, ruleSet: 'standards' },
    basic.responseData,
  );
  const detail =
    basic.certificates.length === 0
      ? 'no certificate of a responder'
      : 'no responder of an authority that is known here: name its certificate with --issuer';
  const findings = checked.ok ? [] : checked.error.findings;
  return found(STANDARDS, ...findings, { rule: 'e_ocsp_responder_id_is_signer', detail });
}

type Responder = { readonly subjectDer: Bytes; readonly spki: Bytes };

/**
 * Returns the responder that the authority certified, or the authority itself if it signed (RFC
 * 6960 4.2.2.2).
 */
function responderOf(issuer: IssuerCertificate, basic: BasicResponseView): Responder | null {
  for (const certificate of basic.certificates) {
    const delegated = readDelegatedResponder(issuer, certificate);
    if (delegated.ok) return delegated.value;
    if (equalBytes(certificate, issuer.certificate)) return issuer;
  }
  return isSignatureOf(issuer.spki, basic) ? issuer : null;
}

function lintWithResponder(
  ruleSet: string,
  context: OcspLintContext & { readonly responder: Responder; readonly ruleSet: 'platform' | 'standards' },
  basic: BasicResponseView,
): Report {
  const checked = checkOcspResponseData(context, basic.responseData);
  const findings: Finding[] = checked.ok ? [] : [...checked.error.findings];
  if (!isSignatureOf(context.responder.spki, basic))
    findings.push({ rule: 'e_ocsp_signature_verifies', detail: 'not a signature of its responder' });
  return { kind: 'ocsp-response', ruleSet, rules: countOcspRules(context.ruleSet) + 1, findings };
}

function isSignatureOf(
  spki: Bytes,
  { responseData: data, signature, signatureAlgorithmDer }: BasicResponseView,
): boolean {
  const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
  return algorithm !== null && verifySignature({ spki, algorithm, data, signature });
}
