/**
 * A rehearsal differs from a ceremony in three ways: its tokens are deleted afterwards, its clock
 * is set to the day of the plan, and a token that the plan restores is deleted first.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CeremonyPlan, tokenUse } from '../ceremony/plan/model.js';
import type { Question, SecretQuestion, Terminal } from '../ceremony/sitting/terminal.js';
import type { CeremonyFiles } from '../ceremony/world.js';
import type { Bilingual } from '../kernel/bilingual.js';
import { utf8 } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import type { Clock, Random } from '../ports/world.js';
import type { Screen } from './layout.js';
import { randomPin } from './tokens.js';

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

/**
 * The people of a plan, simulated by the program: everybody is present, codes are read back, and
 * the passphrases of share holders are random and stored in files. Rehearsals and development
 * homes use it with the code of the real ceremony; production never does.
 */

/**
 * The folder with the passphrases of simulated officers, in the home folder:
 * `officers/<token>/<name>.txt`.
 */
const OFFICERS = 'officers';

export function playedTerminal({
  files,
  random,
  show,
}: {
  readonly files: CeremonyFiles;
  readonly random: Random;
  /** Shows what a real terminal would show. */
  readonly show: Terminal['show'];
}): Terminal {
  return {
    show,
    ask: async (question) => answerTo(question),
    async askSecret(question) {
      if (question.about === 'key-passphrase') return null;
      const path = passphrasePath(question);
      const existing = await files.read(path);
      if (existing !== null) return existing.slice(0, -1);
      if (question.about === 'passphrase') return null;
      const passphrase = randomPin(random);
      await files.createSecret(path, utf8(`${passphrase}\n`));
      return utf8(passphrase);
    },
  };
}

function answerTo(question: Question): string | null {
  switch (question.about) {
    case 'begin':
      return question.isReady ? 'continuer' : null;
    case 'present':
      return 'oui';
    case 'roll-call':
      return question.isComplete ? 'oui' : null;
    case 'code':
      return question.code;
    case 'share': {
      const { shares, given } = question;
      const numbers = Array.from({ length: shares }, (_, index) => index + 1);
      const next = numbers.find((number) => !given.includes(number));
      return next === undefined ? null : `${next}`;
    }
    case 'hsm':
    case 'operate':
      return 'fait';
    case 'key-file':
    case 'refusal':
      return null;
  }
}

/** Every character of the name that is not an ASCII letter or digit becomes a dash. */
function passphrasePath({ token, holder }: Pick<SecretQuestion, 'token' | 'holder'>): string {
  const plain = holder.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return join(OFFICERS, token, `${plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.txt`);
}
