// SPDX-License-Identifier: GPL-3.0-only

const reserved: ReadonlySet<string> = new Set(
  [
    'break case catch class const continue debugger default delete do else enum export extends false',
    'finally for function if import in instanceof new null return super switch this throw true try',
    'typeof var void while with implements interface let package private protected public static yield',
    'abstract accessor any as asserts assert async await bigint boolean constructor declare defer from',
    'get global infer intrinsic is keyof module namespace never number object of out override readonly',
    'require satisfies set string symbol type undefined unique unknown using arguments eval NaN Infinity',
  ].flatMap((line) => line.split(' ')),
);

/** Of browsers, of CommonJS, and types of the language: what this process does not have. */
const elsewhere: ReadonlySet<string> = new Set(
  [
    'window document self location history localStorage sessionStorage alert confirm prompt',
    'Window Document Node Element HTMLElement Image Option XMLHttpRequest',
    'exports __dirname __filename',
    'Partial Required Readonly Record Pick Omit Exclude Extract NonNullable Parameters ReturnType',
    'InstanceType Awaited PropertyKey',
  ].flatMap((line) => line.split(' ')),
);

/** What is wrong with a name for something at the top of a module. */
export const wrongWith = (name: string): string | undefined => {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return 'is not a name';
  if (reserved.has(name)) return 'is a reserved word';
  if (name in globalThis || elsewhere.has(name)) return 'is a global of the platform';
  return undefined;
};
