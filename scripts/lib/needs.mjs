import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * What the system must have, as a table: how to see that it is there, and what it is called where.
 * A later need is one more row. `when`: `run` for `npm start`, `test` for `npm test`, `bench` for `npm run bench`, `compile` whenever
 * `npm ci` or the loader must be built. A package that a system does not have is `null`, and `elsewhere` says where to get it.
 *
 * @typedef {'run' | 'test' | 'bench' | 'compile'} Purpose
 * @typedef {'debian' | 'fedora' | 'alpine' | 'macos'} System
 * @typedef {object} Need
 * @property {string} what
 * @property {readonly Purpose[]} when
 * @property {() => boolean} isThere
 * @property {Readonly<Record<System, string | null>>} packages
 * @property {string} [elsewhere]
 */

/**
 * Where distributions put SoftHSM's module (Debian, Fedora, Alpine, Homebrew, built from source); the service looks in the same
 * list. `PFCNG_PKCS11_MODULE` names another module and comes first.
 *
 * @type {readonly string[]}
 */
export const SOFTHSM_PATHS = JSON.parse(
  readFileSync(new URL('../../src/config/softhsm-paths.json', import.meta.url), 'utf8'),
);

/** @param {string} command */
function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** @param {...string} commands any of them will do */
const anyOf =
  (...commands) =>
  () =>
    commands.some(onPath);

/** @returns {boolean} */
function hasPkcs11Module() {
  const named = process.env.PFCNG_PKCS11_MODULE;
  return named ? existsSync(named) : SOFTHSM_PATHS.some((path) => existsSync(path));
}

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/opt/homebrew/lib',
];

/** @param {string} name of a PKCS#11 module, in one of the places where distributions put them */
const hasModule = (name) => LIBRARIES.some((folder) => existsSync(join(folder, 'pkcs11', name)));

/** Programs of administrators are not on everybody's PATH. @param {...string} paths */
const hasFile = (...paths) => paths.some((path) => existsSync(path));

/** Debian and Homebrew keep servers of several versions beside each other, off PATH. */
function hasVersionedPostgresql() {
  return ['/usr/lib/postgresql', '/usr/libexec', '/opt/homebrew/opt', '/usr/local/opt'].some(
    (root) => existsSync(root) && readdirSync(root).some((name) => existsSync(join(root, name, 'bin', 'initdb'))),
  );
}

/** Where there is no package of it, its tests are shown as pending with that reason; nothing else depends on it. */
const hasOpencryptokiPackage = () => ['/usr/bin/apt-get', '/usr/bin/dnf'].some((path) => existsSync(path));

