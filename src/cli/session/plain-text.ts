// Control characters, and those that change the order in which text is shown.
const unsafe = String.raw`\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069`;
const anywhere = new RegExp(`[${unsafe}]`, 'gu');
const withinLines = new RegExp(`(?!\\r?\\n)[${unsafe}]`, 'gu');
const harmless = '\ufffd';

/** Replaces control characters, with which a name from a file or a server could change what a terminal shows. */
export const toPlainText = (text: string): string => text.replace(anywhere, harmless);

/** `toPlainText` for text that may have several lines. */
export const toPlainLines = (text: string): string => text.replace(withinLines, harmless);

/** Escapes the control characters that JSON leaves as they are; the value stays the same. */
export const toPlainJson = (json: string): string =>
	json.replace(withinLines, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
