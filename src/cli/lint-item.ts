/**
 * Lint of what others hold: a certificate, a CRL, an OCSP response. What this platform issued is held to its profile, the policy
 * and the issuer; anybody else's to what public standards ask of it.
 */
import type { Home } from '../compose-home.js';
import { readCrl } from '../crl/read.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';
import { lintAnyCertificate } from '../lint/any-certificate.js';
import { checkAuthorityCertificate } from '../lint/authority.js';
import { checkCertificate, STRICT_DER } from '../lint/certificate.js';
import { CRL_RULES } from '../lint/crl-rules.js';
import { type CrlShape, crlShapes } from '../lint/crl-shapes.js';
import { PLAIN_LIST } from '../lint/crl-stream.js';
import { checkOcspResponseData } from '../lint/ocsp-response.js';
import { OCSP_RULES } from '../lint/ocsp-rules.js';
import type { LintFailure } from '../lint/rule.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES } from '../lint/rules.js';
import { type BasicResponseView, readOcspResponse } from '../ocsp/read.js';
import { readDelegatedResponder } from '../ocsp/responder.js';
import { crlLifeMs } from '../policy/crl-lists.js';
import { signatureAlgorithmOf, verifySignature } from '../x509/algorithms.js';
import { readCertificate } from '../x509/certificate-reader.js';
import { issuerOf } from '../x509/issuer.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../x509/model.js';
import type { Item, Kind } from './lint-file.js';

export type Report = {
  readonly kind: Kind;
  /** What it was held to: a profile, an authority, or public standards. */
  readonly heldTo: string;
  readonly rules: number;
  readonly findings: readonly { readonly rule: string; readonly detail: string }[];
};

export type Knowledge = {
  readonly policy: Home['policy'] | null;
  readonly own: readonly Issuer[];
  /** Authorities in the files that were named. */
  readonly given: readonly IssuerCertificate[];
  /** To be held to this profile, not to the one it fits best. */
  readonly profile: string | null;
};

const STANDARDS = 'public standards';
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export async function lintItem(known: Knowledge, { kind, der }: Item): Promise<Report> {
  switch (kind) {
    case 'certificate':
      return lintCertificateFile(known, der);
    case 'crl':
      return lintCrlFile(known, der);
    case 'ocsp-response':
      return lintOcspFile(known, der);
  }
}

/** Those of the items that may have issued the others. */
export function authoritiesAmong(items: readonly Item[]): readonly IssuerCertificate[] {
  return items.flatMap(({ kind, der }) => {
    const read = kind === 'certificate' ? readCertificate(der) : null;
    const issuer = read?.ok === true ? issuerOf(read.value) : null;
    return issuer?.ok === true ? [issuer.value] : [];
  });
}

function lintCertificateFile(known: Knowledge, der: Bytes): Report {
  const kind = 'certificate';
  const read = readCertificate(der);
  if (!read.ok) {
    const detail = `octet ${read.error.offset}: ${read.error.rule}`;
    return { kind, heldTo: STANDARDS, rules: 1, findings: [{ rule: STRICT_DER.name, detail }] };
  }
  const { policy, own } = known;
  const authority = own.find(({ certificate }) => equalBytes(certificate, der));
  if (policy !== null && authority !== undefined) return asAuthority(policy, own, authority);
  const issuer = own.find((one) => isSignedBy(one, read.value));
  if (policy !== null && issuer !== undefined) return asOurs(known, { policy, issuer }, read.value);
  const { rules, findings } = lintAnyCertificate(
    read.value,
    known.given.find((one) => isSignedBy(one, read.value)) ?? null,
  );
  return { kind, heldTo: STANDARDS, rules, findings };
}

function isSignedBy(issuer: IssuerCertificate, { tbs, signatureAlgorithmDer, signature }: CertificateView): boolean {
  const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
  return (
    algorithm !== null &&
    equalBytes(issuer.subjectDer, tbs.issuerDer) &&
    verifySignature({ spki: issuer.spki, algorithm, data: tbs.der, signature })
  );
}

const findingsOf = (checked: Result<unknown, LintFailure>): Report['findings'] =>
  checked.ok ? [] : checked.error.findings;

function asAuthority(policy: Home['policy'], own: readonly Issuer[], one: Issuer): Report {
  const authority = policy.authorities.get(one.authority);
  const parent = own.find(({ authority: id, kind }) => kind === 'root' && id === authority?.issuer) ?? null;
  const rules = AUTHORITY_RULES.length + 1;
  if (authority === undefined) return { kind: 'certificate', heldTo: one.id, rules: 0, findings: [] };
  const { certificate, generation } = one;
  const checked = checkAuthorityCertificate({ certificate, issuer: parent, authority, generation, policy });
  return { kind: 'certificate', heldTo: one.id, rules, findings: findingsOf(checked) };
}

