/** The permissions, as two tables for auditors. A role may do only what it lists. */
import type { RevocationReason } from '../ports/store/statuses.js';

export type Role = 'card-management' | 'card-bureau' | 'portal' | 'officer' | 'auditor';

export type Action =
  | 'issue'
  | 'renew'
  | 'read'
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
  | 'control-orders'
  | 'acknowledge-cards'
  | 'read-webhooks'
  | 'operate-webhooks'
  | 'publish-crl'
  | 'block-key'
  | 'certify-account'
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
    'read',
    'revoke',
    'suspend',
    'release',
    'update-card',
    'read-campaigns',
    'record-notices',
    'submit-order',
    'read-orders',
    'control-orders',
    'acknowledge-cards',
  ],
  // For the orders that name it.
  'card-bureau': ['read-orders', 'acknowledge-cards'],
  // It carries statements that cards have signed, and may do nothing by itself.
  portal: ['relay-proof'],
  officer: [
    'read',
    'revoke',
    'revoke-many',
    'read-revocations',
    'suspend',
    'release',
    'publish-crl',
    'block-key',
    'certify-account',
    'approve',
    'read-approvals',
    'read-updates',
    'read-audit',
    'read-nodes',
    'read-orders',
    'control-orders',
    'run-campaigns',
    'read-campaigns',
    'record-notices',
    'read-webhooks',
    'operate-webhooks',
  ],
  auditor: [
    'read',
    'read-audit',
    'read-approvals',
    'read-updates',
    'read-revocations',
    'read-nodes',
    'read-orders',
    'read-campaigns',
  ],
};

/**
 * The reasons (RFC 5280 5.3.1) that each role may give. privilegeWithdrawn is a decision about a
 * person's rights, so only an officer gives it. No role gives certificateHold, because a suspension
 * is an action of its own.
 */
export const REVOCATION_REASONS: Readonly<Record<Role, readonly RevocationReason[]>> = {
  'card-management': ['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
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
};

/** Roles are stored as text. A role that this version does not know grants nothing. */
export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name);
}