/** @type {readonly Need[]} */
export const NEEDS = [
  {
    what: 'SoftHSM (PKCS#11 tokens for development)',
    when: ['run', 'test'],
    isThere: hasPkcs11Module,
    packages: { debian: 'softhsm2', fedora: 'softhsm', alpine: 'softhsm', macos: 'softhsm' },
  },
  {
    what: 'openssl (checks what was issued)',
    when: ['run', 'test'],
    isThere: anyOf('openssl'),
    packages: { debian: 'openssl', fedora: 'openssl', alpine: 'openssl', macos: 'openssl@3' },
  },
  {
    what: 'a C++ compiler (sqlite3, pkcs11js and the PKCS#11 loader are built from source)',
    when: ['compile'],
    isThere: anyOf('c++', 'g++', 'clang++'),
    packages: { debian: 'g++', fedora: 'gcc-c++', alpine: 'g++', macos: null },
    elsewhere: 'xcode-select --install',
  },
  {
    what: 'make',
    when: ['compile'],
    isThere: anyOf('make', 'gmake'),
    packages: { debian: 'make', fedora: 'make', alpine: 'make', macos: 'make' },
  },
  {
    what: 'python3 (node-gyp runs on it)',
    when: ['compile'],
    isThere: anyOf('python3'),
    packages: { debian: 'python3', fedora: 'python3', alpine: 'python3', macos: 'python3' },
  },
  {
    what: 'curl (the other client of the tests)',
    when: ['test'],
    isThere: anyOf('curl'),
    packages: { debian: 'curl', fedora: 'curl', alpine: 'curl', macos: 'curl' },
  },
  {
    what: 'jq (the commands of README.md use it)',
    when: ['test'],
    isThere: anyOf('jq'),
    packages: { debian: 'jq', fedora: 'jq', alpine: 'jq', macos: 'jq' },
  },
  {
    what: 'pdftotext (reads the minutes of ceremonies)',
    when: ['test'],
    isThere: anyOf('pdftotext'),
    packages: { debian: 'poppler-utils', fedora: 'poppler-utils', alpine: 'poppler-utils', macos: 'poppler' },
  },
  {
    what: 'GnuTLS certtool and ocsptool (second judge of chains and answers)',
    when: ['test'],
    isThere: anyOf('ocsptool'),
    packages: { debian: 'gnutls-bin', fedora: 'gnutls-utils', alpine: 'gnutls-utils', macos: 'gnutls' },
  },
  {
    what: 'opencryptoki (second PKCS#11 implementation)',
    when: ['test'],
    isThere: () => hasModule('libopencryptoki.so') || !hasOpencryptokiPackage(),
    packages: { debian: 'opencryptoki', fedora: 'opencryptoki', alpine: null, macos: null },
  },
  {
    what: 'p11-kit (an HSM that can be killed)',
    when: ['test'],
    isThere: anyOf('p11-kit'),
    packages: { debian: 'p11-kit', fedora: 'p11-kit-server', alpine: 'p11-kit-server', macos: 'p11-kit' },
  },
  {
    what: "p11-kit's client module",
    when: ['test'],
    isThere: () => hasModule('p11-kit-client.so'),
    packages: { debian: 'p11-kit-modules', fedora: 'p11-kit-server', alpine: 'p11-kit-server', macos: 'p11-kit' },
  },
  {
    what: 'the PostgreSQL server (tests and bench start clusters of their own)',
    when: ['test', 'bench'],
    isThere: () => anyOf('initdb')() || hasVersionedPostgresql(),
    packages: { debian: 'postgresql', fedora: 'postgresql-server', alpine: 'postgresql', macos: 'postgresql@16' },
  },
  {
    what: 'strace (shows that what is promised was written to the disk first)',
    when: ['test'],
    isThere: () => anyOf('strace')() || process.platform !== 'linux',
    packages: { debian: 'strace', fedora: 'strace', alpine: 'strace', macos: null },
  },
  {
    what: 'zlint (judge of profiles)',
    when: ['test'],
    isThere: anyOf('zlint'),
    packages: { debian: 'zlint', fedora: null, alpine: null, macos: 'zlint' },
    elsewhere: 'go install github.com/zmap/zlint/v3/cmd/zlint@latest',
  },
  {
    what: 'certificates that others made to try readers with (NIST PKITS and pyca)',
    when: ['test'],
    isThere: () => existsSync('/usr/lib/python3/dist-packages/cryptography_vectors/x509'),
    packages: { debian: 'python3-cryptography-vectors', fedora: null, alpine: null, macos: null },
    elsewhere: 'put the folder cryptography_vectors of pyca/cryptography into /usr/lib/python3/dist-packages',
  },
  {
    what: 'NSS vfychain, certutil, crlutil and cmsutil (third judge of chains)',
    when: ['test'],
    isThere: anyOf('vfychain'),
    packages: { debian: 'libnss3-tools', fedora: 'nss-tools', alpine: 'nss-tools', macos: 'nss' },
  },
  {
    what: 'a JDK (fourth judge of chains)',
    when: ['test'],
    isThere: anyOf('javac'),
    packages: {
      debian: 'default-jdk-headless',
      fedora: 'java-latest-openjdk-devel',
      alpine: 'openjdk21-jdk',
      macos: 'openjdk',
    },
  },
  {
    what: 'Bouncy Castle (fifth judge of chains)',
    when: ['test'],
    isThere: () => existsSync('/usr/share/java/bcprov.jar'),
    packages: { debian: 'libbcprov-java', fedora: 'bouncycastle', alpine: null, macos: null },
    elsewhere: 'put bcprov.jar of https://www.bouncycastle.org into /usr/share/java',
  },
  {
    what: 'pyca/cryptography (sixth judge of lists)',
    when: ['test'],
    isThere: () => spawnSync('python3', ['-c', 'import cryptography']).status === 0,
    packages: {
      debian: 'python3-cryptography',
      fedora: 'python3-cryptography',
      alpine: 'py3-cryptography',
      macos: 'python-cryptography',
    },
  },
  {
    what: 'slapd (an LDAP directory to publish into)',
    when: ['test'],
    isThere: () => anyOf('slapd')() || hasFile('/usr/sbin/slapd', '/opt/homebrew/opt/openldap/libexec/slapd'),
    packages: { debian: 'slapd', fedora: 'openldap-servers', alpine: 'openldap', macos: 'openldap' },
  },
  {
    what: 'ldapsearch (a relying party that asks a directory)',
    when: ['test'],
    isThere: anyOf('ldapsearch'),
    packages: { debian: 'ldap-utils', fedora: 'openldap-clients', alpine: 'openldap-clients', macos: 'openldap' },
  },
  {
    what: 'nginx (a relying party that checks clients against a list, and the limit of serving)',
    when: ['test', 'bench'],
    isThere: () => anyOf('nginx')() || hasFile('/usr/sbin/nginx'),
    packages: { debian: 'nginx-light', fedora: 'nginx', alpine: 'nginx', macos: 'nginx' },
  },
  {
    what: 'wrk (load on the OCSP responder)',
    when: ['bench'],
    isThere: anyOf('wrk'),
    packages: { debian: 'wrk', fedora: 'wrk', alpine: 'wrk', macos: 'wrk' },
  },
  {
    what: 'a C compiler (the raw PKCS#11 signing rate is measured by a C program)',
    when: ['bench'],
    isThere: anyOf('cc'),
    packages: { debian: 'gcc', fedora: 'gcc', alpine: 'gcc', macos: null },
    elsewhere: 'xcode-select --install',
  },
];

/** @param {readonly Purpose[]} purposes */
export function missing(purposes) {
  return NEEDS.filter((need) => need.when.some((purpose) => purposes.includes(purpose)) && !need.isThere());
}
