/**
 * Every method of every port, and how a call of it can fail according to its type. The tables are
 * typed by the ports, so that a new method does not compile before it is listed here.
 */
import { StoreUnavailable } from '../../../src/db/engine/failures.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { err } from '../../../src/kernel/result.js';
import type { Draft, Outlet } from '../../../src/ports/outlet.js';
import type { Signer } from '../../../src/ports/signer.js';
import type { RevokedSnapshot } from '../../../src/ports/store/crls.js';
import type { Reads, Store, Transaction } from '../../../src/ports/store.js';

export type FailureKind =
  /** The value `database-unavailable`. */
  | 'store-value'
  /** Thrown by a statement; `Store` rolls back and turns it into that value. */
  | 'store-throws'
  | 'signer-value'
  | 'signer-absent'
  | 'outlet-value'
  /** Bytes that cannot be read, reported as the file system does. */
  | 'file-throws'
  /** The type has no failure, so it is a bug. */
  | 'bug'
  /** In memory and synchronous: it cannot fail, but the process can be killed there. */
  | 'never';

export const STORE = {
  read: 'store-value',
  transaction: 'store-value',
  groupedTransaction: 'store-value',
  groupedRead: 'store-value',
  confirmSpace: 'store-value',
  revokedSnapshot: 'store-value',
  heartbeat: 'store-value',
  close: 'bug',
} as const satisfies Record<keyof Store, FailureKind>;

export const READS = {
  certificateById: 'store-throws',
  certificateBySerial: 'store-throws',
  certificatesByIds: 'store-throws',
  certificatesOfCards: 'store-throws',
  certificatesOfHolder: 'store-throws',
  certificatesByKeys: 'store-throws',
  search: 'store-throws',
  searchSummaries: 'store-throws',
  certificateChanges: 'store-throws',
  countEntries: 'store-throws',
  renewalsOf: 'store-throws',
  newestRenewals: 'store-throws',
  crlHistory: 'store-throws',
  dailyCounts: 'store-throws',
  countEndingByWeek: 'store-throws',
  countEndingByStructure: 'store-throws',
  openIntents: 'store-throws',
  endedRunsWithIntents: 'store-throws',
  status: 'store-throws',
  statuses: 'store-throws',
  peekClaims: 'store-throws',
  issuedMinutes: 'store-throws',
  accountUse: 'store-throws',
  accountCertificateEnds: 'store-throws',
  accountByCredential: 'store-throws',
  presentedState: 'store-throws',
  accountsByIds: 'store-throws',
  compromisedKeys: 'store-throws',
  blockedKeys: 'store-throws',
  issuanceStates: 'store-throws',
  cardsById: 'store-throws',
  cardsAfter: 'store-throws',
  cardsReplacedBy: 'store-throws',
  replacementsDue: 'store-throws',
  countCardsWithoutHolder: 'store-throws',
  holdersById: 'store-throws',
  proceduresOf: 'store-throws',
  repeatedKeys: 'store-throws',
  revokedIssuers: 'store-throws',
  accounts: 'store-throws',
  latestCrl: 'store-throws',
  latestCrls: 'store-throws',
  highestCrl: 'store-throws',
  crlByNumber: 'store-throws',
  reservedCrls: 'store-throws',
  deltaBases: 'store-throws',
  lastChanges: 'store-throws',
  auditEntries: 'store-throws',
  searchAudit: 'store-throws',
  mark: 'store-throws',
  databaseClock: 'store-throws',
  issuanceClock: 'store-throws',
  liveRuns: 'store-throws',
  runs: 'store-throws',
  isRunLive: 'store-throws',
  countOpenIntents: 'store-throws',
  auditHead: 'store-throws',
  massRevocation: 'store-throws',
  runningMassRevocations: 'store-throws',
  massRevocationItems: 'store-throws',
  countSelected: 'store-throws',
  selectedAmong: 'store-throws',
  order: 'store-throws',
  orderByKey: 'store-throws',
  ordersPage: 'store-throws',
  workableOrders: 'store-throws',
  settledOrders: 'store-throws',
  ordersWithoutReceipt: 'store-throws',
  orderLines: 'store-throws',
  acknowledgementsOf: 'store-throws',
  acknowledgementsAfter: 'store-throws',
  countUnacknowledged: 'store-throws',
  runningOrdersOf: 'store-throws',
  uploads: 'store-throws',
  orderUse: 'store-throws',
  orderTotals: 'store-throws',
  orderPart: 'store-throws',
  ordersWithOldParts: 'store-throws',
  orderLine: 'store-throws',
  orderLinesAfter: 'store-throws',
  failedLinesAfter: 'store-throws',
  orderProblems: 'store-throws',
  settledAmong: 'store-throws',
  foreseenKeys: 'store-throws',
  acknowledgedLines: 'store-throws',
  approval: 'store-throws',
  openApproval: 'store-throws',
  approvalsPage: 'store-throws',
  countOpenApprovals: 'store-throws',
  approvalsPastEnd: 'store-throws',
  campaign: 'store-throws',
  liveCampaigns: 'store-throws',
  campaignsPage: 'store-throws',
  actingCampaigns: 'store-throws',
  openCampaignCards: 'store-throws',
  liveCampaignCards: 'store-throws',
  campaignCards: 'store-throws',
  campaignCardsPage: 'store-throws',
  campaignCounts: 'store-throws',
  lastSlot: 'store-throws',
  takenPlaces: 'store-throws',
  populationPageEnd: 'store-throws',
  selectCards: 'store-throws',
  lastActors: 'store-throws',
  statusChanges: 'store-throws',
  lastStatusChange: 'store-throws',
  statusEvents: 'store-throws',
  unexpiredSerials: 'store-throws',
  freshness: 'store-throws',
  durabilityFault: 'store-throws',
  journalPosition: 'store-throws',
  intentTimes: 'store-throws',
  incompleteJournals: 'store-throws',
  areCrlsKnown: 'store-throws',
  jobs: 'store-throws',
  jobsOfItems: 'store-throws',
  job: 'store-throws',
  eventsAfter: 'store-throws',
  lastEvent: 'store-throws',
  certificatesEnding: 'store-throws',
  webhookCursors: 'store-throws',
  dueDeliveries: 'store-throws',
  delivery: 'store-throws',
  deliveries: 'store-throws',
  deliveryCounts: 'store-throws',
  updatesByIds: 'store-throws',
  updatesPage: 'store-throws',
  liveUpdatesOf: 'store-throws',
  updatesByKeys: 'store-throws',
  countUpdatesSince: 'store-throws',
  updatesDue: 'store-throws',
  updateTotals: 'store-throws',
  proofsOfUpdate: 'store-throws',
  cmpTransaction: 'store-throws',
  cmpTransactionsByIds: 'store-throws',
  cmpTransactionsByKeys: 'store-throws',
  certificatesOfCmpTransactions: 'store-throws',
  cmpTransactionsOfCertificates: 'store-throws',
  countedCmpTransactions: 'store-throws',
  cmpTransactionsPastEnd: 'store-throws',
  cmpTotals: 'store-throws',
  hasEndedCmpTransactions: 'store-throws',
  registration: 'store-throws',
  registrationByReference: 'store-throws',
  registrationsByIds: 'store-throws',
  registrationsPage: 'store-throws',
  countOpenRegistrations: 'store-throws',
  registrationsPastEnd: 'store-throws',
  registrationsToErase: 'store-throws',
  registrationKeyChecks: 'store-throws',
} as const satisfies Record<keyof Reads, FailureKind>;

