/**
 * Writes and reads the decisions to revoke issuing CAs, each in a file of its own. The next list of
 * their root is made from them.
 */
import { untranslated } from '../../../kernel/bilingual.js';
import { type Bytes, utf8 } from '../../../kernel/bytes.js';
import { formatInstant, type Instant, instantOrNull, parseInstant } from '../../../kernel/clock.js';
import { canonicalJson } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { formatName } from '../../../x509/certificate/name-reader.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import type { StepOf } from '../../plan/model.js';
import type { StepContext } from '../kind.js';
import type { RevokedAuthority } from './crl-record.js';
import { issuerCertificateFile } from './line-facts.js';

export type Revocation = {
  readonly authority: string;
  readonly issuer: string;
  readonly serial: string;
  readonly certificateSha256: string;
  readonly reason: StepOf<'revoke-issuing-authority'>['reason'];
  readonly revokedAt: Instant;
  readonly invalidityDate: Instant | null;
};

export function encodeRevocation({ revokedAt, invalidityDate, ...rest }: Revocation): Bytes {
  const dates = {
    revokedAt: formatInstant(revokedAt),
    invalidityDate: instantOrNull(invalidityDate),
  };
  return utf8(`${canonicalJson({ ...rest, ...dates })}\n`);
}

/** Reads what `encodeRevocation` wrote for this step; null: the bytes differ. */
export function readRevocation(
  content: Bytes,
  step: StepOf<'revoke-issuing-authority'>,
  certificate: Pick<Revocation, 'serial' | 'certificateSha256'>,
): Revocation | null {
  const text = new TextDecoder().decode(content);
  const revokedAt = parseInstant(/"revokedAt":"([^"]*)"/.exec(text)?.[1] ?? '');
  if (revokedAt === null || (step.revokedAt !== undefined && parseInstant(step.revokedAt) !== revokedAt)) return null;
  const revocation = { ...plannedRevocation(step), ...certificate, revokedAt };
  return new TextDecoder().decode(encodeRevocation(revocation)) === text ? revocation : null;
}

/** Returns the part of a decision that the plan states. */
export function plannedRevocation({
  authority,
  issuer,
  reason,
  invalidityDate,
}: StepOf<'revoke-issuing-authority'>): Omit<Revocation, 'serial' | 'certificateSha256' | 'revokedAt'> {
  return {
    authority,
    issuer,
    reason,
    invalidityDate: invalidityDate === undefined ? null : parseInstant(invalidityDate),
  };
}

/**
 * Reads the decisions of the steps before this list, from their files, for the root that signs it.
 */
export async function revocationsFor(
  { world, plan }: StepContext,
  list: StepOf<'sign-crl'>,
): Promise<Result<readonly RevokedAuthority[], StepFailure>> {
  const revoked: RevokedAuthority[] = [];
  for (const step of plan.steps.slice(0, plan.steps.indexOf(list))) {
    if (step.do !== 'revoke-issuing-authority' || step.issuer !== list.issuer) continue;
    const content = await world.files.read(step.output);
    if (content === null) return missingFile(step.output);
    const { serial = '', certificateSha256 = '' } = JSON.parse(
      new TextDecoder().decode(content),
    ) as Partial<Revocation>;
    const read = readRevocation(content, step, { serial, certificateSha256 });
    if (read === null) return wrongFile(step.output, NOT_AS_PLANNED);
    const { authority, reason, revokedAt, invalidityDate } = read;
    const name = await subjectOf(world, issuerCertificateFile(authority));
    if (!name.ok) return name;
    revoked.push({ authority, name: name.value, entry: { serial, at: revokedAt, reason, invalidityDate } });
  }
  return ok(revoked);
}

async function subjectOf({ files }: StepContext['world'], path: string): Promise<Result<string, StepFailure>> {
  const der = await files.read(path);
  if (der === null) return missingFile(path);
  const read = readCertificate(der);
  return read.ok ? ok(formatName(read.value.tbs.subject)) : wrongFile(path, untranslated(read.error.rule));
}

export const NOT_AS_PLANNED = {
  fr: "ce n'est pas la révocation prévue par le plan",
  en: 'not the revocation that the plan requires',
};
