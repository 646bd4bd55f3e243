/** The permissions, as two tables for auditors. A role may do only what it lists. */
import type { RevocationReason } from '../ports/store/statuses.js';

export type Role =
  | 'card-management'
  | 'registration-office'
  | 'ra'
  | 'card-bureau'
  | 'portal'
  | 'officer'
  | 'auditor'
  | 'support'
  | 'operator';

/**
 * `read`: certificates, cards and holders with their names. `find`: the same without names.
 * `read-authorities`: CAs, their profiles and their CRLs. `read-orders`: states and counts of
 * orders; `read-order-lines`: what was issued by their lines. `vouch`: protects requests of others
 * in CMP, as a registration authority.
 */
export type Action =
  | 'issue'
  | 'renew'
  | 'register'
  | 'read-registrations'
  | 'vouch'
  | 'read'
  | 'find'
  | 'read-authorities'
  | 'read-counts'
  | 'read-accounts'
  | 'revoke'
  | 'revoke-many'
  | 'read-revocations'
  | 'suspend'
  | 'release'
  | 'update-card'
  | 'read-updates'
  | 'relay-proof'
  | 'run-campaigns'
  | 'read-campaigns'
  | 'record-notices'
  | 'submit-order'
  | 'read-orders'
  | 'read-order-lines'
  | 'control-orders'
  | 'cancel-orders'
  | 'acknowledge-cards'
  | 'read-webhooks'
  | 'operate-webhooks'
  | 'publish-crl'
  | 'block-key'
  | 'certify-account'
  | 'change-accounts'
  | 'approve'
  | 'read-approvals'
  | 'read-audit'
  | 'read-nodes';

/**
 * Actions on certificates are also limited by the account's profiles, structures, domains and
 * holders.
 */
export const ROLES: Readonly<Record<Role, readonly Action[]>> = {
  'card-management': [
    'issue',
    'renew',
    'register',
    'read-registrations',
    'read',
    'find',
    'read-authorities',
    'revoke',
    'suspend',
    'release',
    'update-card',
    'read-campaigns',
    'record-notices',
    'submit-order',
    'read-orders',
    'read-order-lines',
    'control-orders',
    'cancel-orders',
    'acknowledge-cards',
  ],
  // It checks people and evidence, and hands out references and secrets.
  'registration-office': ['register', 'read-registrations', 'read', 'find'],
  // It adds its protection to requests of others.
  ra: ['vouch', 'issue', 'read', 'find'],
  // For the orders that name it.
  'card-bureau': ['read-orders', 'read-order-lines', 'acknowledge-cards'],
  // It carries statements that cards have signed, and may do nothing by itself.
  portal: ['relay-proof'],
  officer: [
    'read',
    'find',
    'read-authorities',
    'read-counts',
    'read-accounts',
    'read-registrations',
    'revoke',
    'revoke-many',
    'read-revocations',
    'suspend',
    'release',
    'publish-crl',
    'block-key',
    'certify-account',
    'change-accounts',
    'approve',
    'read-approvals',
    'read-updates',
    'read-audit',
    'read-nodes',
    'read-orders',
    'read-order-lines',
    'control-orders',
    'cancel-orders',
    'run-campaigns',
    'read-campaigns',
    'record-notices',
    'read-webhooks',
    'operate-webhooks',
  ],
  auditor: [
    'read',
    'find',
    'read-authorities',
    'read-counts',
    'read-accounts',
    'read-registrations',
    'read-audit',
    'read-approvals',
    'read-updates',
    'read-revocations',
    'read-nodes',
    'read-orders',
    'read-order-lines',
    'read-campaigns',
  ],
  // It answers callers, and sees no names.
  support: ['find', 'read-authorities'],
  // It watches over the platform, and sees nothing about holders.
  operator: ['read-authorities', 'read-counts', 'read-nodes', 'read-orders', 'control-orders', 'publish-crl'],
};

/**
 * The reasons (RFC 5280 5.3.1) that each role may give. privilegeWithdrawn is a decision about a
 * person's rights, so only an officer gives it. No role gives certificateHold, because a suspension
 * is an action of its own.
 */
export const REVOCATION_REASONS: Readonly<Record<Role, readonly RevocationReason[]>> = {
  'card-management': ['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
  'registration-office': [],
  ra: [],
  'card-bureau': [],
  portal: [],
  officer: [
    'unspecified',
    'keyCompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'privilegeWithdrawn',
  ],
  auditor: [],
  support: [],
  operator: [],
};

/** Roles are stored as text. A role that this version does not know grants nothing. */
export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name);
}
