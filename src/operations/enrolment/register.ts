/**
 * Registers what one holder may be issued: everything but the key is checked as for a certificate,
 * and recorded with a public reference and a secret. Issuance repeats these checks when the
 * registration is used.
 */
import { decideAccess, domainsOf } from '../../access/decide.js';
import { newestKeyId, REFERENCE_OCTETS } from '../../access/registration-keys.js';
import { accountActor } from '../../audit/actors.js';
import { causedBy } from '../../audit/entry.js';
import type { AuditEvent } from '../../audit/events.js';
import { evidenceOf, recordIdFrom } from '../../issuance/intent.js';
import { present } from '../../kernel/assert.js';
import { toBase32 } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { HOUR_MS } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CertificateOrder } from '../../policy/model.js';
import { isOwnSigner } from '../../policy/own-signers.js';
import { holderIdOf, violationsBesideKey } from '../../policy/plan/plan.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Transaction } from '../../ports/store.js';
import { text, type Violation, violation } from '../../texts/text.js';
import { claimOnce } from '../claim-once.js';
import type { OperationFailure } from '../failures.js';
import { usableProfiles } from '../read.js';
import type { World } from '../world.js';
import { registrationSecret } from './registration-secret.js';

export type RegisterCommand = {
  readonly account: Account;
  readonly profiles: readonly string[];
  readonly order: Omit<CertificateOrder, 'profile' | 'container'>;
  /** null: the policy's default. */
  readonly expiresAt: Instant | null;
  readonly idempotency: ClaimRequest | null;
};

/** `secret` null: a newer one was made since, or its key was lost. */
type RegistrationWithSecret = { readonly registration: Registration; readonly secret: string | null };

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/**
 * Returns the registration and its secret. A repetition under the same idempotency key returns both
 * as they are now.
 */
export async function register(world: World, command: RegisterCommand): Outcome<RegistrationWithSecret> {
  const { account, profiles, order } = command;
  for (const profile of profiles) {
    const permitted = decideAccess(account, 'register', subjectOf(world, profile, order));
    if (!permitted.ok) return permitted;
  }
  const violations = violationsOf(world, command);
  if (violations.length > 0) return err({ kind: 'policy-violated', violations });
  const registered = await world.store.transaction((tx) => store(world, tx, command));
  if (!registered.ok) return registered;
  if (!registered.value.ok) return registered.value;
  const registration = registered.value.value;
  const secret = registration.secretGeneration === 1 ? registrationSecret(world.registrationKeys, registration) : null;
  return ok({ registration, secret });
}

function subjectOf({ policy }: World, id: string, { holder }: RegisterCommand['order']) {
  const profile = policy.profiles.has(id) ? id : null;
  const structureId = 'structure' in holder ? holder.structure.id : null;
  return { profile, structureId, domains: domainsOf(holder), holderId: holderIdOf(holder) };
}

/** All violations at once; what is wrong with the holder is said once for all profiles. */
function violationsOf(world: World, { account, profiles, order, expiresAt }: RegisterCommand): readonly Violation[] {
  const now = world.clock();
  const violations: Violation[] = [...endViolations(world, expiresAt, now)];
  for (const [at, id] of profiles.entries()) {
    const pointer = `/profiles/${at}`;
    const profile = world.policy.profiles.get(id);
    const issuer = profile === undefined ? null : world.issuers.current(profile.authority);
    if (profile === undefined || issuer === null || isOwnSigner(profile.holder)) {
      const usable = usableProfiles(world, account).map((one) => one.id);
      violations.push(
        violation(pointer, 'profile-known/here', { profile: id, usable: usable.length === 0 ? text('none') : usable }),
      );
      continue;
    }
    if (profiles.indexOf(id) < at) violations.push(violation(pointer, 'registration-profiles-differ', { profile: id }));
    const found = violationsBesideKey({ policy: world.policy, profile, order: { ...order, profile: id }, issuer, now });
    for (const one of found)
      violations.push(one.pointer === '/profile' || one.pointer === '' ? { ...one, pointer } : one);
  }
  const byText = new Map(violations.map((one) => [JSON.stringify([one.pointer, one.rule, one.message]), one]));
  return [...byText.values()];
}

function endViolations({ policy }: World, expiresAt: Instant | null, now: Instant): readonly Violation[] {
  const latest = now + policy.environment.enrolment.registrationLifeMsMax;
  if (expiresAt === null || (expiresAt > now && expiresAt <= latest)) return [];
  return [violation('/expiresAt', 'registration-expires', { latest: formatInstant(latest) })];
}

async function store(world: World, tx: Transaction, command: RegisterCommand): Outcome<Registration> {
  const { account, idempotency } = command;
  const now = world.clock();
  const max = LIMITS.openRegistrationsPerAccountMax;
  return claimOnce(tx, {
    idempotency,
    now,
    find: tx.registration,
    store: async () => {
      const open = await tx.countOpenRegistrations(account.id, max);
      if (open >= max)
        return err({ kind: 'quota-exceeded', retryAfterMs: HOUR_MS, message: text('registrations-open', { max }) });
      const registration = newRegistration(world, command, now);
      await tx.insertRegistration(registration);
      await tx.appendAudit([createdEvent(world, registration)]);
      return ok(registration);
    },
  });
}

function newRegistration(world: World, command: RegisterCommand, now: Instant): Registration {
  const { registrationKeys, random, policy } = world;
  const { account, profiles, order, expiresAt } = command;
  const { holder, card, identity, keyOrigin, validity } = order;
  return {
    id: recordIdFrom(now, random(10)),
    reference: toBase32(random(REFERENCE_OCTETS)),
    accountId: account.id,
    secretKey: present(newestKeyId(registrationKeys) ?? undefined, 'a key for the secrets of registrations'),
    secretGeneration: 1,
    state: 'open',
    stateAt: now,
    returned: 0,
    givenUp: 0,
    holder: holder as unknown as Json,
    card: card as unknown as Json,
    identity: identity as unknown as Json,
    holderId: holderIdOf(holder),
    structureId: 'structure' in holder ? holder.structure.id : null,
    domains: domainsOf(holder),
    keyOrigin,
    validity,
    expiresAt: expiresAt ?? now + policy.environment.enrolment.registrationLifeMs,
    createdAt: now,
    erasedAt: null,
    uses: profiles.map((profile) => ({ profile, certificateId: null })),
  };
}

function createdEvent({ requestId }: World, registration: Registration): AuditEvent {
  const { id, accountId, uses, holderId, structureId, card, identity, keyOrigin, expiresAt, createdAt } = registration;
  const onCard = card as unknown as CertificateOrder['card'];
  return causedBy(requestId, {
    at: createdAt,
    type: 'registration.created',
    actor: accountActor(accountId),
    details: {
      id,
      account: accountId,
      profiles: uses.map(({ profile }) => profile),
      holder: present(holderId ?? undefined, 'the holder of a new registration'),
      structure: structureId,
      card: onCard?.tokenId ?? null,
      ...evidenceOf(identity),
      keyOrigin,
      expiresAt,
    },
  });
}
