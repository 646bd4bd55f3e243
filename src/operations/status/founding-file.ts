/**
 * Reads a founding certificate with the transcript and the plan of its ceremony, and compares it
 * with what the policy makes of its order.
 */
import { describeFailure } from '../../ceremony/failures.js';
import { type FoundingAccount, isAsOrdered, orderOf, vetFounding } from '../../ceremony/founding.js';
import { isSignedBy } from '../../ceremony/steps/shared/certify.js';
import type { VerifiedFounding } from '../../ceremony/verify/founding.js';
import { keyFacts, openIntent, orderFacts, WITHOUT_REQUEST } from '../../issuance/intent.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseIssuerId } from '../../policy/ids.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { World } from '../world.js';

/** A file that the plan of a ceremony names as a founding certificate. */
export type FoundingFile = {
  readonly kind: 'founding';
  readonly ceremony: string;
  /** null: the plan cannot be read, or names no CA. */
  readonly issuer: IssuerId | null;
  readonly file: string;
  /** null: the file does not exist, or is too large. */
  readonly certificate: Bytes | null;
  /** Verifies the whole ceremony. The error says what is wrong with it, or with this file. */
  readonly verify: () => Result<VerifiedFounding, string>;
};

/** What the ceremony says about the certificate. */
export type FoundingFacts = {
  readonly ceremony: string;
  readonly planSha256: string;
  readonly account: FoundingAccount | null;
};

type FoundingRegistration = {
  readonly record: CertificateRecord;
  readonly signature: Bytes;
  readonly founding: FoundingFacts;
};

export async function readFoundingFile(
  { policy, clock, random, issuers }: Pick<World, 'policy' | 'clock' | 'random' | 'issuers'>,
  { ceremony, verify }: FoundingFile,
): Promise<Result<FoundingRegistration, string>> {
  const verified = verify();
  if (!verified.ok) return verified;
  const { step, certificate, request, planSha256, policyDigest } = verified.value;
  const parsed = parseIssuerId(step.issuer);
  const issuer = parsed.ok ? issuers.byId(parsed.value.id) : null;
  if (issuer === null) return err(`the home folder has no certificate of ${step.issuer}`);
  const read = readCertificate(certificate);
  if (!read.ok) return err(read.error.rule);
  const { tbs, signature } = read.value;
  if (!isSignedBy(read.value, issuer.spki)) return err(`not signed with the key of ${issuer.id}`);
  const now = tbs.notBefore.at;
  const vetted = await vetFounding(policy, { order: step, request, issuer, now });
  if (!vetted.ok) return err(describeFailure(vetted.error));
  if (!isAsOrdered(vetted.value, issuer, read.value))
    return err('not the certificate that the policy makes of the plan of its ceremony');
  const { plan } = vetted.value;
  const facts = {
    issuer: issuer.id,
    serial: tbs.serial,
    profile: plan.profile.id,
    policyDigest,
    tbs: tbs.der,
    notBefore: tbs.notBefore.at,
    notAfter: tbs.notAfter.at,
    holderId: plan.holderId,
    structureId: plan.structureId,
    ...keyFacts(tbs.spki),
    crlPartition: plan.crlPartition,
  };
  const asked = { ...orderFacts(orderOf(step)), accountId: 'system', ...WITHOUT_REQUEST };
  const record = openIntent(facts, asked, { at: clock(), run: null, random });
  return ok({ record, signature, founding: { ceremony, planSha256, account: step.account ?? null } });
}
