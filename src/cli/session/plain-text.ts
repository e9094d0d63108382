/** Replaces control characters, with which a name from a file or a server could change what a terminal shows. */
export const toPlainText = (text: string): string =>
	text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
