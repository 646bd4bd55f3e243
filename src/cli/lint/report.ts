/** The report on an item that was linted, and what is known about possible issuers. */
import type { Home } from '../../compose/home.js';
import type { Issuer, IssuerCertificate } from '../../x509/model.js';
import type { Kind } from './file.js';

export type Report = {
  readonly kind: Kind;
  /** What it was checked against: a profile, an authority, or public standards. */
  readonly ruleSet: string;
  readonly rules: number;
  readonly findings: readonly { readonly rule: string; readonly detail: string }[];
};

export type Knowledge = {
  readonly policy: Home['policy'] | null;
  readonly own: readonly Issuer[];
  /** Authorities in the files on the command line. */
  readonly given: readonly IssuerCertificate[];
  /** Profile to check against; null: the one with the fewest findings. */
  readonly profile: string | null;
};

export const STANDARDS = 'public standards';
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;
