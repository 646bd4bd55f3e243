/**
 * Key usage for persons has one of six settings, A to F: nonRepudiation, digitalSignature, or both;
 * or keyEncipherment or keyAgreement, alone, with digitalSignature, or with both; no other bit is
 * set.
 */
import { isOwnSigner } from '../../../policy/own-signers.js';
import type { Rule } from '../../rule.js';
import { describeBits } from '../expected.js';

/** Bit numbers: 0 digitalSignature, 1 nonRepudiation, 2 keyEncipherment, 4 keyAgreement. */
const SETTINGS: ReadonlySet<string> = new Set(['1', '0 1', '0', '0 2', '0 4', '2', '4', '0 1 2', '0 1 4']);

export const e_key_usage_is_a_setting_of_en_319_412: Rule = {
  name: 'e_key_usage_is_a_setting_of_en_319_412',
  citation: 'EN 319 412-2 4.3.2; EN 319 412-3 4.3',
  effective: '2016-02-01',
  appliesTo: ({ profile }) => !isOwnSigner(profile.holder) && profile.holder !== 'server',
  check: ({ extensions }) => {
    const bits = extensions.get('keyUsage');
    if (bits === null) return null;
    const setting = [...bits].sort((a, b) => a - b).join(' ');
    return SETTINGS.has(setting) ? null : describeBits(bits);
  },
};
