/**
 * Checks the configuration, the policy, the CAs that the configuration names, the home folder with
 * its environment mark, and the id of the node.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { configFile } from '../../config/load.js';
import type { HomePaths } from '../../config/paths.js';
import { ABSENT } from '../../config/regular-file.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Home, homeFolderFault, readEnvironmentMark } from '../home.js';
import { readNodeId } from '../nodes/node.js';
import { hasWritingRole } from '../roles.js';
import { configurationCheck, EVERY_ROLE, type Requirement, type StartFault, WRITING_ROLES } from './requirement.js';

/**
 * The report shows at most this many lines about a policy, and says how many it leaves out. A
 * production policy in which nothing is decided has more than a hundred.
 */
const POLICY_LINES_MAX = 12;

export const configuration: Requirement<'configuration'> = {
  name: 'configuration',
  question: 'Is the configuration valid?',
  roles: EVERY_ROLE,
  find: ({ config }) => {
    if (config.ok) return [];
    return [
      {
        location: configFile() ?? 'PFCNG_CONFIG',
        fault: { fr: "la configuration n'est pas valide", en: 'the configuration is not valid' },
        purpose: { fr: 'configuration du service', en: 'configuration of the service' },
        remedy: { fr: 'la corriger (ops/configuration.md)', en: 'correct it (ops/configuration.md)' },
        details: config.error.faults,
      },
    ];
  },
};

export const policy: Requirement<'policy'> = {
  name: 'policy',
  question: 'Is the policy valid and decided?',
  roles: EVERY_ROLE,
  find: ({ config, policy: loaded }) => {
    if (!config.ok || loaded === null) return null;
    if (loaded.ok) return [];
    const { policies, environment } = config.value;
    const check = `pfcng policy check ${policies} --environment ${environment}`;
    const { faults } = loaded.error;
    const isLong = faults.length > POLICY_LINES_MAX;
    // Values that are left to decide come first, faults and the number of these values after them.
    const shown = isLong ? faults.slice(-POLICY_LINES_MAX) : faults;
    const more = faults.length - shown.length;
    return [
      {
        location: policies,
        fault: { fr: "la politique n'est pas valide", en: 'the policy is not valid' },
        purpose: {
          fr: 'politique : profils, autorités, environnement',
          en: 'policy: profiles, authorities, environment',
        },
        remedy: {
          fr: `pfcng policy decide ${policies} pour les valeurs à décider ; ${check} liste toutes les lignes`,
          en: `pfcng policy decide ${policies} for values to decide; ${check} lists all lines`,
        },
        details: [...shown, ...(more > 0 ? [`+ ${more}: ${check}`] : [])],
      },
    ];
  },
};

export const namedAuthorities: Requirement<'named-authorities'> = {
  name: 'named-authorities',
  question: 'Are the CAs that the configuration names issuing CAs of the policy?',
  roles: EVERY_ROLE,
  find: configurationCheck(({ accountAuthorities, holderAuthorities, ocsp }, loaded) => {
    const named = [
      ...accountAuthorities.map((id) => ({ member: 'accountAuthorities', id })),
      ...holderAuthorities.map((id) => ({ member: 'holderAuthorities', id })),
      ...Object.keys(ocsp.signAhead).map((id) => ({ member: 'ocsp/signAhead', id })),
    ];
    const unknown = named.filter(({ id }) => loaded !== null && loaded.authorities.get(id)?.kind !== 'issuing');
    return unknown.map(({ member, id }) => ({
      location: `${configFile() ?? 'PFCNG_CONFIG'}/${member}`,
      fault: { fr: `${id} n'est pas une AC émettrice`, en: `${id} is not an issuing authority` },
      purpose: { fr: 'AC que nomme la configuration', en: 'CAs that the configuration names' },
      remedy: { fr: 'la corriger (ops/configuration.md)', en: 'correct it (ops/configuration.md)' },
    }));
  }),
};

