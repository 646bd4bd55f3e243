import { ACCOUNTS } from './accounts.js';
import { APPROVALS } from './approvals.js';
import { CAMPAIGNS } from './campaigns.js';
import { CARDS } from './cards.js';
import { CEREMONY_PLANS, CEREMONY_STEPS } from './ceremonies.js';
import { CLIENT } from './client.js';
import { CMP_MESSAGES } from './cmp-messages.js';
import { CMP_PROTECTION } from './cmp-protection.js';
import { CMP_SIGNERS } from './cmp-signers.js';
import { CMP_TRANSACTIONS } from './cmp-transactions.js';
import { DATABASE, OUTAGES } from './database.js';
import { ENROLMENT } from './enrolment.js';
import { EST } from './est.js';
import { HTTP } from './http.js';
import { INCIDENTS } from './incidents.js';
import { ISSUANCE } from './issuance.js';
import { JOBS } from './jobs.js';
import { LISTS } from './lists.js';
import type { Mutants } from './mutant.js';
import { NAMES } from './names.js';
import { AUDIT, NODES } from './nodes.js';
import { OCSP } from './ocsp.js';
import { ORDER_FILES } from './order-files.js';
import { ORDER_LINES } from './order-lines.js';
import { ORDERS } from './orders.js';
import { POLICY_DECISIONS } from './policy.js';
import { PORTS } from './ports.js';
import { PRIORITIES } from './priorities.js';
import { PROOFS } from './proofs.js';
import { REGISTRATIONS } from './registrations.js';
import { REQUESTS } from './requests.js';
import { RESPONDER_CERTIFICATES } from './responders.js';
import { RESTORES } from './restore.js';
import { ROLES } from './roles.js';
import { SCRIPTS } from './scripts.js';
import { SEARCHED } from './searches.js';
import { SIGNER_CHECKS } from './signer-checks.js';
import { SIGNER_GROUPS } from './signer-groups.js';
import { SIGNER_LIMITS } from './signer-limits.js';
import { SIGNERS } from './signers.js';
import { STATUS_POLLER } from './status-poller.js';
import { UPDATES } from './updates.js';
import { WEBHOOKS } from './webhooks.js';

export const MUTANTS: Mutants = {
  ...PORTS,
  ...ISSUANCE,
  ...CARDS,
  ...SEARCHED,
  ...DATABASE,
  ...ENROLMENT,
  ...OUTAGES,
  ...AUDIT,
  ...NODES,
  ...RESTORES,
  ...ROLES,
  ...JOBS,
  ...LISTS,
  ...OCSP,
  ...ORDER_FILES,
  ...STATUS_POLLER,
  ...RESPONDER_CERTIFICATES,
  ...HTTP,
  ...REGISTRATIONS,
  ...CMP_PROTECTION,
  ...EST,
  ...REQUESTS,
  ...ORDERS,
  ...PROOFS,
  ...SIGNERS,
  ...SIGNER_GROUPS,
  ...SIGNER_LIMITS,
  ...SIGNER_CHECKS,
  ...CMP_SIGNERS,
  ...CEREMONY_PLANS,
  ...CEREMONY_STEPS,
  ...NAMES,
  ...SCRIPTS,
  ...POLICY_DECISIONS,
  ...ACCOUNTS,
  ...APPROVALS,
  ...CAMPAIGNS,
  ...INCIDENTS,
  ...PRIORITIES,
  ...WEBHOOKS,
  ...UPDATES,
  ...CLIENT,
  ...CMP_MESSAGES,
  ...CMP_TRANSACTIONS,
  ...ORDER_LINES,
};
