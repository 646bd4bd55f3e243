/** Policy about EST, CMP and registrations: parts of the compiled policy (`model.ts`). */

/** How certificates of a profile are requested by EST and CMP. */
export type EnrolmentPolicy = {
  /** Whether an account may name the holder in the request itself. */
  readonly fromRequest: boolean;
  readonly est: boolean;
  /** `registration`: for the secret of a registration only. */
  readonly cmp: 'all' | 'registration' | 'none';
  /** Whether a CMP client may ask to leave out the confirmation. */
  readonly implicitConfirm: boolean;
  /** How long a CMP client has to confirm a certificate. */
  readonly confirmWithinMs: number;
  /** What becomes of a certificate that is not confirmed in time. */
  readonly unconfirmed: 'revoke' | 'undetermined';
  /** What becomes of a certificate that has renewed itself. */
  readonly supersede: 'revoke' | 'let-end';
  /** Whether CMP may answer with an encrypted certificate. */
  readonly encryptedCertificate: boolean;
  /**
   * Whether a public conformance suite of CMP is run with this profile: its certificates may ask
   * for others of the profile, and where the suite reads RFC 9483 more narrowly than we do, it is
   * followed. Left out: no. The development environment alone may have it.
   */
  readonly conformanceSuite?: boolean;
};

/** A profile, or the body of its file. */
type SuiteProfile = { readonly enrolment?: Pick<EnrolmentPolicy, 'conformanceSuite'> | null };

/** Whether a public conformance suite is run with the profile; undefined: there is no profile. */
export function isForSuite(profile: SuiteProfile | undefined): boolean {
  return profile?.enrolment?.conformanceSuite === true;
}

/** What EST, CMP and registrations have in common for all profiles. */
export type EnrolmentLimits = {
  /** The profile of a request that names none; null: such a request is refused. */
  readonly defaultProfile: string | null;
  /** How long a registration can be used, if it names no end. */
  readonly registrationLifeMs: number;
  readonly registrationLifeMsMax: number;
  /** Whether accounts may have shared secrets. */
  readonly accountSecrets: boolean;
  readonly cmp: CmpPolicy;
};

export type CmpPolicy = {
  /**
   * Whether the first signed message must have the chain of its certificate (RFC 9483 3.3), and
   * every message its time, which RFC 9483 3.1 leaves to the client.
   */
  readonly chainRequired: boolean;
  readonly messageTimeRequired: boolean;
  /** How far the time of a message may be from the clock of the server. */
  readonly timeWindowMs: number;
  /** How long a transaction is kept after its end, so that a repeated message finds it. */
  readonly retentionMs: number;
  /** How long a client may wait for its certificate. */
  readonly waitMsMax: number;
  /** Iterations that a client may ask for: of PasswordBasedMac, and of PBKDF2 in PBMAC1. */
  readonly pbmIterationsMax: number;
  readonly pbmac1IterationsMax: number;
};
