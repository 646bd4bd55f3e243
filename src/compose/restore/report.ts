/**
 * The report of a restore: what it has done and learnt, what cannot be known, and what people have
 * to do.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BackupManifest } from '../../backup/manifest.js';
import type { HomePaths } from '../../config/paths.js';
import { replaceFile } from '../../config/replace-file.js';
import { assert } from '../../kernel/assert.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import type { PausedWork } from '../../operations/restored/pause-work.js';
import type { ComparedJournal } from './recover-signatures.js';

export type RestoreReport = {
  readonly backup: Pick<BackupManifest, 'installation' | 'environment' | 'software' | 'takenAt'> & {
    readonly manifestSha256: string;
    readonly auditEntries: number;
    readonly parts: number;
    readonly bytes: number;
  };
  readonly database: {
    readonly kind: BackupManifest['database']['kind'];
    readonly levelBefore: number;
    readonly level: number;
  };
  /**
   * What journals, lists or the home folder knew and the backup did not. An empty list does not
   * prove that the backup was the newest.
   */
  readonly missing: readonly string[];
  /**
   * Whether nothing is missing, and the home folder still had its `database.json`, with the last
   * entry of the backup.
   */
  readonly isNewest: boolean;
  readonly lists: readonly {
    readonly source: string;
    /**
     * Whether the lists came with the backup, so that they say little of what happened after it.
     */
    readonly isOfBackup: boolean;
    readonly lists: number;
    /** Number of certificates whose status was learnt from this source. */
    readonly learnt: number;
    readonly refused: readonly string[];
    readonly fault: string | null;
  }[];
  readonly journals: readonly (Omit<ComparedJournal, 'recovered'> & {
    readonly from: 'home' | 'backup' | 'named' | 'nowhere';
    readonly recovered: number;
  })[];
  readonly recovered: ComparedJournal['recovered'];
  /**
   * Orders and campaigns that the restore has paused, because they would have gone on by
   * themselves.
   */
  readonly paused: PausedWork;
  /** Files of the policy and the configuration that differ from those in the backup. */
  readonly differing: readonly string[];
  readonly unknowable: readonly Bilingual[];
  readonly toDo: readonly Bilingual[];
};

type Facts = Omit<RestoreReport, 'unknowable' | 'toDo'>;

/**
 * Writes `restore-report.json` into the home folder, because the output of the command may be lost.
 */
export function writeReport(
  { restore, restoreReport }: Pick<HomePaths, 'restore' | 'restoreReport'>,
  report: RestoreReport,
): void {
  const part = join(restore, 'report.new');
  replaceFile(restoreReport, `${JSON.stringify(report, null, 2)}\n`, { part, mode: 0o600 });
}

/** Whether a file of the home folder with this name is a report. */
export function isReport(name: string): boolean {
  return /^restore-report(-\d{8}T\d{6}Z)?\.json$/.test(name);
}

/** Gives the report of an earlier restore a name with its time, so that it is kept. */
export function renameEarlierReport({ restoreReport }: Pick<HomePaths, 'restoreReport'>): void {
  if (!existsSync(restoreReport)) return;
  const time = `${statSync(restoreReport).mtime.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const aside = restoreReport.replace(/\.json$/, `-${time}.json`);
  assert(isReport(basename(aside)), 'the name of a report');
  renameSync(restoreReport, aside);
}

export function completeReport(facts: Facts): RestoreReport {
  return { ...facts, unknowable: unknowableOf(facts), toDo: toDoOf(facts) };
}

/**
 * Returns what cannot be known. The first statement is always made. The others depend on which
 * journals and CRLs could be read, and on whether certificates were recovered.
 */
function unknowableOf({ backup, lists, journals, recovered }: Facts): readonly Bilingual[] {
  const since = backup.takenAt;
  const noLists = lists.every(({ isOfBackup, lists: count }) => isOfBackup || count === 0);
  const survived = new Set(journals.flatMap(({ from, token }) => (from === 'home' ? [token] : [])));
  const noJournals = journals.filter(
    ({ from, state, token }) => !survived.has(token) && (state === 'missing' || from === 'backup'),
  );
  const tokens = noJournals.map(({ token }) => token).join(', ');
  return [
    {
      fr: `demandes, commandes, mises à jour de cartes, comptes et décisions d'officiers depuis le ${since}`,
      en: `requests, orders, updates of cards, accounts and decisions of officers since ${since}`,
    },
    ...(noJournals.length === 0
      ? []
      : [
          {
            fr:
              `certificats et LCR signés depuis le ${since} par ${tokens}, dont aucun journal plus récent n'est là : ` +
              'OCSP répond « unknown » pour les certificats qui ne sont sur aucune LCR',
            en:
              `certificates and CRLs signed since ${since} by ${tokens}, of which there is no newer journal: ` +
              'OCSP answers "unknown" for certificates that are on no CRL',
          },
        ]),
    noLists
      ? {
          fr:
            `révocations, suspensions et levées depuis le ${since} : aucune LCR publiée n'a pu être lue, ` +
            'et des certificats révoqués sont de nouveau « good »',
          en:
            `revocations, suspensions and releases since ${since}: no published CRL could be read, ` +
            'and revoked certificates are "good" again',
        }
      : {
          fr: 'révocations, suspensions et levées qui ne sont sur aucune des LCR lues',
          en: 'revocations, suspensions and releases that are on none of the CRLs that were read',
        },
    ...(recovered.length === 0
      ? []
      : [
          {
            fr: `titulaire, clé et fin de validité des ${recovered.length} certificats retrouvés`,
            en: `holder, key and end of validity of the ${recovered.length} recovered certificates`,
          },
        ]),
  ];
}

