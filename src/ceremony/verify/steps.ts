/** What the line of a step must tell of, from the step of the plan: with which key on which token, and each of its files. */
import type { Json } from '../../kernel/json.js';
import type { CeremonyPlan, CeremonyStep, TokenUse } from '../plan/model.js';
import {
  backUpPaths,
  ceremonyCopyPath,
  crlCopyPath,
  importedPath,
  previousListPath,
  restoredPath,
} from '../plan/paths.js';
import { setPath } from '../quorum/share-set.js';
import { SO_GENERATION, soPinUse } from '../quorum/so-pin.js';

export type Expected = {
  /** Members of the line, each with what it says. */
  readonly members: { readonly [name: string]: Json };
  /** Files that the line names with their hashes. */
  readonly files: readonly string[];
};

type Planned = Pick<CeremonyPlan, 'id' | 'tokens'>;

export function expectedOf(plan: Planned, step: CeremonyStep): Expected {
  return { members: membersOf(step), files: filesOf(plan, step) };
}

function membersOf(step: CeremonyStep): Expected['members'] {
  switch (step.do) {
    case 'generate-key':
    case 'read-key':
    case 'destroy-key':
      return { token: step.token, key: step.key };
    case 'create-root':
    case 'create-access-authority':
      return { token: step.token, issuer: step.authority, key: step.authority };
    case 'create-issuing-authority':
      return { token: step.token, issuer: step.issuer, key: step.authority };
    case 'create-ocsp-signer':
      return { token: step.token, issuer: step.issuer, key: step.subjectKey ?? step.issuer };
    case 'create-break-glass-account':
      return { token: step.token, issuer: step.authority, ...stated('publicKeySha256', step.publicKeySha256) };
    case 'seal-ocsp-keys':
      return { token: step.token, issuer: step.issuer };
    case 'sign-crl':
      return {
        ...{ token: step.token, issuer: step.issuer, number: step.number },
        ...stated('previousSha256', step.previous?.sha256),
      };
    case 'import-bundle':
      return { artefact: step.bundle, ...stated('sha256', step.sha256) };
    case 'request-certificate':
      return { token: step.token, key: step.authority };
    case 'request-ocsp-signer':
      return { token: step.token, key: step.subjectKey ?? step.issuer };
    case 'export-public-key':
      return { key: step.key };
    default:
      return 'token' in step ? { token: step.token } : {};
  }
}

/** A hash that the plan states; `*`: it leaves it to the day. */
function stated(name: string, sha256: string | undefined): Expected['members'] {
  return sha256 === undefined || sha256 === '*' ? {} : { [name]: sha256 };
}

function filesOf(plan: Planned, step: CeremonyStep): readonly string[] {
  switch (step.do) {
    case 'initialise-token':
      return firstSetsOf(plan, step);
    case 'reshare-quorum':
      return useOf(plan, step).map((use) => setPath(use, step.generation));
    case 'reshare-so-pin':
      return useOf(plan, step).map((use) => setPath(soPinUse(use), step.generation));
    case 'sign-crl':
      return [crlCopyPath(plan, step), ...(step.previous === undefined ? [] : [previousListPath(plan, step)])];
    case 'create-ocsp-signer':
      return [ceremonyCopyPath(plan, step)];
    case 'seal-ocsp-keys':
      return step.keys.map(({ output }) => output);
    case 'create-issuing-authority':
      return step.request === undefined ? [step.output] : [step.output, step.request];
    case 'create-break-glass-account':
      return [step.output, step.request];
    case 'import-bundle':
      return [step.bundle, ...step.files.map((path) => importedPath(plan, path))];
    case 'back-up-token':
      return [backUpPaths(plan, step).record];
    case 'restore-token':
      return [restoredPath(plan, step), step.record];
    case 'read-key':
      return useOf(plan, step).flatMap(({ kind }) => (kind === 'ocsp' ? [] : [`authorities/${step.key}.cer`]));
    default:
      return 'output' in step ? [step.output] : [];
  }
}

function firstSetsOf(plan: Planned, step: Extract<CeremonyStep, { do: 'initialise-token' }>): readonly string[] {
  const isShared = step.soPin !== undefined && step.soPin !== 'destroyed';
  return useOf(plan, step).flatMap((use) => {
    if (use.pin.kind !== 'quorum') return [];
    return [setPath(use, 1), ...(isShared ? [setPath(soPinUse(use), SO_GENERATION)] : [])];
  });
}

function useOf({ tokens }: Planned, { token }: { readonly token: string }): readonly TokenUse[] {
  return tokens.filter(({ name }) => name === token);
}
