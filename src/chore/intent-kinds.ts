// SPDX-License-Identifier: GPL-3.0-only

/** Globs over whole paths, as `compileScope` takes them; empty: every file in scope. */
export type FileGlobs = readonly string[];

/** What a sentence says about frontmatter keys. */
export type KeyRule =
  | { readonly is: 'present' | 'absent' | 'kept' }
  | { readonly is: 'equal'; readonly value: string | number | boolean }
  | { readonly is: 'one-of'; readonly values: readonly string[] }
  | { readonly is: 'shaped'; readonly shape: 'list' | 'sorted-list' | 'date' | 'slug' | 'text' }
  | { readonly is: 'taken'; readonly from: 'heading' | 'file-name' | 'hashtags' | 'first-commit' };

/** Sentences that ask for work. Names are identifiers as written; paths as written, `/` between. */
export type ChoreIntent =
  | {
      readonly kind: 'header';
      readonly files: FileGlobs;
      /** SPDX id or a family such as `GPL`; absent where the sentence names none. */
      readonly licence?: string;
      /** The exact header, where the sentence quotes one. */
      readonly text?: string;
    }
  | {
      readonly kind: 'export';
      readonly names: readonly string[];
      /** The module that declares them. */
      readonly from?: string;
      /** The module that must export them; absent: the nearest index. */
      readonly index?: string;
    }
  | {
      readonly kind: 'rename';
      readonly from: string;
      readonly to: string;
      readonly files: FileGlobs;
    }
  | {
      readonly kind: 'doc-comment';
      /** Empty: every exported declaration of `files`, or of these only those `which` says. */
      readonly names: readonly string[];
      readonly which?: 'function' | 'type' | 'class' | 'constant';
      readonly files: FileGlobs;
      readonly text?: string;
    }
  | {
      readonly kind: 'test-skeleton';
      readonly names: readonly string[];
      /** The module under test. */
      readonly source?: string;
      /** The test file. */
      readonly test?: string;
    }
  | { readonly kind: 'frontmatter'; readonly files: FileGlobs }
  | {
      readonly kind: 'frontmatter-keys';
      readonly keys: readonly string[];
      readonly files: FileGlobs;
      readonly rule: KeyRule;
    }
  | { readonly kind: 'key-order'; readonly keys: readonly string[] };

/** Sentences that bound or confirm work that another one asks for. */
export type BoundIntent =
  /** What another sentence renames; with the names where this one says them. */
  | { readonly kind: 'uses-renamed'; readonly from?: string; readonly to?: string }
  /** The name occurs in no file (of `files`). */
  | { readonly kind: 'absent'; readonly name: string; readonly files: FileGlobs }
  | {
      readonly kind: 'unchanged';
      /** `elsewhere`: beyond what the other sentences ask; `keys`: all keys not named. */
      readonly part: 'elsewhere' | 'body' | 'behaviour' | 'format' | 'keys';
    }
  | { readonly kind: 'only-files'; readonly files: FileGlobs }
  | {
      readonly kind: 'checks-pass';
      readonly check: 'tests' | 'types' | 'lint' | 'format' | 'build' | 'checks';
    }
  | { readonly kind: 'links-resolve' };

/** What one acceptance sentence means. */
export type Intent = ChoreIntent | BoundIntent;
