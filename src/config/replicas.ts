/** What a schema cannot say of replicas and PINs: which names of tokens there are. */
import { HIERARCHIES } from '../policy/model.js';
import type { ConfigFile } from './schema/index.js';

/** The platform's key has no certificate by which that of a clone could be told. */
const MAY_HAVE_REPLICAS: readonly string[] = HIERARCHIES.flatMap((one) => [`ca-${one}`, `ocsp-${one}`]);

/** One line a fault: the place of the field, and the rule. */
export function replicaFaults({ pkcs11: { replicas, pins } }: ConfigFile, file: string): readonly string[] {
  const faults: string[] = [];
  const names = new Set([...MAY_HAVE_REPLICAS, 'platform']);
  for (const [token, group] of Object.entries(replicas)) {
    const place = `${file}/pkcs11/replicas/${token}`;
    if (!MAY_HAVE_REPLICAS.includes(token)) {
      faults.push(`${place}: a replica is one of ${MAY_HAVE_REPLICAS.join(', ')}`);
      continue;
    }
    for (const [at, { name }] of group.entries()) {
      const isNamed = name.length === token.length + 2 && /^-[a-z0-9]$/.test(name.slice(token.length));
      if (!name.startsWith(token) || !isNamed)
        faults.push(`${place}/${at}/name: ${name} is not ${token}-x, with one small letter or digit for x`);
      else if (names.has(name)) faults.push(`${place}/${at}/name: another replica is named ${name}`);
      names.add(name);
    }
  }
  for (const token of Object.keys(pins.tokens))
    if (!names.has(token)) faults.push(`${file}/pkcs11/pins/tokens/${token}: no token or replica has this name`);
  return faults;
}
