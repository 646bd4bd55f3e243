/**
 * `node.json` in the home folder: the id of this node, which distinguishes it from other nodes on
 * the same database. The id is made once and never changes. A copy of the home folder has the same
 * id; `homeDigest` tells the copy from the original.
 */
import { linkSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { replaceFile } from '../../config/replace-file.js';
import { toHex } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { errorMessage, hasCode } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { NodeId, RunId } from '../../ports/node.js';
import type { Random } from '../../ports/world.js';

const ID_OCTETS = 8;
const RUN_ID_OCTETS = 16;
const NODE_ID_FORM = /^[0-9a-f]{16}$/;

/**
 * Reads the id of this node. null: there is no file yet. The error says why the file cannot be
 * used.
 */
export function readNodeId(file: string): Result<NodeId | null, string> {
  try {
    const { id } = JSON.parse(readFileSync(file, 'utf8')) as { readonly id?: unknown };
    return typeof id === 'string' && NODE_ID_FORM.test(id) ? ok(id as NodeId) : err(`${file} has no node id`);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ok(null);
    return err(`${file} cannot be read: ${errorMessage(error)}`);
  }
}

/**
 * Returns the id of this node, and makes it if there is none. If several processes make it at the
 * same time, the first one decides.
 */
export function readOrCreateNodeId(file: string, random: Random): Result<NodeId, string> {
  const known = readNodeId(file);
  if (!known.ok) return known;
  if (known.value !== null) return ok(known.value);
  const id = toHex(random(ID_OCTETS));
  const complete = `${file}.${id}`;
  try {
    replaceFile(complete, `${JSON.stringify({ id })}\n`, { part: `${complete}.new`, mode: 0o644 });
    linkSync(complete, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return err(`${file} cannot be written: ${errorMessage(error)}`);
  } finally {
    rmSync(complete, { force: true });
  }
  const made = readNodeId(file);
  if (!made.ok) return made;
  return made.value === null ? err(`${file} was removed by another process`) : ok(made.value);
}

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

/**
 * Returns a digest that tells a home folder from its copies, by its `node.json`: a copy on the same
 * machine is another file, and a copy on another machine has another boot id, even if its host name
 * is the same. Where the system has no boot id, the host name takes its place.
 */
export function homeDigest(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return sha256Hex(`${readBootId() ?? hostname()} ${dev} ${ino}`);
}

/**
 * Returns the id that Linux gives to each start of the machine; null: the system has no such id.
 */
function readBootId(): string | null {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim();
  } catch {
    return null;
  }
}

export function newRunId(random: Random): RunId {
  return toHex(random(RUN_ID_OCTETS)) as RunId;
}
