/**
 * Derives the numbers of connections of the servers from the number of files that the process may
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

const USUAL: ConnectionLimits = { api: 4_000, cmp: 1_000, publication: 20_000 };
/** A client of the publication server may receive a CRL from the disk. */
const DESCRIPTORS = { api: 1, cmp: 1, publication: 2 } as const;
/** The database, signers, files, the log, and the server for operators. */
const OWN_DESCRIPTORS = 640;

/** `openFilesMax`: null where the system does not limit it or does not tell. */
export function planDescriptors(openFilesMax: number | null): DescriptorPlan {
  const forConnections =
    USUAL.api * DESCRIPTORS.api + USUAL.cmp * DESCRIPTORS.cmp + USUAL.publication * DESCRIPTORS.publication;
  const needed = OWN_DESCRIPTORS + forConnections;
  if (openFilesMax === null || openFilesMax >= needed) return { connections: USUAL, shortage: null };
  // With very few descriptors, half of them are for connections.
  const left = Math.max(openFilesMax - OWN_DESCRIPTORS, Math.floor(openFilesMax / 2));
  // Relying parties can ask again; officers must be able to revoke.
  const api = Math.min(USUAL.api, Math.floor(left / 4));
  const cmp = Math.min(USUAL.cmp, Math.floor(left / 8));
  const taken = api * DESCRIPTORS.api + cmp * DESCRIPTORS.cmp;
  const publication = Math.floor((left - taken) / DESCRIPTORS.publication);
  return { connections: { api, cmp, publication }, shortage: { openFilesMax, needed } };
}

/** Node raises the soft limit to the hard one at its start, so this is the hard limit. */
export function openFilesMax(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    // Only Linux has this file.
    return null;
  }
}
