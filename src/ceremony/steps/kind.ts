/**
 * Defines what a kind of ceremony step must say about itself. Each kind is one value in a file of
 * its own in this folder, which also adds the members of such a step to `StepForms`. `all.ts` lists
 * all kinds. Every table about kinds is derived from that list, and some of these tables are
 * security decisions, so no member is optional or has a default.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { StepFailure } from '../failures.js';
import type { MinutesRow } from '../minutes/document.js';
import type { CeremonyPlan, CheckContext, Fault, PlanFile, StepKindName } from '../plan/model.js';
import type { JsonSchema } from '../plan/schema-parts.js';
import type { TokenOpener } from '../quorum/token-opener.js';
import type { Afterwards, EndedCeremony } from '../sitting/afterwards.js';
import type { BundleReference } from '../sitting/compare-bundle.js';
import type { OperatorAct, ShownArtefact } from '../sitting/confirm.js';
import type { Entry, Facts } from '../transcript/transcript.js';
import type { Artefacts, CheckedFile } from '../verify/model.js';
import type { CeremonyToken, CeremonyWorld } from '../world.js';

export type StepKind<Step extends NamedStep> = {
  readonly do: Step['do'];
  /** The part of `ceremony-plan.schema.json` about this kind. */
  readonly schema: StepSchema<Step>;
  /**
   * Checks what a schema cannot check: that the step fits its plan, the policy and the steps before
   * it.
   */
  readonly check: (step: Step, context: CheckContext) => readonly Fault[];
  /** Describes the step for people. */
  readonly describe: (step: Step) => Bilingual;
  /** Names the result of the step in messages: a path if it is a file. */
  readonly artefact: (step: Step) => Bilingual;
  readonly outputs: (step: Step, plan: PlanOutline) => StepOutputs;
  /**
   * Returns the files that must exist when the step begins. Earlier steps of the plan may make
   * them.
   */
  readonly needs: (step: Step, context: NeedsContext) => readonly NeededFile[];
  /** What people do with the result when the ceremony has ended, as the closing screen shows it. */
  readonly afterwards: (step: Step, ended: EndedCeremony) => Afterwards;
  /**
   * The key pair that the step generates in front of the people present; null: it generates none.
   * `perform` refuses a key with this label that is already on the token, because nobody knows
   * where it comes from.
   */
  readonly newKey: (step: Step) => { readonly token: string; readonly key: string } | null;
  /** Whether the step only reads the result of an earlier ceremony. */
  readonly readsOnly: boolean;
  /**
   * What the step signs. `shown-first`: certificates and CRLs; `verify` requires an earlier line of
   * the transcript that says that each was shown. `own-request`: a certification request, signed by
   * the key that it is about; it certifies nothing.
   */
  readonly signs: 'nothing' | 'own-request' | 'shown-first';
  /**
   * Whether the step itself opens its token, or makes it, so that `verify` requires no earlier line
   * `open-quorum` for this token.
   */
  readonly opensToken: boolean;
  /** Whether the step replaces the token of this name by another one. */
  readonly replacesToken: boolean;
  /** Whether the step makes or reads a key with which later steps may sign. */
  readonly introducesKey: boolean;
  readonly verify: StepVerification<Step>;
  /**
   * The rows of the minutes for the transcript line of the step, in addition to its description.
   */
  readonly minutes: (entry: Entry, artefacts: Artefacts) => readonly MinutesRow[];
} & StepHandler<Step>;

/**
 * Does the work of a step. `find` reads the result and checks it against the plan. It returns null
 * if there is no result yet, otherwise the facts that the transcript records. `make` makes the
 * result. `find` is called again afterwards, so that only what was read back is recorded.
 */
export type StepHandler<Step extends NamedStep> = {
  readonly find: (context: StepContext, step: Step) => Promise<Result<Facts | null, StepFailure>>;
  readonly make: (context: StepContext, step: Step) => Promise<Result<void, StepFailure>>;
};

