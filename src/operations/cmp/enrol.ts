/**
 * ir, cr, p10cr and kur: from the first message of a transaction, or from the stored one when its
 * client polls, to an intent and its certificate. The decisions about holder and rights are those
 * of `src/operations/enrolment`.
 */
import { accountFault, networkFault } from '../../access/account.js';
import { profileInScope } from '../../access/decide.js';
import type { Principal } from '../../access/principal.js';
import { OID } from '../../asn1/oids.js';
import type { CmpFault, PkiMessage } from '../../cmp/model.js';
import { bodyFault } from '../../cmp/status-info.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { Profile } from '../../policy/model.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpKind, CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Reads } from '../../ports/store.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { enrol, openProfile } from '../enrolment/enrol.js';
import { renewSelf } from '../enrolment/renew-self.js';
import type { OperationFailure } from '../failures.js';
import type { EnrolledCertificate } from '../issuance/prepare-intent.js';
import type { World } from '../world.js';
import { certificateAnswer, certificateOf } from './answers.js';
import { readCertificateRequest } from './certificate-request.js';
import type { CmpExchange, CmpOrigin, CmpSituation } from './exchange.js';
import { faultOfFailure, meaningOf } from './fail-infos.js';
import type { NewCmpIntent } from './reserve-transactions.js';
import { answeredRow, confirmWithinMs, intendedRow, newRow, OPEN_MAX, refusedRow, waitingRow } from './rows.js';

/** `fault`: an error that begins no transaction. */
type BeginResult = Result<CmpSituation, CmpFault | StoreFailure>;

/** The first message of a transaction. */
export async function beginEnrolment(world: World, exchange: CmpExchange): Promise<BeginResult> {
  const { principal, message, origin } = exchange;
  // Each encryption of a certificate gives other octets, so that its answer cannot be expected.
  const onSigned = (situation: CmpSituation) => {
    if (!situation.row.encrypted) exchange.expect(certificateAnswer(world, exchange, situation));
  };
  // A transaction with this id that begins at the same time is found by the reservation.
  if (exchange.isKnown) return err(IN_USE);
  const openMax = OPEN_MAX[isForSuite(world.policy.profiles.get(exchange.profile ?? '')) ? 'account' : principal.kind];
  const kind = message.bodyKind as CmpKind;
  const profile = chooseProfile(world, exchange);
  if (!profile.ok) {
    const row = newRow(exchange, { kind, profile: exchange.profile });
    return refuse(world, { row, isNew: true }, profile.error);
  }
  const row = newRow(exchange, { kind, profile: profile.value });
  if (present(exchange.open, 'the count for a first message') >= openMax) {
    const text = `The client has ${openMax} transactions that have not ended: confirm or reject them first.`;
    return refuse(world, { row, isNew: true }, bodyFault('systemFailure', text));
  }
  return request(world, { principal, message, origin, onSigned }, { row, isNew: true });
}

/** The transactionID of a first message has to be new. */
export const IN_USE: CmpFault = {
  failInfo: 'transactionIdInUse',
  text: ['The transactionID was used before: choose another one for another request.'],
  at: 'error',
};

/**
 * The stored request is run once more, from the access rules on. `exchange`: of the message that
 * asks for its result.
 */
export async function continueEnrolment(
  world: World,
  { principal, origin }: Pick<CmpExchange, 'principal' | 'origin'>,
  stored: { readonly row: CmpTransaction; readonly message: PkiMessage },
): Promise<BeginResult> {
  const { row, message } = stored;
  // The answer is read from the database afterwards (`poll.ts`).
  return request(world, { principal, message, origin, onSigned: () => undefined }, { row, isNew: false });
}

type StoredRequest = Pick<CmpExchange, 'principal' | 'message' | 'origin'> & {
  /** Called before the certificate is stored, with what is stored then. */
  readonly onSigned: (situation: CmpSituation) => void;
};
type Place = { readonly row: CmpTransaction; readonly isNew: boolean };

