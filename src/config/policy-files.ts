/**
 * Reads a policy folder at start. The folders must not contain other files, so that nobody can
 * mistake a file that is not read for a policy in force.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { duplicateKeys } from '../kernel/duplicate-keys.js';
import { errorMessage } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import { packageRoot } from '../package/package-root.js';
import { type Document, type PolicySchemas, type RawDocuments, SCHEMA_NAMES } from '../policy/load/documents.js';
import { HIERARCHIES, type PolicyFault } from '../policy/model.js';
import { readRegularFile, unreadableText } from './regular-file.js';

/** A person may read the first of two duplicate keys, while JSON.parse takes the last. */
export const DUPLICATE_KEY = 'duplicate key in this object: remove one of the two';

export function readPolicyFiles(
  directory: string,
  environmentName: string,
): Result<RawDocuments, readonly PolicyFault[]> {
  const faults: PolicyFault[] = [];
  if (!/^[a-z]+$/.test(environmentName))
    return err([{ file: 'environments', pointer: '', message: `there is no environment ${environmentName}` }]);
  const read = (file: string): Document<unknown> => {
    try {
      const text = readRegularFile(join(directory, file)).toString('utf8');
      const body: unknown = JSON.parse(text);
      for (const pointer of duplicateKeys(text)) faults.push({ file, pointer, message: DUPLICATE_KEY });
      return { file, body };
    } catch (error) {
      faults.push({ file, pointer: '', message: `cannot be read as JSON: ${messageOf(error)}` });
      return { file, body: null };
    }
  };
  const readAll = (folder: string) => list(directory, folder, faults).map((name) => read(`${folder}/${name}`));
  const raw: RawDocuments = {
    environment: read(`environments/${environmentName}.json`),
    hierarchies: HIERARCHIES.map((hierarchy) => read(`${hierarchy}/hierarchy.json`)),
    authorities: HIERARCHIES.flatMap((hierarchy) => readAll(`${hierarchy}/authorities`)),
    profiles: [
      ...HIERARCHIES.flatMap((hierarchy) => readAll(`${hierarchy}/profiles`)),
      // Profiles that one environment alone has.
      ...HIERARCHIES.map((hierarchy) => `environments/${environmentName}/${hierarchy}`)
        .filter((folder) => existsSync(join(directory, folder)))
        .flatMap(readAll),
    ],
    codeLists: readAll('code-lists'),
    cardGenerations: read('card-generations.json'),
  };
  return faults.length > 0 ? err(faults) : ok(raw);
}

/**
 * The schemas of the package. Those of another policy folder are for editors only: the build has
 * made the validators from these.
 */
export function readPolicySchemas(): PolicySchemas {
  const read = (name: string) => {
    const file = join(packageRoot(), 'policies', 'schemas', `${name}.schema.json`);
    return [name, JSON.parse(readRegularFile(file).toString('utf8'))];
  };
  return Object.fromEntries(SCHEMA_NAMES.map(read)) as PolicySchemas;
}

/** The names of the JSON files of a folder, sorted by code units. */
function list(directory: string, folder: string, faults: PolicyFault[]): readonly string[] {
  try {
    const entries = readdirSync(join(directory, folder), { withFileTypes: true });
    const names: string[] = [];
    for (const entry of entries) {
      if (entry.isFile() && /^[a-z]+(-[a-z]+)*\.json$/.test(entry.name)) names.push(entry.name);
      else faults.push({ file: `${folder}/${entry.name}`, pointer: '', message: 'is not a policy file' });
    }
    return names.sort();
  } catch (error) {
    faults.push({ file: folder, pointer: '', message: `cannot be read: ${messageOf(error)}` });
    return [];
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Error && 'syscall' in error && 'path' in error)
    return `${unreadableText(error).en} (${error.path})`;
  return errorMessage(error);
}
