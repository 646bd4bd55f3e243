/** What a schema cannot say of outlets. */
import type { ConfigFile } from './schema/index.js';

const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1'];

/** A line each, with its place. */
export function outletFaults({ publication }: Pick<ConfigFile, 'publication'>, name: string): readonly string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  for (const [at, outlet] of publication.outlets.entries()) {
    const place = `${name}/publication/outlets/${at}`;
    if (names.has(outlet.name)) faults.push(`${place}/name: another outlet is called ${outlet.name}`);
    names.add(outlet.name);
    if (outlet.kind !== 'ldap') continue;
    const { protocol, hostname } = new URL(outlet.url);
    const { tls } = outlet;
    if (protocol === 'ldaps:' && tls === undefined) faults.push(`${place}/tls: whom to believe: give ca`);
    if (protocol === 'ldaps:' && tls?.startTls === true)
      faults.push(`${place}/tls/startTls: ldaps:// is encrypted already`);
    // The password that may change what relying parties believe does not cross a network in the clear.
    const isOpen = protocol === 'ldap:' && tls?.startTls !== true;
    if (isOpen && !THIS_MACHINE.includes(hostname))
      faults.push(`${place}/url: ${hostname} is another machine: ldaps://, or tls with startTls`);
  }
  return faults;
}
