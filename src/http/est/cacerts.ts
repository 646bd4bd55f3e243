/** The EST operation `cacerts` (RFC 7030 4.1): it returns CA certificates to any client. */
import { err, ok, type Result } from '../../kernel/result.js';
import { certsOnlyMessage } from '../../x509/certificate/chain.js';
import type { HttpFailure } from '../api/problems.js';
import type { EstMessage } from './answer.js';
import { openProfiles, unknownLabel } from './profile.js';
import type { EstParts, EstRequest } from './request.js';

/**
 * Returns the current CA of the profile and its chain up to the root; without a label, the CAs and
 * chains of all profiles that EST may enrol. A root has only one generation, so there are no
 * certificates that link an old root to a new one (RFC 7030 4.1.3).
 */
export async function answerCaCertificates(
  _parts: EstParts,
  { world, label }: EstRequest,
): Promise<Result<EstMessage, HttpFailure>> {
  const open = openProfiles(world);
  const profiles = label === null ? open : open.filter((profile) => profile.label === label);
  if (profiles.length === 0) return err(unknownLabel(label, open));
  const issuers = new Set(profiles.map(({ issuer }) => issuer));
  // Several CAs have the same root. It is the same object in each chain, so the set contains it
  // once.
  const certificates = new Set([...issuers].flatMap(({ id }) => world.issuers.chain(id)));
  return ok({ type: 'application/pkcs7-mime', der: certsOnlyMessage([...certificates]) });
}
