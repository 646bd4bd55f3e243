/** A CRL from a file, in one pass over it however long it is. Ours is known by the name of its issuer. */
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
type Candidate = Omit<CrlLintContext, 'issuer'> & { readonly issuer: IssuerCertificate; readonly told: string };

/** Of the issuers that have its name the one that it says least against: an authority may have had several keys. */
export async function lintCrlFile(known: Knowledge, item: CrlItem): Promise<Report> {
  const signer = signerIn(item.head);
  const named = candidatesIn(known).filter(
    ({ issuer }) => signer !== null && equalBytes(issuer.subjectDer, signer.name),
  );
  const reports: Report[] = [];
  for (const candidate of named) {
    const report = await lintBeside(candidate, item, signer?.algorithm);
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
      ...{ issuer, told: issuer.id as string, ruleSet: 'platform' as const },
      // Lists of roots live as long as their ceremony has planned.
      lifeMsMax: issuer.kind === 'root' ? NO_LIMIT : lifeMs,
      ...(issuer.kind === 'root' || policy === null ? {} : { shapes: ownShapes(policy, issuer) }),
    })),
    ...given
      .filter((issuer) => !own.some(({ certificate }) => equalBytes(certificate, issuer.certificate)))
      .map((issuer) => ({
        issuer,
        told: STANDARDS,
        ruleSet: 'standards' as const,
        lifeMsMax: NO_LIMIT,
        shapes: 'any' as const,
      })),
  ];
}

/** The first list of an issuing authority is a ceremony's, which knows of no deltas. */
function ownShapes({ environment }: Policy, issuer: Issuer): readonly CrlShape[] {
  return [...crlShapes(environment, issuer), { ...PLAIN_LIST, lifeMsMax: crlLifeMs(environment, 'full') }];
}

async function lintBeside(
  { told, issuer, ...context }: Candidate,
  { chunks }: CrlItem,
  algorithmDer: Uint8Array | undefined,
): Promise<Report> {
  const lint = createCrlLint({ ...context, issuer }, 'report');
  // What it was really signed by: whether that fits the key is for a rule to say.
  const signatureAlgorithm = signatureAlgorithmOf(algorithmDer ?? new Uint8Array(0)) ?? issuer.signatureAlgorithm;
  const read = await readCrlWithLint(chunks(), { issuer: { spki: issuer.spki, signatureAlgorithm }, lint });
  const findings = [...lint.findings()] as Report['findings'][number][];
  if (!read.ok && read.error.kind === 'crl-signature-wrong')
    findings.push({ rule: 'e_crl_signature_verifies', detail: read.error.detail });
  else if (findings.length === 0) findings.push(...unreadIn(read));
  return { kind: 'crl', ruleSet: told, rules: countCrlRules(context) + 1, findings };
}

/** What can be said of it by itself. That nobody knows whether it is its issuer's stays a finding. */
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

/** What is wrong with the file around the list. */
function unreadIn(read: Result<unknown, CrlReadFailure>): Report['findings'] {
  return read.ok || read.error.kind !== 'crl-malformed' ? [] : [{ rule: read.error.rule, detail: read.error.detail }];
}
