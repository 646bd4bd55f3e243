/**
 * What makes a rehearsal of a ceremony, beside the tokens that are thrown away: its clock is set to the day of the plan, and a token that
 * the plan restores is lost first. Never where something is kept: `perform` has the machine's clock, and loses nothing.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { both } from '../ceremony/bilingual.js';
import { type CeremonyPlan, tokenUse } from '../ceremony/plan/model.js';
import { systemClock } from '../compose/world.js';
import { formatInstant } from '../kernel/clock.js';
import type { Clock } from '../ports/world.js';

export type Rehearsal = {
  /** Of a checked plan, before anything is done: the clock of its ceremony. */
  readonly begin: (home: string, plan: CeremonyPlan) => Promise<Clock>;
};

/** Of several plans in a row: time goes on from one to the next. */
export function openRehearsal(say: (line: string) => void): Rehearsal {
  let clock: Clock | null = null;
  return {
    async begin(home, plan) {
      const shift = startOf(plan, clock) - systemClock();
      clock = () => systemClock() + shift;
      say(clockLine(clock(), shift));
      await loseTokens(home, plan, say);
      return clock;
    },
  };
}

/** Today where the plan may be held today, and its first day otherwise. */
function startOf({ window }: CeremonyPlan, before: Clock | null): number {
  const now = systemClock();
  const day = now >= window.notBefore && now <= window.notAfter ? now : window.notBefore;
  return before === null ? day : Math.max(day, before());
}

function clockLine(at: number, shift: number): string {
  const [time, machine] = [formatInstant(at), formatInstant(at - shift)];
  return shift === 0
    ? both({
        fr: `Répétition ; l'horloge est celle de la machine, qui est dans la fenêtre du plan : ${time}`,
        en: `rehearsal; the clock is the machine's, which is in the window of the plan: ${time}`,
      })
    : both({
        fr: `Répétition ; horloge mise au jour du plan : ${time} (la machine dit ${machine})`,
        en: `rehearsal; clock set to the day of the plan: ${time} (the machine says ${machine})`,
      });
}

async function loseTokens(home: string, plan: CeremonyPlan, say: (line: string) => void): Promise<void> {
  for (const step of plan.steps) {
    if (step.do !== 'restore-token' || step.copy.by !== 'files') continue;
    await rm(join(home, tokenUse(plan, step.token).folder), { recursive: true, force: true });
    say(
      both({
        fr: `Répétition ; le jeton ${step.token} est perdu, comme le jour où il faudra le restaurer`,
        en: `rehearsal; token ${step.token} is lost, as on the day when it must be restored`,
      }),
    );
  }
}
