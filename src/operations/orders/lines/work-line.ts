/**
 * Works on one line of an order. A line with certificates to sign goes through `issueCertificates`
 * like any request, and its outcome is stored with its signatures; every other outcome is stored
 * here.
 */
import { accountFault } from '../../../access/account.js';
import { present } from '../../../kernel/assert.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { HOUR_MS, SECOND_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import type { Result } from '../../../kernel/result.js';
import { lineClaim, lineOfClaim, type Wait } from '../../../orders/progress.js';
import { type SignedCertificate, settledLine } from '../../../orders/results.js';
import type { UploadLine } from '../../../orders/upload.js';
import type { SignerUnavailable } from '../../../ports/signer.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { Lease } from '../../../ports/store/leases.js';
import type { ForeseenKey, Order, OrderOutcome } from '../../../ports/store/orders.js';
import { clockWrong } from '../../clock.js';
import type { OperationFailure } from '../../failures.js';
import { foreseeIssuance, type IssueCommand, issueCertificates } from '../../issuance/issue.js';
import { paceCaps } from '../../issuance/pace.js';
import { foreseenFor, foreseenKeysOf } from './foreseen.js';
import { LINE_OUTCOME } from './line-outcome.js';
import type { LeasedLine } from './line-states.js';
import type { OrderWorld, ReadLine } from './order-world.js';

export type OrderInWork = { readonly order: Order; readonly account: Account; readonly lease: Lease };

type LineToWork = {
  readonly number: number;
  readonly record: UploadLine;
  readonly read: Result<ReadLine, Json>;
};

/** No line of any order can be worked on now. */
export type Prevention = {
  readonly kind: 'prevented';
  readonly failure: Extract<OperationFailure, { readonly kind: 'database-unavailable' | 'clock-wrong' }>;
};

/** What became of one attempt. */
export type Attempt =
  | { readonly kind: 'settled'; readonly outcome: OrderOutcome }
  | { readonly kind: 'waits'; readonly wait: Wait }
  | Prevention;

export async function workLine(world: OrderWorld, work: OrderInWork, line: LineToWork): Promise<Attempt> {
  const { order, account, lease } = work;
  const { number, record, read } = line;
  const leased = { orderId: order.id, line: number, lease };
  if (!read.ok) return store(world, leased, { outcome: 'refused', card: null, problem: read.error });
  const { applications, card } = read.value;
  const claim = lineClaim(order.accountId, leased);
  const command: IssueCommand = {
    account,
    applications,
    idempotency: { claim, bodySha256: sha256Hex(record.octets) },
    line: leased,
  };
  if (order.dryRun) return foresee(world, command, { leased, card });
  const issued = await issueCertificates(world, command);
  if (!issued.ok) return afterFailure(world, issued.error, { leased, card, command });
  const isOwn = issued.value.every((one) => lineOfClaim(one.claim)?.orderId === order.id);
  if (isOwn) return { kind: 'settled', outcome: 'issued' };
  return store(world, leased, { outcome: 'duplicate', card, certificates: shown(world, issued.value) });
}

type LineInWork = { readonly leased: LeasedLine; readonly card: string | null };

async function foresee(world: OrderWorld, command: IssueCommand, line: LineInWork): Promise<Attempt> {
  const { leased, card } = line;
  const order = { id: leased.orderId, accountId: command.account.id };
  const foreseen = await foreseeIssuance(world, command, (records) => foreseenFor(world, order, records));
  if (!foreseen.ok) return afterFailure(world, foreseen.error, { ...line, command });
  const { records, duplicates } = foreseen.value;
  if (duplicates === null)
    return store(world, leased, { outcome: 'would-issue', card, keys: foreseenKeysOf(leased, records) });
  return store(world, leased, { outcome: 'would-be-duplicate', card, certificates: shown(world, duplicates) });
}

async function afterFailure(
  world: OrderWorld,
  failure: OperationFailure,
  { leased, card, command }: LineInWork & { readonly command: IssueCommand },
): Promise<Attempt> {
  // The account has ended since the order was read: its lines wait, because its end may be moved.
  if (failure.kind === 'not-permitted' && accountFault(command.account, world.clock()) !== null)
    return { kind: 'waits', wait: underWay(world) };
  switch (failure.kind) {
    case 'database-unavailable':
    case 'clock-wrong':
      return { kind: 'prevented', failure };
    case 'in-progress':
      return { kind: 'waits', wait: underWay(world) };
    case 'quota-exceeded':
      return { kind: 'waits', wait: { reason: 'pace', profile: null, until: world.clock() + failure.retryAfterMs } };
    case 'signer-unavailable':
      return { kind: 'waits', wait: waitForSigner(world, failure, command) };
    case 'internal-error':
      return store(world, leased, { outcome: 'not-issued', card, problem: problemOf(world, failure) });
    default:
      return store(world, leased, { outcome: 'refused', card, problem: problemOf(world, failure) });
  }
}

function problemOf({ lineForm, requestId }: OrderWorld, failure: OperationFailure): Json {
  return lineForm.problemOf(failure, requestId ?? '');
}

/** The line has open intents, or may not be worked on here: the next turn looks at it again. */
export function underWay({ clock }: Pick<OrderWorld, 'clock'>): Wait {
  return { reason: 'under-way', profile: null, until: clock() };
}

/** A profile that is refused alone has reached its pace, or its cap at the signer. */
function waitForSigner(
  { issuers, policy, signer, clock }: OrderWorld,
  { profile: full, retryAfterMs }: SignerUnavailable,
  { applications }: IssueCommand,
): Wait {
  const until = clock() + retryAfterMs;
  if (full !== undefined) {
    const perHour = paceCaps(policy, [full]).get(full) ?? 0;
    return { reason: 'pace', profile: full, until, linesPerSecondMax: perHour / (HOUR_MS / SECOND_MS) };
  }
  const profiles = applications.map(({ order }) => order.profile);
  const isAway = (one: string): boolean => {
    const issuer = issuers.current(policy.profiles.get(one)?.authority ?? '');
    return issuer !== null && signer.absence(issuer.id, one) !== null;
  };
  return { reason: 'signer', profile: profiles.find(isAway) ?? profiles[0] ?? null, until };
}

type LineResult = Parameters<typeof settledLine>[1] & {
  /** The keys of a line that would be issued. */
  readonly keys?: readonly ForeseenKey[];
};

async function store(world: OrderWorld, line: LeasedLine, result: LineResult): Promise<Attempt> {
  const { keys = [] } = result;
  const settled = settledLine(line, result, world.clock());
  const { clock } = world;
  const stored = await world.store.groupedTransaction(LINE_OUTCOME, { line, settled, keys, clock });
  if (!stored.ok) return { kind: 'prevented', failure: stored.error };
  if (typeof stored.value !== 'boolean') {
    world.log.error('clock.wrong', stored.value.fault);
    return { kind: 'prevented', failure: clockWrong(stored.value.fault) };
  }
  return stored.value ? { kind: 'settled', outcome: result.outcome } : { kind: 'waits', wait: underWay(world) };
}

function shown({ issuers }: OrderWorld, certificates: readonly CertificateRecord[]): readonly SignedCertificate[] {
  return certificates.map((record) => ({
    record,
    signature: present(record.signature, 'signature of a live certificate'),
    issuer: present(issuers.byId(record.issuer), 'issuer of a record'),
  }));
}
