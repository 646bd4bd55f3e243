/** The language of texts (RFC 9810 5.3.19.13): they are in English. */
import { malformed, sequenceOf, text } from '../../asn1/der-reader.js';
import { seq, utf8String } from '../../asn1/der-writer.js';
import { err } from '../../kernel/result.js';
import { errorFault } from '../fail-info.js';
import { answered, withValue } from './info-type.js';
import { INFO } from './oids.js';

const ENGLISH = /^en(-|$)/i;

export const suppLangTags = withValue(
  {
    name: 'suppLangTags',
    oid: INFO.suppLangTags,
    read: (root) => {
      const tags = sequenceOf(root, 'suppLangTags').map((member) => {
        const { form, value } = text(member, 'tag');
        return form === 'utf8String' ? value : malformed(member, 'suppLangTags: not a UTF8String');
      });
      return tags.length > 0 ? tags : malformed(root, 'suppLangTags: empty');
    },
  },
  (tags) =>
    tags.some((tag) => ENGLISH.test(tag))
      ? answered(INFO.suppLangTags, seq(utf8String('en')))
      : err(errorFault('badRequest', 'None of the languages in suppLangTags is supported: texts are in English (en).')),
);
