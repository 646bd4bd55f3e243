/**
 * Lists what can fail, from the sources and from the ports' tables, and finds operations, lines
 * that call a port, and methods of ports that no scenario reaches.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AUDIT_TYPES } from '../../../src/audit/events.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { AUDIT_TYPES_OF_OTHERS } from '../../support/audit/types-of-others.js';
import { PORT_CALLS } from './calls.js';
import { NO_OPERATIONS_OF_ENROLMENT } from './enrolment/no-operations.js';
import { SCENARIOS } from './scenarios/all.js';
import type { Call } from './tap.js';

const FOLDER = join(packageRoot(), 'src', 'operations');
const COMPILED = join(packageRoot(), 'dist', 'src', 'operations');

/** Exported functions of `src/operations` that are no operations, with the reason. */
export const NO_OPERATIONS: Readonly<Record<string, string>> = {
  ...NO_OPERATIONS_OF_ENROLMENT,
  lintFailed: 'logs and counts',
  releasedOf: 'computes',
  summaryOf: 'computes',
  isFound: 'computes',
  renderSummary: 'computes',
  withRenewals: 'a step of whatever shows summaries, which runs it',
  shownPage: 'a step of findCertificates and exportCertificates, which run it',
  reasonOf: 'computes',
  summaryRows: 'computes on the pages of exportCertificates',
  summaryCsv: 'computes on the pages of exportCertificates',
  entryRows: 'computes on the pages of exportAudit',
  entryCsv: 'computes on the pages of exportAudit',
  whatCrlSays: 'computes',
  deskReasonsOf: 'computes on the policy',
  beginSearch: 'a step of searchCertificates, findCertificates and exportCertificates, which run it',
  findClashes: 'computes on what the reservation has read',
  paceCaps: 'computes on the policy',
  issuedIn: 'computes',
  waitForPace: 'computes',
  readPace: 'a step of issueCertificates, which runs it',
  readQuotas: 'a step of issueCertificates, which runs it',
  selfRenewed: 'computes',
  readSuccessors: 'a step of issueCertificates, which runs it',
  passCredentials: 'a step of issueCertificates, which runs it',
  issueEnrolled: 'a step of enrol and renewSelf, which run it',
  checkRequest: 'computes',
  clashesOfKey: 'computes',
  revocationRefusal: 'computes',
  answeringProfile: 'computes on the policy',
  alteredBy: 'computes',
  capacityFault: 'computes',
  isCompromised: 'computes',
  isElsewhereOnCards: 'computes',
  isLive: 'computes',
  openProfile: 'computes on the policy',
  signerFacts: 'computes',
  ownerOfKeys: 'computes',
  differingRights: 'computes',
  accountEvent: 'computes',
  certificateFault: 'computes',
  profileNow: 'computes on the policy',
  readPolicy: 'computes on the policy: no port is asked',
  listCeremonies: 'reads files of the home folder: no port of the store is asked',
  readCeremony: 'reads files of the home folder: no port of the store is asked',
  readCeremonyTranscript: 'reads files of the home folder: no port of the store is asked',
  verifyCeremony: 'reads files of the home folder: no port of the store is asked',
  ceremonyMinutes: 'reads files of the home folder: no port of the store is asked',
  ceremonySummary: 'computes',
  pdfPath: 'computes',
  decideNew: 'computes',
  decideWanted: 'computes',
  writeNew: 'a step of addAccount and of the action account.add, which run it',
  writeChanged: 'a step of changeAccount and of actions about accounts, which run it',
  accountDetails: 'computes',
  appendEntry: 'a step of whatever changes a certificate, which runs it',
  readFoundingFile: 'computes on files that were read before',
  bindFoundingAccount: 'a step of registerCertificates, which runs it',
  decideRenewal: 'computes on the policy',
  renewalConflict: 'computes',
  evidenceFrom: 'computes',
  watchedOf: 'computes',
  sampleFault: 'computes',
  reportCrlFault: 'logs',
  crlDetails: 'computes',
  knownPartitions: 'a step of keepPartitions and publishCrl, which run it',
  reserve: 'a step of publishCrl, which runs it',
  abandon: 'a step of publishCrl, which runs it',
  abandonAll: 'a step of publishCrl, which runs it',
  isOvertaken: 'a step of publishCrl, which runs it',
  frameList: 'a step of publishCrl, which runs it',
  makeList: 'a step of publishCrl, which runs it',
  suspensionAllowed: 'computes on the policy',
  usableProfiles: 'computes on the policy',
  listProfiles: 'computes on the policy: no port is asked',
  abandonedEvent: 'computes',
  clockFault: 'computes',
  clockWrong: 'computes',
  driftOf: 'computes',
  readJobs: 'a step of listJobs, which runs it',
  notFound: 'computes',
  claimOnce: 'a step of whatever creates a record, which runs it',
  boundToKey: 'a step of certifyAccount, which runs it',
  actorOfAuthor: 'computes',
  isVisibleTo: 'computes',
  mayChange: 'computes',
  mayGive: 'computes',
  proofDetails: 'computes',
  cardProofOf: 'computes',
  storeProof: 'a step of revokeCertificate and revokeCard, which run it',
  checkCommand: 'computes',
  decideAll: 'computes',
  finalReason: 'computes',
  shownOf: 'computes',
  withdrawn: 'a step of revokeCertificate, revokeCard and revokeHolder, which run it',
  revocationOfLive: 'computes',
  orderDetails: 'computes',
  writeAll: 'a step of revokeCard, revokeHolder, workMassRevocation and acknowledgeCards, which run it',
  visibleOrder: 'a step of readResults, readBundle, readReceipt and of acknowledgements, which run it',
  settledPages: 'a step of finishOrder and readResults, which run it',
  settledBefore: 'computes',
  bundlePages: 'a step of finishOrder and readBundle, which run it',
  certificatesOfLines: 'a step of finishOrder, readBundle and readResults, which run it',
  derOf: 'computes',
  pauseOrdersOf: 'a step of changeAccount and pauseWork, which run it',
  listClassesOf: 'computes',
  campaignDetails: 'computes',
  documentSha256: 'computes',
  changeCampaign: 'a step of whatever changes a campaign, which runs it',
  decideChange: 'computes',
  decidedColumns: 'computes',
  classUses: 'a step of readCampaignCounts, which runs it',
  seenCards: 'a step of readCampaignCards and recordNotices, which run it',
  createCountChanges: 'computes',
  cardsByState: 'computes',
  moveCards: 'a step of sendCardToDesk and readPending, which run it',
  currentCampaign: 'computes',
  currentByCard: 'computes',
  termsOf: 'computes',
  beginFault: 'a step of beginUpdate, which runs it',
  failedMove: 'computes',
  expiredMove: 'computes',
  confirmedMove: 'computes',
  noteUpdates: 'a step of whatever moves an update, which runs it',
  noteCardsGone: 'a step of revokeCard, which runs it',
  noteEndedCards: 'a step of whatever revokes certificates, which runs it',
  sendToDesk: 'a step of beginUpdate, which runs it',
  noteCapabilities: 'a step of reportCapabilities, which runs it',
  isInForce: 'computes',
  needsTicket: 'computes',
  pendingOf: 'a step of readPending, which runs it',
  dueDates: 'computes',
  isSelected: 'computes',
  hasSelectedLeft: 'computes',
  sees: 'computes',
  receiptDocument: 'computes',
  openLinesOf: 'computes',
  passIssuance: 'a step of issueCertificates and renewResponder, which run it',
  advanceClockMark: 'a step of passIssuance, which runs it',
  changeSameKeys: 'a step of revokeCertificate, revokeCard, revokeHolder and workMassRevocation, which run it',
  revokeSameKeys: 'a step of changeSameKeys, which runs it',
  giveUpClaims: 'a step of whatever revokes or abandons intents, which runs it',
  findDuplicates: 'computes on what the reservation has read',
  endedCardOrBarredHolder: 'computes on what the reservation has read',
  cardsToPut: 'computes on what the reservation has read',
  cardsAndHoldersOf: 'computes',
  cardFactsOf: 'computes',
  procedureOf: 'computes',
  openProceduresOf: 'a step of readCard, readOwnCard and readCardHistory, which run it',
  cardsOfRecords: 'computes',
  endCards: 'a step of revokeCard, acknowledgeCards and endReplacements, which run it',
  barHolder: 'a step of revokeHolder, which runs it',
  visiblePage: 'a step of listCards, listRegistrations, listApprovals and listUpdates, which run it',
  visibleCards: 'a step of listCards, readHolder, reportCapabilities and replaceCard, which run it',
  visibleCard: 'a step of readCard and visibleCards, which run it',
  coversBlankCard: 'a step of readCard, listCards, readCardHistory and revokeCard, which run it',
  findCard: 'a step of reportCapabilities and replaceCard, which run it',
  lineStates: 'a step of workOrder, which runs it',
  workableLines: 'a step of issueCertificates and workOrder, which run it',
  createLineReader: 'a step of workOrder, which runs it',
  readForm: 'computes',
  reportFault: 'logs',
  storeProgress: 'a step of workOrder, which runs it',
  workLines: 'a step of workOrder, which runs it',
  workLine: 'a step of workOrder, which runs it',
  finishOrder: 'a step of workOrder, which runs it',
  foreseenFor: 'a step of foreseeIssuance, which runs it',
  foreseenKeysOf: 'computes',
  withForeseen: 'computes',
  createAsideLines: 'computes',
  createWindow: 'computes',
  outcomeOfRest: 'computes',
  underWay: 'computes',
  readStatuses: 'a step of createOcspResponder, which runs it',
  isStale: 'computes',
  lastingAnswer: 'computes on the cache',
  refreshedAnswer: 'computes on the cache',
  staleAnswer: 'computes on the cache',
  renewalDue: 'computes on the policy',
  findForgotten: 'a step of relearnRevocations, which runs it',
  knownEndpoint: 'computes on the configuration',
  officersFault: 'a step of blockKey, resetClockMark and acceptDatabase, which run it',
  mayDecide: 'computes',
  actionNamed: 'chooses an action',
  approvalDetails: 'computes',
  certificatesFault: 'a step of decideApproval, which runs it',
  endApproval: 'a step of requestApproval, decideApproval and expireApprovals, which run it',
  seesApproval: 'computes',
  homeGaps: 'a step of findGaps, which runs it',
  acceptedGaps: 'a step of findGaps and acceptDatabase, which run it',
  readPoint: 'a step of findGaps, which runs it',
  findProtected: 'a step of previewMassRevocation and submitMassRevocation, which run it',
  prepareIntent: 'a step of issueCertificates and of renewResponder, which run it',
  unlessDoneBefore: 'a step of issueCertificates, which runs it',
  resultOf: 'a step of issueCertificates, which runs it',
  whileUnderWay: 'a step of issueCertificates and renewResponder, which run it',
  finishIntents: 'a step of issueCertificates, renewResponder and recoverIntents, which run it',
  signIntent: 'a step of finishIntents, which runs it',
  supersededBy: 'computes',
  revokeSuperseded: 'a step of finishIntents, which runs it',
  holderSigner: 'chooses the requests to the signer',
  responderSigner: 'chooses the requests to the signer',
  batchWorld: 'chooses the priority of calls',
  orderWindow: 'computes',
  readCardProof: 'computes',
  isAuthentication: 'computes',
  keptProof: 'computes',
  confirmUpdates: 'a step of acceptStatement, decideApproval and workDueUpdates, which run it',
  abandonUpdates: 'a step of acceptStatement, abandonUnwritten and decideApproval, which run it',
  cardToDesk: 'computes',
  refuseToDesk: 'a step of beginUpdate and acceptStatement, which run it',
  followRevocations: 'a step of whatever revokes certificates, which runs it',
  endUpdatesOfCards: 'a step of endCards, which runs it',
  recordsOf: 'a step of workDueUpdates, which runs it',
  isDecidedByTime: 'computes',
  confirmedByTime: 'computes',
  seesCard: 'computes',
  readBackOf: 'computes',
  visibleUpdate: 'a step of readUpdate and abandonUnwritten, which run it',
  visibleUpdates: 'a step of acceptStatement, abandonUnwritten and beginWriting, which run it',
  shown: 'a step of readUpdate and of what changes updates, which run it',
  allShown: 'a step of beginUpdate, readUpdate and acceptStatement, which run it',
  findReplaced: 'computes on the policy',
  isReplaced: 'computes',
  hasOldEnded: 'computes',
  signerChanged: 'computes',
  judgeProof: 'computes on what its caller has read',
  readSigners: 'a step of verifyProof, beginUpdate and acceptStatement, which run it',
  insertUpdates: 'a step of issueCertificates, which runs it',
  isUpdate: 'computes',
  procedureName: 'computes',
  readUpdateUses: 'a step of issueCertificates, which runs it',
  updateConflict: 'computes',
  liveConflict: 'computes',
  failUpdatesOf: 'a step of giveUpClaims, which runs it',
  offerUpdatesOf: 'a step of finishIntents, which runs it',
  approvalName: 'computes',
  changedEvent: 'computes',
  detailsOf: 'computes',
  endedEvent: 'computes',
  isDecidedByOfficers: 'computes',
  updateEvent: 'computes',
  revokeRecords: 'a step of abandonUpdates and workDueUpdates, which run it',
  renewedOrder: 'computes',
};

