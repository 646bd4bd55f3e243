/** What is told of something that was linted, and what is known here of who may have made it. */
import type { Home } from '../../compose/home.js';
import type { Issuer, IssuerCertificate } from '../../x509/model.js';
import type { Kind } from './file.js';

export type Report = {
  readonly kind: Kind;
  /** What it was held to: a profile, an authority, or public standards. */
  readonly ruleSet: string;
  readonly rules: number;
  readonly findings: readonly { readonly rule: string; readonly detail: string }[];
};

export type Knowledge = {
  readonly policy: Home['policy'] | null;
  readonly own: readonly Issuer[];
  /** Authorities in the files that were named. */
  readonly given: readonly IssuerCertificate[];
  /** To be held to this profile, not to the one it fits best. */
  readonly profile: string | null;
};

export const STANDARDS = 'public standards';
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;
