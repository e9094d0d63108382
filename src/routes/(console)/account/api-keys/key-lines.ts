/** Quotes text for a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Shell commands that use a key, ready to paste. */
export const keyLines = (origin: string, secret: string): { title: string; line: string }[] => [
	{ title: 'Immich’s command line', line: `immich login ${quote(`${origin}/api`)} ${quote(secret)}` },
	{ title: 'curl', line: `curl ${quote(`${origin}/api/api-keys/me`)} -H ${quote(`x-api-key: ${secret}`)}` }
];
