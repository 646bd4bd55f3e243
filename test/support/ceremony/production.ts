/**
 * Production as an installation has it: a copy of the policies in which officers have decided what
 * the package assumes.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';
import { HIERARCHIES } from '../../../src/policy/model.js';

type Body = Record<string, unknown> & { readonly sources: Readonly<Record<string, string>> };

export const PRODUCTION = 'environments/production.json';
const NOTE = '2026-09-01, the committee of the certification policy: as proposed.';

/** Every file that production reads. */
export function productionFiles(): readonly string[] {
  const policies = join(packageRoot(), 'policies');
  return [
    PRODUCTION,
    ...HIERARCHIES.flatMap((hierarchy) => [
      `${hierarchy}/hierarchy.json`,
      ...['authorities', 'profiles'].flatMap((folder) =>
        readdirSync(join(policies, hierarchy, folder)).map((name) => `${hierarchy}/${folder}/${name}`),
      ),
    ]),
  ];
}

/**
 * Decides each assumption of a file with the value that it has. The policy identifier is only an
 * example there, and gets a value.
 */
export function decided(file: string, body: Record<string, unknown>): Record<string, unknown> {
  const { sources, notes = {}, ...values } = body as Body & { readonly notes?: object };
  const assumed = Object.keys(sources).filter((pointer) => sources[pointer] === 'assumption');
  const mark = (value: string) => Object.fromEntries(assumed.map((pointer) => [pointer, value]));
  return {
    ...values,
    ...(file === PRODUCTION ? { policyOid: '1.2.250.1.213.1.7.1.1' } : {}),
    sources: { ...sources, ...mark('decision') },
    notes: { ...notes, ...mark(NOTE) },
  };
}

/** Writes `folder/policies`, and `folder/production.json`, which PFCNG_CONFIG names. */
export function makeProduction(folder: string): { readonly policies: string; readonly config: string } {
  const [policies, config] = [join(folder, 'policies'), join(folder, 'production.json')];
  cpSync(join(packageRoot(), 'policies'), policies, { recursive: true });
  for (const file of productionFiles()) {
    const body = JSON.parse(readFileSync(join(policies, file), 'utf8'));
    writeFileSync(join(policies, file), `${JSON.stringify(decided(file, body), null, 2)}\n`);
  }
  // The configuration of ops/systemd/pfcng.json, with the SoftHSM of this machine.
  const {
    signerSockets: _,
    pkcs11,
    ...shipped
  } = JSON.parse(readFileSync(join(packageRoot(), 'ops/systemd/pfcng.json'), 'utf8'));
  const { module: __, ...tokens } = pkcs11;
  writeFileSync(config, `${JSON.stringify({ ...shipped, policies, pkcs11: tokens })}\n`);
  return { policies, config };
}
