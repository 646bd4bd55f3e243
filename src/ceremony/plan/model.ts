/**
 * A ceremony plan, as a file in `policies/ceremonies/` has it. What each member means is said in
 * `policies/schemas/ceremony-plan.schema.json`.
 */
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { HierarchyId, PolicyFault } from '../../policy/model.js';
import type { KeyType } from '../../x509/model.js';
import type { AddedStep } from './added-steps.js';
import type { LaterStep, PreviousList } from './later-steps.js';

export type Role = 'master-of-ceremonies' | 'officer' | 'hsm-operator' | 'witness' | 'external-witness' | 'recorder';
export type Person = {
  readonly role: Role;
  readonly name: string;
  readonly organisation: string;
  /** Of the certificate with whose key this person signs the transcript; left out: on paper. */
  readonly certificateSha256?: string;
};
export type Presence = { readonly role: Role; readonly atLeast: number; readonly organisation?: string };

export type TokenKind = 'root' | 'ca' | 'ocsp' | 'platform' | 'access';
export type TokenUse = {
  readonly name: string;
  readonly kind: TokenKind;
  /** Relative to the home folder, as all paths of a plan. */
  readonly folder: string;
  readonly pin: PinKeeping;
};

/** The token of a checked plan that has this name. */
export function tokenUse(plan: Pick<CeremonyPlan, 'tokens'>, name: string): TokenUse {
  return present(
    plan.tokens.find((token) => token.name === name),
    `token ${name} of a checked plan`,
  );
}

/** The key that signs the transcript: made by a step of the plan, and destroyed when it has signed. */
export type TranscriptKey = { readonly token: string; readonly key: string };
/** Where the PIN of a token is: in a file, with a quorum whose shares are below `path`, or with the HSM's own m-of-n. */
export type PinKeeping = { readonly kind: 'file' | 'quorum'; readonly path: string } | { readonly kind: 'hsm' };

/** What a share is sealed under: what its holder will type, or the key of a certificate made for nothing else. */
export type Seal = 'passphrase' | { readonly certificate: string; readonly sha256: string };
export type Holder = { readonly name: string; readonly organisation: string; readonly seal: Seal };
export type Sharing = { readonly shares: number; readonly threshold: number; readonly holders: readonly Holder[] };

export type Quorum =
  /** No token of the plan is opened by one. */
  | { readonly kind: 'none' }
  | (Sharing & { readonly kind: 'shares'; readonly swap?: 'allowed' })
  | { readonly kind: 'hsm'; readonly shares: number; readonly threshold: number };

export type NextUpdate = { readonly years: number } | { readonly days: number } | 'policy';

export type CeremonyStep =
  | {
      readonly do: 'initialise-token';
      readonly token: string;
      /** Of its security officer, which could set the PIN anew; left out: destroyed. */
      readonly soPin?: 'destroyed' | Sharing;
    }
  | { readonly do: 'generate-key'; readonly token: string; readonly key: string; readonly keyType?: KeyType }
  | { readonly do: 'create-root'; readonly authority: string; readonly token: string; readonly output: string }
  | {
      readonly do: 'create-issuing-authority';
      readonly authority: string;
      /** Where the certified key is: on a token here, or in a request from elsewhere. One of them. */
      readonly subjectToken?: string;
      readonly request?: string;
      readonly issuer: string;
      readonly token: string;
      readonly output: string;
    }
  | {
      readonly do: 'create-ocsp-signer';
      readonly issuer: string;
      readonly token: string;
      readonly subjectToken: string;
      /** Of a key of another type beside the first (`aci-fo-pp.rsa-2048`). */
      readonly subjectKey?: string;
      readonly output: string;
    }
  | {
      readonly do: 'sign-crl';
      readonly issuer: string;
      readonly token: string;
      readonly number: number;
      /** Left out: the first list of its issuer. */
      readonly previous?: PreviousList;
      readonly nextUpdate: NextUpdate;
      readonly output: string;
    }
  | LaterStep
  | AddedStep
  | { readonly do: 'export-public-key'; readonly token: string; readonly key: string; readonly output: string }
  | {
      readonly do: 'reshare-quorum';
      readonly token: string;
      /** Of the shares that it makes; those of the token's making are 1. */
      readonly generation: number;
      readonly quorum: Sharing;
      /** Who opens it where too few of its own shares are left: those who share the PIN of its security officer. */
      readonly soQuorum?: Sharing;
    }
  | {
      readonly do: 'reshare-so-pin';
      readonly token: string;
      /** Of the shares of the security officer's PIN that it makes; those of the token's making are 1. */
      readonly generation: number;
      /** Who shares it now, and opens it. */
      readonly soQuorum: Sharing;
      readonly quorum: Sharing;
    };

export type StepOf<Kind extends CeremonyStep['do']> = Extract<CeremonyStep, { readonly do: Kind }>;

/** The file's own shape, after the schema. */
export type PlanFile = {
  readonly form: 1;
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly hierarchy: HierarchyId | null;
  readonly environment: 'development' | 'production';
  readonly window: { readonly notBefore: string; readonly notAfter: string };
  readonly software: { readonly name: 'pfcng'; readonly version: string; readonly policyDigest: string };
  readonly people: readonly Person[];
  readonly presence: readonly Presence[];
  readonly quorum: Quorum;
  readonly tokens: readonly TokenUse[];
  readonly steps: readonly CeremonyStep[];
  readonly seal?: TranscriptKey;
  readonly outputs: readonly string[];
};

export type CeremonyPlan = Omit<PlanFile, 'window'> & {
  readonly window: { readonly notBefore: Instant; readonly notAfter: Instant };
  /** The reviewed text, octet for octet, and its SHA-256 in hex. */
  readonly text: Bytes;
  readonly digest: string;
};

export type PlanRefused = { readonly kind: 'plan-refused'; readonly faults: readonly PolicyFault[] };
