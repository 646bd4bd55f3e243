/** Policy about cards and their updates: parts of the compiled policy (`model.ts`). */
import type { HolderKeyType } from '../x509/model.js';

/** Limits of remote updates of cards. */
export type UpdateLimits = {
  /** Updates of one card that may begin in 24 hours. */
  readonly perCardPerDay: number;
  /** Updates of one card that may fail in a campaign before it is sent to a service desk. */
  readonly attemptsMax: number;
};

/** What a certificate is issued for. */
export type IssuancePurpose = 'issue' | 'renewal' | 'update';

export type UpdatePolicy = {
  /** How long a card has to confirm its new certificates. */
  readonly confirmWithinMs: number;
  /** How long the old certificates stay good after the confirmation. */
  readonly overlapMs: number;
  /** What becomes of them then. */
  readonly supersede: 'revoke' | 'let-end';
};

export type SelfServiceAction =
  | 'read-self'
  | 'begin-update'
  | 'confirm-update'
  | 'abandon-update'
  | 'revoke-self'
  | 'renew-self';

/** What cards of one generation can do. */
export type CardGeneration = {
  readonly keyTypes: readonly HolderKeyType[];
  /** The lowest version of the applet that can be updated remotely; null: none can. */
  readonly appletMin: string | null;
};