/** Methods of ports that no operation calls, with their callers. The sources are checked for it. */
export const OF_OTHERS: Readonly<Record<string, string>> = {
  'store.close': 'whoever opened it, when nothing runs any more',
  'store.confirmSpace': 'readiness, the doctor and the watch over the clock',
  'store.heartbeat': 'src/jobs/nodes/heartbeat.ts',
  'reads.liveRuns': 'src/jobs/nodes/run-record.ts and end-dead-runs.ts',
  'reads.countOpenIntents': 'src/jobs/nodes/end-dead-runs.ts',
  'reads.actingCampaigns': 'src/jobs/campaigns/dates.ts',
  'transaction.insertRun': 'src/jobs/nodes/run-record.ts',
  'transaction.endRun': 'src/jobs/nodes/run-record.ts and end-dead-runs.ts',
  'snapshot.count': 'nobody: the publication counts what it has written',
  'reads.registrationKeyChecks': 'src/compose/database/registration-keys.ts',
  'transaction.insertRegistrationKeys': 'src/compose/database/registration-keys.ts',
  'reads.cmpTotals': 'src/compose/metrics/cmp-metrics.ts',
  'reads.accountCertificateEnds': 'src/compose/metrics/account-metrics.ts',
  'reads.hasEndedCmpTransactions': 'src/jobs/cmp-transactions.ts',
  'reads.presentedState': 'src/access/client-certificate.ts',
  'reads.status': 'src/cli/account/credentials.ts',
  'reads.statusChanges': 'src/jobs/status/status-poller.ts',
  'reads.lastStatusChange': 'src/jobs/status/status-poller.ts',
  'reads.unexpiredSerials': 'src/jobs/status/sign-ahead.ts',
  'reads.durabilityFault': 'src/compose/readiness.ts',
  'reads.freshness': 'src/jobs/status/status-poller.ts',
  'reads.settledOrders': 'src/jobs/orders/order-end.ts',
  'reads.ordersWithoutReceipt': 'src/jobs/orders/order-end.ts',
  'reads.countUnacknowledged': 'src/jobs/orders/unacknowledged-cards.ts',
  'reads.uploads': 'src/jobs/orders/uploads.ts',
  'reads.journalPosition': 'src/jobs/journals/reconcile.ts and ocsp-audit.ts',
  'reads.intentTimes': 'src/jobs/journals/reconcile.ts',
  'reads.areCrlsKnown': 'src/jobs/journals/reconcile.ts',
  'reads.incompleteJournals': 'src/jobs/journals/journal-counts.ts',
  'transaction.insertRecovered': 'src/compose/restore/recover-signatures.ts',
  'transaction.setJournalPosition': 'src/jobs/journals/reconcile.ts and ocsp-audit.ts',
  'transaction.takeLease': 'src/jobs/runner/attempt.ts',
  'transaction.renewLease': 'src/jobs/runner/renewed-lease.ts',
  'transaction.endLease': 'src/jobs/runner/attempt.ts',
  'transaction.setJobSchedule': 'src/jobs/runner/attempt.ts',
  'transaction.setJobCursor': 'src/jobs/runner/attempt.ts',
  'transaction.deleteOldJobs': 'src/jobs/runner/attempt.ts',
  'transaction.deleteIssuanceMinutes': 'src/jobs/orders/issuance-minutes.ts',
  'transaction.deleteAccountUse': 'src/jobs/orders/issuance-minutes.ts',
  'transaction.deleteFinishedClaims': 'src/jobs/idempotency-retention.ts',
  'reads.eventsAfter': 'src/jobs/webhooks/fan-out.ts',
  'reads.lastEvent': 'src/jobs/webhooks/fan-out.ts and retention.ts',
  'reads.webhookCursors': 'src/jobs/webhooks/fan-out.ts and retention.ts',
  'reads.dueDeliveries': 'src/jobs/webhooks/send.ts',
  'reads.certificatesEnding': 'src/jobs/announce-expiry.ts',
  'reads.countEntries': 'src/jobs/daily-counts.ts',
  'transaction.addDailyCounts': 'src/jobs/daily-counts.ts',
  'transaction.setWebhookCursor': 'src/jobs/webhooks/fan-out.ts',
  'transaction.deleteOldDeliveries': 'src/jobs/webhooks/retention.ts',
  'transaction.deleteOldEvents': 'src/jobs/webhooks/retention.ts',
};

