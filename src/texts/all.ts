/**
 * What is said about each rule that a request can violate, in French and in English. The name of
 * the rule is the same in both languages, and stands before the slash: what follows it tells cases
 * of one rule apart.
 */
import { ACCOUNT_RULES } from './account-rules.js';
import { API_RULES } from './api-rules.js';
import { APPROVAL_RULES } from './approval-rules.js';
import { CAMPAIGN_RULES } from './campaign-rules.js';
import { CARD_RULES } from './card-rules.js';
import { ENROLMENT_RULES } from './enrolment-rules.js';
import { EST_RULES } from './est-rules.js';
import { KEY_RULES } from './key-rules.js';
import { ORDER_RULES } from './order-rules.js';
import { POLICY_RULES } from './policy-rules.js';
import { PROOF_RULES } from './proof-rules.js';
import { REGISTRATION_RULES } from './registration-rules.js';
import { UPDATE_RULES } from './update-rules.js';
import { WEBHOOK_RULES } from './webhook-rules.js';

export const RULES = {
  ...POLICY_RULES,
  ...KEY_RULES,
  ...API_RULES,
  ...CARD_RULES,
  ...ORDER_RULES,
  ...PROOF_RULES,
  ...REGISTRATION_RULES,
  ...UPDATE_RULES,
  ...APPROVAL_RULES,
  ...CAMPAIGN_RULES,
  ...WEBHOOK_RULES,
  ...ACCOUNT_RULES,
  ...ENROLMENT_RULES,
  ...EST_RULES,
};
export type RuleTextId = keyof typeof RULES;
