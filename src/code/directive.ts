// SPDX-License-Identifier: GPL-3.0-only

/** Whether words of a comment tell a tool what to pass over, or how to read the file. */
export const isDirective = (text: string): boolean =>
  /@ts-(?:check|nocheck|ignore|expect-error)|\b(?:eslint|stylelint|markdownlint)-(?:disable|enable|env)|\b(?:biome|prettier|deno-lint)-ignore|\b(?:istanbul|c8|v8|type:) ?ignore|\b(?:tslint|rubocop|pylint):|\bshellcheck disable|\b(?:noqa|nosec|jshint)\b|@(?:jest|vitest)-environment|@jsx\w*\b/iu.test(
    text,
  );