/** Held to the profile of its issuer that it breaks least. */
function asOurs(
  { profile: wanted }: Knowledge,
  { policy, issuer }: { readonly policy: Home['policy']; readonly issuer: Issuer },
  { der: certificate }: CertificateView,
): Report {
  const { environment } = policy;
  const profiles = [...policy.profiles.values()].filter(({ id, authority }) =>
    wanted === null ? authority === issuer.authority : id === wanted,
  );
  const reports = profiles.map((profile): Report => {
    const checked = checkCertificate({ certificate, issuer, profile, environment });
    return {
      kind: 'certificate',
      heldTo: profile.id,
      rules: CERTIFICATE_RULES.length + 1,
      findings: findingsOf(checked),
    };
  });
  const [best] = reports.sort((a, b) => a.findings.length - b.findings.length);
  return best ?? { kind: 'certificate', heldTo: issuer.id, rules: 0, findings: [] };
}

/** The first list of an issuing authority is a ceremony's, which knows of no deltas. */
function ownShapes({ environment }: Home['policy'], issuer: Issuer): readonly CrlShape[] {
  return [...crlShapes(environment, issuer), { ...PLAIN_LIST, lifeMsMax: crlLifeMs(environment, 'full') }];
}

async function lintCrlFile({ policy, own, given }: Knowledge, der: Bytes): Promise<Report> {
  const lifeMs = policy === null ? NO_LIMIT : policy.environment.crl.periodMs + policy.environment.crl.overlapMs;
  const candidates = [
    ...own.map((issuer) => ({
      issuer,
      heldTo: issuer.id as string,
      lifeMsMax: issuer.kind === 'root' ? NO_LIMIT : lifeMs,
      shapes: issuer.kind === 'root' || policy === null ? undefined : ownShapes(policy, issuer),
    })),
    ...given.map((issuer) => ({ issuer, heldTo: STANDARDS, lifeMsMax: NO_LIMIT, shapes: 'any' as const })),
  ];
  const rules = Object.keys(CRL_RULES).length + 1;
  let last: Report | null = null;
  for (const { issuer, heldTo, lifeMsMax, shapes } of candidates) {
    const read = await readCrl(chunksOf(der), { issuer, lifeMsMax, ...(shapes === undefined ? {} : { shapes }) });
    if (read.ok) return { kind: 'crl', heldTo, rules, findings: [] };
    const { detail } = read.error;
    const rule = read.error.kind === 'crl-malformed' ? read.error.rule : 'e_crl_signature_verifies';
    last = { kind: 'crl', heldTo, rules, findings: [{ rule, detail }] };
    // Another name: try the next; anything else is a finding about this issuer's list.
    if (rule !== 'e_crl_issuer_is_subject_of_issuer' && rule !== 'e_crl_signature_algorithm_fits_issuer_key')
      return last;
  }
  const detail = 'its issuer is not known here: name its certificate with --issuer';
  return last === null || given.length === 0
    ? { kind: 'crl', heldTo: STANDARDS, rules, findings: [{ rule: 'e_crl_issuer_is_subject_of_issuer', detail }] }
    : last;
}

async function* chunksOf(bytes: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield bytes;
}

function lintOcspFile({ policy, own }: Knowledge, der: Bytes): Report {
  const rules = Object.keys(OCSP_RULES).length + 1;
  const found = (heldTo: string, rule: string, detail: string): Report => ({
    kind: 'ocsp-response',
    ...{ heldTo, rules, findings: [{ rule, detail }] },
  });
  const read = readOcspResponse(der);
  if (!read.ok) return found(STANDARDS, 'e_ocsp_der_is_strict', `octet ${read.error.offset}: ${read.error.rule}`);
  const { status, basic } = read.value;
  // RFC 6960 4.2.1: malformedRequest, internalError, tryLater, sigRequired, unauthorized. There is nothing to look at.
  if (basic === null)
    return [1, 2, 3, 5, 6].includes(status)
      ? { kind: 'ocsp-response', heldTo: 'RFC 6960', rules: 1, findings: [] }
      : found('RFC 6960', 'e_ocsp_status_form', `responseStatus ${status}`);
  const [certificate] = basic.certificates;
  if (certificate === undefined)
    return found(STANDARDS, 'e_ocsp_responder_id_is_signer', 'no certificate of a responder');
  for (const issuer of own) {
    const responder = readDelegatedResponder(issuer, certificate);
    if (!responder.ok) continue;
    const checked = checkOcspResponseData(
      { issuer, responder: responder.value, lifeMsMax: policy?.environment.ocspAnswers.lifeMs ?? NO_LIMIT },
      basic.responseData,
    );
    if (!checked.ok) return found(issuer.id, checked.error.rule, checked.error.detail);
    return isSignatureOf(responder.value.spki, basic)
      ? { kind: 'ocsp-response', heldTo: issuer.id, rules, findings: [] }
      : found(issuer.id, 'e_ocsp_signature_verifies', 'not a signature of its responder');
  }
  return found(STANDARDS, 'e_ocsp_responder_id_is_signer', 'no responder of an authority that is known here');
}

function isSignatureOf(
  spki: Bytes,
  { responseData: data, signature, signatureAlgorithmDer }: BasicResponseView,
): boolean {
  const algorithm = signatureAlgorithmOf(signatureAlgorithmDer);
  return algorithm !== null && verifySignature({ spki, algorithm, data, signature });
}
