/** Checks the database, and the passwords and CA certificates for connections to other servers. */
import { existsSync } from 'node:fs';
import type { Config } from '../../config/load.js';
import { secretFileFault } from '../../config/password-file.js';
import { ABSENT, tryReadRegularFile } from '../../config/regular-file.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { readMark } from '../database/mark.js';
import type { Home } from '../home.js';
import { hasWritingRole, type Roles } from '../roles.js';
import { inspectHomeStore, migratesAtStart, type OpenFault } from '../store.js';
import {
  configurationCheck,
  EVERY_ROLE,
  homeCheck,
  type Requirement,
  type StartFault,
  secretFault,
} from './requirement.js';

type Access = { readonly server: string; readonly passwordFile?: string | undefined; readonly ca?: string | undefined };

/** Checks the files with which the service connects to a server: its password and its CAs. */
function accessFaults({ server, passwordFile, ca }: Access): readonly StartFault[] {
  const faults: StartFault[] = [];
  const password = passwordFile === undefined ? null : passwordFault(passwordFile);
  if (passwordFile !== undefined && password !== null)
    faults.push({
      location: passwordFile,
      fault: password,
      purpose: { fr: `mot de passe pour ${server}`, en: `password for ${server}` },
      remedy: {
        fr: "écrire le mot de passe du serveur dans ce fichier, mode 0400, à l'utilisateur du service",
        en: 'write the password of the server into this file, mode 0400, owned by the user of the service',
      },
    });
  const trust = ca === undefined ? null : tryReadRegularFile(ca);
  if (ca !== undefined && trust?.ok === false)
    faults.push({
      location: ca,
      fault: trust.error,
      purpose: { fr: `AC du certificat de ${server}`, en: `CAs of the certificate of ${server}` },
      remedy: {
        fr: 'demander ce fichier PEM aux administrateurs du serveur, ou corriger tls.ca',
        en: 'get this PEM file from the administrators of the server, or correct tls.ca',
      },
    });
  return faults;
}

function passwordFault(file: string): Bilingual | null {
  return existsSync(file) ? secretFault(secretFileFault(file)) : ABSENT;
}

export const outlets: Requirement<'outlets'> = {
  name: 'outlets',
  question: 'Are the passwords and CAs for LDAP directories there?',
  roles: ['worker'],
  find: configurationCheck(({ publication }) =>
    publication.outlets.flatMap((outlet) =>
      outlet.kind === 'ldap'
        ? accessFaults({ server: outlet.url, passwordFile: outlet.passwordFile, ca: outlet.tls?.ca })
        : [],
    ),
  ),
};

export const databaseAccess: Requirement<'database-access'> = {
  name: 'database-access',
  question: 'Are the password and the CAs for the database server there?',
  roles: EVERY_ROLE,
  find: configurationCheck((config) => databaseAccessFileFaults(config)),
};

function databaseAccessFileFaults({ database }: Config): readonly StartFault[] {
  if (database.kind === 'sqlite') return [];
  const server = `PostgreSQL ${database.host}:${database.port}`;
  return accessFaults({ server, passwordFile: database.passwordFile, ca: database.tls?.ca });
}

/** Whether a process with these roles starts with this fault of its database. */
function isTolerated({ kind }: OpenFault, home: Home, roles: Roles): boolean {
  if (kind === 'schema-behind') return hasWritingRole(roles) && migratesAtStart(home);
  // After a power cut, SQLite repairs the file when the start opens it for writing. If that fails,
  // the start names the fault.
  return kind === 'unavailable' && home.config.database.kind === 'sqlite';
}

export const database: Requirement<'database'> = {
  name: 'database',
  question: 'Is there a database of this environment?',
  roles: EVERY_ROLE,
  find: homeCheck(async (home, roles) => {
    const mark = readMark(home.config.paths.databaseMark);
    const faults = mark.ok ? [] : [markFault(home, mark.error)];
    // If the password or the CAs are missing, the database is not opened: the attempt would only
    // report the same fault again.
    if (databaseAccessFileFaults(home.config).length > 0) return faults;
    const opened = await inspectHomeStore(home);
    if (opened.ok) {
      await opened.value.close();
      return faults;
    }
    if (isTolerated(opened.error, home, roles)) return faults;
    const { kind, detail, location } = opened.error;
    const isNew = kind === 'no-database' && mark.ok && mark.value === null;
    return [
      ...faults,
      {
        location,
        fault:
          kind === 'no-database' ? { fr: 'pas de base de données', en: 'there is no database' } : DATABASE_UNUSABLE,
        purpose: {
          fr: "base de données : certificats, statuts, comptes, journal d'audit",
          en: 'database: certificates, statuses, accounts, audit log',
        },
        remedy: isNew ? CREATE_REMEDY : kind === 'schema-behind' ? MIGRATE_REMEDY : RESTORE_REMEDY,
        details: [detail],
      },
    ];
  }),
};

function markFault({ config }: Home, detail: string): StartFault {
  return {
    location: config.paths.databaseMark,
    fault: { fr: 'fichier illisible ou abîmé', en: 'it cannot be read, or is damaged' },
    purpose: {
      fr: 'données de ce dossier sur sa base de données',
      en: 'what this home folder knows of its database',
    },
    remedy: { fr: 'le remettre depuis une sauvegarde', en: 'restore it from a backup' },
    details: [detail],
  };
}

const DATABASE_UNUSABLE: Bilingual = {
  fr: 'la base de données ne peut pas être utilisée',
  en: 'the database cannot be used',
};
const CREATE_REMEDY: Bilingual = {
  fr: 'installation nouvelle : pfcng database create (ops/database.md)',
  en: 'new installation: pfcng database create (ops/database.md)',
};
const MIGRATE_REMEDY: Bilingual = {
  fr: 'nouvelle version : pfcng database migrate (ops/database.md)',
  en: 'new version: pfcng database migrate (ops/database.md)',
};
const RESTORE_REMEDY: Bilingual = {
  fr: 'remettre la base de données, la rendre joignable, ou suivre ops/database.md (pfcng doctor)',
  en: 'put the database back, make it reachable, or follow ops/database.md (pfcng doctor)',
};