/** What `find` and `make` of a step can use. */
export type StepContext = {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  /** Opens the token, at most once in a sitting. */
  readonly token: (name: string) => Promise<CeremonyToken>;
  readonly quorum: TokenOpener;
  /**
   * Shows what is about to be signed, and asks for its code. Fails if people refuse or do not
   * answer.
   */
  readonly confirm: (shown: ShownArtefact) => Promise<Result<void, StepFailure>>;
  /**
   * Lets people compare the words of a bundle, and records it. Fails if people refuse or do not
   * answer.
   */
  readonly compare: (carried: BundleReference) => Promise<Result<void, StepFailure>>;
  /** Whether the transcript says that the words of this bundle were compared. */
  readonly isCompared: (carried: BundleReference) => boolean;
  /** Shows the operator what to do with the tools of the HSM, and waits until it is done. */
  readonly operate: (act: OperatorAct) => Promise<Result<void, StepFailure>>;
};

/** A step of any kind. */
type NamedStep = { readonly do: StepKindName };

type OptionalName<Type> = { [Name in keyof Type]-?: object extends Pick<Type, Name> ? Name : never }[keyof Type];

/** The schema of each member of a step; `do` and `why` are added to every kind. */
type StepSchema<Step extends NamedStep> = {
  readonly description: string;
  readonly required: { readonly [Name in Exclude<keyof Step, OptionalName<Step> | 'do'>]: JsonSchema };
  readonly optional: { readonly [Name in OptionalName<Step>]: JsonSchema };
};

/** A file that must be in the home folder. `sha256` is null: the plan names no hash of it. */
export type NeededFile = { readonly path: string; readonly sha256: string | null };
export type NeedsContext = { readonly plan: Omit<PlanFile, 'window'>; readonly policy: Policy };

export type PlanOutline = Pick<PlanFile, 'id' | 'tokens'>;

/** What a step makes. Paths are relative to the home folder. */
export type StepOutputs = {
  /** Files that the plan lists in its `outputs`. */
  readonly listed: readonly string[];
  /**
   * Files that must not exist when the ceremony begins, because an existing one would be taken for
   * a result of this ceremony.
   */
  readonly newFiles: readonly string[];
  /** Names of tokens that must not exist when the ceremony begins, for the same reason. */
  readonly newTokens: readonly string[];
};

/** What `verify` requires of the transcript line of a step and of the files that the line names. */
type StepVerification<Step extends NamedStep> = {
  /**
   * Whether a step of a plan that no schema has validated has the members that the functions of
   * this type read.
   */
  readonly isReadable: (step: { readonly [name: string]: unknown }) => boolean;
  /** Members that the transcript line must have, each with its value. */
  readonly members: (step: Step, plan: PlanOutline) => Facts;
  /** Files that the line must name with their hashes. */
  readonly files: (step: Step, plan: PlanOutline) => readonly string[];
  /**
   * Files of the line that the step did not sign: it read them, or composed them of others. They
   * did not have to be shown.
   */
  readonly inputs: (entry: Entry) => readonly InputFile[];
  /** Checks the line beyond its members and files. Null: it has no other fault. */
  readonly entryFault: (step: Step, entry: Entry, lines: EarlierLines) => Bilingual | null;
  /** Checks the content of a file that the line names. Null: it has no fault. */
  readonly fileFault: (file: CheckedFile) => Bilingual | null;
};

/**
 * A file that a step did not sign. `signedBy`: whether it was signed by the issuer that the line
 * names, or by another key.
 */
export type InputFile = { readonly path: string; readonly signedBy: 'issuer' | 'other' };

/** What `verify` knows from the lines before the one that it checks. */
export type EarlierLines = {
  /** Whether an earlier line says that the words of this bundle were compared. */
  readonly isCompared: (carried: BundleReference) => boolean;
  /** Returns the SHA-256 of a public key, as an earlier line recorded it. `null`: no line did. */
  readonly keyOn: (keyOfToken: { readonly token: string; readonly key: string }) => Json;
};
