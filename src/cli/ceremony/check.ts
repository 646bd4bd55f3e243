/**
 * `pfcng ceremony check`: says everything that is wrong in a plan and missing on this machine. It
 * changes nothing.
 */
import { checkReadiness, type ReadinessCheck } from '../../ceremony-host/readiness.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import type { Bilingual, Language } from '../../kernel/bilingual.js';
import { escapeForTerminal, say } from '../../terminal/say.js';

type CheckOptions = { readonly home?: string; readonly json?: boolean; readonly lang: Language };

export async function check(planFile: string, { home, json, lang }: CheckOptions): Promise<void> {
  const checks = await checkReadiness({ clock: systemClock, random: systemRandom, home, planFile });
  const faults = checks.filter(({ fault }) => fault !== null).length;
  if (json === true) say(JSON.stringify({ ready: faults === 0, checks }));
  else
    for (const line of [...checks.flatMap((one) => linesOf(one, lang)), outcome(faults)[lang]])
      say(escapeForTerminal(line));
  if (faults > 0) process.exitCode = 1;
}

const STATES = {
  fine: { fr: 'conforme', en: 'ok' },
  faulty: { fr: 'À CORRIGER', en: 'FAULT' },
} as const satisfies Readonly<Record<string, Bilingual>>;
const STATE_COLUMNS = 12;

function linesOf({ words, fault }: ReadinessCheck, lang: Language): readonly string[] {
  const state = fault === null ? STATES.fine : STATES.faulty;
  const line = `${state[lang].padEnd(STATE_COLUMNS)}${words[lang]}`;
  return fault === null ? [line] : [line, `${''.padEnd(STATE_COLUMNS)}${fault[lang]}`];
}

function outcome(faults: number): Bilingual {
  return faults === 0
    ? { fr: 'Tout est prêt pour cette cérémonie.', en: 'Everything is ready for this ceremony.' }
    : {
        fr: `${faults} point(s) à corriger ; rien n'a été modifié.`,
        en: `${faults} fault(s) to correct; nothing was changed.`,
      };
}
