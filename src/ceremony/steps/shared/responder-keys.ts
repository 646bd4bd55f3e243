/**
 * Reads the approved keys of OCSP responders in a home folder: those of one issuer, and those of
 * every generation of every CA of the hierarchy, because a key may sign responses for one CA only.
 */

import { present } from '../../../kernel/assert.js';
import { equalBytes } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { GENERATIONS_MAX } from '../../../policy/ceilings.js';
import {
  approvedKeyFileNames,
  issuerIdOf,
  parseIssuerId,
  parseResponderLabel,
  type ResponderKey,
  responderFileName,
} from '../../../policy/ids.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { keyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import { KEY_TYPES } from '../../../x509/model.js';
import { type StepFailure, wrongFile } from '../../failures.js';
import { keyOnToken, type StepOf } from '../../plan/model.js';
import { ceremonyCopyPath } from '../../plan/paths.js';
import type { StepContext, StepHandler } from '../kind.js';
import { isSignedBy } from './certify.js';
import { loadIssuer } from './checks.js';
import { issuerCertificateFile, keyFacts } from './line-facts.js';

/**
 * Returns SHA-256 of each public key -> path of the certificate that approves it. A file that is
 * not a certificate approves nothing.
 */
export async function loadApprovedKeys(context: StepContext, issuer: string): Promise<ReadonlyMap<string, string>> {
  const issuers = new Set([...(await issuersOf(context)), issuer]);
  const approved = new Map<string, string>();
  for (const path of [...issuers].flatMap(pathsOf)) {
    const content = await context.world.files.read(path);
    const read = content === null ? null : readCertificate(content);
    if (read?.ok) approved.set(sha256Hex(read.value.tbs.spki), path);
  }
  return approved;
}

/**
 * Returns the generations of the CAs of the hierarchy: each first one, and the later ones whose
 * certificate is in the home folder. Without it, no key can have been approved for them there, and
 * the search for all possible file names would take long.
 */
async function issuersOf({ world, plan }: StepContext): Promise<readonly string[]> {
  const { policy, files } = world;
  const issuers: string[] = [];
  for (const { id, hierarchy } of policy.authorities.values()) {
    if (hierarchy !== plan.hierarchy) continue;
    issuers.push(id);
    for (let generation = 2; generation <= GENERATIONS_MAX; generation += 1) {
      const later = issuerIdOf(id, generation);
      if ((await files.read(issuerCertificateFile(later))) !== null) issuers.push(later);
    }
  }
  return issuers;
}

function pathsOf(name: string): readonly string[] {
  const parsed = parseIssuerId(name);
  return parsed.ok ? namesOf(parsed.value.id).map((file) => `authorities/${file}`) : [];
}

function namesOf(issuer: IssuerId): readonly string[] {
  const first = [null, ...KEY_TYPES].map((keyType) => responderFileName({ issuer, keyType }));
  return [...first, ...approvedKeyFileNames(issuer)];
}

/**
 * Reads the key of a responder on its token and compares it with the certificate that approves it.
 * The service replaces the published certificate every month, so the ceremony keeps a copy of what
 * it read, as `create-ocsp-signer` does.
 */
type ReadKey = StepOf<'read-key'>;

const ANOTHER_KEY = { fr: 'il ne correspond pas à la clé du jeton', en: 'not for the key on the token' };

export const readResponderKey: StepHandler<ReadKey> = {
  async find(context, step) {
    const publicKey = await (await context.token(step.token)).publicKey(step.key);
    const path = copyPath(context, step);
    const copy = await context.world.files.read(path);
    if (publicKey === null || copy === null) return ok(null);
    const wrong = wrongFile(path, ANOTHER_KEY);
    const read = readCertificate(copy);
    if (!read.ok || !equalBytes(read.value.tbs.spki, publicKey)) return wrong;
    const signed = await signatureFault(context, step, { path, certificate: copy });
    if (!signed.ok) return signed;
    const view = readPublicKey(publicKey);
    return ok({
      artefact: path,
      sha256: sha256Hex(copy),
      ...(await keyFacts(context, step, { publicKey, keyType: view.ok ? keyTypeOf(view.value) : null })),
    });
  },
  async make(context, step) {
    const { files } = context.world;
    const publicKey = await (await context.token(step.token)).publicKey(step.key);
    if (publicKey === null) return err({ kind: 'missing', what: keyOnToken(step) });
    // The certificate is found by its key, because its file name does not follow from the label of
    // the key: if a later ceremony approved the key, the file name has a number that the label has
    // not.
    const path = (await loadApprovedKeys(context, issuerOf(step))).get(sha256Hex(publicKey));
    const certificate = path === undefined ? null : await files.read(path);
    if (path === undefined || certificate === null) return err({ kind: 'missing', what: certificateOf(step) });
    const signed = await signatureFault(context, step, { path, certificate });
    if (!signed.ok) return signed;
    await files.create(copyPath(context, step), certificate);
    return ok(undefined);
  },
};

function labelOf({ key }: ReadKey) {
  const parsed = parseResponderLabel(key);
  return present(parsed.ok ? parsed.value : null, `responder's key ${key} of a checked plan`);
}

function issuerOf(step: ReadKey): string {
  return labelOf(step).issuer;
}

function copyPath({ plan }: StepContext, step: ReadKey): string {
  return responderCopyPath(plan, labelOf(step));
}

/** Returns the path of the ceremony's copy of the certificate of a responder's key. */
export function responderCopyPath(plan: { readonly id: string }, label: ResponderKey): string {
  return ceremonyCopyPath(plan, { output: `authorities/${responderFileName(label)}` });
}

function certificateOf(step: ReadKey) {
  const { key, token } = step;
  const place = `authorities/${responderFileName(labelOf(step))}`;
  return {
    fr: `le certificat de la clé ${key} du jeton ${token} (${place})`,
    en: `the certificate of key ${key} on token ${token} (${place})`,
  };
}

/**
 * Checks that the CA in the label of the key has signed the certificate, because a key may sign
 * responses for one CA only.
 */
async function signatureFault(
  context: StepContext,
  step: ReadKey,
  { path, certificate }: { readonly path: string; readonly certificate: Uint8Array },
): Promise<Result<void, StepFailure>> {
  const issuer = await loadIssuer(context, issuerOf(step));
  if (!issuer.ok) return issuer;
  const read = readCertificate(certificate);
  if (read.ok && isSignedBy(read.value, issuer.value.spki)) return ok(undefined);
  const { id } = issuer.value;
  const detail = { fr: `n'est pas signé par la clé de ${id}`, en: `not signed with the key of ${id}` };
  return wrongFile(path, detail);
}
