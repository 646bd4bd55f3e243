/** `pfcng registration-key make`: makes a key for the secrets of registrations. */
import type { Command } from 'commander';
import { loadHome } from '../../compose/home.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { makeRegistrationKey, registrationKeyFile } from '../../config/registration-keys.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { fail, say } from '../../terminal/say.js';

export function registerRegistrationKey(program: Command): void {
  program
    .command('registration-key')
    .description('the keys from which the secrets of registrations are derived')
    .command('make')
    .description('make a key; it is copied to every node, and backed up apart from the database')
    .action(make);
}

async function make(): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const file = registrationKeyFile(home.value.config.paths, systemClock());
  const made = makeRegistrationKey(file, systemRandom);
  if (!made.ok) return fail([made.error]);
  say(
    inBothLanguages({
      fr: `${file} : à copier sur chaque nœud et à sauvegarder à part de la base de données`,
      en: `${file}: copy it to every node, and back it up apart from the database`,
    }),
  );
}
