/** Checks what the endpoints of webhooks and the receipts of orders need. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ABSENT, tryReadRegularFile } from '../../config/regular-file.js';
import { PLATFORM_KEY_FILE } from '../signers/platform-key.js';
import { homeCheck, type Requirement, type StartFault } from './requirement.js';

export const webhooks: Requirement<'webhooks'> = {
  name: 'webhooks',
  question: 'Are the CAs for the endpoints of webhooks there, and the public key of the platform?',
  roles: ['worker'],
  find: homeCheck(({ config: { webhooks: endpoints, paths } }) => [
    ...endpoints.flatMap(({ url, ca }) => (ca === undefined ? [] : caFaults(url, ca))),
    ...keyFaults(join(paths.authorities, PLATFORM_KEY_FILE), endpoints.length > 0),
  ]),
};

function caFaults(url: string, ca: string): readonly StartFault[] {
  const read = tryReadRegularFile(ca);
  if (read.ok) return [];
  return [
    {
      location: ca,
      fault: read.error,
      purpose: { fr: `AC du certificat de ${url}`, en: `CAs of the certificate of ${url}` },
      remedy: {
        fr: 'demander ce fichier PEM aux administrateurs du destinataire, ou corriger ca (ops/webhooks.md)',
        en: 'get this PEM file from the administrators of the endpoint, or correct ca (ops/webhooks.md)',
      },
    },
  ];
}

/**
 * Checks the public key of the platform. Without it, events cannot be sent, and orders end without
 * a receipt.
 */
function keyFaults(file: string, signsWebhooks: boolean): readonly StartFault[] {
  if (existsSync(file)) return [];
  return [
    {
      location: file,
      fault: ABSENT,
      purpose: {
        fr: 'clé publique de la plate-forme : signature des reçus et des webhooks',
        en: 'public key of the platform: signature of receipts and webhooks',
      },
      ...(signsWebhooks ? {} : { stopsStart: false }),
      remedy: {
        fr: 'étape export-public-key de la cérémonie du jeton platform (pfcng ceremony perform PLAN)',
        en: 'step export-public-key of the ceremony of the token platform (pfcng ceremony perform PLAN)',
      },
    },
  ];
}
