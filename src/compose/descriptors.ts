/**
 * Derives how many connections each server may have from the number of files that the process may
 * open (`ulimit -n`, `LimitNOFILE` of systemd). Without this, clients could take the descriptors
 * that the database and the signers need.
 */
import { readFileSync } from 'node:fs';

export type ConnectionLimits = { readonly api: number; readonly cmp: number; readonly publication: number };

type DescriptorPlan = {
  readonly connections: ConnectionLimits;
  /** null: the limit is enough for the usual numbers of connections. */
  readonly shortage: { readonly openFilesMax: number; readonly needed: number } | null;
};

const USUAL_CONNECTIONS: ConnectionLimits = { api: 4_000, cmp: 1_000, publication: 20_000 };
/**
 * The descriptors that one connection needs. A connection to the publication server needs one for
 * its socket, and one for the file of a CRL that it sends.
 */
const DESCRIPTORS_PER_CONNECTION = { api: 1, cmp: 1, publication: 2 } as const;
/**
 * Descriptors that the process needs for everything else: the database, signers, files, the log,
 * and the server for operators.
 */
const OWN_DESCRIPTORS = 640;

/**
 * Divides the descriptors among the servers. `openFilesMax`: how many files the process may open;
 * null: there is no limit, or the system does not report it.
 */
export function planDescriptors(openFilesMax: number | null): DescriptorPlan {
  const forConnections =
    USUAL_CONNECTIONS.api * DESCRIPTORS_PER_CONNECTION.api +
    USUAL_CONNECTIONS.cmp * DESCRIPTORS_PER_CONNECTION.cmp +
    USUAL_CONNECTIONS.publication * DESCRIPTORS_PER_CONNECTION.publication;
  const needed = OWN_DESCRIPTORS + forConnections;
  if (openFilesMax === null || openFilesMax >= needed) return { connections: USUAL_CONNECTIONS, shortage: null };
  // If the limit is very low, connections get half of it: otherwise the process could accept none.
  const left = Math.max(openFilesMax - OWN_DESCRIPTORS, Math.floor(openFilesMax / 2));
  // The API and CMP get their connections first: relying parties can retry, but officers must be
  // able to revoke.
  const api = Math.min(USUAL_CONNECTIONS.api, Math.floor(left / 4));
  const cmp = Math.min(USUAL_CONNECTIONS.cmp, Math.floor(left / 8));
  const taken = api * DESCRIPTORS_PER_CONNECTION.api + cmp * DESCRIPTORS_PER_CONNECTION.cmp;
  const publication = Math.floor((left - taken) / DESCRIPTORS_PER_CONNECTION.publication);
  return { connections: { api, cmp, publication }, shortage: { openFilesMax, needed } };
}

/**
 * Returns how many files this process may open; null: there is no limit, or the system does not
 * report it. Reads the soft limit, which Node raises to the hard limit when it starts.
 */
export function openFilesMax(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    // Only Linux has the file `/proc/self/limits`.
    return null;
  }
}