export const TRANSACTION = {
  ...READS,
  insertIntents: 'store-throws',
  insertRecovered: 'store-throws',
  storeSignatures: 'store-throws',
  openAmong: 'store-throws',
  lockCertificate: 'store-throws',
  setState: 'store-throws',
  setStates: 'store-throws',
  confirmCertificates: 'store-throws',
  insertUpdates: 'store-throws',
  offerUpdates: 'store-throws',
  changeUpdates: 'store-throws',
  insertCardProofs: 'store-throws',
  claimIdempotency: 'store-throws',
  finishClaims: 'store-throws',
  releaseClaims: 'store-throws',
  deleteFinishedClaims: 'store-throws',
  countIssuance: 'store-throws',
  countAccountUse: 'store-throws',
  lockAccountLimits: 'store-throws',
  deleteAccountUse: 'store-throws',
  addDailyCounts: 'store-throws',
  deleteIssuanceMinutes: 'store-throws',
  setJournalPosition: 'store-throws',
  addJournalled: 'store-throws',
  appendAudit: 'store-throws',
  insertBlockedKey: 'store-throws',
  insertRevokedIssuers: 'store-throws',
  deleteBlockedKey: 'store-throws',
  putCardsInUse: 'store-throws',
  endCards: 'store-throws',
  setCapabilities: 'store-throws',
  setReplacement: 'store-throws',
  setHolderState: 'store-throws',
  openProcedures: 'store-throws',
  closeProcedures: 'store-throws',
  insertAccount: 'store-throws',
  updateAccount: 'store-throws',
  reserveCrl: 'store-throws',
  updateCrl: 'store-throws',
  setMark: 'store-throws',
  setClockMark: 'store-throws',
  takeLease: 'store-throws',
  renewLease: 'store-throws',
  endLease: 'store-throws',
  isLeaseCurrent: 'store-throws',
  setJobSchedule: 'store-throws',
  setJobCursor: 'store-throws',
  deleteOldJobs: 'store-throws',
  insertRun: 'store-throws',
  endRun: 'store-throws',
  insertMassRevocation: 'store-throws',
  storeMassRevocationOutcomes: 'store-throws',
  updateMassRevocation: 'store-throws',
  publish: 'store-throws',
  deleteOldEvents: 'store-throws',
  insertDeliveries: 'store-throws',
  setWebhookCursor: 'store-throws',
  updateDeliveries: 'store-throws',
  deleteOldDeliveries: 'store-throws',
  insertOrder: 'store-throws',
  insertPart: 'store-throws',
  changeOrder: 'store-throws',
  insertOrderLines: 'store-throws',
  insertForeseenKeys: 'store-throws',
  moveCursor: 'store-throws',
  deleteParts: 'store-throws',
  insertAcknowledgements: 'store-throws',
  insertApproval: 'store-throws',
  signApproval: 'store-throws',
  endApproval: 'store-throws',
  insertCampaign: 'store-throws',
  changeCampaign: 'store-throws',
  insertCampaignCards: 'store-throws',
  storeCampaignCards: 'store-throws',
  addCampaignCounts: 'store-throws',
  storeSlots: 'store-throws',
  insertListedCards: 'store-throws',
  insertNotices: 'store-throws',
  insertCmpTransactions: 'store-throws',
  changeCmpTransaction: 'store-throws',
  endCmpTransactions: 'store-throws',
  answerCmpTransactions: 'store-throws',
  deleteEndedCmpTransactions: 'store-throws',
  insertRegistration: 'store-throws',
  changeRegistration: 'store-throws',
  useRegistrations: 'store-throws',
  returnUses: 'store-throws',
  eraseRegistrations: 'store-throws',
  insertRegistrationKeys: 'store-throws',
} as const satisfies Record<keyof Transaction, FailureKind>;

