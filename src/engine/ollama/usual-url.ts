// SPDX-License-Identifier: GPL-3.0-only

/** Where Ollama listens unless it is told otherwise (OLLAMA_HOST). */
export const usualUrl = 'http://127.0.0.1:11434';