/** Types of the catalogue that neither the scenarios nor other tests write. */
export function unwrittenAuditTypes(written: ReadonlySet<string>): readonly string[] {
  return AUDIT_TYPES.filter((type) => {
    const file = AUDIT_TYPES_OF_OTHERS[type];
    const isSeen = file !== undefined && readFileSync(join(packageRoot(), file), 'utf8').includes(`'${type}'`);
    return !written.has(type) && !isSeen;
  });
}

export type Export = { readonly name: string; readonly value: unknown };

/** Every function that a file of `src/operations` exports. */
export async function exportedFunctions(): Promise<readonly Export[]> {
  const files = filesOf(COMPILED, '.js');
  const modules = files.map(async (name) => Object.entries(await load(join(COMPILED, name))));
  return (await Promise.all(modules))
    .flat()
    .filter(([, value]) => typeof value === 'function')
    .map(([name, value]) => ({ name, value }));
}

/** The scenarios have loaded all of these modules already. */
async function load(file: string): Promise<Record<string, unknown>> {
  const { href } = pathToFileURL(file);
  return (await import(href)) as Record<string, unknown>;
}

export function withoutScenario(exported: readonly Export[]): readonly string[] {
  const run = new Set(SCENARIOS.map(({ operation }) => operation));
  return exported
    .filter(({ name, value }) => !run.has(value) && NO_OPERATIONS[name] === undefined)
    .map(({ name }) => name);
}

