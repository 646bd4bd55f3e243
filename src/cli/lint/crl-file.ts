/**
 * Checks a CRL from a file in one pass, however long it is. It belongs to us if its issuer has the
 * name of one of our CAs.
 */
import { type CrlReadFailure, readCrlWithLint } from '../../crl/read.js';
import { equalBytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import { countCrlRules } from '../../lint/crl/lists.js';
import { PLAIN_LIST } from '../../lint/crl/shape.js';
import { type CrlShape, crlShapes } from '../../lint/crl/shapes.js';
import { createCrlLint } from '../../lint/crl/stream.js';
import type { CrlLintContext } from '../../lint/crl/subjects.js';
import type { Policy } from '../../policy/model.js';
import { crlLifeMs } from '../../policy/publication/crl-lists.js';
import { signatureAlgorithmOf } from '../../x509/keys/algorithms.js';
import type { Issuer, IssuerCertificate } from '../../x509/model.js';
import { type Item, signerIn } from './file.js';
import { type Knowledge, NO_LIMIT, type Report, STANDARDS } from './report.js';

type CrlItem = Extract<Item, { kind: 'crl' }>;
type Candidate = Omit<CrlLintContext, 'issuer'> & { readonly issuer: IssuerCertificate; readonly name: string };

/**
 * Reports for the issuer of that name with the fewest findings: an authority may have had several
 * keys.
 */
export async function lintCrlFile(known: Knowledge, item: CrlItem): Promise<Report> {
  const signer = signerIn(item.head);
  const named = candidatesIn(known).filter(
    ({ issuer }) => signer !== null && equalBytes(issuer.subjectDer, signer.name),
  );
  const reports: Report[] = [];
  for (const candidate of named) {
    const report = await lintWithIssuer(candidate, item, signer?.algorithm);
    if (report.findings.length === 0) return report;
    reports.push(report);
  }
  const [best] = reports.sort((a, b) => a.findings.length - b.findings.length);
  return best ?? lintAlone(item);
}

function candidatesIn({ policy, own, given }: Knowledge): readonly Candidate[] {
  const lifeMs = policy === null ? NO_LIMIT : policy.environment.crl.periodMs + policy.environment.crl.overlapMs;
  return [
    ...own.map((issuer) => ({
      issuer,
      name: issuer.id as string,
      ruleSet: 'platform' as const,
      // The ceremony plan decides how long lists of roots are valid.
      lifeMsMax: issuer.kind === 'root' ? NO_LIMIT : lifeMs,
      ...(issuer.kind === 'root' || policy === null ? {} : { shapes: ownShapes(policy, issuer) }),
    })),
    ...given
      .filter((issuer) => !own.some(({ certificate }) => equalBytes(certificate, issuer.certificate)))
      .map((issuer) => ({
        issuer,
        name: STANDARDS,
        ruleSet: 'standards' as const,
        lifeMsMax: NO_LIMIT,
        shapes: 'any' as const,
      })),
  ];
}

/** The first list of an issuing CA is made by a ceremony, which makes no deltas. */
function ownShapes({ environment }: Policy, issuer: Issuer): readonly CrlShape[] {
  return [...crlShapes(environment, issuer), { ...PLAIN_LIST, lifeMsMax: crlLifeMs(environment, 'full') }];
}

async function lintWithIssuer(
  { name, issuer, ...context }: Candidate,
  { chunks }: CrlItem,
  algorithmDer: Uint8Array | undefined,
): Promise<Report> {
  const lint = createCrlLint({ ...context, issuer }, 'report');
  // Verifies with the algorithm in the list; a rule checks whether that fits the key.
  const signatureAlgorithm = signatureAlgorithmOf(algorithmDer ?? new Uint8Array(0)) ?? issuer.signatureAlgorithm;
  const read = await readCrlWithLint(chunks(), { issuer: { spki: issuer.spki, signatureAlgorithm }, lint });
  const findings = [...lint.findings()] as Report['findings'][number][];
  if (!read.ok && read.error.kind === 'crl-signature-wrong')
    findings.push({ rule: 'e_crl_signature_verifies', detail: read.error.detail });
  else if (findings.length === 0) findings.push(...unreadIn(read));
  return { kind: 'crl', ruleSet: name, rules: countCrlRules(context) + 1, findings };
}

/** Checks the list alone, without its issuer. That the issuer is unknown remains a finding. */
async function lintAlone({ chunks }: CrlItem): Promise<Report> {
  const context: CrlLintContext = { issuer: null, lifeMsMax: NO_LIMIT, ruleSet: 'standards', shapes: 'any' };
  const lint = createCrlLint(context, 'report');
  const read = await readCrlWithLint(chunks(), { issuer: null, lint });
  const found = lint.findings();
  const unread = found.length === 0 ? unreadIn(read) : [];
  const unknown = 'its issuer is not known here: name its certificate with --issuer';
  const findings = [...found, ...unread, { rule: 'e_crl_issuer_is_subject_of_issuer', detail: unknown }];
  return { kind: 'crl', ruleSet: STANDARDS, rules: countCrlRules(context), findings };
}

/** Returns the fault of the file around the list. */
function unreadIn(read: Result<unknown, CrlReadFailure>): Report['findings'] {
  return read.ok || read.error.kind !== 'crl-malformed' ? [] : [{ rule: read.error.rule, detail: read.error.detail }];
}
