/** The report of a drill, in Markdown: French, which officers read, with the English beside it. */
import type { Bilingual, Language } from '../../src/kernel/bilingual.js';
import { DESK_PHRASES } from '../../src/texts/update-rules.js';
import type { Fleet, FleetClass } from './fleet.js';
import { latencyQuantile } from './latencies.js';
import type { CardFault } from './play-card.js';
import { type FleetReport, sumOf } from './roca-day.js';

export type DrillFacts = {
  readonly fleet: Fleet;
  readonly keyType: string;
  readonly campaign: string;
  readonly starts: number;
  readonly issuedSeconds: number;
  readonly report: FleetReport;
  /** What commands found on the installation after the drill. */
  readonly checks: readonly { readonly command: string; readonly status: number | null; readonly lastLine: string }[];
};

export function drillReport(facts: DrillFacts): string {
  return (['fr', 'en'] as const).map((language) => linesIn(language, facts).join('\n')).join('\n');
}

const CLASS_NAMES: Readonly<Record<FleetClass, Bilingual>> = {
  priority: { fr: 'prioritaire (médecins)', en: 'priority (doctors)' },
  second: { fr: 'deuxième (infirmiers)', en: 'second (nurses)' },
  third: { fr: 'troisième (tous les autres)', en: 'third (all others)' },
};

const FAULT_NAMES: Readonly<Record<CardFault, Bilingual>> = {
  'begin-unanswered': { fr: 'réponse au début perdue', en: 'the answer to the begin was lost' },
  'power-loss': { fr: "coupure de courant pendant l'écriture", en: 'loss of power while writing' },
  'confirmation-unanswered': { fr: 'réponse à la confirmation perdue', en: 'the answer to the confirmation was lost' },
  'keys-lost': { fr: 'nouvelles clés perdues', en: 'the new keys were lost' },
  'no-spare-container': { fr: 'pas de conteneur libre', en: 'no spare container' },
};

/** What to say in one of the languages, and its form of numbers. */
function wordsIn(language: Language) {
  const locale = { fr: 'fr-FR', en: 'en-GB' }[language];
  return {
    say: (fr: string, en: string): string => ({ fr, en })[language],
    number: (value: number, digits = 0): string =>
      value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  } as const;
}

function linesIn(language: Language, facts: DrillFacts): readonly string[] {
  const { fleet, keyType, campaign, starts, issuedSeconds, report, checks } = facts;
  const { confirmed, resumed, desks, seconds, classes } = report;
  const words = wordsIn(language);
  const { say, number } = words;
  const minutes = (value: number): string => `${number(value / 60, 1)} min`;
  const atDesk = sumOf(desks);
  const left = fleet.cards - confirmed - atDesk;
  const figures = (cards: number, desk: number, time: number): readonly string[] => [
    number(cards),
    number(desk),
    number(cards / Math.max(time, 1), 1),
    minutes(time),
  ];
  return [
    say(
      `# Exercice : de nouvelles clés pour ${number(fleet.cards)} cartes en une journée`,
      `# Drill: ${number(fleet.cards)} cards get new keys in one day`,
    ),
    '',
    say(`Clés des AC : ${keyType}. Campagne ${campaign}.`, `CA keys: ${keyType}. Campaign ${campaign}.`),
    say(
      `L'exercice a été lancé ${starts} fois ; durées et nombres sont ceux de tous les lancements.`,
      `The drill was started ${starts} time${starts === 1 ? '' : 's'}; times and counts are of all starts together.`,
    ),
    '',
    say('## Résultat', '## Result'),
    '',
    say(
      '| classe | confirmées | au guichet | par seconde | terminée après |',
      '| class | confirmed | at a desk | per second | done after |',
    ),
    '| --- | ---: | ---: | ---: | ---: |',
    ...Object.entries(classes).map(([name, one]) =>
      row([CLASS_NAMES[name as FleetClass][language], ...figures(one.confirmed, one.atDesk, one.seconds)]),
    ),
    row([say('toutes', 'all'), ...figures(confirmed, atDesk, seconds)].map((cell) => `**${cell}**`)),
    '',
    say(
      `- Cartes qui ont rencontré un incident et ont repris : ${number(sumOf(resumed))}.`,
      `- Cards that met a fault and went on: ${number(sumOf(resumed))}.`,
    ),
    ...Object.entries(resumed).map(
      ([fault, count]) => `  - ${FAULT_NAMES[fault as CardFault][language]}${say(' :', ':')} ${number(count)}`,
    ),
    say(
      `- Cartes qui ne sont ni confirmées ni au guichet : ${number(left)} (attendu : 0).`,
      `- Cards that are neither confirmed nor at a desk: ${number(left)} (expected: 0).`,
    ),
    say(
      `- Délivrance des premiers jeux de certificats, avant la campagne : ${minutes(issuedSeconds)}.`,
      `- Issuing the first sets of certificates, before the campaign: ${minutes(issuedSeconds)}.`,
    ),
    '',
    say('## Cartes à traiter au guichet', '## Cards that must go to a desk'),
    '',
    ...(atDesk === 0 ? [say('Aucune.', 'None.')] : []),
    ...Object.entries(desks).map(
      ([reason, count]) => `- ${number(count)}${say(' :', ':')} ${reasonOf(reason)[language]}.`,
    ),
    '',
    ...relyingParties(report.ocsp, words),
    say("## Contrôles après l'exercice", '## Checks after the drill'),
    '',
    ...checks.map(({ command, status, lastLine }) => {
      const verdict =
        status === 0
          ? say('rien ne manque', 'nothing is missing')
          : say(`code de sortie ${status}, à examiner`, `exit code ${status}, to be looked into`);
      return `- \`pfcng ${command}\`${say(' :', ':')} ${verdict}. ${lastLine}`;
    }),
    '',
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function relyingParties(ocsp: FleetReport['ocsp'], { say, number }: ReturnType<typeof wordsIn>): readonly string[] {
  const ms = (part: number): string => `${number(latencyQuantile(ocsp.latencies, part), 1)} ms`;
  return [
    say('## Parties utilisatrices pendant ce temps', '## Relying parties meanwhile'),
    '',
    say(
      `- Questions OCSP sur les jeux avec lesquels les cartes signaient : ${number(ocsp.asked)}.`,
      `- OCSP requests about the sets that the cards signed with: ${number(ocsp.asked)}.`,
    ),
    say(
      `- Réponses autres que \`good\` : ${number(ocsp.notGood.length)}. Sans réponse : ${number(ocsp.failed)}.`,
      `- Answers other than \`good\`: ${number(ocsp.notGood.length)}. Not answered: ${number(ocsp.failed)}.`,
    ),
    say(
      `- Temps de réponse : médiane ${ms(0.5)}, 99 % en ${ms(0.99)} au plus.`,
      `- Time to answer: median ${ms(0.5)}, 99 % within ${ms(0.99)}.`,
    ),
    '',
  ];
}

function reasonOf(reason: string): Bilingual {
  const phrase = new Map<string, Bilingual>(Object.entries(DESK_PHRASES)).get(`desk/${reason}`);
  return phrase ?? { fr: reason, en: reason };
}
