import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  CAPABILITY_SHEET_FOLDER,
  findCapabilitySheet,
  readCapabilitySheets,
} from '../../../hsm/inspect/capabilities.js';
import { SCHEMES, SIGNATURE_SCHEMES } from '../../../hsm/pkcs11/keys/mechanisms.js';
import { packageRoot } from '../../../src/package/package-root.js';

describe('capability sheets', () => {
  const sheets = readCapabilitySheets();
  const file = join(packageRoot(), CAPABILITY_SHEET_FOLDER, 'sheet.schema.json');
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);

  for (const sheet of sheets) {
    it(`${sheet.product}: fits the schema, and says for each of our mechanisms whether the product has it`, () => {
      assert(validate(sheet), JSON.stringify(validate.errors));
      const said = new Set(sheet.mechanisms.map(({ mechanism }) => mechanism));
      for (const scheme of SIGNATURE_SCHEMES) assert(said.has(SCHEMES[scheme].mechanism.name), scheme);
    });

    it(`${sheet.product}: only products that the tests use are called measured, and documented facts name an address`, () => {
      const facts = [sheet.matches, ...sheet.mechanisms, ...sheet.limits, ...sheet.quirks, ...sheet.configuration];
      const tried = /^(SoftHSM|openCryptoki)/.test(sheet.product);
      for (const { basis, source } of facts) {
        if (basis === 'measured') assert(tried, source);
        if (basis === 'documented') assert.match(source, /https?:\/\//);
      }
    });
  }

  it('there is one sheet for each HSM that our documents mention', () => {
    const products = sheets.map(({ product }) => product).join('\n');
    for (const name of [
      'SoftHSM',
      'openCryptoki',
      'Luna',
      'nShield',
      'Utimaco',
      'AWS',
      'YubiHSM',
      'NetHSM',
      'Nitrokey HSM',
    ]) {
      assert.match(products, new RegExp(name));
    }
  });

  it('a token gets the sheet of its manufacturer and model, and an unknown token none', () => {
    assert.equal(
      findCapabilitySheet({ manufacturer: 'SoftHSM project', model: 'SoftHSM v2' }, sheets)?.product,
      'SoftHSM 2.6.1',
    );
    assert.match(findCapabilitySheet({ manufacturer: 'IBM', model: 'Soft' }, sheets)?.product ?? '', /openCryptoki/);
    assert.equal(findCapabilitySheet({ manufacturer: 'Nobody', model: 'None' }, sheets), null);
  });
});
