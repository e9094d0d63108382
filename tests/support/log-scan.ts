import { testSecret } from './vault.ts';

/** Patterns that no log line can match, with the name used in a failure. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
	['an email address', /[^\s"'<>()=:,/]+@[\w-]+(\.[\w-]+)*\.(test|com|org|net|example|invalid)\b/i],
	['a password hash', /\$2[abxy]\$\d\d\$/],
	['a token', /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/],
	['an encrypted secret', /immich-auth:sealed:/],
	['the encryption key', new RegExp(testSecret)]
];

const guarded = new Map<string, string>();

/** Also looks for this secret of a test. Shorter ones could appear in a line by chance. */
export function guard(what: string, secret: string): string {
	if (secret.length >= 12) guarded.set(secret, what);
	return secret;
}

/** Lists the log lines with content that must not be logged. */
export function leaksIn(lines: readonly string[]): string[] {
	const secrets = [...guarded];
	return lines.flatMap((line) => [
		...patterns.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${what}: ${line}`),
		...secrets.filter(([secret]) => line.includes(secret)).map(([, what]) => `${what}: ${line}`)
	]);
}

/** Throws if a server has logged something that it must not. */
export function checkLog(lines: readonly string[]): void {
	const leaks = leaksIn(lines);
	if (leaks.length > 0) throw new Error(`The server has logged what it must not:\n${leaks.slice(0, 5).join('\n')}`);
}
