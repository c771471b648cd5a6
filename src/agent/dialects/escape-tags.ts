// SPDX-License-Identifier: GPL-3.0-only

/** The start of a tag that has a meaning of its own to the model, or of a control token `<|...|>`. */
const tagStart = /<(?=\/?\s*(?:tool_call|tool_response|tools|think)\b|\|)/gi;

/**
 * JSON in which no text can forge a tag: `<` becomes `\u003c`, which reads back as the same value.
 * In JSON `<` stands within strings only.
 */
export const escapeTags = (json: string): string => json.replace(tagStart, '\\u003c');
