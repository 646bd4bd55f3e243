/**
 * The EST operation `csrattrs` (RFC 7030 4.5): it says what a CSR should contain, including what is
 * already known about the caller, such as the names of its holder.
 */
import { encodeCsrAttributes } from '../../est/csr-attributes.js';
import { ok, type Result } from '../../kernel/result.js';
import { knownHolder } from '../../operations/enrolment/known-holder.js';
import { subjectTemplate } from '../../policy/enrolment/known-holder.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import type { HttpFailure } from '../api/problems.js';
import type { EstMessage } from './answer.js';
import { identifyCaller } from './caller.js';
import { chooseProfile } from './profile.js';
import type { EstParts, EstRequest } from './request.js';

export async function answerCsrAttributes(
  parts: EstParts,
  request: EstRequest,
): Promise<Result<EstMessage, HttpFailure>> {
  const { world, label } = request;
  const caller = await identifyCaller(parts, request);
  if (!caller.ok) return caller;
  const principal = caller.value;
  const chosen = chooseProfile(world, { label, principal });
  if (!chosen.ok) return chosen;
  const { profile } = chosen.value;
  const known = await knownHolder(world, principal, profile);
  if (!known.ok) return known;
  const keyTypes = allowedKeyTypes(world.policy, profile, world.clock());
  const subject = subjectTemplate(profile, known.value);
  const der = encodeCsrAttributes({ subject, profile, keyTypes, known: known.value });
  return ok({ type: 'application/csrattrs', der });
}
