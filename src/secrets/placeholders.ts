// SPDX-License-Identifier: GPL-3.0-only

/** Whether a token is one that documents show: it says so, or it is a few characters over and over. */
export const isPlaceholder = (token: string): boolean =>
  /example|(.)\1{5}/i.test(token) || new Set(token.slice(-16)).size < 6 || isSample(token);

/** What a product publishes for everybody, by its beginning. */
const isSample = (token: string): boolean =>
  // Azurite's account, and the token of jwt.io.
  token.startsWith('Eby8vdM02xNOcqFlqUwJPLlm') || token.includes('IkpvaG4gRG9lIi');

/** Words that a password in a document, a template or a test is made of. */
const words = new Set(
  (
    'abc access account admin api app asdf bad bar baz blah change changeit changeme confirm correct ' +
    'current db default demo dev do dummy enter example fake fill foo forgot guest hash hello here in ' +
    'incorrect insert invalid is it key let letmein local login long me mail mine mongo my mysql name new ' +
    'no not null old one or pass passphrase password passwd placeholder please postgres postgresql pw pwd ' +
    'qwerty rabbitmq random redacted redis replace repeat reset right root sample secret secure short some ' +
    'strong super supersecret temp test testing the this to todo token true false typed undefined user ' +
    'username valid value very weak welcome with wrong xx xxx your yours'
  ).split(' '),
);

/**
 * Whether a password is none that somebody uses: a variable, words such as `changeme` or
 * `your-password-123`, one character over and over, or nothing but letters, which a name would be too.
 */
export const isInvented = (value: string): boolean => {
  const text = value.replace(/[!?.,:;]+$/, '');
  if (/^[$%<{[(*/~#&]|\$\{|\{\{|\.\.\.|…|[<>]/.test(text) || new Set(text).size < 5) return true;
  if (
    !/\d/.test(text) &&
    !(/[a-z]/.test(text) && /[A-Z]/.test(text) && /[!@#$%^&*+=?~]/.test(text))
  ) {
    return true;
  }
  if (!/[A-Za-z]/.test(text)) return true;
  if (words.has(spelled(text))) return true;
  const parts = text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  return parts.every((part) => part.length < 2 || words.has(part.toLowerCase()));
};

/** One word with signs for letters: `P@ssw0rd1`. */
const spelled = (text: string): string =>
  text
    .replace(/\d+$/, '')
    .toLowerCase()
    .replace(/[013457@$]/g, (sign) => letterOf[sign] ?? sign);

const letterOf: Readonly<Record<string, string>> = {
  ...{ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' },
  ...{ '@': 'a', $: 's' },
};
