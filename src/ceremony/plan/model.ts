/**
 * A ceremony plan, as a file in `policies/ceremonies/` has it. What each member means is said in
 * `policies/schemas/ceremony-plan.schema.json`.
 */
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { HierarchyId, PolicyFault } from '../../policy/model.js';

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

/** The tokens of a plan that have this name: one in a checked plan. */
export function tokensNamed({ tokens }: Pick<CeremonyPlan, 'tokens'>, name: string): readonly TokenUse[] {
  return tokens.filter((token) => token.name === name);
}

/** The token of a checked plan that has this name. */
export function tokenUse(plan: Pick<CeremonyPlan, 'tokens'>, name: string): TokenUse {
  return present(
    plan.tokens.find((token) => token.name === name),
    `token ${name} of a checked plan`,
  );
}

/** The key that signs the transcript: made by a step of the plan, and destroyed when it has signed. */
export type TranscriptSeal = { readonly token: string; readonly key: string };
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

/**
 * What the plan says of each kind of step, by the name of the kind. The file of each kind in `steps/` adds its own
 * member here, so that a kind is defined in one file.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the members are added by the files of the kinds.
export interface StepForms {}

export type StepDo = keyof StepForms;
type Members<Type> = { [Name in keyof Type]: Type[Name] };
export type StepOf<Kind extends StepDo> = { [Each in Kind]: Members<{ readonly do: Each } & StepForms[Each]> }[Kind];
export type CeremonyStep = StepOf<StepDo>;

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
  readonly seal?: TranscriptSeal;
  readonly outputs: readonly string[];
};

export type CeremonyPlan = Omit<PlanFile, 'window'> & {
  readonly window: { readonly notBefore: Instant; readonly notAfter: Instant };
  /** The reviewed text, octet for octet, and its SHA-256 in hex. */
  readonly text: Bytes;
  readonly digest: string;
};

export type PlanRefused = { readonly kind: 'plan-refused'; readonly faults: readonly PolicyFault[] };
