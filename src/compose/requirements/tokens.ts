/**
 * Checks the tokens of the signers that the service starts. If it does not start them, checks
 * whether the process can reach the folders of their sockets. PINs are not read here: only signers
 * know them.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PinSource } from '../../../hsm/configuration.js';
import { configFile } from '../../config/load.js';
import { secretFileFault } from '../../config/password-file.js';
import { ABSENT, unreadableText } from '../../config/regular-file.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Home } from '../home.js';
import { callersOf, isEveryRole } from '../roles.js';
import { type PlannedToken, planTokens } from '../signers/plan.js';
import { EVERY_ROLE, homeCheck, type Requirement, type StartFault, secretFault, WRITING_ROLES } from './requirement.js';

export const tokens: Requirement<'tokens'> = {
  name: 'tokens',
  question: 'If the service starts the signers: is there a PKCS#11 module, a token and a PIN for each?',
  roles: WRITING_ROLES,
  find: homeCheck((home, roles) => {
    if (home.config.signers === 'external') return [];
    if (!isEveryRole(roles)) return [supervisedNeedsAllRoles(home)];
    const planned = planTokens(home);
    const modules = [...new Set(planned.map(({ modulePath }) => modulePath))];
    return [
      ...modules.flatMap(moduleFaults),
      ...planned.flatMap((token) => [...tokenFaults(token), ...pinFaults(token)]),
    ];
  }),
};

/**
 * Returns the fault of a process that does not have all roles but is configured to start signers:
 * several such processes would each start the signers of the same tokens.
 */
function supervisedNeedsAllRoles(home: Home): StartFault {
  const units = planTokens(home)
    .map(({ name }) => `pfcng-signer@${name}`)
    .join(' ');
  return {
    location: `${configFile() ?? 'PFCNG_CONFIG'}/signers`,
    fault: {
      fr: 'seul un processus qui a tous les rôles lance les services de signature (supervised)',
      en: 'only a process with all roles starts supervised signers',
    },
    purpose: { fr: 'services de signature', en: 'signers' },
    remedy: {
      fr: `"signers": "external", et démarrer les unités ${units} (ops/signers.md) ; ou servir avec tous les rôles`,
      en: `"signers": "external", and start the units ${units} (ops/signers.md); or serve with all roles`,
    },
  };
}

function moduleFaults(location: string): readonly StartFault[] {
  if (existsSync(location)) return [];
  return [
    {
      location,
      fault: ABSENT,
      purpose: { fr: 'module PKCS#11 des jetons', en: 'PKCS#11 module of the tokens' },
      remedy: {
        fr: "l'installer, ou corriger pkcs11.module (ops/hsm.md)",
        en: 'install it, or correct pkcs11.module (ops/hsm.md)',
      },
    },
  ];
}

/**
 * Checks that there is a token, if the module is SoftHSM. Tokens of other modules are not files:
 * their signers look for them when they start.
 */
function tokenFaults({ name, modulePath, softhsmDirectory }: PlannedToken): readonly StartFault[] {
  if (!/softhsm/i.test(basename(modulePath)) || hasToken(join(softhsmDirectory, 'tokens'))) return [];
  return [
    {
      location: softhsmDirectory,
      fault: { fr: 'pas de jeton SoftHSM', en: 'there is no SoftHSM token' },
      purpose: { fr: `jeton ${name} : clés de signature`, en: `token ${name}: signing keys` },
      remedy: fromBackupOrCeremony('initialise-token'),
    },
  ];
}

function hasToken(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

function fromBackupOrCeremony(step: string): Bilingual {
  return {
    fr:
      `étape ${step} d'une cérémonie (pfcng ceremony perform PLAN) ; si elle a déjà eu lieu, restaurer une sauvegarde ` +
      'du jeton (ops/token-back-up.md)',
    en:
      `step ${step} of a ceremony (pfcng ceremony perform PLAN); if it was held already, restore a backup of the token ` +
      '(ops/token-back-up.md)',
  };
}

function pinFaults({ name, pin }: PlannedToken): readonly StartFault[] {
  const purpose = { fr: `code PIN du jeton ${name}`, en: `PIN of the token ${name}` };
  switch (pin.from) {
    case 'officer':
      return [];
    case 'file': {
      const found = { location: pin.file, purpose, remedy: PIN_FILE_REMEDY };
      if (!existsSync(pin.file)) return [{ ...found, fault: ABSENT }];
      const fault = secretFault(secretFileFault(pin.file));
      // The fault does not stop the start: only the signer of this token refuses the file.
      return fault === null ? [] : [{ ...found, fault, stopsStart: false }];
    }
    case 'credential':
      return credentialFaults(name, pin).map((one) => ({ ...one, purpose, remedy: PIN_CREDENTIAL_REMEDY }));
  }
}

function credentialFaults(
  name: string,
  { folder }: Extract<PinSource, { readonly from: 'credential' }>,
): readonly Pick<StartFault, 'location' | 'fault'>[] {
  if (folder === null) {
    const fault = { fr: 'systemd ne fournit aucun secret', en: 'systemd provides no credentials' };
    return [{ location: `CREDENTIALS_DIRECTORY: ${name}.pin`, fault }];
  }
  const location = join(folder, `${name}.pin`);
  const fault = accessFault(location, constants.R_OK);
  return fault === null ? [] : [{ location, fault }];
}

function accessFault(path: string, mode: number): Bilingual | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    return unreadableText(error);
  }
}

const PIN_FILE_REMEDY: Bilingual = {
  fr: 'la cérémonie du jeton écrit ce fichier ; sinon, le créer (mode 0400) ou changer pkcs11.pins (ops/signers.md)',
  en: 'the ceremony of the token writes it; otherwise write it, mode 0400, or change pkcs11.pins (ops/signers.md)',
};

const PIN_CREDENTIAL_REMEDY: Bilingual = {
  fr: "chiffrer le code PIN avec systemd-creds encrypt, et le nommer dans l'unité (LoadCredentialEncrypted=, ops/signers.md)",
  en: 'encrypt the PIN with systemd-creds encrypt, and name it in the unit (LoadCredentialEncrypted=, ops/signers.md)',
};

/**
 * If the signers run as other users, root makes the folders of their sockets, and the process may
 * enter them because it belongs to their groups. A missing socket is no fault, because its signer
 * may still be starting.
 */
export const signerSockets: Requirement<'signer-sockets'> = {
  name: 'signer-sockets',
  question: 'If signers are units of their own: can this process reach the folders of their sockets?',
  roles: EVERY_ROLE,
  find: homeCheck((home, roles) => {
    const { config } = home;
    if (config.signers !== 'external' || config.socketGroups === null) return [];
    return planTokens(home).flatMap(({ name, sockets }) =>
      sockets
        .filter((socket) => callersOf(roles).includes(socket.role))
        .flatMap((socket): readonly StartFault[] => {
          const location = dirname(socket.path);
          const fault = accessFault(location, constants.X_OK);
          if (fault === null) return [];
          const purpose = {
            fr: `socket du service de signature ${name} (${socket.role})`,
            en: `socket of the signer ${name} (${socket.role})`,
          };
          return [{ location, fault, purpose, remedy: SOCKETS_REMEDY }];
        }),
    );
  }),
};

const SOCKETS_REMEDY: Bilingual = {
  fr: "exécuter systemd-tmpfiles --create ; donner ces groupes à l'utilisateur du service (SupplementaryGroups=, ops/signers.md)",
  en: 'run systemd-tmpfiles --create; give the user of the service these groups (SupplementaryGroups=, ops/signers.md)',
};
