/**
 * A rehearsal differs from a ceremony in three ways: its tokens are deleted afterwards, its clock
 * is set to the day of the plan, and a token that the plan restores is deleted first.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CeremonyPlan, tokenUse } from '../ceremony/plan/model.js';
import type { Bilingual } from '../kernel/bilingual.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import type { Clock } from '../ports/world.js';
import type { Screen } from './layout.js';

export type Rehearsal = {
  /** Called with a checked plan before its first step. Returns the clock of the ceremony. */
  readonly begin: (home: string, plan: CeremonyPlan) => Promise<Clock>;
};

/** Rehearses several plans in a row. The clock never goes back from one plan to the next. */
export function openRehearsal(systemClock: Clock, show: Screen['show']): Rehearsal {
  let shiftMs = Number.NEGATIVE_INFINITY;
  return {
    async begin(home, plan) {
      const now = systemClock();
      const shift = Math.max(startOf(plan, now) - now, shiftMs);
      shiftMs = shift;
      show([clockLine(now + shift, shift)]);
      await deleteTokensToRestore(home, plan, show);
      return () => systemClock() + shift;
    },
  };
}

/** Now, if the window of the plan includes it; the first day of the window otherwise. */
function startOf({ window }: CeremonyPlan, now: Instant): Instant {
  return now >= window.notBefore && now <= window.notAfter ? now : window.notBefore;
}

function clockLine(now: number, shift: number): Bilingual {
  const [time, machine] = [formatInstant(now), formatInstant(now - shift)];
  return shift === 0
    ? {
        fr: `Répétition ; horloge de la machine, qui est dans la fenêtre du plan : ${time}`,
        en: `Rehearsal; the machine's clock is used, because it is within the window of the plan: ${time}`,
      }
    : {
        fr: `Répétition ; horloge réglée au jour du plan : ${time} (horloge de la machine : ${machine})`,
        en: `Rehearsal; the clock is set to the day of the plan: ${time} (the machine's clock shows ${machine})`,
      };
}

async function deleteTokensToRestore(home: string, plan: CeremonyPlan, show: Screen['show']): Promise<void> {
  for (const step of plan.steps) {
    if (step.do !== 'restore-token' || step.copy.by !== 'files') continue;
    await rm(join(home, tokenUse(plan, step.token).folder), { recursive: true, force: true });
    show([
      {
        fr: `Répétition ; le jeton ${step.token} est supprimé, comme s'il était perdu, avant sa restauration`,
        en: `Rehearsal; token ${step.token} is deleted, as if it were lost, before it is restored`,
      },
    ]);
  }
}
