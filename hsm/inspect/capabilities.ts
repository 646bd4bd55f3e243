/**
 * Capability sheets: facts about HSMs, each with its source. The data is in `hsm/capabilities/`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package/package-root.js';

/**
 * How a fact is known. `measured`: our tests have measured it. `documented`: the source states it.
 * `assumption`: it must be tested before anybody relies on it.
 */
type Basis = 'measured' | 'documented' | 'assumption';
type Fact = { readonly says: string; readonly basis: Basis; readonly source: string };
type MechanismFact = {
  readonly mechanism: string;
  readonly available: 'yes' | 'no' | 'depends';
  readonly note?: string;
  readonly basis: Basis;
  readonly source: string;
};
type ConfigurationFact = { readonly what: string; readonly lines: readonly string[] } & Omit<Fact, 'says'>;

/** Checked against `hsm/capabilities/sheet.schema.json` by the tests. */
export type CapabilitySheet = {
  readonly product: string;
  /**
   * Regular expressions that the manufacturer and the model in CK_TOKEN_INFO must match, so that
   * the sheet applies to a token.
   */
  readonly matches: { readonly manufacturer: string; readonly model: string } & Omit<Fact, 'says'>;
  readonly mechanisms: readonly MechanismFact[];
  readonly limits: readonly Fact[];
  readonly quirks: readonly Fact[];
  readonly configuration: readonly ConfigurationFact[];
};

export const CAPABILITY_SHEET_FOLDER = join('hsm', 'capabilities');
const SCHEMA_FILE = 'sheet.schema.json';

export function readCapabilitySheets(
  folder: string = join(packageRoot(), CAPABILITY_SHEET_FOLDER),
): readonly CapabilitySheet[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== SCHEMA_FILE)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CapabilitySheet);
}

/** Returns the sheet of the product of this token; null: there is none. */
export function findCapabilitySheet(
  { manufacturer, model }: { readonly manufacturer: string; readonly model: string },
  sheets: readonly CapabilitySheet[] = readCapabilitySheets(),
): CapabilitySheet | null {
  const fits = ({ matches }: CapabilitySheet): boolean =>
    new RegExp(matches.manufacturer, 'i').test(manufacturer) && new RegExp(matches.model, 'i').test(model);
  return sheets.find(fits) ?? null;
}