async function request(world: World, asked: StoredRequest, place: Place): Promise<BeginResult> {
  const issued = await issueInTime(world, asked, place);
  if (issued === 'late') return wait(world, asked, place);
  if (issued.ok) return issued;
  const { error } = issued;
  if (error.kind === 'fault') return refuse(world, place, error.fault);
  const { failure } = error;
  if (failure.kind === 'database-unavailable') return err(failure);
  if (meaningOf(failure) === 'waiting') return wait(world, asked, place);
  return refuse(world, place, faultOfFailure(failure));
}

type IssuedSituation = CmpSituation & { readonly record: CertificateRecord };

type NotIssued =
  | { readonly kind: 'fault'; readonly fault: CmpFault }
  | { readonly kind: 'failure'; readonly failure: OperationFailure };

/**
 * `late`: the client is told to poll. The issuance goes on and keeps the admission slot of its
 * request, and what becomes of it is stored, as if the client had waited. No answer shows how it
 * ends, so the log does.
 */
async function issueInTime(
  world: World,
  asked: StoredRequest,
  place: Place,
): Promise<Result<IssuedSituation, NotIssued> | 'late'> {
  const patience = world.cmpParts.patience();
  const issuing = issue(world, asked, place);
  const issued = await Promise.race([issuing, patience.over.then(() => 'late' as const)]);
  patience.end();
  if (issued === 'late') asked.origin.goesOn(noteEnd(world, issuing, place.row));
  return issued;
}

async function noteEnd(
  { log }: World,
  issuing: ReturnType<typeof issue>,
  { principal, transactionId }: CmpTransaction,
): Promise<void> {
  const about = { principal, transaction: transactionId };
  try {
    const issued = await issuing;
    if (issued.ok) log.info('cmp.issued-late', { ...about, id: issued.value.record.id });
    else log.info('cmp.not-issued-late', { ...about, reason: reasonOf(issued.error) });
  } catch (error) {
    log.error('cmp.late-fault', { ...about, detail: String(error) });
  }
}

function reasonOf(notIssued: NotIssued): string {
  return notIssued.kind === 'fault' ? notIssued.fault.failInfo : notIssued.failure.kind;
}

async function issue(
  world: World,
  { principal, message, origin, onSigned }: StoredRequest,
  { row: begun, isNew }: Place,
): Promise<Result<IssuedSituation, NotIssued>> {
  const open = openForCmp(world, principal, begun);
  if (!open.ok) return open;
  const profile = open.value;
  const issuer = world.issuers.current(profile.authority);
  if (issuer === null)
    return notIssued(bodyFault('badRequest', `The CA of ${profile.id} does not issue certificates now.`));
  const isUpdate = begun.kind === 'kur';
  const updated =
    isUpdate && principal.kind === 'self' ? await ownCertificate(world, principal.certificate.id) : ok(null);
  if (!updated.ok) return err({ kind: 'failure', failure: updated.error });
  const read = await readCertificateRequest(message, {
    profile,
    issuer,
    updated: updated.value,
    holderIsKnown: principal.kind === 'registration',
  });
  if (!read.ok) return notIssued(read.error);
  const { key, subject, extensions, validity } = read.value;
  // The confirmation of an encrypted certificate is its proof of possession.
  const encrypted = key.provenBy === 'confirmation';
  const isImplicit = !encrypted && asksImplicitly(message) && profile.enrolment?.implicitConfirm === true;
  const confirmBy = isImplicit ? null : world.clock() + confirmWithinMs(profile);
  const row = { ...begun, implicit: isImplicit, encrypted, confirmBy };
  const situationOf = (enrolled: EnrolledCertificate) => situationAfter(row, enrolled);
  const cmp: NewCmpIntent = { row, isNew, onSigned: (enrolled) => onSigned(situationOf(enrolled)) };
  const asked = {
    protocol: 'cmp',
    request: { key, subject },
    requested: { extensions },
    validity,
    // The row of the transaction shows what is a repetition.
    claim: null,
    cmp,
  } as const;
  if (isUpdate && principal.kind === 'self') {
    return outcomeOf(await renewSelf(world, { ...asked, principal }), situationOf);
  }
  const asking =
    principal.kind === 'self' ? await accountBehind(world, principal.certificate.id, origin) : ok(principal);
  if (!asking.ok) return asking;
  const issued = await enrol(world, { ...asked, principal: asking.value, profile: profile.id });
  return outcomeOf(issued, situationOf);
}

