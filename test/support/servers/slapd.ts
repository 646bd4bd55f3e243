/**
 * A real LDAP server of a test: OpenLDAP's slapd with a folder of its own, on a port of its own,
 * in the foreground.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, freePort } from '../machine/ports.js';
import { judge } from '../service/judges.js';
import { makeSelfSigned } from './self-signed.js';

export type Slapd = {
  readonly url: string;
  /** The address of the server with TLS. */
  readonly tlsUrl: string;
  /** PEM file of the authority that vouches for it: itself. */
  readonly ca: string;
  readonly bindDn: string;
  readonly passwordFile: string;
  readonly start: () => Promise<void>;
  /** SIGKILL with `kill`. */
  readonly stop: (how?: 'kill') => Promise<void>;
  readonly remove: () => Promise<void>;
  /** Entries as LDIF, by the publisher. */
  readonly add: (ldif: string) => Promise<void>;
};

const SUFFIX = 'c=FR';
const PASSWORD = 'of the tests alone';
const START_MS_MAX = 30_000;

const first = (paths: readonly string[], what: string): string => {
  const found = paths.find(existsSync);
  if (found === undefined) throw new Error(`${what} is nowhere: install slapd and ldap-utils (npm test does)`);
  return found;
};

/** Not on everybody's PATH. */
function program(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/libexec'];
  return first(
    [...folders.map((folder) => join(folder, 'slapd')), '/opt/homebrew/opt/openldap/libexec/slapd'],
    'slapd',
  );
}

export async function createSlapd(): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-slapd-'));
  const port = await freePort();
  const url = `ldap://127.0.0.1:${port}`;
  const tlsUrl = `ldaps://127.0.0.1:${await freePort()}`;
  const [ca, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  await makeSelfSigned({ key, certificate: ca, subject: '/CN=slapd' }, '-addext', 'subjectAltName=IP:127.0.0.1');
  const bindDn = `cn=publisher,${SUFFIX}`;
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o400 });
  mkdirSync(join(folder, 'data'));
  const schemas = first(['/etc/ldap/schema', '/etc/openldap/schema', '/opt/homebrew/etc/openldap/schema'], 'schema');
  const modules = ['/usr/lib/ldap', '/usr/lib64/openldap', '/usr/lib/openldap'].find(existsSync);
  const lines = [
    `include ${join(schemas, 'core.schema')}`,
    ...(modules === undefined ? [] : [`modulepath ${modules}`, 'moduleload back_mdb']),
    `pidfile ${join(folder, 'slapd.pid')}`,
    // A server in production needs this setting too, for CRLs of more than 4 MiB.
    'sockbuf_max_incoming_auth 67108864',
    `TLSCertificateFile ${ca}`,
    `TLSCertificateKeyFile ${key}`,
    'database mdb',
    `suffix "${SUFFIX}"`,
    `rootdn "${bindDn}"`,
    `rootpw "${PASSWORD}"`,
    `directory ${join(folder, 'data')}`,
    'maxsize 268435456',
    // Relying parties read without a name.
    'access to * by * read',
  ];
  const config = join(folder, 'slapd.conf');
  writeFileSync(config, `${lines.join('\n')}\n`);
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    let said = '';
    // With a level of debugging, also 0, it stays in the foreground.
    const started = spawn(program(), ['-f', config, '-h', `${url} ${tlsUrl}`, '-d', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const until = performance.now() + START_MS_MAX;
    while (!(await answers(port))) {
      if (started.exitCode !== null || performance.now() > until) throw new Error(`slapd did not start: ${said}`);
      await sleep(20);
    }
  };
  const stop = async (how?: 'kill'): Promise<void> => {
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    await ended;
    child = null;
  };
  const add = async (ldif: string): Promise<void> => {
    const { status, output } = await judge('ldapadd', ['-x', '-H', url, '-D', bindDn, '-w', PASSWORD], ldif);
    if (status !== 0) throw new Error(output);
  };
  await start();
  return {
    url,
    tlsUrl,
    ca,
    bindDn,
    passwordFile,
    start,
    stop,
    add,
    remove: async () => {
      await stop('kill');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
