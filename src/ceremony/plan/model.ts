/**
 * The types of a ceremony plan as in `policies/ceremonies/`.
 * `policies/schemas/ceremony-plan.schema.json` says what each member means.
 */
import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { HierarchyId, Policy } from '../../policy/model.js';

export type Role = 'master-of-ceremonies' | 'officer' | 'hsm-operator' | 'witness' | 'external-witness' | 'recorder';
export type Person = {
  readonly role: Role;
  readonly name: string;
  readonly organisation: string;
  /**
   * SHA-256 of the certificate (DER) with whose key this person signs the transcript; left out: the
   * person signs the minutes on paper.
   */
  readonly certificateSha256?: string;
};
export type Presence = { readonly role: Role; readonly atLeast: number; readonly organisation?: string };

export type TokenKind = 'root' | 'ca' | 'ocsp' | 'platform' | 'access';
export type TokenUse = {
  readonly name: string;
  readonly kind: TokenKind;
  /** Relative to the home folder, like all paths of a plan. */
  readonly folder: string;
  readonly pin: PinStorage;
};

/** Returns the tokens of a plan with this name; a checked plan has at most one. */
export function tokensNamed({ tokens }: Pick<CeremonyPlan, 'tokens'>, name: string): readonly TokenUse[] {
  return tokens.filter((token) => token.name === name);
}

/** Returns the token with this name in a checked plan. Throws if there is none. */
export function tokenUse(plan: Pick<CeremonyPlan, 'tokens'>, name: string): TokenUse {
  return present(
    plan.tokens.find((token) => token.name === name),
    `token ${name} of a checked plan`,
  );
}

/**
 * The key that signs the transcript. A step of the plan generates it, and it is destroyed after
 * signing.
 */
export type TranscriptKey = { readonly token: string; readonly key: string };
/**
 * Where the PIN of a token is stored: in a file, as shares below `path`, or by the HSM with its own
 * quorum (m-of-n).
 */
type PinStorage = { readonly kind: 'file' | 'quorum'; readonly path: string } | { readonly kind: 'hsm' };

/**
 * What a share is encrypted with: a passphrase that its holder types, or the key of a certificate
 * that serves no other purpose.
 */
type ShareProtection = 'passphrase' | { readonly certificate: string; readonly sha256: string };
export type Holder = { readonly name: string; readonly organisation: string; readonly encryption: ShareProtection };
export type Sharing = { readonly shares: number; readonly threshold: number; readonly holders: readonly Holder[] };

export type Quorum =
  /** No token of the plan is opened by a quorum. */
  | { readonly kind: 'none' }
  /** The PIN is split into shares. `swap`: the machine may have swap. */
  | (Sharing & { readonly kind: 'shares'; readonly swap?: 'allowed' })
  /** The HSM has a quorum of its own: `threshold` of `shares` cards or people. */
  | { readonly kind: 'hsm'; readonly shares: number; readonly threshold: number };

/**
 * The members of each kind of step, by the name of the kind. The file of each kind in `steps/` adds
 * its own entry, so that a kind is defined in one file. This must be an interface, because
 * TypeScript merges only declarations of interfaces. It is empty here because no kind is defined
 * here.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the files of the kinds merge their entries into it
export interface StepForms {}

export type StepKindName = keyof StepForms;
type Members<Type> = { [Name in keyof Type]: Type[Name] };
export type StepOf<Kind extends StepKindName> = {
  [Each in Kind]: Members<{ readonly do: Each } & StepForms[Each]>;
}[Kind];
export type CeremonyStep = StepOf<StepKindName>;

/** The content of a plan file that matches the schema. */
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
  readonly transcriptKey?: TranscriptKey;
  readonly outputs: readonly string[];
};

/** A plan that was read and checked. */
export type CeremonyPlan = Omit<PlanFile, 'window'> & {
  readonly window: { readonly notBefore: Instant; readonly notAfter: Instant };
  /** The bytes of the reviewed file. */
  readonly text: Bytes;
  /** SHA-256 of `text` in hexadecimal. */
  readonly digest: string;
};

/** A fault of a plan file. `pointer` is its place in the file, as a JSON Pointer (RFC 6901). */
export type PlanFault = { readonly file: string; readonly pointer: string; readonly message: Bilingual };
export type PlanRefused = { readonly kind: 'plan-refused'; readonly faults: readonly PlanFault[] };

/**
 * One fault of a plan. `pointer` is a JSON Pointer (RFC 6901) into the plan, or into the step that
 * is checked.
 */
export type Fault = { readonly pointer: string; readonly message: Bilingual };

export function mustBe(expected: string): Bilingual {
  return { fr: `doit être ${expected}`, en: `must be ${expected}` };
}

/** What the checks of a step can read. `before`: the steps before it, in the order of the plan. */
export type CheckContext = {
  readonly plan: PlanFile;
  readonly policy: Policy;
  readonly before: readonly CeremonyStep[];
};

/** Names a key and its token in messages. */
export function keyOnToken({ key, token }: { readonly key: string; readonly token: string }): Bilingual {
  return { fr: `clé ${key} sur le jeton ${token}`, en: `key ${key} on token ${token}` };
}
