/** Reads, makes and compares the keys from which the secrets of registrations are derived. */
import { existsSync } from 'node:fs';
import { checkOfRegistrationKey, newestKeyId, type RegistrationKeys } from '../../access/registration-keys.js';
import { makeRegistrationKey, readRegistrationKeys, registrationKeyFile } from '../../config/registration-keys.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { RegistrationKeyCheck } from '../../ports/store/enrolment/registrations.js';
import type { Store } from '../../ports/store.js';
import type { Home } from '../home.js';
import { systemClock, systemRandom } from '../world.js';

/**
 * Reads the keys in the home folder and in the credentials of systemd, and fails if there is none.
 * They are compared with the digests of keys in the database, and the digests of new keys are
 * stored there. A process that has another key with the same id, or lacks the newest key, would
 * refuse correct secrets; therefore it does not start. The error says why.
 */
export async function openRegistrationKeys(
  { config }: Home,
  store: Pick<Store, 'transaction'>,
): Promise<Result<RegistrationKeys, string>> {
  const read = readRegistrationKeys(config);
  if (!read.ok) return err(read.error.map(({ file, fault }) => `${file} ${fault}`).join('; '));
  if (read.value.size === 0)
    return err(`${config.paths.registrationKeys} has no key for the secrets of registrations: ${COMMAND}`);
  const registered = await registerKeys(store, read.value);
  return registered.ok ? read : registered;
}

const COMMAND = 'pfcng registration-key make';

/**
 * In development, makes the first key of a new home folder, before its database is opened. Does
 * nothing in production, or if there is a key, a file of a key that cannot be used, or a
 * `database.json`.
 */
export function makeFirstRegistrationKey(home: Home): Result<void, string> {
  if (!makesFirstKey(home) || !lacksKey(home)) return ok(undefined);
  const made = makeRegistrationKey(registrationKeyFile(home.config.paths, systemClock()), systemRandom);
  // Another process may have made the key at the same time: both then read the same file.
  return made.ok || !lacksKey(home) ? ok(undefined) : made;
}

function lacksKey({ config }: Home): boolean {
  const read = readRegistrationKeys(config);
  return read.ok && read.value.size === 0;
}

/**
 * Whether a start may make the first key of this home folder: only in development, and only while
 * there is no `database.json`. A key that was lost is not replaced, because the secrets that were
 * handed out are derived from the lost one.
 */
export function makesFirstKey({ config, policy }: Home): boolean {
  return policy.environment.mark === 'development' && !existsSync(config.paths.databaseMark);
}

async function registerKeys(
  { transaction }: Pick<Store, 'transaction'>,
  keys: RegistrationKeys,
): Promise<Result<void, string>> {
  const checks = [...keys].map(([id, key]) => ({ id, checkSha256: checkOfRegistrationKey(key) }));
  const compared = await transaction(async (tx) => {
    const known = await tx.registrationKeyChecks();
    const fault = keyFault(known, keys);
    const added = checks.filter(({ id }) => known.every((one) => one.id !== id));
    if (fault === null && added.length > 0) await tx.insertRegistrationKeys(added, systemClock());
    return fault;
  });
  if (!compared.ok) return err(compared.error.detail);
  return compared.value === null ? ok(undefined) : err(compared.value);
}

/** Says why the keys of this node do not fit those of the other nodes; null: they fit. */
export function keyFault(known: readonly RegistrationKeyCheck[], keys: RegistrationKeys): string | null {
  for (const { id, checkSha256 } of known) {
    const own = keys.get(id);
    if (own !== undefined && checkOfRegistrationKey(own) !== checkSha256)
      return `the registration key ${id} is another one than the other nodes have used: copy theirs`;
  }
  const newest = known.at(-1)?.id ?? null;
  if (newest === null || (newestKeyId(keys) ?? '') >= newest) return null;
  return `the registration key ${newest} is missing here: copy it from another node (if all have lost it: ${COMMAND})`;
}
