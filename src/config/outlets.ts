/** The checks of outlets that the schema cannot express. */
import type { ConfigFile } from './schema/index.js';

const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1'];

/** One line per fault, with the path of the field. */
export function outletFaults({ publication }: Pick<ConfigFile, 'publication'>, name: string): readonly string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  for (const [index, outlet] of publication.outlets.entries()) {
    const pointer = `${name}/publication/outlets/${index}`;
    if (names.has(outlet.name)) faults.push(`${pointer}/name: another outlet has the name ${outlet.name}`);
    names.add(outlet.name);
    if (outlet.kind !== 'ldap') continue;
    const { protocol, hostname } = new URL(outlet.url);
    const { tls } = outlet;
    if (protocol === 'ldaps:' && tls === undefined)
      faults.push(`${pointer}/tls: ldaps:// needs ca, the CAs that may issue the server certificate`);
    if (protocol === 'ldaps:' && tls?.startTls === true)
      faults.push(`${pointer}/tls/startTls: not allowed, because ldaps:// is already encrypted`);
    // The password allows changing what relying parties download, so it must not be sent
    // unencrypted.
    const isUnencrypted = protocol === 'ldap:' && tls?.startTls !== true;
    if (isUnencrypted && !THIS_MACHINE.includes(hostname))
      faults.push(`${pointer}/url: ${hostname} is another machine: use ldaps://, or tls with startTls`);
  }
  return faults;
}