function toDoOf(facts: Facts): readonly Bilingual[] {
  const { backup, lists, journals, recovered, paused, differing } = facts;
  const faults = journals.flatMap(({ token, faults: found }) => found.map((detail) => `${token}: ${detail}`));
  const unread = lists.filter(({ fault }) => fault !== null);
  return [
    ...sinceBackup(facts),
    ...(recovered.length === 0
      ? []
      : [
          {
            fr:
              `un officier compare les ${recovered.length} certificats retrouvés avec ce qui a été demandé, ` +
              "et révoque ceux que personne n'a demandés",
            en:
              `an officer compares the ${recovered.length} recovered certificates with what was ordered, ` +
              'and revokes those that nobody ordered',
          },
        ]),
    ...pausedWork(paused),
    ...unread.map(({ source, fault }) => ({
      fr: `LCR non lues (${source} : ${fault}) : révoquez de nouveau ce qui l'a été depuis le ${backup.takenAt}`,
      en: `CRLs not read (${source}: ${fault}): revoke again what you know to be revoked since ${backup.takenAt}`,
    })),
    ...faults.map(untranslated),
    ...differing.map((file) => ({
      fr: `${file} diffère de la sauvegarde : vérifiez lequel est juste`,
      en: `${file} differs from the backup: check which one is right`,
    })),
    {
      fr: 'démarrez les services de signature et le service (ops/restore.md), puis pfcng doctor',
      en: 'start the signers and the service (ops/restore.md), then pfcng doctor',
    },
  ];
}

function pausedWork({ orders, campaigns }: PausedWork): readonly Bilingual[] {
  return [
    ...orders.map((id) => ({
      fr:
        `la commande ${id} est en pause : elle émettrait de nouveau ce qu'elle a émis depuis la sauvegarde ; ` +
        'reprenez-la ou annulez-la quand vous savez ce qui a été livré',
      en:
        `the order ${id} is paused: it would issue again what it has issued since the backup; ` +
        'resume or cancel it when you know what was delivered',
    })),
    ...campaigns.map((id) => ({
      fr: `la campagne ${id} est en pause : vérifiez ses dates avant de la reprendre, elles ont pu être changées`,
      en: `the campaign ${id} is paused: check its dates before you resume it, they may have been changed`,
    })),
  ];
}

/**
 * Returns what to do about changes since the backup, which may be lost even if no signature and no
 * list shows them.
 */
function sinceBackup({ backup: { takenAt, auditEntries }, isNewest }: Facts): readonly Bilingual[] {
  if (isNewest) return [];
  return [
    {
      fr:
        `un officier désactive, avant le démarrage, les comptes et les certificats d'accès désactivés depuis le ` +
        `${takenAt} : ils sont de nouveau acceptés (pfcng account disable, pfcng account rotate)`,
      en:
        `an officer disables before the start the accounts and credentials that were disabled since ${takenAt}: ` +
        'they work again (pfcng account disable, pfcng account rotate)',
    },
    {
      fr:
        `chaque système renvoie ses demandes depuis le ${takenAt}, avec les mêmes Idempotency-Keys ; ` +
        `pour ceux qui suivent GET /v1/changes, la dernière entrée restaurée est la ${auditEntries}`,
      en:
        `each system sends its requests since ${takenAt} again, with the same Idempotency-Keys; ` +
        `those that follow GET /v1/changes are told that the last restored entry is ${auditEntries}`,
    },
  ];
}

