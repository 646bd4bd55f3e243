/**
 * Handlers of the policy in force, and of its differences from the policy of the other environment.
 */
import { decideAccess } from '../../../access/decide.js';
import { instantOrNull } from '../../../kernel/clock.js';
import { ok } from '../../../kernel/result.js';
import { type PolicyException, readPolicy } from '../../../operations/policy/read-policy.js';
import { profileNow } from '../../../operations/read.js';
import type { Handler } from '../handler.js';
import { renderProfile } from '../render.js';

export const getPolicy: Handler = async ({ world }, { account }) => {
  const read = readPolicy(world, account);
  if (!read.ok) return read;
  const { digest, mark, profiles, exceptions, codeLists } = read.value;
  return ok({
    digest,
    environment: mark,
    profiles: profiles.map((profile) => renderProfile(profileNow(world, profile))),
    exceptions: exceptions.map(renderException),
    codeLists,
  });
};

function renderException({ until, ...exception }: PolicyException) {
  return { ...exception, until: instantOrNull(until) };
}

export const getPolicyDifferences: Handler = async ({ otherEnvironment }, { account }) => {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  const compared = otherEnvironment.differences();
  const changes = compared.ok ? compared.value : [];
  return ok({
    environment: otherEnvironment.name,
    changes: changes.map(({ fr, en, ...change }) => ({ ...change, text: { fr, en } })),
    faults: compared.ok ? [] : compared.error,
  });
};
