/** Registrations: what one holder may be issued, checked and recorded in advance. */
import type { Instant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import type { KeyOrigin } from '../certificates.js';

export const REGISTRATION_STATES = ['open', 'used', 'withdrawn', 'expired'] as const;
export type RegistrationState = (typeof REGISTRATION_STATES)[number];

export type RegistrationUse = {
  readonly profile: string;
  /** null: the profile is unused. */
  readonly certificateId: string | null;
};

export type Registration = {
  /** UUID. */
  readonly id: string;
  /** 16 characters of base32, which are not secret. */
  readonly reference: string;
  /** The account with whose rights it acts. */
  readonly accountId: string;
  /** Id of the key from which its secret is derived, and the generation of the secret, from 1. */
  readonly secretKey: string;
  readonly secretGeneration: number;
  /** An open one whose `expiresAt` has passed is `open` until a job writes that it expired. */
  readonly state: RegistrationState;
  readonly stateAt: Instant;
  /** How often a use was given back because its certificate was rejected or never confirmed. */
  readonly returned: number;
  /** How often a use was given back because its intent was given up. */
  readonly givenUp: number;
  /** In JSON, as the request stated them; null once they are erased. */
  readonly holder: Json;
  readonly card: Json;
  readonly identity: Json;
  /** null: erased. */
  readonly holderId: string | null;
  readonly structureId: string | null;
  readonly domains: readonly string[];
  readonly keyOrigin: KeyOrigin | null;
  /** The requested validity; null in it: that of the profile. */
  readonly validity: { readonly notBefore: Instant | null; readonly notAfter: Instant | null };
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
  /** null: its personal data is there. */
  readonly erasedAt: Instant | null;
  /** In the order of the request. */
  readonly uses: readonly RegistrationUse[];
};

/** `state` is the one at `now`: an open registration that has ended is expired. */
export type RegistrationFilter = {
  readonly state?: RegistrationState | undefined;
  readonly holderId?: string | undefined;
  readonly profile?: string | undefined;
  readonly reference?: string | undefined;
  readonly now: Instant;
  readonly limit: number;
  /** The id before which the page begins; left out: the newest first. */
  readonly before?: string | undefined;
};

/** What the database knows of a key: its id, and a hash that only this key has. */
export type RegistrationKeyCheck = { readonly id: string; readonly checkSha256: string };

export type RegistrationReads = {
  readonly registration: (id: string) => Promise<Registration | null>;
  readonly registrationByReference: (reference: string) => Promise<Registration | null>;
  /** Ordered by id. Unknown ids are left out. */
  readonly registrationsByIds: (ids: readonly string[]) => Promise<readonly Registration[]>;
  /** Newest first. */
  readonly registrationsPage: (filter: RegistrationFilter) => Promise<readonly Registration[]>;
  /** Counts up to `countMax` and stops there. */
  readonly countOpenRegistrations: (accountId: string, countMax: number) => Promise<number>;
  /** Open ones whose end has passed. */
  readonly registrationsPastEnd: (now: Instant, limit: number) => Promise<readonly Registration[]>;
  /** Registrations that ended before this time and still have personal data. */
  readonly registrationsToErase: (endedBefore: Instant, limit: number) => Promise<readonly Registration[]>;
  readonly registrationKeyChecks: () => Promise<readonly RegistrationKeyCheck[]>;
};

type NewUse = { readonly registrationId: string; readonly profile: string; readonly certificateId: string };

export type RegistrationWrites = {
  readonly insertRegistration: (registration: Registration) => Promise<void>;
  /** Stores the state, the secret and the numbers of returned uses. */
  readonly changeRegistration: (
    registration: Pick<
      Registration,
      'id' | 'state' | 'stateAt' | 'returned' | 'givenUp' | 'secretKey' | 'secretGeneration'
    >,
  ) => Promise<void>;
  /** Each profile must be unused. */
  readonly useRegistrations: (uses: readonly NewUse[]) => Promise<void>;
  /** Makes the profiles that these certificates have used unused again. */
  readonly returnUses: (certificateIds: readonly string[]) => Promise<void>;
  readonly eraseRegistrations: (ids: readonly string[], at: Instant) => Promise<void>;
  readonly insertRegistrationKeys: (keys: readonly RegistrationKeyCheck[], at: Instant) => Promise<void>;
};
