/** Makes secret keys that all nodes share, for the commands that make one. */
import { type Home, loadHome } from '../../compose/home.js';
import { systemRandom } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Result } from '../../kernel/result.js';
import type { Random } from '../../ports/world.js';
import { fail, say } from '../../terminal/say.js';

type SharedKey = {
  readonly fileOf: (paths: Home['config']['paths']) => string;
  readonly make: (file: string, random: Random) => Result<void, string>;
};

export async function makeSharedKey({ fileOf, make }: SharedKey): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const file = fileOf(home.value.config.paths);
  const made = make(file, systemRandom);
  if (!made.ok) return fail([made.error]);
  say(
    inBothLanguages({
      fr: `${file} : à copier sur chaque nœud et à sauvegarder à part de la base de données`,
      en: `${file}: copy it to every node, and back it up apart from the database`,
    }),
  );
}
