// SPDX-License-Identifier: GPL-3.0-only
import type { Case, Cases } from '../case.ts';
import { edits, mapped } from '../checks/texts.ts';

const header = (
  acceptance: string,
  scope: string | readonly string[],
  files: RegExp,
  line: string,
): Case => ({
  spec: { scope, acceptance: [acceptance, 'Nothing else changes'], limits: { maxFiles: 400 } },
  done: mapped(files, (text) => `${line}${text.includes('\r\n') ? '\r\n' : '\n'}${text}`),
});

/** Licence headers. */
export const headers: Cases = {
  prosemirror: {
    'header-in-words': header(
      'Every .ts file in src/ starts with an SPDX license header (MIT)',
      'src/',
      /^src\/.*\.ts$/,
      '// SPDX-License-Identifier: MIT',
    ),
    'header-of-notes': header(
      'All *.md have an MIT header',
      '*.md',
      /^(?:CHANGELOG|CONTRIBUTING)\.md$/,
      '<!-- SPDX-License-Identifier: MIT -->\n',
    ),
  },
  grpc: {
    'header-that-all-but-one-have': header(
      'All *.ts have an Apache-2.0 header',
      'src/*.ts',
      /^src\/experimental\.ts$/,
      '// SPDX-License-Identifier: Apache-2.0',
    ),
    'header-of-another-licence': {
      spec: {
        scope: 'src/tls-helpers.ts',
        acceptance: ['Every *.ts file has a GPL-3.0-only header'],
      },
      declined: /declares a licence/,
    },
  },
  docusaurus: {
    'header-that-is-there-in-words': {
      spec: { scope: 'src/theme/TOC/', acceptance: ['All *.tsx files have an MIT header'] },
      declined: /as asked|already|nothing/,
    },
  },
  query: {
    'header-above-a-directive': header(
      'All files in packages/react-query/src/ have the header "// SPDX-License-Identifier: MIT"',
      'packages/react-query/src/',
      /^packages\/react-query\/src\//,
      '// SPDX-License-Identifier: MIT',
    ),
  },
  execa: {
    'header-in-js': header(
      'Add a license header (MIT) to all *.js files in lib/utils/',
      'lib/utils/',
      /^lib\/utils\/.*\.js$/,
      '// SPDX-License-Identifier: MIT',
    ),
  },
  fastify: {
    'header-beside-generated-files': header(
      'Every *.js file in lib/ starts with "// SPDX-License-Identifier: MIT"',
      'lib/',
      /^lib\/(?!config-validator|error-serializer|logger-pino).*\.js$/,
      '// SPDX-License-Identifier: MIT',
    ),
  },
  pino: {
    'header-below-a-first-line': {
      spec: { scope: 'bin.js', acceptance: ['bin.js has an SPDX MIT header'] },
      done: edits({
        'bin.js': [
          ['#!/usr/bin/env node\n', '#!/usr/bin/env node\n// SPDX-License-Identifier: MIT\n'],
        ],
      }),
    },
  },
  lib0: {
    'header-above-a-module-comment': header(
      'array.js and set.js have an MIT header',
      ['array.js', 'set.js'],
      /^(?:array|set)\.js$/,
      '// SPDX-License-Identifier: MIT',
    ),
  },
  carbon: {
    'header-in-components': {
      spec: { scope: 'src/Tag/', acceptance: ['All files in src/Tag/ have an Apache-2.0 header'] },
      done: mapped(/^src\/Tag\//, (text, path) =>
        path.endsWith('.svelte')
          ? `<!-- SPDX-License-Identifier: Apache-2.0 -->\n\n${text}`
          : `// SPDX-License-Identifier: Apache-2.0\n${text}`,
      ),
    },
  },
};

const years = (text: string): string =>
  text.replaceAll(/(Copyright )(\d{4})(?:-\d{4})?( gRPC authors)/g, '$1$2-2026$3');

