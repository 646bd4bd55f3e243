/**
 * Lints any certificate, CRL or OCSP response. What this platform issued is checked against its
 * profile, the policy and the issuer; everything else against public standards.
 */
import type { Home } from '../../compose/home.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import { lintAnyCertificate } from '../../lint/certificate/any-certificate.js';
import { checkAuthorityCertificate } from '../../lint/certificate/authority.js';
import { checkLinkCertificate } from '../../lint/certificate/link.js';
import { checkCertificate, STRICT_DER } from '../../lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, LINK_RULES } from '../../lint/certificate/lists/platform.js';
import type { LintFailure } from '../../lint/rule.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { issuerOf } from '../../x509/certificate/issuer.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../../x509/model.js';
import { lintCrlFile } from './crl-file.js';
import type { Item } from './file.js';
import { lintOcspFile } from './ocsp-file.js';
import { type Knowledge, type Report, STANDARDS } from './report.js';

export async function lintItem(known: Knowledge, item: Item): Promise<Report> {
  switch (item.kind) {
    case 'certificate':
      return lintCertificateFile(known, item.der);
    case 'crl':
      return lintCrlFile(known, item);
    case 'ocsp-response':
      return lintOcspFile(known, item.der);
  }
}

/** Returns the certificates among the items, which may have issued the others. */
export function authoritiesAmong(items: readonly Item[]): readonly IssuerCertificate[] {
  return items.flatMap((item) => {
    const read = item.kind === 'certificate' ? readCertificate(item.der) : null;
    const issuer = read?.ok === true ? issuerOf(read.value) : null;
    return issuer?.ok === true ? [issuer.value] : [];
  });
}

function lintCertificateFile(known: Knowledge, der: Bytes): Report {
  const kind = 'certificate';
  const read = readCertificate(der);
  if (!read.ok) {
    const detail = `octet ${read.error.offset}: ${read.error.rule}`;
    return { kind, ruleSet: STANDARDS, rules: 1, findings: [{ rule: STRICT_DER.name, detail }] };
  }
  const { policy, own } = known;
  const authority = own.find(({ certificate }) => equalBytes(certificate, der));
  if (policy !== null && authority !== undefined) return asAuthority(policy, own, authority);
  const issuer = own.find((one) => isSignedBy(one, read.value));
  const root = own.find(({ kind, subjectDer }) => kind === 'root' && equalBytes(subjectDer, read.value.tbs.subjectDer));
  if (policy !== null && issuer !== undefined && root !== undefined) return asLink(policy, { root, issuer }, der);
  if (policy !== null && issuer !== undefined) return asOurs(known, { policy, issuer }, read.value);
  const { rules, findings } = lintAnyCertificate(
    read.value,
    known.given.find((one) => isSignedBy(one, read.value)) ?? null,
  );
  return { kind, ruleSet: STANDARDS, rules, findings };
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
  if (authority === undefined) return { kind: 'certificate', ruleSet: one.id, rules: 0, findings: [] };
  const { certificate, generation } = one;
  const checked = checkAuthorityCertificate({ certificate, issuer: parent, authority, generation, policy });
  return { kind: 'certificate', ruleSet: one.id, rules, findings: findingsOf(checked) };
}

/** A certificate with the name of a root that one of our CAs has signed. */
function asLink(
  policy: Home['policy'],
  { root, issuer }: { readonly root: Issuer; readonly issuer: Issuer },
  certificate: Bytes,
): Report {
  const checked = checkLinkCertificate({ certificate, root, issuer, policy });
  const ruleSet = `${root.id} by ${issuer.id}`;
  return { kind: 'certificate', ruleSet, rules: LINK_RULES.length + 1, findings: findingsOf(checked) };
}

/** Checks against the profile of the issuer with the fewest findings. */
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
      ruleSet: profile.id,
      rules: CERTIFICATE_RULES.length + 1,
      findings: findingsOf(checked),
    };
  });
  const [best] = reports.sort((a, b) => a.findings.length - b.findings.length);
  return best ?? { kind: 'certificate', ruleSet: issuer.id, rules: 0, findings: [] };
}