/** The row is known without reading it, because the transactions that issue store it. */
function situationAfter(row: CmpTransaction, { record, modifications }: EnrolledCertificate): IssuedSituation {
  return { row: answeredRow(intendedRow(row, { certificateId: record.id, modifications })), record };
}

function outcomeOf(
  issued: Result<EnrolledCertificate, OperationFailure>,
  situationOf: (enrolled: EnrolledCertificate) => IssuedSituation,
): Result<IssuedSituation, NotIssued> {
  return issued.ok ? ok(situationOf(issued.value)) : err({ kind: 'failure', failure: issued.error });
}

function notIssued(fault: CmpFault): Result<never, NotIssued> {
  return err({ kind: 'fault', fault });
}

/**
 * A certificate that acts for itself may only ask for its update (kur); ir, cr and p10cr ask for
 * certificates of others. Only certificates of a profile for a conformance suite may ask for others
 * of this profile (RFC 9483 4.1.2).
 */
function openForCmp(world: World, principal: Principal, row: CmpTransaction): Result<Profile, NotIssued> {
  const asksForOthers = isForSuite(world.policy.profiles.get(row.profile ?? ''));
  if (principal.kind === 'self' && row.kind !== 'kur' && !asksForOthers)
    return notIssued(
      bodyFault('notAuthorized', 'A certificate that belongs to no account asks for its update only (kur).'),
    );
  const profile = row.profile ?? '';
  const open = openProfile(world, { principal, protocol: 'cmp', profile });
  return open.ok ? open : err({ kind: 'failure', failure: open.error });
}

/**
 * The account that asked for a certificate has to permit what the certificate asks for, from its
 * networks. A certificate that came by a registration asks for its update only.
 */
async function accountBehind(
  { store, clock }: World,
  id: string,
  { address }: CmpOrigin,
): Promise<Result<Principal, NotIssued>> {
  const found = await store.read(async (reads) => {
    const record = present(await reads.certificateById(id), 'the record of a certificate that has authenticated');
    const [account] = await reads.accountsByIds([record.accountId]);
    return { account: present(account, 'the account of a certificate'), isRegistered: record.registrationId !== null };
  });
  if (!found.ok) return err({ kind: 'failure', failure: found.error });
  const { account, isRegistered } = found.value;
  if (isRegistered) {
    const text = 'The certificate came by the secret of a registration, and asks for its update only (kur).';
    return notIssued(bodyFault('notAuthorized', text));
  }
  const broken = accountFault(account, clock()) ?? networkFault(account, address);
  if (broken === null) return ok({ kind: 'account', account });
  return err({ kind: 'failure', failure: { kind: 'not-permitted', ...broken } });
}

async function ownCertificate(world: World, id: string) {
  const found = await world.store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = present(found.value, 'the record of a certificate that has authenticated');
  const view = readCertificate(certificateOf(world, record));
  return ok(present(view.ok ? view.value : null, 'a certificate of ours that can be read'));
}

function asksImplicitly({ header }: PkiMessage): boolean {
  return header.generalInfo.some(({ oid }) => oid === OID.implicitConfirm);
}

/**
 * Stores that the body is refused, unless another message has decided it. A fault that is answered
 * with an error stores nothing.
 */
async function refuse({ store, clock }: World, { row }: Place, fault: CmpFault): Promise<BeginResult> {
  const at = clock();
  const isStored = fault.at === 'body';
  return unlessInUse(
    await store.transaction(async (tx) => {
      const known = await tx.cmpTransaction(row);
      if (known === null ? !isStored : !isSameRequest(known, row)) return null;
      const next = known === null || !isStored ? null : afterRefusal(known, fault, at);
      if (known === null) await tx.insertCmpTransactions([refusedRow(row, fault, at)]);
      else if (next !== null) await tx.changeCmpTransaction(next);
      return situationIn(tx, row);
    }),
  );
}

