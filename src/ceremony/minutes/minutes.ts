/**
 * Makes the minutes of a ceremony from its verified transcript, the copy of its plan and its
 * recorded files only.
 */
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { parseInstant } from '../../kernel/clock.js';
import { canonicalJson, type Json, membersOf } from '../../kernel/json.js';
import { ROLES } from '../plan/presence.js';
import { instantInWords } from '../sitting/read-aloud.js';
import { kindOfEntry } from '../steps/all.js';
import { type Entry, isStop, recordedFiles } from '../transcript/transcript.js';
import type { Artefacts, VerifiedTranscript } from '../verify/model.js';
import { attributeBlocks, certificateAnnex, entryText, type PlannedStep, shareBlocks, tokenRows } from './annexes.js';
import type { Block, Document, MinutesRow } from './document.js';

type MinutesInput = {
  /** All entries of the transcript, which has been verified. */
  readonly entries: readonly Entry[];
  readonly verified: VerifiedTranscript;
  /** The title of the plan whose hash the transcript records. */
  readonly title: Bilingual;
  readonly steps: readonly PlannedStep[];
  readonly artefacts: Artefacts;
};

export function minutesOf(input: MinutesInput): Document {
  const { entries, verified, title } = input;
  const [begin] = entries;
  const stepRows = rowsOf(input);
  return {
    title: { fr: 'Procès-verbal de cérémonie de clés', en: 'Minutes of a key ceremony' },
    subtitle: title,
    mark:
      begin?.result.environment === 'production' && begin.result.rehearsal !== true
        ? null
        : {
            fr: 'RÉPÉTITION OU ESSAI : CES CLÉS NE SONT PAS DES CLÉS DE PRODUCTION',
            en: 'REHEARSAL OR TEST: THESE ARE NOT PRODUCTION KEYS',
          },
    foot: `${verified.ceremony}, ${verified.head}`,
    blocks: [
      ...identity(input),
      ...people(input),
      ...course(input),
      ...incidents(input),
      ...keys(input, stepRows),
      ...signatureBlocks(input),
      { kind: 'page-break' },
      ...lettered([
        {
          words: { fr: 'Fichiers et empreintes (SHA-256)', en: 'Files and hashes (SHA-256)' },
          blocks: files(input),
        },
        { words: { fr: 'Certificats', en: 'Certificates' }, blocks: certificates(input) },
        {
          words: { fr: 'Listes de certificats révoqués (LCR)', en: 'Certificate revocation lists (CRLs)' },
          blocks: stepRows('revocation-lists').map(({ block }) => block),
        },
        { words: { fr: 'Paquets', en: 'Bundles' }, blocks: stepRows('bundles').map(({ block }) => block) },
      ]),
    ],
  };
}

type RowOf<Table extends MinutesRow['table']> = Extract<MinutesRow, { readonly table: Table }>;
type StepRows = <Table extends MinutesRow['table']>(table: Table) => readonly RowOf<Table>[];

/** Returns a function that selects, from the rows that the steps contribute, those of one table. */
function rowsOf({ entries, artefacts }: MinutesInput): StepRows {
  const rows = entries.flatMap((entry) => kindOfEntry(entry)?.minutes(entry, artefacts) ?? []);
  return <Table extends MinutesRow['table']>(table: Table) =>
    rows.filter((row): row is RowOf<Table> => row.table === table);
}

const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '-' : JSON.stringify(value);