export const SNAPSHOT = {
  count: 'store-throws',
  entries: 'store-throws',
  changes: 'store-throws',
  sample: 'store-throws',
} as const satisfies Record<Exclude<keyof RevokedSnapshot, 'seen'>, FailureKind>;

export const SIGNER = {
  certificate: 'signer-value',
  responderCertificate: 'signer-value',
  absence: 'signer-absent',
  crl: 'signer-value',
  ocsp: 'signer-value',
  platform: 'signer-value',
  reportBadSignature: 'bug',
} as const satisfies Record<keyof Signer, FailureKind>;

export const OUTLET = { draft: 'outlet-value', published: 'outlet-value' } as const satisfies Record<
  keyof Outlet,
  FailureKind
>;

export const DRAFT = { read: 'file-throws', publish: 'outlet-value', discard: 'bug' } as const satisfies Record<
  Exclude<keyof Draft, 'sizeBytes'>,
  FailureKind
>;

/** What an operation calls besides the ports. The clock, random numbers and the log do not fail. */
export const WORLD = { statusChanged: 'never' } as const satisfies Record<'statusChanged', FailureKind>;

/** `port.method` of each of them, by the variable name that the operations use for the port. */
export const PORT_CALLS: Readonly<Record<string, FailureKind>> = Object.fromEntries(
  Object.entries({
    store: STORE,
    reads: READS,
    transaction: TRANSACTION,
    snapshot: SNAPSHOT,
    signer: SIGNER,
    outlet: OUTLET,
    draft: DRAFT,
    world: WORLD,
  }).flatMap(([port, table]) => Object.entries(table).map(([method, failing]) => [`${port}.${method}`, failing])),
);

const DETAIL = 'a fault of the harness';

/** What the caller gets, or catches. */
export function failAs(failing: FailureKind): unknown {
  const away = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: DETAIL } as const;
  switch (failing) {
    case 'store-value':
      return err({ kind: 'database-unavailable', retryAfterMs: 1_000, detail: DETAIL });
    case 'store-throws':
      throw new StoreUnavailable(DETAIL, 1_000);
    case 'signer-value':
      return err(away);
    case 'signer-absent':
      return away;
    case 'outlet-value':
      return err({ kind: 'outlet-unavailable', detail: DETAIL });
    case 'file-throws':
      throw Object.assign(new Error(`EIO: ${DETAIL}`), { code: 'EIO', syscall: 'read' });
    case 'bug':
    case 'never':
      throw new AssertionFailed(DETAIL);
  }
}
