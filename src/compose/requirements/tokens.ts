/**
 * The tokens of signers that the service starts, and the sockets of signers that are units of their
 * own. PINs are not read here: only signers know them.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PinSource } from '../../../hsm/configuration.js';
import { secretFileFault } from '../../config/password-file.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type PlannedToken, planTokens } from '../signers/plan.js';
import {
  ABSENT,
  EVERY_ROLE,
  inHome,
  type Requirement,
  type RoleName,
  SERVICE_ONLY,
  type StartFault,
  unreadableText,
} from './requirement.js';

export const tokens: Requirement = {
  name: 'tokens',
  question: 'If the service starts the signers: is there a PKCS#11 module, a token and a PIN for each?',
  roles: SERVICE_ONLY,
  find: inHome((home) => {
    if (home.config.signers === 'external') return [];
    const planned = planTokens(home);
    const modules = [...new Set(planned.map(({ modulePath }) => modulePath))];
    return [
      ...modules.flatMap(moduleFaults),
      ...planned.flatMap((token) => [...tokenFaults(token), ...pinFaults(token)]),
    ];
  }),
};

function moduleFaults(place: string): readonly StartFault[] {
  if (existsSync(place)) return [];
  return [
    {
      place,
      fault: ABSENT,
      purpose: { fr: 'bibliothèque PKCS#11 des jetons', en: 'PKCS#11 module of the tokens' },
      remedy: {
        fr: "l'installer, ou nommer la bonne (pkcs11.module, ops/hsm.md)",
        en: 'install it, or name the right one (pkcs11.module, ops/hsm.md)',
      },
    },
  ];
}

/** Other modules keep their tokens elsewhere: the signer looks for them when it starts. */
function tokenFaults({ name, modulePath, softhsmDirectory }: PlannedToken): readonly StartFault[] {
  if (!/softhsm/i.test(basename(modulePath)) || hasToken(join(softhsmDirectory, 'tokens'))) return [];
  return [
    {
      place: softhsmDirectory,
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
    fr: `étape ${step} d'une cérémonie (pfcng ceremony perform PLAN) ; s'il y en a eu une, depuis une sauvegarde (ops/token-back-up.md)`,
    en: `step ${step} of a ceremony (pfcng ceremony perform PLAN); if there was one, from a backup (ops/token-back-up.md)`,
  };
}

function pinFaults({ name, pin }: PlannedToken): readonly StartFault[] {
  const purpose = { fr: `PIN du jeton ${name}`, en: `PIN of the token ${name}` };
  switch (pin.from) {
    case 'officer':
      return [];
    case 'file': {
      const found = { place: pin.file, purpose, remedy: PIN_FILE };
      if (!existsSync(pin.file)) return [{ ...found, fault: ABSENT }];
      const fault = exposedText(secretFileFault(pin.file));
      // The signer of this token refuses the file; the others work.
      return fault === null ? [] : [{ ...found, fault, stopsStart: false }];
    }
    case 'credential':
      return credentialFaults(name, pin).map((one) => ({ ...one, purpose, remedy: PIN_CREDENTIAL }));
  }
}

function exposedText(fault: string | null): Bilingual | null {
  return fault === null
    ? null
    : { fr: "droits ou type de fichier à corriger (0400, à l'utilisateur du service)", en: fault };
}

function credentialFaults(
  name: string,
  { folder }: Extract<PinSource, { readonly from: 'credential' }>,
): readonly Pick<StartFault, 'place' | 'fault'>[] {
  if (folder === null) {
    const fault = { fr: 'systemd ne donne aucun secret', en: 'systemd gives no credentials' };
    return [{ place: `CREDENTIALS_DIRECTORY: ${name}.pin`, fault }];
  }
  const place = join(folder, `${name}.pin`);
  const fault = accessFault(place, constants.R_OK);
  return fault === null ? [] : [{ place, fault }];
}

function accessFault(path: string, mode: number): Bilingual | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    return unreadableText(error);
  }
}

const PIN_FILE: Bilingual = {
  fr: "la cérémonie du jeton l'écrit ; sinon l'écrire, mode 0400, ou changer pkcs11.pins (ops/signers.md)",
  en: 'the ceremony of the token writes it; otherwise write it, mode 0400, or change pkcs11.pins (ops/signers.md)',
};

const PIN_CREDENTIAL: Bilingual = {
  fr: "systemd-creds encrypt, et LoadCredentialEncrypted= dans l'unité (ops/signers.md)",
  en: 'systemd-creds encrypt, and LoadCredentialEncrypted= in the unit (ops/signers.md)',
};

/**
 * Where signers run as other users, root makes the folders of their sockets, and the groups of the
 * service give access. A socket that does not exist yet is waited for, because its signer may be
 * starting.
 */
export const signerSockets: Requirement = {
  name: 'signer-sockets',
  question: 'If signers are units of their own: can this process reach the folders of their sockets?',
  roles: EVERY_ROLE,
  find: inHome((home, role) => {
    const { config } = home;
    if (config.signers !== 'external' || config.socketGroups === null) return [];
    return planTokens(home).flatMap(({ name, sockets }) =>
      sockets
        .filter((socket) => calls(role, socket.role))
        .flatMap((socket): readonly StartFault[] => {
          const place = dirname(socket.path);
          const fault = accessFault(place, constants.X_OK);
          if (fault === null) return [];
          const purpose = {
            fr: `socket du signataire ${name} (${socket.role})`,
            en: `socket of the signer ${name} (${socket.role})`,
          };
          return [{ place, fault, purpose, remedy: SOCKETS }];
        }),
    );
  }),
};

function calls(role: RoleName, caller: string): boolean {
  return role === 'all' || caller === 'responder';
}

const SOCKETS: Bilingual = {
  fr: "systemd-tmpfiles --create, et les groupes de l'utilisateur du service (SupplementaryGroups=, ops/signers.md)",
  en: 'systemd-tmpfiles --create, and the groups of the user of the service (SupplementaryGroups=, ops/signers.md)',
};
