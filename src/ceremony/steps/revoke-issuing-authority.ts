import type { Bytes } from '../../kernel/bytes.js';
import { formatInstant, parseInstant, toSecond } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { LaterStepOf } from '../plan/later-steps.js';
import type { StepContext, StepHandler } from './kind.js';
import { isSignedBy } from './shared/certify.js';
import { issuerAtHome } from './shared/issuers.js';
import {
  encodeRevocation,
  NOT_AS_PLANNED,
  plannedRevocation,
  type Revocation,
  readRevocation,
} from './shared/revocations.js';

type Revoke = LaterStepOf<'revoke-issuing-authority'>;

/** Decides, and signs nothing: the root's next list, a later step of the same plan, carries what is written here. */
export const revokeIssuingAuthority: StepHandler<Revoke> = {
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const certificate = await certificateOf(context, step);
    if (!certificate.ok) return certificate;
    const read = readRevocation(content, step, certificate.value);
    if (read === null) return err({ kind: 'artefact-wrong', artefact: same(step.output), detail: NOT_AS_PLANNED });
    const { authority, serial, certificateSha256, reason, revokedAt } = read;
    return ok({
      ...{ artefact: step.output, sha256: sha256Hex(content) },
      ...{ authority, revokedBy: step.issuer, serial, certificateSha256, reason },
      revokedAt: formatInstant(revokedAt),
      invalidityDate: step.invalidityDate ?? null,
    });
  },
  async make(context, step) {
    const { world } = context;
    const certificate = await certificateOf(context, step);
    if (!certificate.ok) return certificate;
    const now = toSecond(world.clock());
    const revokedAt = (step.revokedAt === undefined ? null : parseInstant(step.revokedAt)) ?? now;
    if (revokedAt > now)
      return err({
        kind: 'artefact-wrong',
        artefact: same(step.output),
        detail: {
          fr: `révoquée le ${formatInstant(revokedAt)}, et il est ${formatInstant(now)}`,
          en: `revoked at ${formatInstant(revokedAt)}, and it is ${formatInstant(now)}`,
        },
      });
    const revocation: Revocation = { ...plannedRevocation(step), ...certificate.value, revokedAt };
    await world.files.create(step.output, encodeRevocation(revocation));
    return ok(undefined);
  },
};

/** The certificate at home, which this root must have signed. */
async function certificateOf(
  context: StepContext,
  { authority, issuer }: Revoke,
): Promise<Result<Pick<Revocation, 'serial' | 'certificateSha256'>, StepFailure>> {
  const path = `authorities/${authority}.cer`;
  const der: Bytes | null = await context.world.files.read(path);
  if (der === null) return err({ kind: 'missing', what: same(path) });
  const root = await issuerAtHome(context, issuer);
  if (!root.ok) return root;
  const read = readCertificate(der);
  if (!read.ok || !isSignedBy(read.value, root.value.spki)) {
    const detail = { fr: `pas signé avec la clé de ${issuer}`, en: `not signed with the key of ${issuer}` };
    return err({ kind: 'artefact-wrong', artefact: same(path), detail });
  }
  return ok({ serial: read.value.tbs.serial, certificateSha256: sha256Hex(der) });
}
