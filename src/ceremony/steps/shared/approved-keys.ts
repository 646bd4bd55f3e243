/**
 * Reads the approved keys of OCSP responders in a home folder: those of one issuer, and those of
 * every generation of every CA of the hierarchy, because a key may sign responses for one CA only.
 */
import { sha256Hex } from '../../../kernel/digest.js';
import { GENERATIONS_MAX } from '../../../policy/ceilings.js';
import { approvedKeyFileNames, issuerIdOf, parseIssuerId, responderFileName } from '../../../policy/ids.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { KEY_TYPES } from '../../../x509/model.js';
import type { StepContext } from '../kind.js';
import { issuerCertificateFile } from './needed-files.js';

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
