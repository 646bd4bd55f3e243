/** Answers general messages (RFC 9483 4.3): reads, which need no transaction. */
import type { Principal } from '../../access/principal.js';
import { answerInformation } from '../../cmp/info-types/all.js';
import type { InfoContext } from '../../cmp/info-types/info-type.js';
import type { CmpFault, InfoTypeAndValue } from '../../cmp/model.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ProfileId } from '../../policy/model.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { knownHolder } from '../enrolment/known-holder.js';
import type { World } from '../world.js';

type InformationRequest = {
  readonly principal: Principal;
  /** null: neither the request nor its sender says which one is meant. */
  readonly profile: ProfileId | null;
  /** The items of genm. */
  readonly items: readonly InfoTypeAndValue[];
};

/** Returns the items of genp. */
export async function inform(
  world: World,
  { principal, profile, items }: InformationRequest,
): Promise<Result<readonly InfoTypeAndValue[], CmpFault | StoreFailure>> {
  const about = await aboutProfile(world, principal, profile);
  if (!about.ok) return about;
  const { policy, issuers, clock, publishedLists } = world;
  return answerInformation(items, {
    policy,
    issuers: issuers.all(),
    links: issuers.links(),
    now: clock(),
    about: about.value,
    findList: publishedLists.find,
  });
}

async function aboutProfile(
  world: World,
  principal: Principal,
  id: ProfileId | null,
): Promise<Result<InfoContext['about'], StoreFailure>> {
  const profile = id === null ? undefined : world.policy.profiles.get(id);
  const issuer = profile === undefined ? null : world.issuers.current(profile.authority);
  if (profile === undefined || issuer === null) return ok(null);
  const known = await knownHolder(world, principal, profile);
  return known.ok ? ok({ profile, issuer, known: known.value }) : known;
}
