/**
 * Issuance of one certificate, or of all certificates of a card: all or none. The steps run in this
 * order, and a failure of any step leaves nothing incomplete.
 *
 *   access        may this account ask for this?
 *   renewal       is the certificate to be renewed issued, and its renewal window open?
 *   vet           proof of possession, key, policy
 *   prepare       to-be-signed bytes, linted by the independent parser -> token
 *   signer        no serial number is used while the signer is known to be unavailable
 *   reserve       one transaction (`reserve.ts`): idempotency claim, revoked CAs, clashes of keys
 *                 and cards, renewed certificate, duplicates, serial numbers and bytes (`open`),
 *                 audit intents
 *   finish        signatures by the hierarchy's signer, verified; one transaction
 *                 (`store-signatures.ts`): signatures, status, audit results, idempotency result
 *
 * A key that was used before is found by its claim, and the request gets the result of then, as it
 * is now. If a step up to the reservation fails, the key is looked for before the failure is
 * returned, so that such a request gets its result although it would not succeed any more. Other
 * requests do not pay for the look-up.
 *
 * Simultaneous requests share their transactions.
 *
 * Intents that are still `open` after a crash or an outage are finished by `recover.ts` with the
 * same bytes, or abandoned as revoked.
 */
import { accountFault, isCounted } from '../../access/account.js';
import { decideAccess, domainsOf } from '../../access/decide.js';
import type { SelfPrincipal } from '../../access/principal.js';
import type { Action } from '../../access/roles.js';
import { accountActor, certificateActor, registrationActor } from '../../audit/actors.js';
import { orderFacts, type RequestFacts } from '../../issuance/intent.js';
import { type Application, proveApplication, type VettedRequest, vet } from '../../issuance/prepare.js';
import { present } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { IssuancePurpose } from '../../policy/card-policy.js';
import type { CertificateOrder } from '../../policy/model.js';
import { holderIdOf } from '../../policy/plan/plan.js';
import type { SignerUnavailable } from '../../ports/signer.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import { fault, text, violation } from '../../texts/text.js';
import { clockWrong } from '../clock.js';
import type { NewCmpIntent } from '../cmp/reserve-transactions.js';
import type { OperationFailure } from '../failures.js';
import type { LeasedLine } from '../orders/lines/line-states.js';
import { usableProfiles } from '../read.js';
import type { NewUpdate } from '../updates/reserve-updates.js';
import type { World } from '../world.js';
import { resultOf, unlessDoneBefore } from './earlier-result.js';
import { finishIntents, type NotSigned, whileUnderWay } from './finish-intents.js';
import { paceCaps } from './pace.js';
import { type EnrolledCertificate, type Intent, prepareIntent } from './prepare-intent.js';
import { decideRenewal } from './renewal.js';
import { DECIDE_ONLY, RESERVE_INTENTS, type Reservation } from './reserve.js';
import { holderSigner } from './sign-intent.js';

export type IssueCommand = {
  readonly account: Account;
  readonly applications: readonly Application[];
  /** null: the request came without an Idempotency-Key. */
  readonly idempotency: ClaimRequest | null;
  /** The certificates that the applications renew, in their order; left out: none. */
  readonly renews?: readonly CertificateRecord[];
  /** The certificate that asks for its own renewal; left out: the account asks. */
  readonly self?: SelfPrincipal;
  /** The line of an order that asks for the certificates; left out: a request of the API does. */
  readonly line?: LeasedLine;
  /**
   * The registration whose profiles are used. `acts`: it has proved its secret and asks itself,
   * with the rights of its account; otherwise the account asks. Left out: none is used.
   */
  readonly registration?: { readonly id: string; readonly acts: boolean };
  /** The remote update that asks: its certificates become `pending`. Left out: none asks. */
  readonly update?: NewUpdate;
  /** The transaction of CMP that asks, whose client may have to confirm. Left out: none. */
  readonly cmp?: NewCmpIntent;
};

