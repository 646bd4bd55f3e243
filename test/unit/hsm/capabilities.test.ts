import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { readSheets, SHEET_FOLDER, sheetFor } from '../../../hsm/inspect/capabilities.js';
import { SCHEMES, SIGNATURE_SCHEMES } from '../../../hsm/pkcs11/keys/mechanisms.js';
import { packageRoot } from '../../../src/package/package-root.js';

describe('capability sheets', () => {
  const sheets = readSheets();
  const file = join(packageRoot(), SHEET_FOLDER, 'sheet.schema.json');
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);

  for (const sheet of sheets) {
    it(`${sheet.product}: fits the schema, and says of each mechanism of ours whether it is there`, () => {
      assert(validate(sheet), JSON.stringify(validate.errors));
      const said = new Set(sheet.mechanisms.map(({ mechanism }) => mechanism));
      for (const scheme of SIGNATURE_SCHEMES) assert(said.has(SCHEMES[scheme].mechanism.name), scheme);
    });

    it(`${sheet.product}: what is called measured is a product that the tests run on; what is documented names an address`, () => {
      const facts = [sheet.matches, ...sheet.mechanisms, ...sheet.limits, ...sheet.quirks, ...sheet.configuration];
      const tried = /^(SoftHSM|openCryptoki)/.test(sheet.product);
      for (const { basis, source } of facts) {
        if (basis === 'measured') assert(tried, source);
        if (basis === 'documented') assert.match(source, /https?:\/\//);
      }
    });
  }

  it('there is one for each HSM that this platform speaks of', () => {
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

  it('a token is given the sheet of its manufacturer and model, another none', () => {
    assert.equal(sheetFor({ manufacturer: 'SoftHSM project', model: 'SoftHSM v2' }, sheets)?.product, 'SoftHSM 2.6.1');
    assert.match(sheetFor({ manufacturer: 'IBM', model: 'Soft' }, sheets)?.product ?? '', /openCryptoki/);
    assert.equal(sheetFor({ manufacturer: 'Nobody', model: 'None' }, sheets), null);
  });
});
