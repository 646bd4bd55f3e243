/**
 * `C=FR, O=ASIP-SANTE, OU=0002 187512751, OU=IGC-SANTE TEST, CN=TEST AC ...`: one attribute per
 * RDN, the environment's marks, and the generation in all names but the first.
 */
import { OID } from '../../../asn1/oids.js';
import type { Name } from '../../../x509/model.js';
import { attributeName } from '../../reading/names.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_name_is_authoritys: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_name_is_authoritys',
  citation: 'policy: names of the hierarchy and of the environment',
  effective: '2026-01-01',
  check: (view) => {
    const found = textsOf(view.certificate.tbs.subject);
    const expected = expectedTexts(view);
    const wrong = Array.from({ length: Math.max(found.length, expected.length) }, (_, at) => at).find(
      (at) => found[at] !== expected[at],
    );
    return wrong === undefined ? null : `${found[wrong] ?? 'nothing'} instead of ${expected[wrong] ?? 'nothing'}`;
  },
};

function expectedTexts({ authority, hierarchy, environment, generation }: AuthoritySubject): readonly string[] {
  const { countryName, organizationName, organizationalUnitName } = hierarchy.authorityNames;
  const { organizationalUnit, commonNamePrefix } = environment.names;
  const suffix = generation === 1 ? '' : hierarchy.generationSuffix.replace('{generation}', String(generation));
  return [
    `countryName=${countryName}`,
    `organizationName=${organizationName}`,
    `organizationalUnitName=${organizationalUnitName}`,
    `organizationalUnitName=${organizationalUnit}`,
    `commonName=${commonNamePrefix}${authority.commonName}${suffix}`,
  ];
}

/** `commonName=TEST AC ...`; the form is shown when it is not the expected one. */
function textsOf(name: Name): readonly string[] {
  return name.map((rdn) =>
    rdn
      .map(({ type, form, value }) => {
        const expected = type === OID.countryName ? 'printableString' : 'utf8String';
        return `${attributeName(type)}=${value}${form === expected || type === OID.countryName ? '' : ` (${form})`}`;
      })
      .join('+'),
  );
}