export type Sources = ReadonlyMap<string, string>;

export function operationSources(): Sources {
  return new Map(filesOf(FOLDER, '.ts').map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

function filesOf(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));
}

/** A call of a port's method, by the variable names that all of `src/operations` uses. */
const SITE = /\b(?:tx|reads|store|snapshot|signer|outlet|draft)\.(\w+)(?:<[^(]*>)?\(|\bstatusChanged\(/;

/** Other objects have such variable names too: `signer.sign` is a method of a `CmpSigner`. */
const METHODS = new Set(Object.keys(PORT_CALLS).map((name) => name.split('.')[1]));

function isCall(line: string): boolean {
  return [...line.matchAll(new RegExp(SITE, 'g'))].some(([, name]) => name === undefined || METHODS.has(name));
}

/** `file:line` of each line that calls a port. */
export function callSites(sources: Sources): readonly string[] {
  return [...sources].flatMap(([name, text]) =>
    text.split('\n').flatMap((line, at) => (isCall(line) ? [`${name}:${at + 1}`] : [])),
  );
}

/** Methods of the ports that no run has called, except those that only others call. */
export function uncalled(calls: readonly Call[]): readonly string[] {
  const called = new Set(calls.map(({ name }) => name));
  const known = (name: string): boolean => called.has(name) || OF_OTHERS[name] !== undefined;
  return Object.keys(PORT_CALLS).filter((name) => {
    const [port, method] = name.split('.');
    // A transaction reads too, so a call of either counts for both.
    const other = port === 'transaction' ? `reads.${method}` : port === 'reads' ? `transaction.${method}` : name;
    return !known(name) && !known(other);
  });
}

/** Methods that are listed as called by others only, and that an operation calls. */
export function ofOthersAndNamed(sources: Sources): readonly string[] {
  const lines = [...sources.values()].join('\n').split('\n');
  const named = new Set(lines.map((line) => SITE.exec(line)?.[1]));
  return Object.keys(OF_OTHERS).filter((name) => named.has(name.split('.')[1]));
}
