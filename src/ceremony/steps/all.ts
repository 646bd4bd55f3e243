/** The list of the kinds of ceremony steps. Everything else about kinds is derived from it. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { CeremonyStep, CheckContext, Fault, StepKindName, StepOf } from '../plan/model.js';
import type { Afterwards, EndedCeremony } from '../sitting/afterwards.js';
import type { Entry, Facts } from '../transcript/transcript.js';
import { approveOcspKeys } from './approve-ocsp-keys.js';
import { backUpToken } from './back-up-token.js';
import { createAccessAuthority } from './create-access-authority.js';
import { createBreakGlassAccount } from './create-break-glass-account.js';
import { createCmpSigner } from './create-cmp-signer.js';
import { createFoundingCertificate } from './create-founding-certificate.js';
import { createIssuingAuthority } from './create-issuing-authority.js';
import { createLinkCertificate } from './create-link-certificate.js';
import { createOcspSigner } from './create-ocsp-signer.js';
import { createRoot } from './create-root.js';
import { destroyKey } from './destroy-key.js';
import { exportBundle } from './export-bundle.js';
import { exportPublicKey } from './export-public-key.js';
import { generateKey } from './generate-key.js';
import { importBundle } from './import-bundle.js';
import { initialiseToken } from './initialise-token.js';
import type {
  EarlierLines,
  NeededFile,
  NeedsContext,
  PlanOutline,
  StepContext,
  StepKind,
  StepOutputs,
} from './kind.js';
import { readKey } from './read-key.js';
import { requestCertificate } from './request-certificate.js';
import { requestCmpSigner } from './request-cmp-signer.js';
import { requestOcspSigner } from './request-ocsp-signer.js';
import { reshareQuorum } from './reshare-quorum.js';
import { reshareSoPin } from './reshare-so-pin.js';
import { restoreToken } from './restore-token.js';
import { revokeIssuingAuthority } from './revoke-issuing-authority.js';
import { signCrl } from './sign-crl.js';

export const STEP_KINDS = {
  'initialise-token': initialiseToken,
  'generate-key': generateKey,
  'create-root': createRoot,
  'create-issuing-authority': createIssuingAuthority,
  'create-ocsp-signer': createOcspSigner,
  'sign-crl': signCrl,
  'export-public-key': exportPublicKey,
  'read-key': readKey,
  'revoke-issuing-authority': revokeIssuingAuthority,
  'destroy-key': destroyKey,
  'request-certificate': requestCertificate,
  'export-bundle': exportBundle,
  'import-bundle': importBundle,
  'reshare-quorum': reshareQuorum,
  'reshare-so-pin': reshareSoPin,
  'back-up-token': backUpToken,
  'restore-token': restoreToken,
  'request-ocsp-signer': requestOcspSigner,
  'approve-ocsp-keys': approveOcspKeys,
  'create-access-authority': createAccessAuthority,
  'create-break-glass-account': createBreakGlassAccount,
  'create-founding-certificate': createFoundingCertificate,
  'request-cmp-signer': requestCmpSigner,
  'create-cmp-signer': createCmpSigner,
  'create-link-certificate': createLinkCertificate,
} as const satisfies { readonly [Kind in StepKindName]: StepKind<StepOf<Kind>> };

/** A kind whose name is not known at compile time. */
type AnyKind = Omit<StepKind<CeremonyStep>, 'schema'>;

function kindOf(step: CeremonyStep): AnyKind {
  // The type of `STEP_KINDS` guarantees that the kind fits the step. TypeScript cannot see that for
  // a union of steps.
  return STEP_KINDS[step.do] as unknown as AnyKind;
}

/**
 * Returns the kind of step that an entry of the transcript records. Null: the entry is about no
 * step, or about an event within a step (`begin`, `roll-call`, ...).
 */
export function kindOfEntry({ action }: Pick<Entry, 'action'>): AnyKind | null {
  return isStepKindName(action) ? (STEP_KINDS[action] as unknown as AnyKind) : null;
}

export function isStepKindName(name: string): name is StepKindName {
  return Object.hasOwn(STEP_KINDS, name);
}

export function checkStep(step: CeremonyStep, context: CheckContext): readonly Fault[] {
  return kindOf(step).check(step, context);
}

export function describeStep(step: CeremonyStep): Bilingual {
  return kindOf(step).describe(step);
}

export function artefactOf(step: CeremonyStep): Bilingual {
  return kindOf(step).artefact(step);
}

export function outputsOf(step: CeremonyStep, plan: PlanOutline): StepOutputs {
  return kindOf(step).outputs(step, plan);
}

export function needsOf(step: CeremonyStep, context: NeedsContext): readonly NeededFile[] {
  return kindOf(step).needs(step, context);
}

export function afterwardsOf(step: CeremonyStep, ended: EndedCeremony): Afterwards {
  return kindOf(step).afterwards(step, ended);
}

export function newKeyOf(step: CeremonyStep): { readonly token: string; readonly key: string } | null {
  return kindOf(step).newKey(step);
}

export function readsOnly(step: CeremonyStep): boolean {
  return kindOf(step).readsOnly;
}

export function findOutcome(context: StepContext, step: CeremonyStep): Promise<Result<Facts | null, StepFailure>> {
  return kindOf(step).find(context, step);
}

export function makeOutcome(context: StepContext, step: CeremonyStep): Promise<Result<void, StepFailure>> {
  return kindOf(step).make(context, step);
}

/** Returns what the transcript line of a step must contain, according to the plan. */
export function expectedOf(
  plan: PlanOutline,
  step: CeremonyStep,
): { readonly members: Facts; readonly files: readonly string[] } {
  const { verify } = kindOf(step);
  return { members: verify.members(step, plan), files: verify.files(step, plan) };
}

export function entryFault(step: CeremonyStep, entry: Entry, lines: EarlierLines): Bilingual | null {
  return kindOf(step).verify.entryFault(step, entry, lines);
}