/**
 * Returns the records in the order of the applications. For an idempotency key that was used before
 * it returns their present state, so that a client that retries after a crash does not take a
 * certificate for good that was revoked in the meantime. For a line of an order it returns the
 * certificates of another request where all of them exist already.
 */
export async function issueCertificates(
  world: World,
  command: IssueCommand,
): Promise<Result<Records, OperationFailure>> {
  const issued = await issue(world, command);
  return issued.ok ? ok(issued.value.records) : issued;
}

/** As `issueCertificates`, for the one application of a request by EST or CMP. */
export async function issueEnrolled(
  world: World,
  command: IssueCommand,
): Promise<Result<EnrolledCertificate, OperationFailure>> {
  const issued = await issue(world, command);
  if (!issued.ok) return issued;
  const [record] = issued.value.records;
  if (record === undefined) return err({ kind: 'internal-error', message: text('no-certificate-made') });
  return ok({ record, modifications: modificationsOf(issued.value.intents) });
}

const modificationsOf = ([only]: readonly Intent[]) => only?.enrolment?.modifications ?? [];

type Records = readonly CertificateRecord[];

/** `intents`: none where the result is that of an earlier request and this one would fail. */
type IssuanceResult = { readonly records: Records; readonly intents: readonly Intent[] };

async function issue(world: World, command: IssueCommand): Promise<Result<IssuanceResult, OperationFailure>> {
  const permitted = checkAccess(world, command);
  if (!permitted.ok) return permitted;
  const prepared = await prepareRequest(world, command);
  const intents = prepared.ok ? prepared.value : [];
  const records = prepared.ok
    ? await issueIntents(world, command, intents)
    : await unlessDoneBefore(world, command.idempotency, prepared.error);
  return records.ok ? ok({ records: records.value, intents }) : records;
}

async function issueIntents(
  world: World,
  command: IssueCommand,
  intents: readonly Intent[],
): Promise<Result<Records, OperationFailure>> {
  const unavailable = findUnavailableSigner(world, intents);
  if (unavailable !== null) return unlessDoneBefore(world, command.idempotency, unavailable);
  return whileUnderWay(world, intents, async () => {
    const reserved = await reserve(world, command, intents);
    if (!reserved.ok) return reserved;
    return reserved.value === null ? finish(world, command, intents) : ok(reserved.value);
  });
}

/**
 * What would become of a request, which is checked like any other up to the lint, with serial
 * numbers that are thrown away. Nothing is stored or signed. `foreseenFor` returns certificates
 * that would exist by now and have the cards or keys of these. `duplicates` null: the records would
 * be issued.
 */
export async function foreseeIssuance(
  world: World,
  command: IssueCommand,
  foreseenFor: (records: Records) => Promise<Result<Records, StoreFailure>>,
): Promise<Result<{ readonly records: Records; readonly duplicates: Records | null }, OperationFailure>> {
  const permitted = checkAccess(world, command);
  if (!permitted.ok) return permitted;
  const intents = await prepareRequest(world, command);
  if (!intents.ok) return intents;
  const reservation = reservationOf(world, command, intents.value);
  const { records } = reservation;
  const foreseen = await foreseenFor(records);
  if (!foreseen.ok) return foreseen;
  const decided = await world.store.groupedRead(DECIDE_ONLY, { ...reservation, foreseen: foreseen.value });
  if (!decided.ok) return decided;
  switch (decided.value.kind) {
    case 'reserved':
      return ok({ records, duplicates: null });
    case 'duplicate':
      return ok({ records, duplicates: decided.value.certificates });
    case 'refused':
      return err(decided.value.clash);
    case 'in-progress':
      return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
  }
}

/** From applications to linted bytes. */
async function prepareRequest(
  world: World,
  command: IssueCommand,
): Promise<Result<readonly Intent[], OperationFailure>> {
  for (const old of command.renews ?? []) {
    const renewable = decideRenewal(world, old);
    if (!renewable.ok) return renewable;
  }
  const vetted = await vetAll(world, command);
  return vetted.ok ? prepareAll(world, command, vetted.value) : vetted;
}

