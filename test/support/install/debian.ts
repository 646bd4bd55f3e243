/**
 * A bare Debian 13: what its installer calls the minimal system, with systemd, which is installed
 * but does not run. The addresses of packages are those of the machine of the test.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.js';

const SUITE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const CERTIFICATES = '/etc/ssl/certs/of-the-test.pem';

export async function bareDebian({ root, outside }: Machine): Promise<void> {
  await outside('debootstrap', '--variant=minbase', '--include=systemd,ca-certificates', SUITE, root, mirror());
  for (const file of ['resolv.conf', 'hosts'])
    if (existsSync(join('/etc', file))) copyFileSync(join('/etc', file), join(root, 'etc', file));
  const acquire = execFileSync('apt-config', ['dump', 'Acquire'], { encoding: 'utf8' });
  writeFileSync(join(root, 'etc/apt/apt.conf.d/99-of-the-test'), acquire);
  writeFileSync(join(root, 'root/.npmrc'), npmSettings(root));
}

/** The first server of packages that this machine uses over HTTP. */
function mirror(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sources')) : [];
  const named = files.map((name) => /^URIs: (https?:\S+)/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1]);
  return named.find((one) => one?.endsWith('/debian')) ?? MIRROR;
}

function npmSettings(root: string): string {
  const setting = (name: string): string =>
    execFileSync('npm', ['config', 'get', name], { encoding: 'utf8', cwd: '/' }).trim();
  const certificates = setting('cafile');
  if (!existsSync(certificates)) return `registry=${setting('registry')}\n`;
  copyFileSync(certificates, join(root, CERTIFICATES));
  return `registry=${setting('registry')}\ncafile=${CERTIFICATES}\n`;
}
