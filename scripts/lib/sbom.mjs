import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './modules.mjs';
import { ROOT } from './root.mjs';
import { StepFailed } from './say.mjs';

/** Where the package has its bill of materials. */
export const SBOM = 'dist/sbom.cdx.json';

/**
 * The members of npm's bill of materials that are changed here. References are `name@version`.
 * @typedef {object} Bom
 * @property {string} [serialNumber] random
 * @property {{ timestamp?: string, component: { name: string, 'bom-ref': string } }} metadata npm
 * takes the name of the component from the folder of the checkout
 * @property {readonly { 'bom-ref': string, properties: readonly { name: string }[] }[]} components
 * @property {readonly { ref: string, dependsOn: readonly string[] }[]} dependencies
 */

/** What npm says of a component that is used for development, here or elsewhere in the tree. */
const DEVELOPMENT = 'cdx:npm:package:development';

/**
 * The bill of materials of all production dependencies in CycloneDX 1.5, as `npm sbom` makes it
 * from package-lock.json. It has no date, and its serial number is derived from its content, so
 * that the same lock gives the same octets. `--omit=dev` of npm is not used: npm 11 would leave out
 * what both a production and a development dependency need.
 * @returns {string} JSON
 */
export function makeSbom() {
  const { command, args } = npmCommand();
  const wanted = ['sbom', '--package-lock-only', '--include=dev', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const made = execFileSync(command, [...args, ...wanted], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // npm 9 answers "Unknown command" with exit code 0.
  if (!made.startsWith('{'))
    throw new StepFailed({ message: 'This npm has no `npm sbom`.', next: ['Take a newer one: npx npm@11 pack'] });
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const bom = ofProduction(JSON.parse(made), packages);
  return `${JSON.stringify(withoutPlaceAndTime(bom, name), null, 2)}\n`;
}

/**
 * @param {Bom} bom
 * @param {Readonly<Record<string, { version: string, dev?: boolean }>>} packages of the lock
 * @returns {Bom}
 */
function ofProduction(bom, packages) {
  const kept = new Set([bom.metadata.component['bom-ref']]);
  for (const [path, { version, dev }] of Object.entries(packages))
    if (path !== '' && dev !== true) kept.add(`${path.replace(/^.*node_modules\//, '')}@${version}`);
  const components = bom.components
    .filter((component) => kept.has(component['bom-ref']))
    .map((component) => ({
      ...component,
      properties: component.properties.filter(({ name }) => name !== DEVELOPMENT),
    }));
  const dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...bom, components, dependencies };
}

/**
 * @param {Bom} bom
 * @param {string} name of the package
 * @returns {Bom}
 */
function withoutPlaceAndTime(bom, name) {
  const { timestamp: _, ...metadata } = bom.metadata;
  const constant = { ...bom, serialNumber: '', metadata: { ...metadata, component: { ...metadata.component, name } } };
  return { ...constant, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(constant))}` };
}

/**
 * A UUID of version 8, whose bits an application chooses (RFC 9562, 5.8): those of a SHA-256.
 * @param {string} content
 */
function uuidOf(content) {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
