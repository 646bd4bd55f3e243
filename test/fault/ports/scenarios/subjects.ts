/** The scenarios that have files of their own, by subject. */
import { ACCOUNT_DECISIONS } from '../approvals/account-decisions.js';
import { AUDITING } from '../audit/read-audit.js';
import { CMP } from '../enrolment/cmp.js';
import { CMP_NESTED } from '../enrolment/cmp-nested.js';
import { CMP_ORGANISATIONS } from '../enrolment/cmp-organisations.js';
import { CMP_WAITING } from '../enrolment/cmp-waiting.js';
import { ENROLMENT } from '../enrolment/enrol.js';
import { REGISTRATIONS } from '../enrolment/scenarios.js';
import type { Scenario } from './all.js';
import { APPROVALS } from './approvals.js';
import { CAMPAIGN_APPROVALS } from './campaign-approvals.js';
import { CAMPAIGNS } from './campaigns.js';
import { CARDS_AND_HOLDERS } from './cards.js';
import { DUE } from './due.js';
import { MASS } from './mass-revocations.js';
import { OFFICE } from './officers.js';
import { ORDER_FILES } from './order-files.js';
import { ORDER_WORK } from './order-work.js';
import { ORDERS } from './orders.js';
import { PLATFORM } from './platform.js';
import { PROOFS } from './proofs.js';
import { READING } from './reading.js';
import { RESPONDERS } from './responders.js';
import { STARTING } from './starting.js';
import { UPDATES } from './updates.js';
import { WEBHOOKS } from './webhooks.js';

export const BY_SUBJECT: readonly Scenario[] = [
  ...DUE,
  ...AUDITING,
  ...STARTING,
  ...CARDS_AND_HOLDERS,
  ...PROOFS,
  ...OFFICE,
  ...APPROVALS,
  ...ACCOUNT_DECISIONS,
  ...CAMPAIGNS,
  ...CAMPAIGN_APPROVALS,
  ...MASS,
  ...ORDERS,
  ...ORDER_FILES,
  ...ORDER_WORK,
  ...READING,
  ...PLATFORM,
  ...REGISTRATIONS,
  ...ENROLMENT,
  ...CMP,
  ...CMP_WAITING,
  ...CMP_ORGANISATIONS,
  ...CMP_NESTED,
  ...RESPONDERS,
  ...UPDATES,
  ...WEBHOOKS,
];
