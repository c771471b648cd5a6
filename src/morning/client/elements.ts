// SPDX-License-Identifier: GPL-3.0-only

/** What an element contains; a text stays a text, whatever it looks like. */
export type Content = Node | string | undefined;

type Attributes = Readonly<Record<string, string | undefined>>;

/** Makes an element. An attribute that is `undefined` is left out, and no attribute is code. */
export const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...contents: readonly Content[]
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...contents.filter((content) => content !== undefined));
  return made;
};

/** A heading with a body that opens; `fill` makes the body when it is first opened. */
export const disclosure = (
  heading: string,
  fill: () => readonly Content[] | Promise<readonly Content[]>,
  { level = '' } = {},
): HTMLDetailsElement => {
  const body = element('div', { class: 'body' });
  const details = element(
    'details',
    level === '' ? {} : { class: level },
    element('summary', {}, heading),
    body,
  );
  const show = async (): Promise<void> => {
    try {
      body.append(...(await fill()).filter((content) => content !== undefined));
    } catch (error) {
      body.append(fault(error));
    }
  };
  details.addEventListener('toggle', show, { once: true });
  return details;
};

/** What could not be shown: it must never look as if all were well. */
export const fault = (error: unknown): HTMLElement =>
  element(
    'p',
    { class: 'fault', role: 'alert' },
    `This part of the report cannot be read: ${error instanceof Error ? error.message : String(error)}. Write the report again with "pantheon report".`,
  );

/** A list of which a page of rows is shown at a time. */
export const paged = <Row>(
  rows: readonly Row[],
  render: (row: Row) => Node,
  size = 50,
): HTMLElement => {
  const list = element('div', { class: 'rows' });
  let shown = 0;
  const more = element('button', { type: 'button', class: 'more' });
  const grow = (): void => {
    list.append(...rows.slice(shown, shown + size).map(render));
    shown = Math.min(rows.length, shown + size);
    more.textContent = `Show ${Math.min(size, rows.length - shown)} more of ${rows.length - shown}`;
    more.hidden = shown === rows.length;
  };
  more.addEventListener('click', grow);
  grow();
  return element('div', {}, list, more);
};
