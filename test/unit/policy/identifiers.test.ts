import assert from 'node:assert/strict';
import { luhnHolds } from '../../../src/policy/identifiers/luhn.js';
import { numberFault } from '../../../src/policy/identifiers/national-numbers.js';
import { professionalIdFault } from '../../../src/policy/identifiers/professional-id.js';
import { staffIdFault } from '../../../src/policy/identifiers/staff-id.js';
import { structureIdFault } from '../../../src/policy/identifiers/structure-id.js';

const departments = ['24', '2A', '2B', '75', '76', '974'];
const STRICT = { luhnChecked: true, testNumbers: false, departments };
const TEST = { luhnChecked: true, testNumbers: true, departments };
const LOOSE = { luhnChecked: false, testNumbers: false, departments };

describe('national numbers', () => {
  it('have the check digits of known real numbers', () => {
    for (const number of ['99700218896', '10002813839', '760021832', '187512751']) assert.ok(luhnHolds(number), number);
    for (const number of ['99700218897', '10002813893', '', '1000281383A']) assert.ok(!luhnHolds(number), number);
  });

  it('fail the check with any wrong digit', () => {
    for (let at = 0; at < 11; at += 1)
      for (let digit = 0; digit < 10; digit += 1) {
        const wrong = `${'10002813839'.slice(0, at)}${digit}${'10002813839'.slice(at + 1)}`;
        assert.equal(luhnHolds(wrong), wrong === '10002813839', wrong);
      }
  });

  it('may have a wrong check digit where it is not checked, but never a wrong form', () => {
    assert.equal(numberFault('rpps', '10005678901', STRICT), 'key');
    assert.equal(numberFault('rpps', '10005678901', LOOSE), null);
    assert.equal(numberFault('rpps', '1000567890', LOOSE), 'form');
  });

  it('for tests are accepted in development only', () => {
    assert.equal(numberFault('finess', '0B0221636', TEST), null);
    assert.equal(numberFault('finess', '0B0221636', STRICT), 'form');
    assert.equal(numberFault('adeli', '0B6087510', TEST), null);
  });

  it('of Corsican structures have a check digit in which A counts as 1 and B as 2', () => {
    // As published in the ministerial order of 4 March 2015 (AFSH1506177A).
    for (const number of ['2A0000154', '2B0004246', '2B0000038', '2B0005342', '2B0005359'])
      for (const key of '0123456789') {
        const keyed = `${number.slice(0, -1)}${key}`;
        assert.equal(numberFault('finess', keyed, STRICT), keyed === number ? null : 'key', keyed);
        assert.equal(numberFault('finess', keyed, LOOSE), null, keyed);
      }
  });

  it('of structures begin with a department', () => {
    for (const number of ['240000059', '750000002', '970000001'])
      assert.equal(numberFault('finess', number, LOOSE), null);
    for (const number of ['000000000', '200000008', '960000001', '2C0000001', 'AB0000001'])
      assert.equal(numberFault('finess', number, LOOSE), 'form', number);
  });

  it('of a practice have the check digit of their RPPS number and their own', () => {
    assert.equal(numberFault('rpps-rang', '10002813839015', STRICT), luhnHolds('10002813839015') ? null : 'key');
    assert.equal(numberFault('rpps-rang', '10002813838015', STRICT), 'key');
  });
});

describe('identifiers of professionals', () => {
  it('are 8 and RPPS, or 0 and ADELI', () => {
    assert.equal(professionalIdFault('810002813839', STRICT), null);
    assert.equal(professionalIdFault('0750123456', STRICT), null);
    assert.equal(professionalIdFault('810002813838', STRICT)?.rule, 'rpps-key');
    for (const idNat of ['10002813839', '8', '', '910002813839', '81000281383９', '810002813839/1'])
      assert.equal(professionalIdFault(idNat, STRICT)?.rule, 'id-nat-form', idNat);
  });
});

describe('identifiers of structures', () => {
  it('are a type and a number of that type', () => {
    assert.equal(structureIdFault('1760021832', STRICT), null);
    assert.equal(structureIdFault('10B0057881', TEST), null);
    assert.equal(structureIdFault('2187512751', STRICT), null);
    assert.equal(structureIdFault('1760021833', STRICT)?.rule, 'structure-id-key');
    for (const id of ['', '1', '5760021832', '10B0057881', '176002183', '2760021832/1'])
      assert.equal(structureIdFault(id, STRICT)?.rule, 'structure-id-form', id);
  });
});

describe('identifiers of staff', () => {
  const PAIRS: readonly (readonly [string, string])[] = [
    ['30B0057881/CPET0002', '10B0057881'],
    ['3760021832/000000018', '1760021832'],
    ['500000000029751/CPAT0001', '300000000029751'],
    ['175012345601/00001', '075012345601'],
    ['4187512751/A1', '2187512751'],
    ['610002813839015/1', '410002813839015'],
  ];

  it('belong to the structure whose register they are of, under the type of the other nomenclature', () => {
    for (const [idNat, structure] of PAIRS) assert.equal(staffIdFault(idNat, structure), null, idNat);
    for (const [idNat] of PAIRS) assert.equal(staffIdFault(idNat, '1999999999')?.rule, 'id-nat-structure', idNat);
    assert.equal(staffIdFault('30B0057881/CPET0002', '30B0057881')?.rule, 'id-nat-structure');
  });

  it('have a type, a number, a slash and a local id', () => {
    for (const idNat of ['30B0057881', '30B0057881/', '/CPET0002', '80B0057881/1', '30B0057881/A/B', '30B0057881/é'])
      assert.equal(staffIdFault(idNat, '10B0057881')?.rule, 'id-nat-form', idNat);
  });
});
