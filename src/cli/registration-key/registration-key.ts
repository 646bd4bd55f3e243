/** `pfcng registration-key make`: makes a key for the secrets of registrations. */
import type { Command } from 'commander';
import { systemClock } from '../../compose/world.js';
import { makeRegistrationKey, registrationKeyFile } from '../../config/registration-keys.js';
import { makeSharedKey } from '../common/make-key.js';

export function registerRegistrationKey(program: Command): void {
  program
    .command('registration-key')
    .description('the keys from which the secrets of registrations are derived')
    .command('make')
    .description('make a key; it is copied to every node, and backed up apart from the database')
    .action(() =>
      makeSharedKey({ fileOf: (paths) => registrationKeyFile(paths, systemClock()), make: makeRegistrationKey }),
    );
}