/** Years of copyright. */
export const copyright: Cases = {
  grpc: {
    'year-everywhere': {
      spec: {
        scope: 'src/',
        acceptance: ['Update the copyright year to 2026'],
        limits: { maxFiles: 100 },
      },
      done: mapped(/^src\//, years),
    },
    'year-of-some': {
      spec: {
        scope: 'src/load-balancer*.ts',
        acceptance: ['The copyright year of "gRPC authors" is 2026', 'Nothing else changes'],
      },
      done: mapped(/^src\/load-balancer/, years),
    },
    'year-with-an-exception': {
      spec: {
        scope: 'src/',
        exclude: 'src/server*.ts',
        acceptance: ['Bump the copyright years to 2026'],
        limits: { maxFiles: 100 },
      },
      done: mapped(/^src\/(?!server)/, years),
    },
  },
  prosemirror: {
    'year-of-a-range': {
      spec: { scope: 'LICENSE', acceptance: ['Update the copyright year in LICENSE to 2026'] },
      done: edits({ LICENSE: [['2015-2017', '2015-2026']] }),
    },
  },
  nanostores: {
    'year-of-a-licence': {
      spec: { scope: 'LICENSE', acceptance: ['The copyright year is 2026'] },
      done: edits({ LICENSE: [['Copyright 2020 ', 'Copyright 2020-2026 ']] }),
    },
  },
  slidev: {
    'year-that-is-open': {
      spec: { scope: 'LICENSE', acceptance: ['Update copyright to 2026'] },
      declined: /no copyright notice with a year/,
    },
  },
  docusaurus: {
    'year-that-is-not-there': {
      spec: { scope: 'src/options.ts', acceptance: ['Update the copyright year to 2026'] },
      declined: /no copyright notice with a year/,
    },
  },
};

const stripped = (text: string): string => text.replaceAll(/[ \t]+(?=\r?$)/gm, '');
const ended = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}${text.includes('\r\n') ? '\r\n' : '\n'}`;

/** Blanks and last lines of code. */
export const whitespace: Cases = {
  rxjs: {
    'blanks-in-code': {
      spec: { scope: 'src/internal/util/', acceptance: ['No file has trailing whitespace'] },
      done: mapped(/^src\/internal\/util\//, stripped),
    },
    'last-lines-of-code': {
      spec: { scope: 'src/', acceptance: ['Every *.ts file ends with a newline'] },
      done: mapped(/^src\/.*\.ts$/, ended),
    },
    'blanks-and-last-lines': {
      spec: {
        scope: 'src/internal/',
        acceptance: [
          'Remove trailing whitespace',
          'Files end with a newline',
          'Nothing else changes',
        ],
      },
      done: mapped(/^src\/internal\//, (text) => ended(stripped(text))),
    },
  },
  trpc: {
    'blanks-in-vendored-code': {
      spec: {
        scope: 'src/',
        acceptance: ['Remove trailing whitespace from all files in src/vendor/'],
      },
      done: mapped(/^src\/vendor\//, stripped),
    },
  },
  grpc: {
    'last-line-with-crlf': {
      spec: {
        scope: 'src/',
        acceptance: ['Add a missing newline at the end of src/retrying-call.ts'],
      },
      done: mapped(/^src\/retrying-call\.ts$/, ended),
    },
    'last-lines-in-a-folder': {
      spec: { scope: 'src/', acceptance: ['All files in src/ end with a newline'] },
      done: mapped(/^src\//, ended),
    },
  },
  ajv: {
    'blanks-that-are-not-there': {
      spec: { scope: 'lib/', acceptance: ['No file has trailing whitespace'] },
      declined: /as asked|already|nothing/,
    },
  },
  pino: {
    'last-line-of-a-note': {
      spec: { scope: 'docs/', acceptance: ['Every page ends with a line break'] },
      done: mapped(/^docs\/.*\.md$/, ended),
    },
  },
};
