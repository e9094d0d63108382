import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import { AdminConfigOAuthDto } from '#lib/contract/settings/groups/oauth.ts';

type OAuthConfig = SystemConfig['oauth'];
type OAuthName = keyof OAuthConfig;
type Source = Readonly<Record<string, string | undefined>>;

const prefix = 'IMMICH_OAUTH_';
const fileSuffix = '_FILE';

/** The settings of the first provider, each of which a variable can lock: `clientSecret` and `IMMICH_OAUTH_CLIENT_SECRET`. */
const names = AdminConfigOAuthDto.keyof().options;
/** Returns the environment variable of an OAuth setting: `issuerUrl` has `IMMICH_OAUTH_ISSUER_URL`. */
export const getVariableName = (name: string): string =>
	prefix + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/**
 * Reads the first provider's settings from the environment. A variable that ends in `_FILE` names a file that contains
 * the value, as container secrets do.
 * @throws {Error} if a variable is invalid; its one line names the variable
 */
export function readOAuthEnv(source: Source): Partial<OAuthConfig> {
	const known = new Map(names.map((name) => [getVariableName(name), name]));
	const variables = Object.keys(source).filter((variable) => variable.startsWith(prefix));
	const entries = variables.map((variable) => {
		const plain = variable.endsWith(fileSuffix) ? variable.slice(0, -fileSuffix.length) : variable;
		const name = known.get(plain);
		if (!name) throw new Error(`${variable}: there is no such setting of OAuth`);
		if (plain !== variable && source[plain] !== undefined)
			throw new Error(`${plain}: is given twice, by ${variable} too`);
		const text = plain === variable ? (source[variable] ?? '') : readContent(variable, source[variable] ?? '');
		return { variable, name, text };
	});
	const read = entries.map(({ variable, name, text }) => [name, parseValue(variable, name, text)] as const);
	return Object.fromEntries(read); // Each value was parsed by its own setting's schema.
}

function readContent(variable: string, path: string): string {
	try {
		return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
	} catch (cause) {
		throw new Error(`${variable}: ${path} cannot be read`, { cause });
	}
}

/** Accepts text, a number in digits, or `unlimited` for null. */
function parseValue(variable: string, name: OAuthName, text: string): unknown {
	const schema: z.ZodType = AdminConfigOAuthDto.shape[name];
	const ways: readonly unknown[] = [
		text,
		...(/^\d+$/.test(text) ? [Number(text)] : []),
		...(text === 'unlimited' ? [null] : [])
	];
	const tried = ways.map((way) => schema.safeParse(way));
	const parsed = tried.find(({ success }) => success);
	if (parsed) return parsed.data;
	throw new Error(`${variable}: ${tried.at(-1)?.error?.issues[0]?.message ?? 'not valid'}`);
}