function identity({ entries, verified }: MinutesInput): readonly Block[] {
  const [begin] = entries;
  const result = begin?.result ?? {};
  const fact = (fr: string, en: string, value: string | Bilingual) => ({ name: { fr, en }, value });
  const signed: Bilingual = verified.isSigned
    ? {
        fr: `oui, par la clé de la cérémonie, détruite ensuite${after(verified.linesAfterSignature, 'lignes suivantes : ')}`,
        en: `yes, by the key of the ceremony, which was then destroyed${after(verified.linesAfterSignature, 'lines after it: ')}`,
      }
    : { fr: 'non', en: 'no' };
  return [
    { kind: 'heading', words: { fr: '1. La cérémonie', en: 'The ceremony' } },
    {
      kind: 'facts',
      title: null,
      facts: [
        fact('Cérémonie', 'Ceremony', verified.ceremony),
        fact('Hiérarchie', 'Hierarchy', hierarchyText(result.hierarchy)),
        fact('Environnement', 'Environment', text(result.environment)),
        fact('Début', 'Begun', dateInWords(verified.begunAt)),
        fact('Fin', 'Ended', dateInWords(verified.endedAt)),
        fact('Quorum du jeton racine', 'Quorum of the root token', quorumWords(membersOf(result.quorum))),
        ...softwareFacts(membersOf(result.software)),
        fact('Machine', 'Machine', machineWords(membersOf(result.machine))),
        fact('Plan (SHA-256)', 'Plan (SHA-256)', text(result.planSha256)),
        fact('Politique (SHA-256)', 'Policy (SHA-256)', text(result.policyDigest)),
        fact('Transcription signée', 'Transcript signed', signed),
        fact('Signataires', 'Signatories', verified.signedBy.join(', ') || '-'),
        fact('Empreinte finale', 'Final hash', verified.head),
      ],
    },
  ];
}

function after(lines: number, follow: string): string {
  return lines === 0 ? '' : ` (${follow}${lines})`;
}

/** Writes a time of the transcript in words. */
function dateInWords(recorded: string): string | Bilingual {
  const at = parseInstant(recorded);
  return at === null ? recorded : instantInWords(at);
}

type Members = { readonly [member: string]: Json };

/** Names the hierarchy. The ceremonies of the access CA and of the platform have none. */
function hierarchyText(hierarchy: Json | undefined): string | Bilingual {
  return hierarchy === null ? { fr: 'aucune', en: 'none' } : text(hierarchy);
}

function quorumWords({ kind, shares, threshold }: Members): Bilingual {
  if (kind === 'none' || shares === undefined) return { fr: 'aucun', en: 'none' };
  const [all, some] = [text(shares), text(threshold)];
  const [par, by] = kind === 'hsm' ? [', par le HSM', ', by the HSM'] : ['', ''];
  return { fr: `${some} parts sur ${all}${par}`, en: `${some} of ${all} shares${by}` };
}

function softwareFacts({ name, version, node, pkcs11ModuleSha256, ...details }: Members) {
  const module = { fr: 'Module PKCS#11 (SHA-256)', en: 'PKCS#11 module (SHA-256)' };
  const rest = Object.entries(details).map(([member, value]) => `${member} ${text(value)}`);
  const programs = [
    `${text(name)} ${text(version)}`,
    ...(node === undefined ? [] : [`Node.js ${text(node)}`]),
    ...rest,
  ];
  return [
    { name: { fr: 'Logiciel', en: 'Software' }, value: programs.join('\n') },
    ...(pkcs11ModuleSha256 === undefined ? [] : [{ name: module, value: text(pkcs11ModuleSha256) }]),
  ];
}

function machineWords({ swap, coreDumps, debugging }: Members): Bilingual {
  const fr = (value: Json | undefined): string => (value === true ? 'oui' : 'non');
  const en = (value: Json | undefined): string => (value === true ? 'on' : 'off');
  const dumps = `images mémoire (core) : ${fr(coreDumps)}`;
  return {
    fr: `mémoire d'échange (swap) : ${fr(swap)} ; ${dumps} ; options de débogage : ${fr(debugging)}`,
    en: `swap: ${en(swap)}; core dumps: ${en(coreDumps)}; debugging options: ${en(debugging)}`,
  };
}

type PresentPerson = { readonly role: keyof typeof ROLES; readonly name: string; readonly organisation: string };

/**
 * Lists the people of the plan, with the number of roll calls at which they were present. The roll
 * is called when the ceremony begins and when it is resumed.
 */
