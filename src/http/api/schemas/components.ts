/**
 * All JSON Schemas of bodies (draft 2020-12, which OpenAPI 3.1 uses) by their names in
 * `/openapi.json`. Requests are validated by these schemas, so the document always matches the
 * service. Every pattern and format has an `x-expected`: the text that a client gets if its value
 * does not match.
 */
import { accountChange, accountReason, accountRequest } from '../accounts/schemas.js';
import {
  accountUsage,
  ceremony,
  ceremonyLine,
  ceremonyMinutes,
  ceremonySummaries,
  ceremonyVerification,
  policyDifferences,
  policyNow,
  updateLife,
} from '../records/schemas.js';
import {
  newRegistration,
  registeredRequest,
  registration,
  registrationPage,
  registrationRequest,
  registrationSecret,
} from '../registrations/schemas.js';
import { approval, approvalDecision, approvalPage, requestedApproval } from './approvals.js';
import {
  campaign,
  campaignArming,
  campaignCard,
  campaignCounts,
  campaignDates,
  campaignList,
  campaignPage,
  campaignRequest,
  listedCard,
  notice,
  noticeAnswer,
  pending,
} from './campaigns.js';
import { cardCapabilities, cardDetails, cardPage, cardReplacement, cardSummary, holderDetails } from './cards.js';
import { jobs } from './jobs.js';
import { massRevocation, massRevocationPreview, massRevocationResult } from './mass-revocations.js';
import { nodes } from './nodes.js';
import { acknowledgement, bundleLine, cardAnswer, cardReport, keys, receipt } from './order-files.js';
import { order, orderLine, orderPage, orderProblems } from './orders.js';
import { ownRevocation, proof } from './proofs.js';
import { account, accounts } from './reads/accounts.js';
import { certificateChanges } from './reads/changes.js';
import { dayCounts, expiring, expiringOfStructures } from './reads/counts.js';
import { crlHistory } from './reads/crl-history.js';
import { cardHistory, certificateHistory, holderHistory } from './reads/histories.js';
import { certificateSummaries, certificateSummary } from './reads/summaries.js';
import {
  accountCertificate,
  card,
  cardRequest,
  certificateHolder,
  certificateRequest,
  crlRequest,
  empty,
  holder,
  identity,
  massRevocationRequest,
  renewal,
  revocation,
  selection,
  structure,
  suspension,
} from './requests.js';
import {
  auditEntries,
  auditEntry,
  authorities,
  authority,
  certificate,
  certificatePage,
  certificates,
  chainedEntry,
  crl,
  currentProfile,
  problem,
  profiles,
  revokedCertificate,
} from './responses.js';
import {
  cardUpdate,
  updateAbandonment,
  updateBegin,
  updateConfirmation,
  updateDecision,
  updatePage,
} from './updates.js';
import { delivery, deliveryPage, webhooks } from './webhooks.js';

