/** Paths of what a ceremony writes besides the outputs of its plan; relative to the home folder. */
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

/** The ceremony key's signature over the transcript (ECDSA-Sig-Value, DER). */
export function ceremonySignaturePath(plan: PlanId): string {
  return `${ceremonyFolder(plan)}/transcript.sig`;
}

/** The signature is in this file until the key has been destroyed. */
export function ceremonySignatureDraftPath(plan: PlanId): string {
  return `${ceremonySignaturePath(plan)}.draft`;
}

/** `person`: the position in the plan's people, from 1. */
export function signaturePaths(plan: PlanId, person: number) {
  const stem = `${ceremonyFolder(plan)}/signatures/${person}`;
  return { certificate: `${stem}.cer`, signature: `${stem}.sig` };
}

/**
 * The ceremony's own copy of a CRL, which its transcript names. Later lists replace the published
 * one (RFC 5280 5.1.2.5), and an auditor must still find what was signed that day.
 */
export function crlCopyPath(plan: PlanId, { output }: Pick<StepOf<'sign-crl'>, 'output'>): string {
  return `${ceremonyFolder(plan)}/${output}`;
}

/** The ceremony's own copy of a responder's certificate, which the service renews every month. */
export function ceremonyCopyPath(plan: PlanId, { output }: { readonly output: string }): string {
  return `${ceremonyFolder(plan)}/${output}`;
}

/** The ceremony's copy of the previous list, which is not at the published place any more. */
export function previousListPath(plan: PlanId, { issuer }: Pick<StepOf<'sign-crl'>, 'issuer'>): string {
  return `${ceremonyFolder(plan)}/previous/${issuer.toUpperCase()}.crl`;
}

/** Whether the path is that of a published list, which later lists replace. */
export function isPublishedList(path: string): boolean {
  return /^crl\/[^/]+\.crl$/.test(path);
}

/**
 * The path at which a file of an imported bundle remains: its own path or, for a published list,
 * the path of the ceremony's copy.
 */
export function importedPath(plan: PlanId, path: string): string {
  return isPublishedList(path) ? `${ceremonyFolder(plan)}/imported/${path.slice('crl/'.length)}` : path;
}

/** The record of a token's back-up, and the copy, which leaves the machine. */
export function backUpPaths(plan: PlanId, { token }: { readonly token: string }) {
  const stem = `${ceremonyFolder(plan)}/back-ups/${token}`;
  return { record: `${stem}.json`, copy: `${stem}.copy.json` };
}

export function restoredPath(plan: PlanId, { token }: { readonly token: string }): string {
  return `${ceremonyFolder(plan)}/restored/${token}.json`;
}

/**
 * The files of a founding certificate: its name is the same in all of them. `null`: the output is
 * not at the place of founding certificates.
 */
export function foundingFiles(plan: PlanId, { output }: { readonly output: string }) {
  const folder = `${ceremonyFolder(plan)}/founding/`;
  const name = /^([a-z0-9][a-z0-9.-]{0,63})\.cer$/.exec(
    output.startsWith(folder) ? output.slice(folder.length) : '',
  )?.[1];
  return name === undefined ? null : { request: `requests/${name}.csr.pem`, chain: `${folder}${name}.chain.pem` };
}