/** Returns the report for people, in French and English. */
export function reportLines(report: RestoreReport): readonly Bilingual[] {
  const { backup, database, lists, journals, recovered, unknowable, toDo } = report;
  const item = ({ fr, en }: Bilingual): Bilingual => ({ fr: `  - ${fr}`, en: `  - ${en}` });
  const from = {
    home: { fr: 'de ce dossier', en: 'of this home folder' },
    backup: { fr: 'de la sauvegarde', en: 'of the backup' },
    named: { fr: 'du dossier indiqué', en: 'of the folder that was named' },
    nowhere: { fr: 'absent', en: 'missing' },
  } as const;
  return [
    {
      fr:
        `Restauré : ${backup.parts} parties, ${backup.bytes} octets, sauvegarde du ${backup.takenAt} ` +
        `(${backup.software}), ${backup.auditEntries} entrées d'audit vérifiées`,
      en:
        `Restored: ${backup.parts} parts, ${backup.bytes} bytes, backup of ${backup.takenAt} ` +
        `(${backup.software}), ${backup.auditEntries} entries of the audit log verified`,
    },
    {
      fr: `Base ${database.kind}, schéma de niveau ${database.level} (dans la sauvegarde : ${database.levelBefore})`,
      en: `Database ${database.kind}, schema of level ${database.level} (in the backup: ${database.levelBefore})`,
    },
    ...ageLines(report, item),
    { fr: 'Appris des LCR publiées :', en: 'Learnt from published CRLs:' },
    ...lists.map(listLine).map(item),
    { fr: 'Appris des journaux :', en: 'Learnt from journals:' },
    ...journals.map(({ token, from: place, entries, recovered: count, crls }) =>
      item({
        fr: `${token}, journal ${from[place].fr} : ${entries} entrées, ${count} certificats retrouvés, ${crls} numéros de LCR`,
        en: `${token}, journal ${from[place].en}: ${entries} entries, ${count} certificates recovered, ${crls} numbers of CRLs`,
      }),
    ),
    ...(recovered.length === 0
      ? []
      : [
          { fr: 'Certificats retrouvés :', en: 'Recovered certificates:' },
          ...recovered.map(({ id, issuer, serial, profile }) =>
            item(untranslated(`${issuer} ${serial} ${profile} ${id}`)),
          ),
        ]),
    { fr: 'Impossible à savoir :', en: 'What cannot be known:' },
    ...unknowable.map(item),
    { fr: 'À faire :', en: 'To do:' },
    ...toDo.map(item),
  ];
}

/**
 * Says how old the backup was. Only `database.json` of the home folder can show that a backup was
 * the newest.
 */
function ageLines(
  { missing, isNewest }: Pick<RestoreReport, 'missing' | 'isNewest'>,
  item: (line: Bilingual) => Bilingual,
): readonly Bilingual[] {
  if (missing.length > 0)
    return [
      { fr: 'La sauvegarde était plus ancienne que :', en: 'The backup was older than:' },
      ...missing.map((line) => item(untranslated(line))),
    ];
  if (isNewest)
    return [
      {
        fr: 'La sauvegarde était la plus récente : elle finit avec la dernière entrée que ce dossier connaissait.',
        en: 'The backup was the newest: it ends with the last entry that this home folder knew.',
      },
    ];
  return [
    {
      fr: "Rien de plus récent que la sauvegarde n'a été trouvé ; des demandes peuvent pourtant manquer.",
      en: 'Nothing newer than the backup was found; requests may be missing all the same.',
    },
  ];
}

function listLine({ source, lists, learnt, refused, fault }: RestoreReport['lists'][number]): Bilingual {
  const why = fault === null ? '' : ` (${fault})`;
  const names = refused.join(', ');
  return {
    fr: `${source} : ${lists} LCR, ${learnt} statuts appris${names === '' ? '' : `, refusées : ${names}`}${why}`,
    en: `${source}: ${lists} CRLs, ${learnt} statuses learnt${names === '' ? '' : `, refused: ${names}`}${why}`,
  };
}
