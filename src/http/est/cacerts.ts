/** `cacerts` (RFC 7030 4.1): the certificates of the CAs, for anybody. */
import { err, ok, type Result } from '../../kernel/result.js';
import { certsOnlyMessage } from '../../x509/certificate/chain.js';
import type { HttpFailure } from '../api/problems.js';
import type { EstMessage } from './answer.js';
import { openProfiles, unknownLabel } from './profile.js';
import type { EstParts, EstRequest } from './request.js';

/**
 * The current CA of the profile and its chain up to the root; without a label, those of all
 * profiles that EST may enrol. Roots have one generation, so there are no link certificates (RFC
 * 7030 4.1.3).
 */
export async function answerCaCertificates(
  _parts: EstParts,
  { world, label }: EstRequest,
): Promise<Result<EstMessage, HttpFailure>> {
  const open = openProfiles(world);
  const profiles = label === null ? open : open.filter((profile) => profile.label === label);
  if (profiles.length === 0) return err(unknownLabel(label, open));
  const issuers = new Set(profiles.map(({ issuer }) => issuer));
  // The root of several CAs is one object.
  const certificates = new Set([...issuers].flatMap(({ id }) => world.issuers.chain(id)));
  return ok({ type: 'application/pkcs7-mime', der: certsOnlyMessage([...certificates]) });
}