export const COMPONENTS = {
  Structure: structure,
  Holder: holder,
  CertificateHolder: certificateHolder,
  Card: card,
  Identity: identity,
  CertificateRequest: certificateRequest,
  Renewal: renewal,
  CardRequest: cardRequest,
  AccountCertificate: accountCertificate,
  AccountRequest: accountRequest,
  AccountChange: accountChange,
  AccountReason: accountReason,
  Revocation: revocation,
  Proof: proof,
  OwnRevocation: ownRevocation,
  Selection: selection,
  MassRevocationRequest: massRevocationRequest,
  MassRevocation: massRevocation,
  MassRevocationPreview: massRevocationPreview,
  MassRevocationResult: massRevocationResult,
  Order: order,
  OrderPage: orderPage,
  OrderProblems: orderProblems,
  OrderLine: orderLine,
  Receipt: receipt,
  BundleLine: bundleLine,
  CardReport: cardReport,
  CardAnswer: cardAnswer,
  Acknowledgement: acknowledgement,
  Keys: keys,
  CardUpdateBegin: updateBegin,
  CardUpdateConfirmation: updateConfirmation,
  CardUpdateAbandonment: updateAbandonment,
  CardUpdateDecision: updateDecision,
  CardUpdate: cardUpdate,
  CardUpdatePage: updatePage,
  UpdateLife: updateLife,
  Approval: approval,
  ApprovalDecision: approvalDecision,
  ApprovalPage: approvalPage,
  RequestedApproval: requestedApproval,
  RegistrationRequest: registrationRequest,
  RegisteredRequest: registeredRequest,
  Registration: registration,
  NewRegistration: newRegistration,
  RegistrationSecret: registrationSecret,
  RegistrationPage: registrationPage,
  CardCapabilities: cardCapabilities,
  CardReplacement: cardReplacement,
  CardSummary: cardSummary,
  CardDetails: cardDetails,
  CardPage: cardPage,
  HolderDetails: holderDetails,
  CampaignRequest: campaignRequest,
  Campaign: campaign,
  CampaignPage: campaignPage,
  CampaignDates: campaignDates,
  CampaignArming: campaignArming,
  CampaignCounts: campaignCounts,
  CampaignCard: campaignCard,
  ListedCard: listedCard,
  CampaignList: campaignList,
  Notice: notice,
  NoticeAnswer: noticeAnswer,
  PendingAnswer: pending,
  Suspension: suspension,
  Empty: empty,
  CrlRequest: crlRequest,
  Certificate: certificate,
  RevokedCertificate: revokedCertificate,
  Certificates: certificates,
  CertificatePage: certificatePage,
  CertificateSummary: certificateSummary,
  CertificateSummaries: certificateSummaries,
  CertificateChanges: certificateChanges,
  CertificateHistory: certificateHistory,
  CardHistory: cardHistory,
  HolderHistory: holderHistory,
  Profile: currentProfile,
  Profiles: profiles,
  Crl: crl,
  CrlHistory: crlHistory,
  Authority: authority,
  Authorities: authorities,
  AuditEntries: auditEntries,
  ChainedEntry: chainedEntry,
  AuditEntry: auditEntry,
  CeremonySummaries: ceremonySummaries,
  Ceremony: ceremony,
  CeremonyLine: ceremonyLine,
  CeremonyMinutes: ceremonyMinutes,
  CeremonyVerification: ceremonyVerification,
  Policy: policyNow,
  PolicyDifferences: policyDifferences,
  Nodes: nodes,
  Jobs: jobs,
  Account: account,
  Accounts: accounts,
  AccountUsage: accountUsage,
  DayCounts: dayCounts,
  Expiring: expiring,
  ExpiringOfStructures: expiringOfStructures,
  Webhooks: webhooks,
  Delivery: delivery,
  DeliveryPage: deliveryPage,
  Problem: problem,
} as const;

export type ComponentName = keyof typeof COMPONENTS;

/**
 * The components that clients send, as a whole body or as a line of one. The build generates a
 * validation function for each of them.
 */
export const REQUEST_COMPONENTS = [
  'CertificateRequest',
  'Renewal',
  'CardRequest',
  'AccountCertificate',
  'AccountRequest',
  'AccountChange',
  'AccountReason',
  'Revocation',
  'OwnRevocation',
  'MassRevocationRequest',
  'CardReport',
  'CardUpdateBegin',
  'CardUpdateConfirmation',
  'CardUpdateAbandonment',
  'CardUpdateDecision',
  'ApprovalDecision',
  'RegistrationRequest',
  'RegisteredRequest',
  'CardCapabilities',
  'CardReplacement',
  'CampaignRequest',
  'CampaignDates',
  'CampaignArming',
  'ListedCard',
  'Notice',
  'Suspension',
  'Empty',
  'CrlRequest',
] as const satisfies readonly ComponentName[];

export type RequestComponent = (typeof REQUEST_COMPONENTS)[number];

/** Whether the body may be omitted, because the schema requires no member. */
export function mayBeEmpty(name: RequestComponent): boolean {
  return COMPONENTS[name].required.length === 0;
}
