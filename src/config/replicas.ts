/** The checks of replicas and PINs that the schema cannot express: which names of tokens exist. */
import { HIERARCHIES } from '../policy/model.js';
import type { ConfigFile } from './schema/index.js';

/**
 * The platform token has none, because its key has no certificate that identifies the key of a
 * clone.
 */
const MAY_HAVE_REPLICAS: readonly string[] = HIERARCHIES.flatMap((one) => [`ca-${one}`, `ocsp-${one}`]);

/** One line per fault: the path of the field, and the rule. */
export function replicaFaults({ pkcs11: { replicas, pins } }: ConfigFile, file: string): readonly string[] {
  const faults: string[] = [];
  const names = new Set([...MAY_HAVE_REPLICAS, 'platform']);
  for (const [token, group] of Object.entries(replicas)) {
    const pointer = `${file}/pkcs11/replicas/${token}`;
    if (!MAY_HAVE_REPLICAS.includes(token)) {
      faults.push(`${pointer}: only these tokens can have replicas: ${MAY_HAVE_REPLICAS.join(', ')}`);
      continue;
    }
    for (const [index, { name }] of group.entries()) {
      const isNamed = name.length === token.length + 2 && /^-[a-z0-9]$/.test(name.slice(token.length));
      if (!name.startsWith(token) || !isNamed)
        faults.push(`${pointer}/${index}/name: ${name} must be ${token}-x, where x is one lower-case letter or digit`);
      else if (names.has(name)) faults.push(`${pointer}/${index}/name: another replica has the name ${name}`);
      names.add(name);
    }
  }
  for (const token of Object.keys(pins.tokens))
    if (!names.has(token)) faults.push(`${file}/pkcs11/pins/tokens/${token}: no token or replica has this name`);
  return faults;
}