function checkAccess(
  world: World,
  { account, applications, ...command }: IssueCommand,
): Result<void, OperationFailure> {
  const action = actionOf(command);
  const ended = accountFault(account, world.clock());
  if (ended !== null) return err({ kind: 'not-permitted', ...ended });
  for (const { order } of applications) {
    const { holder } = order;
    const profile = world.policy.profiles.has(order.profile) ? order.profile : null;
    const structureId = 'structure' in holder ? holder.structure.id : null;
    const subject = { profile, structureId, domains: domainsOf(holder), holderId: holderIdOf(holder) };
    const decision = decideAccess(account, action, subject);
    if (!decision.ok) return decision;
  }
  return ok(undefined);
}

function actionOf({ renews, update, registration }: Omit<IssueCommand, 'account' | 'applications'>): Action {
  if (registration?.acts === true) return 'register';
  if (update !== undefined) return 'update-card';
  return renews === undefined ? 'issue' : 'renew';
}

/** Verifies the proofs of all applications in parallel. */
async function vetAll(
  world: World,
  command: IssueCommand,
): Promise<Result<readonly VettedRequest[], OperationFailure>> {
  const { account, applications } = command;
  const now = world.clock();
  const purpose = purposeOf(command);
  const outcomes = await Promise.all(
    applications.map(async (application): Promise<Result<VettedRequest, OperationFailure>> => {
      const { policy } = world;
      const profile = policy.profiles.get(application.order.profile);
      const issuer = profile === undefined ? null : world.issuers.current(profile.authority);
      if (issuer === null) return err(unknownProfile(world, account, application));
      const proven = await proveApplication(application, { policy, now });
      return proven.ok ? vet(proven.value, { policy, issuer, purpose, now }) : proven;
    }),
  );
  const vetted: VettedRequest[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome;
    vetted.push(outcome.value);
  }
  return ok(vetted);
}

function purposeOf({ renews, update }: IssueCommand): IssuancePurpose {
  if (update !== undefined) return 'update';
  return renews === undefined ? 'issue' : 'renewal';
}

function unknownProfile(world: World, account: Account, { order, pointer }: Application): OperationFailure {
  const usable = usableProfiles(world, account).map(({ id }) => id);
  const unknown = violation(`${pointer}/profile`, 'profile-known/here', {
    profile: order.profile,
    usable: usable.length === 0 ? text('none') : usable,
  });
  return { kind: 'policy-violated', violations: [unknown] };
}

function prepareAll(
  world: World,
  command: IssueCommand,
  vetted: readonly VettedRequest[],
): Result<readonly Intent[], OperationFailure> {
  const now = world.clock();
  const intents: Intent[] = [];
  for (const [at, one] of vetted.entries()) {
    const { order } = present(command.applications[at], 'application of a vetted plan');
    const issuer = present(world.issuers.byId(one.plan.issuer), 'issuer of a plan');
    const prepared = prepareIntent(world, one, { issuer, request: factsOf(order, at, command), now });
    if (!prepared.ok) return err({ kind: 'internal-error', message: text('certificate-not-linted') });
    intents.push(prepared.value);
  }
  return ok(intents);
}

function factsOf(order: CertificateOrder, at: number, command: IssueCommand): RequestFacts {
  const { account, applications, idempotency, renews, update, registration, self } = command;
  const old = (update?.replaced ?? renews)?.[at];
  return {
    ...orderFacts(order),
    accountId: account.id,
    claim: idempotency?.claim ?? null,
    renews: old?.id ?? null,
    becomes: update === undefined && (command.cmp?.row.confirmBy ?? null) === null ? 'issued' : 'pending',
    updateId: update?.id ?? null,
    registrationId: registration?.id ?? null,
    protocol: protocolOf(present(applications[at], 'application of an order'), command),
    selfRenewal: self !== undefined,
  };
}

