/**
 * `pfcng clock`: shows the high-water mark of the clock, and lets two officers reset it after the
 * clock had jumped ahead by mistake.
 */
import type { Command } from 'commander';
import { systemClock } from '../compose/world.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { formatInstant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import { clockFault, resetClockMark } from '../operations/clock.js';
import { fail, say } from '../terminal/say.js';
import { type Records, unreadable, type WritableRecords, withRecords, withWritableRecords } from './common/records.js';

export function registerClock(program: Command): void {
  const clock = program
    .command('clock')
    .description(
      'the clock of the database and its high-water mark: nothing is issued while the clock is behind the mark',
    );
  clock
    .command('status')
    .description('the mark, how far the clock is behind it, and how far the clock of this machine is off')
    .option('--json', 'print it as JSON')
    .action(({ json }: { readonly json?: boolean }) => withRecords((records) => status(records, json === true)));
  clock
    .command('reset')
    .description('set the mark to the present time, after the clock had jumped ahead by mistake and was corrected')
    .requiredOption('--officers <accounts...>', 'the two officers who decided it')
    .action(({ officers }: { readonly officers: readonly string[] }) =>
      withWritableRecords((records) => reset(records, officers)),
    );
}

async function status({ store }: Records, json: boolean): Promise<void> {
  const read = await store.read((reads) => reads.databaseClock());
  if (!read.ok) return fail([unreadable(read.error.detail)]);
  const own = systemClock();
  const { now, mark } = read.value;
  const wrong = clockFault(read.value, own);
  const behind = Math.ceil((wrong?.behindMs ?? 0) / SECOND_MS);
  const offset = Math.round((own - now) / SECOND_MS);
  const at = formatInstant(now);
  const marked = mark === null ? '-' : formatInstant(mark);
  if (json)
    say(
      JSON.stringify({
        database: at,
        mark: mark === null ? null : marked,
        behindSeconds: behind,
        offsetSeconds: offset,
      }),
    );
  else
    say(
      inBothLanguages({
        fr: `base de données : ${at}, dernière heure enregistrée : ${marked}, retard : ${behind} s, écart de cette machine : ${offset} s`,
        en: `database: ${at}, high-water mark: ${marked}, behind: ${behind} s, offset of this machine: ${offset} s`,
      }),
    );
  if (behind > 0)
    fail([
      inBothLanguages({
        fr: "rien n'est émis : mettez l'horloge à l'heure ; si elle l'est déjà : pfcng clock reset --officers A B",
        en: 'nothing is issued: set the clock; if it is correct already: pfcng clock reset --officers A B',
      }),
    ]);
  else if (wrong !== null)
    fail([
      inBothLanguages({
        fr: "ce nœud n'émet rien : mettez à l'heure l'horloge de cette machine, ou celle du serveur de la base de données",
        en: 'this node issues nothing: set the clock of this machine, or that of the database server',
      }),
    ]);
}

async function reset({ store }: WritableRecords, officers: readonly string[]): Promise<void> {
  const done = await resetClockMark({ store, clock: systemClock }, officers);
  if (!done.ok) return fail([done.error.kind === 'refused' ? done.error.detail : unreadable(done.error.detail)]);
  const { before, mark } = done.value;
  const [from, to] = [before === null ? '-' : formatInstant(before), formatInstant(mark)];
  say(
    inBothLanguages({
      fr: `dernière heure enregistrée : ${from} -> ${to}, inscrite au journal d'audit`,
      en: `high-water mark: ${from} -> ${to}, recorded in the audit log`,
    }),
  );
}
