/** Creates the tables of level 1, in one transaction in an empty database. */
import type { Knex } from 'knex';
import { ORDER_TABLES } from '../tables/orders/orders.js';
import { createApprovalTables } from './approvals.js';
import { createBlockedKeys } from './blocked-keys.js';
import { createCardUpdateTables } from './card-updates.js';
import { createCampaignTables } from './cards/campaigns.js';
import { createCardTables } from './cards.js';
import { createCertificateTables } from './certificates.js';
import { createAccountUsage } from './counts/account-usage.js';
import { createDailyCounts } from './counts/daily-counts.js';
import { createCmpTransactions } from './enrolment/cmp-transactions.js';
import { createRegistrationTables } from './enrolment/registrations.js';
import { createIssuanceMinutes } from './issuance-minutes.js';
import { createJournalTables } from './journals.js';
import { createMassRevocationTables } from './mass-revocations.js';
import { createNodeTables } from './nodes.js';
import { createOutboxTables } from './outbox.js';
import { createPlatformTables } from './platform.js';
import { createRequestTables } from './requests.js';

export async function createInitialSchema(db: Knex, environmentMark: string): Promise<void> {
  await createPlatformTables(db);
  await createCertificateTables(db);
  await createIssuanceMinutes(db);
  await createDailyCounts(db);
  await createRequestTables(db);
  await createAccountUsage(db);
  await createBlockedKeys(db);
  await createMassRevocationTables(db);
  await createJournalTables(db);
  await createNodeTables(db);
  for (const table of ORDER_TABLES) await table.create(db);
  await createOutboxTables(db);
  await createApprovalTables(db);
  await createCardUpdateTables(db);
  await createCardTables(db, environmentMark);
  await createCampaignTables(db);
  await createRegistrationTables(db);
  await createCmpTransactions(db);
}