function protocolOf(application: Application, { line, self }: IssueCommand) {
  if ('enrolment' in application && application.enrolment !== undefined) return application.enrolment.protocol;
  if (self?.via === 'est' || self?.via === 'cmp') return self.via;
  return line === undefined ? 'rest' : 'order';
}

function actorOf({ account, registration, self }: IssueCommand): string {
  if (self !== undefined) return certificateActor(self.certificate);
  return registration?.acts === true ? registrationActor(registration.id) : accountActor(account.id);
}

/**
 * While the signer is unavailable no serial number is used: the client retries, and nothing is left
 * behind.
 */
function findUnavailableSigner({ signer }: World, intents: readonly Intent[]): SignerUnavailable | null {
  for (const { issuer, record } of intents) {
    const absence = signer.absence(issuer.id, record.profile);
    if (absence !== null) return absence;
  }
  return null;
}

/**
 * null: reserved. Records: another request with the same idempotency key has finished in the
 * meantime, or they are what a line of an order asks for again.
 */
async function reserve(
  world: World,
  command: IssueCommand,
  intents: readonly Intent[],
): Promise<Result<readonly CertificateRecord[] | null, OperationFailure>> {
  const { store, log } = world;
  const reserved = await store.groupedTransaction(RESERVE_INTENTS, reservationOf(world, command, intents));
  if (!reserved.ok) return unlessDoneBefore(world, command.idempotency, reserved.error);
  switch (reserved.value.kind) {
    case 'reserved':
      return ok(null);
    case 'duplicate':
      return ok(reserved.value.certificates);
    case 'refused':
      return err(reserved.value.clash);
    case 'clock-wrong':
      log.error('clock.wrong', reserved.value.fault);
      return unlessDoneBefore(world, command.idempotency, clockWrong(reserved.value.fault));
    case 'database-unavailable':
      return unlessDoneBefore(world, command.idempotency, reserved.value);
    default:
      return resultOf(store, reserved.value);
  }
}

function reservationOf(
  { clock, run, policy, blockedKeys, requestId }: World,
  command: IssueCommand,
  intents: readonly Intent[],
): Reservation {
  const { idempotency, line, applications, update, registration, cmp } = command;
  return {
    cmp: cmp ?? null,
    claim: idempotency,
    line: line ?? null,
    update: update ?? null,
    registration: registration?.id ?? null,
    applications,
    records: intents.map(({ record }) => record),
    enrolments: intents.map(({ enrolment }) => enrolment),
    paceCaps: line === undefined ? null : paceCaps(policy, profilesOf(intents)),
    quotaOf: isCounted(command.account) ? command.account.id : null,
    actor: actorOf(command),
    requestId,
    now: clock(),
    clock,
    run,
    environment: policy.environment,
    blockedKeys,
  };
}

function profilesOf(intents: readonly Intent[]): readonly string[] {
  return intents.map(({ record }) => record.profile);
}

async function finish(
  world: World,
  command: IssueCommand,
  intents: readonly Intent[],
): Promise<Result<readonly CertificateRecord[], OperationFailure>> {
  const claim = command.idempotency?.claim ?? null;
  const finished = await finishIntents(world, {
    intents,
    signer: holderSigner(world.signer),
    actor: actorOf(command),
    claim,
    onSigned: (record) => command.cmp?.onSigned({ record, modifications: modificationsOf(intents) }),
  });
  if (!finished.ok)
    return err(finished.error.kind === 'not-signed' ? notSigned(world, finished.error) : finished.error);
  if (finished.value !== null) return ok(finished.value);
  world.statusChanged(intents.map(({ record }) => record));
  return err({ kind: 'state-conflict', ...fault('revoked-meanwhile') });
}

function notSigned({ log }: World, { record, reason }: NotSigned): OperationFailure {
  const { id, issuer, serial } = record;
  log.error('signature.missing', { id, issuer, serial, kind: reason.kind, detail: reason.detail });
  if (reason.kind === 'signer-unavailable') return reason;
  return { kind: 'internal-error', message: text('certificate-not-signed') };
}
