/** Returns the photos of a form: each is a field of its own, or several are in one, separated by commas. */
export const listChosen = (texts: readonly string[]): string[] =>
	texts.flatMap((text) => text.split(',')).filter((id) => id !== '');
