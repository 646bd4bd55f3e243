/**
 * The keys of the secrets of registrations: `secrets/registration/<key id>.key` in the home folder,
 * or `registration-<key id>.key` among the credentials that systemd gives the unit. Each has 32
 * random octets. They are the same on every node, and never in the database.
 */
import { join } from 'node:path';
import { REGISTRATION_KEY_OCTETS, type RegistrationKeys } from '../access/registration-keys.js';
import type { Instant } from '../kernel/clock.js';
import type { Result } from '../kernel/result.js';
import type { Random } from '../ports/world.js';
import { type KeyFileFault, makeKeyFile, readKeyFiles } from './key-files.js';
import type { Config } from './load.js';
import type { HomePaths } from './paths.js';

type KeyFolders = { readonly paths: Pick<HomePaths, 'registrationKeys'> } & Pick<Config, 'credentials'>;

/** All keys by their ids. The error names each file that cannot be used. */
export function readRegistrationKeys({
  paths,
  credentials,
}: KeyFolders): Result<RegistrationKeys, readonly KeyFileFault[]> {
  const folders = [
    { folder: paths.registrationKeys, form: /^(\d{8}T\d{6}Z)\.key$/ },
    { folder: credentials, form: /^registration-(\d{8}T\d{6}Z)\.key$/ },
  ];
  return readKeyFiles(folders, REGISTRATION_KEY_OCTETS);
}

/** The id of a key is the second in which it is made, in UTC: `20270131T235959Z`. */
export function registrationKeyFile(
  { registrationKeys }: Pick<HomePaths, 'registrationKeys'>,
  madeAt: Instant,
): string {
  const id = new Date(madeAt).toISOString().replace(/\.\d+|[-:]/g, '');
  return join(registrationKeys, `${id}.key`);
}

export function makeRegistrationKey(file: string, random: Random): Result<void, string> {
  return makeKeyFile(file, REGISTRATION_KEY_OCTETS, random);
}
