/**
 * `pfcng clock`: shows the high-water mark of the clock, and lets two officers reset it after the
 * clock had jumped ahead by mistake.
 */
import type { Command } from 'commander';
import { systemClock } from '../compose/world.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { formatInstant } from '../kernel/clock.js';
import { behindMs, readClockMark, resetClockMark } from '../operations/clock.js';
import { fail, say } from '../terminal/say.js';
import { type Records, unreadable, type WritableRecords, withRecords, withWritableRecords } from './common/records.js';

export function registerClock(program: Command): void {
  const clock = program
    .command('clock')
    .description('the clock and its high-water mark: nothing is issued while the clock is behind the mark');
  clock
    .command('status')
    .description('the mark, and how far the clock is behind it')
    .action(() => withRecords(status));
  clock
    .command('reset')
    .description('set the mark to the present time, after the clock had jumped ahead by mistake and was corrected')
    .requiredOption('--officers <accounts...>', 'the two officers who decided it')
    .action(({ officers }: { readonly officers: readonly string[] }) =>
      withWritableRecords((records) => reset(records, officers)),
    );
}

async function status({ store }: Records): Promise<void> {
  const read = await store.read(readClockMark);
  if (!read.ok) return fail([unreadable(read.error.detail)]);
  const now = systemClock();
  const behind = Math.ceil(behindMs(read.value, now) / 1000);
  const mark = read.value === null ? '-' : formatInstant(read.value.at);
  say(
    inBothLanguages({
      fr: `horloge : ${formatInstant(now)}, dernière heure enregistrée : ${mark}, retard : ${behind} s`,
      en: `clock: ${formatInstant(now)}, high-water mark: ${mark}, behind: ${behind} s`,
    }),
  );
  if (behind > 0)
    fail([
      inBothLanguages({
        fr: "rien n'est émis : mettez l'horloge à l'heure ; si elle l'est déjà : pfcng clock reset --officers A B",
        en: 'nothing is issued: set the clock; if it is correct already: pfcng clock reset --officers A B',
      }),
    ]);
}

async function reset({ store }: WritableRecords, officers: readonly string[]): Promise<void> {
  const now = systemClock();
  const done = await resetClockMark({ store, now }, officers);
  if (!done.ok) return fail([done.error.kind === 'refused' ? done.error.detail : unreadable(done.error.detail)]);
  const before = done.value === null ? '-' : formatInstant(done.value.at);
  say(
    inBothLanguages({
      fr: `dernière heure enregistrée : ${before} -> ${formatInstant(now)}, inscrite au journal d'audit`,
      en: `high-water mark: ${before} -> ${formatInstant(now)}, recorded in the audit log`,
    }),
  );
}
