/** `pfcng audit tag-key make YEAR`: makes the key of the tags of a year. */
import { type Command, InvalidArgumentError } from 'commander';
import { loadHome } from '../../compose/home.js';
import { systemRandom } from '../../compose/world.js';
import { makeTagKey, tagKeyFile } from '../../config/tag-keys.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { fail, say } from '../../terminal/say.js';

export function registerTagKey(audit: Command): void {
  audit
    .command('tag-key')
    .description('the keys of the tags that stand for personal values')
    .command('make')
    .description('make the key of a year; it is copied to every node, and backed up apart from the database')
    .argument('<year>', 'such as 2027', readYear)
    .action(make);
}

function readYear(value: string): string {
  if (!/^20\d\d$/.test(value)) throw new InvalidArgumentError('it is a year, such as 2027.');
  return value;
}

async function make(year: string): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const file = tagKeyFile(home.value.config.paths, year);
  const made = makeTagKey(file, systemRandom);
  if (!made.ok) return fail([made.error]);
  say(
    inBothLanguages({
      fr: `${file} : à copier sur chaque nœud et à sauvegarder à part de la base de données`,
      en: `${file}: copy it to every node, and back it up apart from the database`,
    }),
  );
}
