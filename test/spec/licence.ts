// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { licenceFault, namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { licencesIn } from '../../src/spec/licence-words.ts';
import { each } from '../each.ts';

const isRead = test.macro((t, name: string, licence: string | undefined) => {
  t.is(readLicence(name), licence);
});

each(isRead, {
  'an id in any case': ['apache-2.0', 'Apache-2.0'],
  'as it is spoken': ['GPLv3', 'GPL-3.0-only'],
  'a family': ['gpl', 'GPL'],
  'any of the list': ['EUPL-1.2', 'EUPL-1.2'],
  'one of its old ids': ['GPL-2.0+', 'GPL-2.0+'],
  'an expression of licences': ['(mit or apache-2.0) and ISC', '(MIT OR Apache-2.0) AND ISC'],
  'one with an exception': [
    'gpl-2.0-only with Classpath-exception-2.0',
    'GPL-2.0-only WITH Classpath-exception-2.0',
  ],
  'a licence of its own': ['LicenseRef-House', 'LicenseRef-House'],
  'a word that is an id too': ['fair', undefined],
  'an id that is none': ['EUPL-1.3', undefined],
});

test('one that is not in the list is told with the nearest that is', (t) => {
  t.regex(licenceFault('EUPL-1.3') ?? '', /not a licence of the SPDX list.*nearest is EUPL-1\.2$/);
  t.regex(licenceFault('MIT OR Apache-2.1') ?? '', /nearest is Apache-2\.0$/);
  t.regex(licenceFault('Proprietary') ?? '', /write an id/);
  t.is(licenceFault('GPL'), undefined);
  t.is(licenceFault('MIT OR Apache-2.0'), undefined);
});

const names = test.macro((t, text: string, licence: string, expected: boolean) => {
  t.is(namesLicence(text, licence), expected);
});

const spdx = (expression: string) => `// SPDX-License-Identifier: ${expression}\n`;

each(names, {
  'the id': [spdx('MIT'), 'MIT', true],
  'in whatever order': [spdx('MIT OR Apache-2.0'), 'Apache-2.0 OR MIT', true],
  'within a comment that ends': ['/* SPDX-License-Identifier: MIT */', 'MIT', true],
  'an alternative more': [spdx('GPL-3.0-only OR MIT'), 'GPL-3.0-only', false],
  'an exception more': [spdx('GPL-3.0-only WITH Classpath-exception-2.0'), 'GPL-3.0-only', false],
  'a member of the family': [spdx('GPL-2.0-or-later'), 'GPL', true],
  'no member of the family, though spelled like one': [spdx('GPL-42.0-never'), 'GPL', false],
  'an exception to the family': [spdx('GPL-3.0-only WITH GCC-exception-3.1'), 'GPL', false],
  'two licences': [spdx('MIT') + spdx('ISC'), 'MIT', false],
  'the family in words': ['the GNU General Public License', 'GPL', true],
  'another family in words': ['the GNU Lesser General Public License', 'GPL', false],
});

test('licences as notices name them', (t) => {
  const notices = {
    'Licensed under the Apache License, Version 2.0 (the "License")': ['Apache-2.0'],
    'http://www.apache.org/licenses/LICENSE-2.0': ['Apache-2.0'],
    'Licensed under the MIT License.': ['MIT'],
    'Permission is hereby granted, free of charge, to any person obtaining a copy': ['MIT'],
    'subject to the terms of the Mozilla Public\nLicense, v. 2.0.': ['MPL-2.0'],
    'GNU General Public License as published by the FSF, either version 2, or (at your option) any later version':
      ['GPL-2.0-or-later'],
    'GNU Affero General Public License version 3': ['AGPL-3.0-only'],
    'GNU General Public License v3.0': ['GPL-3.0-only'],
    'Redistribution and use in source and binary forms, with or without': ['BSD-2-Clause'],
    'Redistribution and use in source and binary forms. Neither the name of': ['BSD-3-Clause'],
    ' * @license Apache 2.0\n * @author Ann': ['Apache-2.0'],
    'License: GPLv3': ['GPL-3.0-only'],
    'All rights reserved.': [],
  };
  for (const [text, licences] of Object.entries(notices)) t.deepEqual(licencesIn(text), licences);
});
