/** Steps of the ceremonies that come after a hierarchy's first: what a root does later, and what goes between two machines. */
import type { RevocationReason } from '../../ports/store/statuses.js';
import type { TokenStep } from './token-steps.js';

/** A suspension of an authority would end by a ceremony too, and nobody could rely on anything of it meanwhile. */
export type AuthorityRevocationReason = Exclude<RevocationReason, 'certificateHold'>;

/** The last list published, which the next one is made of: `sha256` of the file in hex, `*` in rehearsals only. */
export type PreviousList = { readonly number: number; readonly sha256: string };

export type LaterStep =
  /** A key that an earlier ceremony made, held to the certificate that it has. */
  | {
      readonly do: 'read-key';
      readonly token: string;
      readonly key: string;
      /** Of an issuing CA: which generation of its root signed it; left out: the first. */
      readonly issuer?: string;
    }
  /** The decision, in a file of its own; the next list of `issuer` in the same plan carries it. */
  | {
      readonly do: 'revoke-issuing-authority';
      readonly authority: string;
      readonly issuer: string;
      readonly reason: AuthorityRevocationReason;
      /** RFC 3339; left out: when the step is done. */
      readonly revokedAt?: string;
      readonly invalidityDate?: string;
      readonly output: string;
    }
  | {
      readonly do: 'destroy-key';
      readonly token: string;
      readonly key: string;
      readonly reason: string;
      /** Why it is destroyed though it still has a duty. */
      readonly despite?: string;
      readonly output: string;
    }
  /** PKCS#10 of an issuing CA's key, signed by it, for a root that is elsewhere. */
  | { readonly do: 'request-certificate'; readonly authority: string; readonly token: string; readonly output: string }
  /** What another machine's ceremony is to import, in one file that the ceremony key signs. */
  | { readonly do: 'export-bundle'; readonly files: readonly string[]; readonly output: string }
  | {
      readonly do: 'import-bundle';
      readonly bundle: string;
      /** Hex; `*`: its words are compared when the step is done. */
      readonly sha256: string;
      readonly files: readonly string[];
    }
  | TokenStep;

export type LaterStepOf<Kind extends LaterStep['do']> = Extract<LaterStep, { readonly do: Kind }>;
