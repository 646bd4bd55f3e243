/** What handlers of the API and pages of the console may use, besides the world of operations. */
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';
import type { VerifiedAnswer } from '../ocsp/verify-answer.js';
import type { PlatformKey } from '../orders/receipt.js';
import type { WebhookEndpoint } from '../orders/webhooks.js';
import type { Change } from '../policy/load/difference.js';
import type { CrlKind } from '../policy/publication/crl-scopes.js';
import type { Readiness } from '../ports/readiness.js';
import type { IssuerId } from '../ports/signer.js';
import type { CrlRecord } from '../ports/store/crls.js';
import type { CeremonyFolder } from './ceremonies/ceremony-folder.js';
import type { OperationFailure } from './failures.js';
import type { World } from './world.js';

/** The result of a check of one address in certificates. `fault` null: it gave what it should. */
export type AddressCheck = { readonly address: string; readonly fault: string | null };

/** The OCSP answer as a relying party gets it. */
export type AskedStatus = VerifiedAnswer & {
  /** From the request to the verified answer. */
  readonly tookMs: number;
};

export type ServingContext = {
  readonly world: World;
  /** The issuing CAs whose certificates authenticate accounts. */
  readonly accountAuthorities: readonly string[];
  /** Starts the processing of the submitted mass revocations; does not wait for it. */
  readonly startMassRevocations: () => void;
  readonly webhooks: {
    readonly endpoints: readonly WebhookEndpoint[];
    /** Makes the worker send the deliveries of an endpoint now; does not wait for it. */
    readonly wake: (endpoint: string) => void;
  };
  /** Makes the worker look for orders now; does not wait for it. */
  readonly startOrders: () => void;
  /** null: nothing is signed with the key of the platform. */
  readonly platformKey: PlatformKey | null;
  /** The tags that a personal value may have in audit entries. */
  readonly tagsOf: (kind: 'holder' | 'card', value: string) => readonly string[];
  /** The state of this process; null: it was not known in time. It is computed once a second. */
  readonly readiness: () => Promise<Readiness | null>;
  /**
   * Fetches the lists, the certificate and an OCSP response of an issuer from their public
   * addresses and compares them with the records. It ends within 10 s.
   */
  readonly checkAddresses: (issuer: IssuerId) => Promise<readonly AddressCheck[]>;
  /** A page of `ops/` by its name, Markdown; null: there is none. */
  readonly runbook: (name: string) => Promise<string | null>;
  /**
   * Asks OCSP over the address that certificates name, and verifies the answer; at most 2 s. An
   * error describes the fault in a few English words.
   */
  readonly askStatus: (issuer: IssuerId, serial: string) => Promise<Result<AskedStatus, string>>;
  /**
   * What `openssl x509 -text` prints about a certificate (DER); at most 2 s. An error describes the
   * fault in a few English words.
   */
  readonly certificateText: (der: Bytes) => Promise<Result<string, string>>;
  /** The other environment of the same policy folder, and what differs there. */
  readonly otherEnvironment: {
    readonly name: string;
    /** The error says why the files cannot be compared, in lines. */
    readonly differences: () => Result<readonly Change[], readonly string[]>;
  };
  /** Files of ceremonies in the home folder. */
  readonly ceremonies: CeremonyFolder;
  readonly publishCrl: (issuer: IssuerId, kind?: CrlKind) => Promise<Result<CrlRecord, OperationFailure>>;
};
