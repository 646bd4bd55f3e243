import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../lib/root.mjs';

/**
 * `node scripts/ceremony/pack.mjs [folder] [--configuration file]` packs everything that a ceremony
 * needs on a machine without a network into one archive: the built program, the libraries that are
 * not bundled into it, Node.js, policies and plans, and the guide. It writes the checksum of the
 * archive next to it, and the checksums of the files into it. The same build gives the same
 * archive. SoftHSM or the module of the HSM must be installed on the machine. With a
 * configuration, the archive has its policies, and uses its environment and its PKCS#11 module.
 */
const NAME = 'pfcng-ceremony';
/** Files and folders that are copied from the checkout without a change. */
const PARTS = [
  'package.json',
  'LICENSE',
  'policies',
  'dist/bin',
  'hsm/capabilities',
  'hsm/loader/build/Release',
  'src/config/softhsm-paths.json',
  'scripts/ceremony/README.md',
  // The guide links to these pages.
  ...['break-glass', 'ocsp', 'production-policy', 'quorum', 'token-back-up'].map((page) => `ops/${page}.md`),
  // The minutes use these fonts.
  ...['package.json', 'LICENSE', 'ttf'].map((part) => `node_modules/dejavu-fonts-ttf/${part}`),
];
/** Libraries that ceremonies use and that the build does not bundle. Databases are not needed. */
const LIBRARIES = ['pkcs11js', 'pdfkit'];
const LAUNCHER = `#!/bin/sh
# Checks every file, then runs \`pfcng ceremony\` with the given arguments.
here=$(dirname "$(readlink -f "$0")")
(cd "$here" && sha256sum --quiet --check SHA256SUMS >&2) || exit 1
[ -n "$PFCNG_CONFIG" ] || [ ! -f "$here/configuration.json" ] || export PFCNG_CONFIG="$here/configuration.json"
exec "$here/node" "$here/dist/bin/main.js" ceremony "$@"
`;

const WHERE_TO_BEGIN = `Le guide des cérémonies / the guide to ceremonies: scripts/ceremony/README.md
La commande / the command: ./ceremony --help
`;

/** @param {string} path */
const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** @param {readonly string[]} names @returns {ReadonlySet<string>} with all their dependencies */
function closureOf(names) {
  const found = new Set(names);
  for (const name of found) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
    for (const needed of Object.keys(dependencies))
      if (existsSync(join(ROOT, 'node_modules', needed))) found.add(needed);
  }
  return found;
}

/** @param {string} folder @returns {readonly string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * Replaces the policies of the package by those of an installation; plans and schemas of the
 * package stay. Only the environment and the PKCS#11 module of the configuration are used.
 * @param {string} folder
 * @param {string} file
 */
function packConfiguration(folder, file) {
  const { environment, policies, pkcs11 } = JSON.parse(readFileSync(file, 'utf8'));
  if (policies !== undefined) {
    const from = resolve(policies);
    // `.decide` is the work folder of `pfcng policy decide`.
    const isPolicy = (/** @type {string} */ path) => relative(from, path) !== '.decide';
    cpSync(from, join(folder, 'policies'), { recursive: true, filter: isPolicy });
  }
  const module = pkcs11?.module === undefined ? {} : { pkcs11: { module: pkcs11.module } };
  writeFileSync(join(folder, 'configuration.json'), `${JSON.stringify({ environment, ...module })}\n`);
}

/** @param {string} target @param {string} [configuration] @returns {string} path of the archive */
export function pack(target, configuration) {
  const work = mkdtempSync(join(tmpdir(), 'pfcng-pack-'));
  try {
    const folder = join(work, NAME);
    for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    for (const name of closureOf(LIBRARIES))
      cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), {
        recursive: true,
        dereference: true,
      });
    if (configuration !== undefined) packConfiguration(folder, configuration);
    cpSync(process.execPath, join(folder, 'node'));
    writeFileSync(join(folder, 'ceremony'), LAUNCHER);
    writeFileSync(join(folder, 'LISEZMOI-README.txt'), WHERE_TO_BEGIN);
    for (const program of ['node', 'ceremony']) chmodSync(join(folder, program), 0o755);
    const sums = filesBelow(folder).map((file) => `${sha256(join(folder, file))}  ${file}\n`);
    writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
    mkdirSync(target, { recursive: true });
    const archive = join(target, `${NAME}.tar.gz`);
    const sameForAll = [
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--use-compress-program=gzip -n',
    ];
    execFileSync('tar', [...sameForAll, '-cf', archive, '-C', work, NAME]);
    writeFileSync(`${archive}.sha256`, `${sha256(archive)}  ${NAME}.tar.gz\n`);
    return archive;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// An installation has a symbolic link to the version in use.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { configuration: { type: 'string' } } });
  const archive = pack(resolve(positionals[0] ?? '.'), values.configuration);
  process.stdout.write(`${archive}\n${readFileSync(`${archive}.sha256`, 'utf8')}`);
}
