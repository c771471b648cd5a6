// SPDX-License-Identifier: GPL-3.0-only
import { readLicence } from './licence-names.ts';
import { readExpression } from './spdx.ts';

/** An id or expression; what follows on the line, such as the end of a comment, is not part of it. */
const spdxLine =
  /SPDX-License-Identifier:[ \t]*(\(*[\w.:+-]+\)*(?:[ \t]+(?:and|or|with)[ \t]+\(*[\w.:+-]+\)*)*)/giu;

/** `@license MIT`, `License: MIT`. */
const tag =
  /(?:@licen[cs]e|\blicen[cs]e:)[ \t]+([\w.+-]+(?:[ \t]+[\w.+-]+){0,4}?)[ \t]*(?=[*|,;)\]\r\n"']|-->|\.?$)/gimu;

/** How licences are named in notices. A family stands for any version of it. */
const notices: readonly (readonly [RegExp, string | ((text: string) => string)])[] = [
  [/GNU Affero General Public Licen[cs]e/iu, (text) => gnu('AGPL', text)],
  [/GNU (?:Lesser|Library) General Public Licen[cs]e/iu, (text) => gnu('LGPL', text)],
  [/(?<!Affero |Lesser |Library )General Public Licen[cs]e/iu, (text) => gnu('GPL', text)],
  [
    /\bMIT[ -]licen[cs]ed?\b|under (?:the )?(?:terms of the )?MIT\b|Permission is hereby granted, free of charge, to any person obtaining/iu,
    'MIT',
  ],
  [
    /Apache (?:Software )?Licen[cs]e,? (?:v|version )?2(?:\.0)?|Apache-2\.0|apache\.org\/licenses\/LICENSE-2\.0/iu,
    'Apache-2.0',
  ],
  [
    /Mozilla Public Licen[cs]e,? (?:v\.? ?|version )?2(?:\.0)?|mozilla\.org\/MPL\/2\.0/iu,
    'MPL-2.0',
  ],
  [/European Union Public Licen[cs]e,? (?:v\.? ?|version )?1\.2|EUPL-1\.2/iu, 'EUPL-1.2'],
  [
    /Redistribution and use in source and binary forms/iu,
    (text) => (/neither the names? of/iu.test(text) ? 'BSD-3-Clause' : 'BSD-2-Clause'),
  ],
  [/\bBSD[- ]2[- ]Clause\b/iu, 'BSD-2-Clause'],
  [/\bBSD[- ]3[- ]Clause\b/iu, 'BSD-3-Clause'],
  [
    /\bISC[ -]Licen[cs]e\b|Permission to use, copy, modify, and(?:\/or)? distribute this software/iu,
    'ISC',
  ],
  [/free and unencumbered software released into the public domain/iu, 'Unlicense'],
];

const gnu = (family: string, text: string): string => {
  const [, major, minor = '0'] =
    /(?:version|licen[cs]e,? v?|v\.?) ?(\d)(?:\.(\d))?\b/iu.exec(text) ?? [];
  if (major === undefined) return family;
  const kind = /any later version|or later/iu.test(text) ? 'or-later' : 'only';
  return `${family}-${major}.${minor}-${kind}`;
};

/** The expressions of a text's SPDX lines; what is none as it is written. */
export const spdxIn = (text: string): readonly string[] =>
  [...text.matchAll(spdxLine)].map(([, said = '']) => readExpression(said) ?? said);

/** The licences a text declares, as ids, expressions or families: by SPDX lines, else by its words. */
export const licencesIn = (text: string): readonly string[] => {
  const lines = spdxIn(text);
  if (lines.length > 0) return [...new Set(lines)];
  const tagged = [...text.matchAll(tag)].flatMap(([, said = '']) => readLicence(said) ?? []);
  if (tagged.length > 0) return [...new Set(tagged)];
  const plain = text.replace(/\s+/gu, ' ');
  const named = notices.filter(([pattern]) => pattern.test(plain));
  return [...new Set(named.map(([, id]) => (typeof id === 'string' ? id : id(plain))))];
};