function people({ entries }: MinutesInput): readonly Block[] {
  const calls = entries.filter(({ action }) => action === 'roll-call').map(({ result }) => peopleIn(result.people));
  const rows = peopleIn(entries[0]?.result.people).map((person) => {
    const there = calls.filter((call) => call.some((one) => personKey(one) === personKey(person)));
    const presence: Bilingual =
      there.length === calls.length
        ? { fr: 'à chaque appel', en: 'at every roll call' }
        : { fr: `appels : ${there.length} sur ${calls.length}`, en: `roll calls: ${there.length} of ${calls.length}` };
    return [ROLES[person.role] ?? untranslated(person.role), person.name, person.organisation, presence];
  });
  return [
    { kind: 'heading', words: { fr: '2. Les personnes', en: 'The people' } },
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Rôle', en: 'Role' }, width: 0.25 },
        { name: { fr: 'Nom', en: 'Name' }, width: 0.32 },
        { name: { fr: 'Organisation', en: 'Organisation' }, width: 0.25 },
        { name: { fr: 'Présence', en: 'Presence' }, width: 0.18 },
      ],
      rows,
    },
  ];
}

/** Returns the people that an entry names. The transcript is verified, so their form is known. */
function peopleIn(value: Json | undefined): readonly PresentPerson[] {
  return Array.isArray(value) ? (value as unknown as readonly PresentPerson[]) : [];
}

/** Identifies a person by role, name and organisation, because two people may have one name. */
function personKey({ role, name, organisation }: PresentPerson): string {
  return canonicalJson([role, name, organisation]);
}

const OUTCOMES: Readonly<Record<string, Bilingual>> = {
  made: { fr: 'fait', en: 'done' },
  found: { fr: 'constaté', en: 'found' },
};

function course({ entries, steps }: MinutesInput): readonly Block[] {
  const rows = entries.map((entry) => {
    const { seq, at, step, result } = entry;
    const outcome =
      typeof result.outcome === 'string'
        ? (OUTCOMES[result.outcome] ?? untranslated(result.outcome))
        : untranslated('');
    return [`${seq}`, at.slice(11, 19), step === 0 ? '' : `${step}`, entryText(entry, steps), outcome];
  });
  return [
    { kind: 'heading', words: { fr: '3. Le déroulement', en: 'The course of events' } },
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Ligne', en: 'Line' }, width: 0.08 },
        { name: { fr: 'Heure', en: 'Time' }, width: 0.11 },
        { name: { fr: 'Étape', en: 'Step' }, width: 0.08 },
        { name: { fr: 'Ce qui a été fait', en: 'What was done' }, width: 0.58 },
        { name: { fr: 'Résultat', en: 'Outcome' }, width: 0.15 },
      ],
      rows,
    },
  ];
}

function incidents({ entries, steps }: MinutesInput): readonly Block[] {
  const rows = entries
    .filter((entry) => isStop(entry) || entry.action === 'resume' || entry.action === 'try-again')
    .map((entry) => [`${entry.seq}`, entry.at, entryText(entry, steps)]);
  const none: Block = { kind: 'paragraph', words: { fr: 'Aucun.', en: 'None.' } };
  return [
    {
      kind: 'heading',
      words: {
        fr: '4. Refus, arrêts, reprises et nouvelles tentatives',
        en: 'Refusals, stops, resumptions and repeated attempts',
      },
    },
    rows.length === 0
      ? none
      : {
          kind: 'table',
          columns: [
            { name: { fr: 'Ligne', en: 'Line' }, width: 0.1 },
            { name: { fr: 'Quand (UTC)', en: 'When (UTC)' }, width: 0.25 },
            { name: { fr: 'Quoi', en: 'What' }, width: 0.65 },
          ],
          rows,
        },
  ];
}

