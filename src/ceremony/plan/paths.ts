/**
 * The fixed paths of the files that a ceremony reads and writes, all relative to the home folder.
 * Some of the files are also outputs that its plan lists.
 */
import type { CeremonyPlan, StepOf } from './model.js';

type PlanId = Pick<CeremonyPlan, 'id'>;

export function ceremonyFolder({ id }: PlanId): string {
  return `ceremony/${id}`;
}

export function transcriptPath(plan: PlanId): string {
  return `${ceremonyFolder(plan)}/transcript.ndjson`;
}

export function planCopyPath(plan: PlanId): string {
  return `${ceremonyFolder(plan)}/plan.json`;
}

/**
 * Returns the path of the signature over the transcript, by the transcript key (ECDSA-Sig-Value,
 * DER).
 */
export function ceremonySignaturePath(plan: PlanId): string {
  return `${ceremonyFolder(plan)}/transcript.sig`;
}

/**
 * Returns the path of the signature until the transcript key has been destroyed. Then the file is
 * renamed to `ceremonySignaturePath`.
 */
export function ceremonySignatureDraftPath(plan: PlanId): string {
  return `${ceremonySignaturePath(plan)}.draft`;
}

/**
 * Returns the paths of a person's certificate and signature. `person`: the position in the plan's
 * people, from 1.
 */
export function signaturePaths(plan: PlanId, person: number) {
  const stem = `${ceremonyFolder(plan)}/signatures/${person}`;
  return { certificate: `${stem}.cer`, signature: `${stem}.sig` };
}

/**
 * Returns the path of the ceremony's own copy of a CRL, which its transcript names. Later CRLs
 * replace the published file, and an auditor must still find what was signed that day.
 */
export function crlCopyPath(plan: PlanId, { output }: Pick<StepOf<'sign-crl'>, 'output'>): string {
  return `${ceremonyFolder(plan)}/${output}`;
}

/**
 * Returns the path of the ceremony's own copy of a responder's certificate. The service replaces
 * the published file every month.
 */
export function ceremonyCopyPath(plan: PlanId, { output }: { readonly output: string }): string {
  return `${ceremonyFolder(plan)}/${output}`;
}

/**
 * Returns the path of the ceremony's copy of the previous CRL, which the new CRL replaces at the
 * published path.
 */
export function previousListPath(plan: PlanId, { issuer }: Pick<StepOf<'sign-crl'>, 'issuer'>): string {
  return `${ceremonyFolder(plan)}/previous/${issuer.toUpperCase()}.crl`;
}

/** Whether the path is that of a published CRL, which later CRLs replace. */
export function isPublishedList(path: string): boolean {
  return /^crl\/[^/]+\.crl$/.test(path);
}

/**
 * Returns the path at which a file of an imported bundle stays unchanged: its own path or, for a
 * published CRL, the path of the ceremony's copy.
 */
export function importedPath(plan: PlanId, path: string): string {
  return isPublishedList(path) ? `${ceremonyFolder(plan)}/imported/${path.slice('crl/'.length)}` : path;
}

/**
 * Returns the paths of the record of a token's back-up, and of the copy itself, which people take
 * away.
 */
export function backUpPaths(plan: PlanId, { token }: { readonly token: string }) {
  const stem = `${ceremonyFolder(plan)}/back-ups/${token}`;
  return { record: `${stem}.json`, copy: `${stem}.copy.json` };
}

/** Returns the path of the record of a restoration. */
export function restoredPath(plan: PlanId, { token }: { readonly token: string }): string {
  return `${ceremonyFolder(plan)}/restored/${token}.json`;
}

/**
 * Returns the paths of the other files of a founding certificate, which have the same name as its
 * output. `null`: the output is not in the folder of founding certificates.
 */
export function foundingFiles(plan: PlanId, { output }: { readonly output: string }) {
  const folder = `${ceremonyFolder(plan)}/founding/`;
  const name = /^([a-z0-9][a-z0-9.-]{0,63})\.cer$/.exec(
    output.startsWith(folder) ? output.slice(folder.length) : '',
  )?.[1];
  return name === undefined ? null : { request: `requests/${name}.csr.pem`, chain: `${folder}${name}.chain.pem` };
}

/** The type of the key that signs the transcript of a ceremony, and its label on its token. */

/** A P-256 key is generated in a moment, and every OpenSSL verifies its signatures. */
export const TRANSCRIPT_KEY_TYPE = 'p-256';

export function transcriptKeyLabel({ id }: { readonly id: string }): string {
  return `ceremony-${id}`;
}
