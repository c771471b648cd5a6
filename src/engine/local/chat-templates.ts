// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';

/** A prompt in pieces: what the template writes, and where messages' contents stand, by number. */
export type Piece = { readonly written: string } | { readonly content: number };

export type Render = (variables: Readonly<Record<string, unknown>>) => string;

/** For models that bring no template, where the profile names one of these. */
export const chatTemplates = {
  chatml:
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  plain:
    "{% for message in messages %}{{ message['role'] + ':\\n' + message['content'] + '\\n\\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant:\\n' }}{% endif %}",
} as const;

export type TemplateName = keyof typeof chatTemplates;

/** `model`: its own chat template; else the one that the settings name. */
export type TemplateUse = 'model' | TemplateName;

/** Stands for the content of a message while the template is rendered: no text can forge a turn. */
const mark = (index: number): string => `\ue000${index}\ue001`;

export type ChatTokens = { readonly bos: string; readonly eos: string };

/**
 * The pieces of a prompt for messages of these roles, up to where the answer begins.
 * @throws Error when the template cannot render such a conversation.
 */
export const renderPieces = (
  render: Render,
  roles: readonly Message['role'][],
  { bos, eos }: ChatTokens,
): readonly Piece[] => {
  const messages = roles.map((role, index) => ({ role, content: mark(index) }));
  return renderChat(messages, (asked) => {
    const text = render({
      messages: asked,
      add_generation_prompt: true,
      enable_thinking: false,
      bos_token: bos,
      eos_token: eos,
    });
    const pieces = split(text);
    const shown = new Set(pieces.map((piece) => ('content' in piece ? piece.content : -1)));
    const missing = roles.findIndex((_, index) => !shown.has(index));
    if (missing >= 0) throw new Error(`it leaves out message ${missing + 1} (${roles[missing]})`);
    return pieces;
  });
};

/** What a template makes of messages; one that knows no system message gets it at the head of the first other one. */
export const renderChat = <Out>(
  messages: readonly Message[],
  render: (messages: readonly Message[]) => Out,
): Out => {
  try {
    return render(messages);
  } catch (error) {
    const [system, first, ...rest] = messages;
    if (system?.role !== 'system' || first === undefined) throw error;
    return render([{ ...first, content: `${system.content}\n\n${first.content}` }, ...rest]);
  }
};

const split = (text: string): readonly Piece[] =>
  text
    .split(/\ue000(\d+)\ue001/)
    .map((part, index) => (index % 2 === 0 ? { written: part } : { content: Number(part) }))
    .filter((piece) => !('written' in piece) || piece.written !== '');
