/** Reads the access CA from the home folder, and lints its certificate and those that it signs. */
import { accessAuthorityFault, breakGlassFault } from '../../../access/break-glass.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { ok, type Result } from '../../../kernel/result.js';
import { lintAnyCertificate } from '../../../lint/certificate/any-certificate.js';
import { describeFindings, type LintInput, readLintInput } from '../../../lint/certificate/lint.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { issuerOf } from '../../../x509/certificate/issuer.js';
import type { CertificateView, IssuerCertificate, KeyType } from '../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import type { StepContext } from '../kind.js';
import { isSignedBy } from './certify.js';

type AccessIssuer = IssuerCertificate & { readonly id: IssuerId };

/**
 * Reads the certificate of an access CA from the home folder. It must have the fixed form and be
 * self-signed.
 */
export async function loadAccessAuthority(
  { world }: StepContext,
  id: string,
): Promise<Result<AccessIssuer, StepFailure>> {
  const path = `authorities/${id}.cer`;
  const der = await world.files.read(path);
  if (der === null) return missingFile(path);
  const wrong = (detail: Bilingual) => wrongFile(path, detail);
  const read = readCertificate(der);
  const issuer = read.ok ? issuerOf(read.value) : read;
  if (!read.ok || !issuer.ok) return wrong(NO_CA);
  const fault = accessAuthorityFault(read.value.tbs);
  if (fault !== null) return wrong(untranslated(fault));
  if (!isSignedBy(read.value, issuer.value.spki)) return wrong(NO_CA);
  return ok({ ...issuer.value, id: id as IssuerId });
}

const NO_CA = { fr: "ce n'est pas un certificat d'AC utilisable", en: 'not a usable CA certificate' };

/**
 * Lints a certificate of the access CA (`issuer` is null) or of a break-glass officer. Returns the
 * findings of the rules of public standards, and the deviations from the fixed form of such
 * certificates.
 */
export function accessFindings(
  linting: LintInput,
  { signsWith, issuer }: { readonly signsWith: KeyType; readonly issuer: IssuerCertificate | null },
): readonly string[] {
  const read = readLintInput(linting, { keyType: signsWith });
  if (!read.ok) return describeFindings(read.error);
  const shape = issuer === null ? accessAuthorityFault(read.value.tbs) : breakGlassFault(read.value.tbs);
  const { findings } = lintAnyCertificate(read.value, issuer ?? selfIssued(read.value));
  return [...findings.map(({ rule, detail }) => `${rule}: ${detail}`), ...(shape === null ? [] : [shape])];
}

/**
 * Returns the CA as its own issuer; null: the certificate is not that of a CA, which is a finding.
 */
function selfIssued(certificate: CertificateView): IssuerCertificate | null {
  const issuer = issuerOf(certificate);
  return issuer.ok ? issuer.value : null;
}