function keys({ entries }: MinutesInput, stepRows: StepRows): readonly Block[] {
  return [
    { kind: 'heading', words: { fr: '5. Les jetons et les clés', en: 'The tokens and the keys' } },
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Jeton et son libellé', en: 'Token and its label' }, width: 0.38 },
        { name: { fr: 'Fabricant, modèle', en: 'Manufacturer, model' }, width: 0.22 },
        { name: { fr: 'Numéro de série', en: 'Serial number' }, width: 0.22 },
        { name: { fr: 'Matériel / micrologiciel', en: 'Hardware / firmware' }, width: 0.18 },
      ],
      rows: tokenRows(entries),
    },
    ...shareBlocks(stepRows('shares')),
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Clé', en: 'Key' }, width: 0.18 },
        { name: { fr: 'Jeton', en: 'Token' }, width: 0.17 },
        { name: { fr: 'Opération', en: 'Operation' }, width: 0.13 },
        { name: { fr: 'Type', en: 'Type' }, width: 0.12 },
        { name: { fr: 'Clé publique (SHA-256)', en: 'Public key (SHA-256)' }, width: 0.4 },
      ],
      rows: [...stepRows('keys'), ...stepRows('keys-elsewhere')].map(({ cells }) => cells),
    },
    ...attributeBlocks(stepRows('attributes')),
    ...accounts(stepRows('accounts')),
  ];
}

/** Lists the accounts for which the ceremony signed a certificate. No block: there are none. */
function accounts(rows: readonly RowOf<'accounts'>[]): readonly Block[] {
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [
        { name: { fr: "Compte de l'API", en: 'Account of the API' }, width: 0.27 },
        { name: { fr: 'Rôles', en: 'Roles' }, width: 0.23 },
        { name: { fr: 'Profil et certificat', en: 'Profile and certificate' }, width: 0.5 },
      ],
      rows: rows.map(({ cells }) => cells),
    },
  ];
}

function signatureBlocks({ entries, verified }: MinutesInput): readonly Block[] {
  const seen = new Set<string>();
  const present = entries
    .filter(({ action }) => action === 'roll-call')
    .flatMap(({ result }) => peopleIn(result.people))
    .filter((person) => !seen.has(personKey(person)) && seen.add(personKey(person)));
  return [
    // Signatures begin a new page, because that sheet is signed and copied.
    { kind: 'page-break' },
    { kind: 'heading', words: untranslated('6. Signatures') },
    {
      kind: 'paragraph',
      words: {
        fr:
          "Les soussignés attestent qu'ils ont assisté à la cérémonie, que son déroulement est conforme à la description " +
          `ci-dessus et que l'empreinte finale lue à voix haute est ${verified.head}.`,
        en:
          'The undersigned were present at the ceremony; its course is as described above, and the final hash that was read aloud is ' +
          `${verified.head}.`,
      },
    },
    {
      kind: 'signatures',
      people: present.map(({ name, role, organisation }) => ({
        name: `${name}, ${organisation}`,
        role: ROLES[role] ?? untranslated(role),
      })),
    },
  ];
}

/** Numbers the annexes that exist with letters: A, B, C. */
function lettered(
  annexes: readonly { readonly words: Bilingual; readonly blocks: readonly Block[] }[],
): readonly Block[] {
  return annexes
    .filter(({ blocks }) => blocks.length > 0)
    .flatMap(({ words: { fr, en }, blocks }, at) => {
      const annex = `Annexe ${String.fromCharCode('A'.charCodeAt(0) + at)}`;
      return [{ kind: 'heading' as const, words: { fr: `${annex}. ${fr}`, en } }, ...blocks];
    });
}

function files({ entries }: MinutesInput): readonly Block[] {
  const all = new Map(entries.flatMap((entry) => recordedFiles(entry).map(({ path, sha256 }) => [path, sha256])));
  return [
    {
      kind: 'table',
      columns: [
        { name: { fr: 'Fichier', en: 'File' }, width: 0.375 },
        { name: { fr: 'SHA-256', en: 'SHA-256' }, width: 0.625 },
      ],
      rows: [...all].map(([path, sha256]) => [path, sha256]),
    },
  ];
}

function certificates({ entries, artefacts }: MinutesInput): readonly Block[] {
  const paths = new Set(entries.flatMap((entry) => recordedFiles(entry).map(({ path }) => path)));
  return [...paths]
    .filter((path) => path.endsWith('.cer'))
    .flatMap((path): readonly Block[] => {
      const der = artefacts(path);
      return der === null ? [] : [{ kind: 'verbatim', title: untranslated(path), lines: certificateAnnex(der) }];
    });
}
