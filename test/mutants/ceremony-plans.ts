import { guardsOf, type Mutants } from './mutant.js';

const NEW_TEST = 'test/integration/ceremony/new-plan.test.ts';
const DRAFT_TEST = 'test/unit/ceremony/draft.test.ts';
const REGULAR_TEST = 'test/unit/config/regular-file.test.ts';

const newPlan = guardsOf('src/cli/ceremony/new.ts', NEW_TEST);
const answersFile = guardsOf('src/cli/ceremony/answers-file.ts', NEW_TEST);
const people = guardsOf('src/ceremony/draft/people.ts', DRAFT_TEST);
const regularFile = guardsOf('src/config/regular-file.ts', REGULAR_TEST);
const replaceFile = guardsOf('src/config/replace-file.ts', 'test/unit/config/replace-file.test.ts');
const closing = guardsOf('src/ceremony/sitting/closing-screen.ts', 'test/unit/ceremony/closing-screen.test.ts');
const signature = guardsOf('src/cli/ceremony/signature.ts', 'test/integration/ceremony/commands.test.ts');

/** Guards of plans that are written from answers, and of the files that ceremonies read. */
export const CEREMONY_PLANS: Mutants = {
  'plans/file-exists': newPlan('A file that exists is refused before the first question.', {
    find: 'if (file !== undefined && existsSync(file)) return',
    replace: 'if (file === null) return',
    title: 'refuses before the first question a file that exists',
  }),
  'plans/file-of-id-exists': newPlan('An id whose file exists is refused at its question.', {
    find: 'if (!id.ok || !existsSync(planFileOf(id.value))) return id;',
    replace: 'if (id !== undefined) return id;',
    title: 'refuses before the first question a file that exists',
  }),
  'plans/unknown-answer': newPlan('A member of the file of answers that answers no question is an error.', {
    find: 'if (unknown.length > 0) {',
    replace: 'if (unknown.length < 0) {',
    title: 'names a member that answers no question',
  }),
  'plans/answers-of-file-again': newPlan('An answer of the file can be corrected at the terminal.', {
    find: 'const prepared = asked.has(name) ? undefined : given[name];',
    replace: 'const prepared = given[name];',
    title: 'asks again what the file answers wrongly for the policy',
    hangs: true,
  }),
  'plans/duplicate-answer': answersFile('Duplicate keys in the file of answers are rejected.', {
    find: 'if (duplicate !== undefined) return',
    replace: 'if (duplicate === null) return',
    title: 'names the member of a file of answers that is wrong',
  }),
  'plans/answers-limit': answersFile('The file of answers has a limit.', {
    find: 'readRegularFile(file, ANSWERS_BYTES_MAX)',
    replace: 'readRegularFile(file, 2 * ANSWERS_BYTES_MAX)',
    title: 'names the member of a file of answers that is wrong',
  }),
  'plans/folder-as-certificate': people('A certificate that cannot be read is refused in words.', {
    find: 'await files.read(path).catch(() => null)',
    replace: 'await files.read(path)',
    title: 'are refused answer by answer',
  }),
  'plans/one-spelling': people('A holder has the spelling of the people.', {
    find: 'isTheirs ? person :',
    replace: 'isTheirs && person.name === typedName ? person :',
    title: 'are refused answer by answer',
  }),
  'plans/quoted-command': closing('Names in commands to be copied are quoted.', {
    find: 'shellWord(name)',
    replace: 'name',
    title: 'has commands that can be copied',
  }),
  'plans/damaged-copy': signature('A damaged copy of a plan is refused in words.', {
    find: 'if (!plan.ok) return fail',
    replace: 'if (plan === null) return fail',
    title: 'add-signature stores next to the transcript',
  }),
  'files/regular': regularFile('Only regular files are read.', {
    find: 'if (stat.isFile()) return',
    replace: 'if (!stat.isDirectory()) return',
    title: 'is read completely, and nothing else is opened',
  }),
  'files/not-waiting': regularFile('Opening a pipe does not wait for its writer.', {
    find: 'constants.O_RDONLY | constants.O_NONBLOCK',
    replace: 'constants.O_RDONLY',
    title: 'is read completely, and nothing else is opened',
    hangs: true,
  }),
  'files/limit': regularFile('A file that is too large is not read.', {
    find: 'if (stat.size > bytesMax) throw',
    replace: 'if (stat.size < 0) throw',
    title: 'has a limit',
  }),
  'files/no-parts': replaceFile('A failed replacement leaves no part file.', {
    find: '    for (const { part } of replacements) removeQuietly(part);\n',
    replace: '',
    title: 'leaves no part file if a file cannot be renamed',
  }),
};
