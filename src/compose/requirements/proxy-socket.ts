/** Checks who can open the socket for a proxy in front of the API (ops/proxy.md). */
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { socketFolderFault } from '../../../hsm/wire/socket-folder.js';
import { findGroup } from '../../config/groups.js';
import { ABSENT } from '../../config/regular-file.js';
import { configurationCheck, type Requirement } from './requirement.js';

export const proxySocketRequirement: Requirement<'proxy-socket'> = {
  name: 'proxy-socket',
  question: 'If a reverse proxy is in front of the API: can nobody else open its socket?',
  roles: ['api'],
  find: configurationCheck(({ listen }) => {
    const { proxy } = listen;
    if (proxy === undefined) return [];
    const folder = dirname(proxy.socket);
    const purpose = { fr: 'socket du mandataire inverse', en: 'socket of the reverse proxy' };
    const remedy = {
      fr: 'exécuter systemd-sysusers et systemd-tmpfiles --create, ou corriger listen.proxy (ops/proxy.md)',
      en: 'run systemd-sysusers and systemd-tmpfiles --create, or correct listen.proxy (ops/proxy.md)',
    };
    const groupId = proxy.group === undefined ? undefined : findGroup(proxy.group);
    if (groupId === null) {
      const fault = { fr: "ce groupe n'existe pas", en: 'there is no such group' };
      return [{ location: `listen/proxy/group: ${proxy.group}`, fault, purpose, remedy }];
    }
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined)
      // If no group is configured, the service makes the folder itself.
      return groupId === undefined ? [] : [{ location: folder, fault: ABSENT, purpose, remedy }];
    const detail = socketFolderFault(folder, groupId);
    if (detail === null) return [];
    const fault = { fr: 'droits du dossier à corriger', en: detail };
    return [{ location: folder, fault, purpose, remedy }];
  }),
};
