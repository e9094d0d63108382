import { readFileSync } from 'node:fs';
import type { GivenSecret, SecretEnv } from '../secrets/master-key.ts';

type Source = Readonly<Record<string, string | undefined>>;

const leastCharacters = 16;

/**
 * Reads the encryption key and the previous one.
 * @throws {Error} if a variable is invalid; its one line names the variable, never its value
 */
export const readSecretEnv = (source: Source): SecretEnv => ({
	current: readSecret(source, 'IMMICH_AUTH_SECRET'),
	previous: readSecret(source, 'IMMICH_AUTH_SECRET_PREVIOUS')
});

/** A variable that ends in `_FILE` names a file with the value, as container platforms provide secrets. */
function readSecret(source: Source, variable: string): GivenSecret | null {
	const fileVariable = `${variable}_FILE`;
	const [text, file] = [source[variable], source[fileVariable]];
	if (text === undefined && file === undefined) return null;
	if (text !== undefined && file !== undefined) throw new Error(`${variable}: is given twice, by ${fileVariable} too`);
	const from = file === undefined ? variable : fileVariable;
	const secret = (file === undefined ? (text ?? '') : readContent(fileVariable, file)).trim();
	if (secret.length < leastCharacters)
		throw new Error(
			`${from}: has fewer than ${String(leastCharacters)} characters. Generate one with: openssl rand -base64 32`
		);
	return { source: from, text: secret };
}

function readContent(variable: string, path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (cause) {
		throw new Error(`${variable}: ${path} cannot be read`, { cause });
	}
}