/** null: the transaction stays as it is. */
function afterRefusal(known: CmpTransaction, fault: CmpFault, at: Instant): CmpTransaction | null {
  if (known.state === 'waiting' && known.certificateId === null) return refusedRow(known, fault, at);
  // Recovery finishes the intent or gives it up, and the client polls for what becomes of it.
  return known.state === 'working' ? { ...known, waitUntil: known.waitUntil ?? at } : null;
}

/**
 * The intent waits for its signer, or the request for its intent: what is stored of it is run again
 * when the client polls.
 */
async function wait({ store, clock, policy }: World, { message }: StoredRequest, { row }: Place): Promise<BeginResult> {
  const { waitMsMax } = policy.environment.enrolment.cmp;
  return unlessInUse(
    await store.transaction(async (tx) => {
      const known = await tx.cmpTransaction(row);
      if (known !== null && !isSameRequest(known, row)) return null;
      const now = clock();
      const request = known?.certificateId == null ? message.octets : null;
      const waiting = waitingRow(known ?? row, { request, waitMsMax, now });
      if (known === null) await tx.insertCmpTransactions([waiting]);
      else if (known.state === 'working' || known.state === 'waiting') await tx.changeCmpTransaction(waiting);
      return situationIn(tx, row);
    }),
  );
}

/**
 * Whether both rows are of one first message. Another message with the same transactionID may have
 * passed the checks before the first one had a row.
 */
function isSameRequest(known: CmpTransaction, row: CmpTransaction): boolean {
  return known.requestSha256 === row.requestSha256;
}

/** null: the transactionID belongs to another message. */
function unlessInUse(found: Result<CmpSituation | null, StoreFailure>): BeginResult {
  if (!found.ok) return found;
  return found.value === null ? err(IN_USE) : ok(found.value);
}

type SituationReads = Pick<Reads, 'cmpTransaction' | 'certificateById'>;

async function situationIn(reads: SituationReads, key: CmpTransaction): Promise<CmpSituation> {
  const row = present(await reads.cmpTransaction(key), 'the row of a transaction');
  return { row, record: row.certificateId === null ? null : await reads.certificateById(row.certificateId) };
}

/**
 * The profile that a request is for: named by path or certProfile, that of the certificate which is
 * updated, the registration's only unused one, the account's only one, or the default.
 */
export function chooseProfile(
  { policy }: Pick<World, 'policy'>,
  { principal, profile: named }: Pick<CmpExchange, 'principal' | 'profile'>,
): Result<string, CmpFault> {
  if (principal.kind === 'self') {
    const own = principal.certificate.profile;
    if (named === null || named === own) return ok(own);
    return err(bodyFault('notAuthorized', `The certificate that signs has the profile ${own}, and not ${named}.`));
  }
  if (named !== null) return ok(named);
  const meant = principal.kind === 'registration' ? unusedProfiles(principal) : ownProfiles(policy, principal);
  const [only, another] = meant;
  if (only !== undefined && another === undefined) return ok(only);
  const { defaultProfile } = policy.environment.enrolment;
  if (principal.kind === 'account' && defaultProfile !== null) return ok(defaultProfile);
  const text =
    'Name the profile in the path (-path .well-known/cmp/p/PROFILE, with ~ for /) or as certProfile (-profile).';
  return err(bodyFault('badRequest', text));
}

/** The profile whose CA answers; null: the message names none, and none is meant. */
export function answeringProfile(
  world: Pick<World, 'policy'>,
  exchange: Pick<CmpExchange, 'principal' | 'profile'>,
): string | null {
  const chosen = chooseProfile(world, exchange);
  return chosen.ok ? chosen.value : exchange.profile;
}

/** A repeated request of a used registration is answered as the first. */
function unusedProfiles({ registration }: Extract<Principal, { readonly kind: 'registration' }>): readonly string[] {
  const unused = registration.uses.filter(({ certificateId }) => certificateId === null);
  return (unused.length === 0 ? registration.uses : unused).map(({ profile }) => profile);
}

function ownProfiles(
  { profiles }: World['policy'],
  { account }: Extract<Principal, { readonly kind: 'account' }>,
): readonly string[] {
  return [...profiles.values()].flatMap(({ id, enrolment }) =>
    enrolment?.cmp === 'all' && profileInScope(account.scope.profiles, id) ? [id] : [],
  );
}
