/** Who may do what: the two tables an auditor reads. What a role does not list it may not do. */
import type { RevocationReason } from '../ports/store/statuses.js';

export type Role = 'card-management' | 'officer' | 'auditor';

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
  | 'submit-order'
  | 'publish-crl'
  | 'block-key'
  | 'approve'
  | 'read-approvals'
  | 'read-audit';

/** Actions on certificates are limited by the account's profiles, structures and domains as well; the others are not. */
export const ROLES: Readonly<Record<Role, readonly Action[]>> = {
  'card-management': ['issue', 'renew', 'read', 'revoke', 'suspend', 'release', 'update-card', 'submit-order'],
  officer: [
    'read',
    'revoke',
    'revoke-many',
    'read-revocations',
    'suspend',
    'release',
    'publish-crl',
    'block-key',
    'approve',
    'read-approvals',
  ],
  auditor: ['read', 'read-audit', 'read-approvals', 'read-revocations'],
};

/**
 * Reasons (RFC 5280 5.3.1) that a role may give. privilegeWithdrawn is a decision on a person's right, an officer's to
 * take; certificateHold is nobody's here: a hold is a suspension, an action of its own.
 */
export const REVOCATION_REASONS: Readonly<Record<Role, readonly RevocationReason[]>> = {
  'card-management': ['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
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

/** Roles are kept as text; one that this version does not know grants nothing. */
export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name);
}
