/**
 * Reads the approved keys of OCSP responders in a home folder: those of one issuer, and those of
 * the first generation of every CA of the hierarchy, because a key may sign responses for one CA
 * only.
 */
import { sha256Hex } from '../../../kernel/digest.js';
import { approvedKeyFileNames, parseIssuerId, responderFileName } from '../../../policy/ids.js';
import type { IssuerId } from '../../../ports/signer.js';
import { readCertificate } from '../../../x509/certificate/certificate-reader.js';
import { KEY_TYPES } from '../../../x509/model.js';
import type { StepContext } from '../kind.js';

/**
 * Returns SHA-256 of each public key -> path of the certificate that approves it. A file that is
 * not a certificate approves nothing.
 */
export async function loadApprovedKeys(
  { world, plan }: StepContext,
  issuer: string,
): Promise<ReadonlyMap<string, string>> {
  const { policy, files } = world;
  const authorities = [...policy.authorities.values()].filter(({ hierarchy }) => hierarchy === plan.hierarchy);
  const issuers = new Set([...authorities.map(({ id }) => id), issuer]);
  const approved = new Map<string, string>();
  for (const path of [...issuers].flatMap(pathsOf)) {
    const content = await files.read(path);
    const read = content === null ? null : readCertificate(content);
    if (read?.ok) approved.set(sha256Hex(read.value.tbs.spki), path);
  }
  return approved;
}

function pathsOf(name: string): readonly string[] {
  const parsed = parseIssuerId(name);
  return parsed.ok ? namesOf(parsed.value.id).map((file) => `authorities/${file}`) : [];
}

function namesOf(issuer: IssuerId): readonly string[] {
  const first = [null, ...KEY_TYPES].map((keyType) => responderFileName({ issuer, keyType }));
  return [...first, ...approvedKeyFileNames(issuer)];
}