export const homeFolder: Requirement<'home-folder'> = {
  name: 'home-folder',
  question: 'Is there a home folder of this environment, which the service can write?',
  roles: EVERY_ROLE,
  find: ({ config, policy: loaded }, roles) => {
    if (!config.ok) return null;
    const { paths } = config.value;
    const home = loaded?.ok === true ? { config: config.value, policy: loaded.value } : null;
    return [
      ...(existsSync(paths.placing) ? [interruptedRestore(paths)] : markFaults(paths.environment, home)),
      ...(hasWritingRole(roles) && existsSync(paths.home) ? unwritableFaults(paths.home) : []),
    ];
  },
};

export const node: Requirement<'node'> = {
  name: 'node',
  question: 'Is the id of this node readable, if it was made before?',
  roles: WRITING_ROLES,
  find: configurationCheck(({ paths }) => {
    const read = readNodeId(paths.node);
    if (read.ok) return [];
    return [
      {
        location: paths.node,
        fault: { fr: 'fichier illisible ou abîmé', en: 'it cannot be read, or is damaged' },
        purpose: {
          fr: 'numéro de ce nœud parmi ceux de la base de données',
          en: 'id of this node among those of the database',
        },
        remedy: {
          fr: 'le remettre depuis une sauvegarde, ou le supprimer : le service en fait un autre',
          en: 'restore it from a backup, or remove it: the service makes another one',
        },
        details: [read.error],
      },
    ];
  }),
};

/** As long as its record is there, the home folder may lack anything, also its mark. */
function interruptedRestore({ placing, home }: HomePaths): StartFault {
  return {
    location: placing,
    fault: {
      fr: `une restauration dans ${home} a été interrompue`,
      en: `a restore into ${home} was interrupted`,
    },
    purpose: { fr: 'état de la restauration', en: 'state of the restore' },
    remedy: {
      fr: 'relancer la même commande pfcng restore (ops/restore.md)',
      en: 'run the same pfcng restore command again (ops/restore.md)',
    },
  };
}

/**
 * Checks the mark of the home folder. `home`: null if the policy, which says which environment is
 * expected, is not valid.
 */
function markFaults(file: string, home: Home | null): readonly StartFault[] {
  const fault = existsSync(file) ? (home === null ? null : wrongMark(home)) : ABSENT;
  if (fault === null) return [];
  const restore = { fr: 'ou le remettre depuis une sauvegarde', en: 'or restore it from a backup' };
  return [
    {
      location: file,
      fault,
      purpose: {
        fr: "marque du dossier de l'installation : son environnement",
        en: 'mark of the home folder: its environment',
      },
      remedy: {
        fr: `pfcng ceremony perform PLAN l'écrit (en développement : npm start) ; nommer le bon dossier dans PFCNG_HOME, ${restore.fr}`,
        en: `pfcng ceremony perform PLAN writes it (in development: npm start); name the right folder in PFCNG_HOME, ${restore.en}`,
      },
    },
  ];
}

function wrongMark(home: Home): Bilingual | null {
  if (readEnvironmentMark(home.config.paths.environment) === null)
    return { fr: 'fichier illisible ou abîmé', en: 'it cannot be read, or is damaged' };
  const environment = home.policy.environment.mark;
  const fault = homeFolderFault(home);
  return fault === null ? null : { fr: `ce dossier n'est pas de l'environnement ${environment}`, en: fault };
}

function unwritableFaults(folder: string): readonly StartFault[] {
  try {
    accessSync(folder, constants.W_OK);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return [
      {
        location: folder,
        fault: { fr: `écriture impossible (${code})`, en: `it cannot be written (${code})` },
        purpose: { fr: 'base de données, LCR et journal du service', en: 'database, CRLs and log of the service' },
        remedy: {
          fr: "donner le droit d'écrire à l'utilisateur du service (ops/signers.md), ou monter le disque en écriture",
          en: 'let the user of the service write it (ops/signers.md), or mount the disk for writing',
        },
      },
    ];
  }
}
