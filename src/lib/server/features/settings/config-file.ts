import { readFileSync } from 'node:fs';
import { mergeWithDefaults, systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { isObject, type JsonObject } from '#lib/contract/settings/document/sparse-document.ts';

/** The content of a config file, and its unknown keys. */
export interface ConfigFile {
	readonly system: SystemConfig;
	readonly unknownKeys: readonly string[];
}

/**
 * Reads the file in IMMICH_CONFIG_FILE: YAML, which includes JSON.
 * @throws {Error} if it is invalid, to stop the startup
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
	const document = await parseFile(path);
	if (!isObject(document)) throw invalid(`${path} holds no settings`);
	const { config, problems } = mergeWithDefaults(document);
	const [problem] = problems;
	if (problem) throw invalid(`${problem.path.join('.')}: ${problem.message}`);
	return { system: config, unknownKeys: unknownIn(document, systemConfigDefaults) };
}

async function parseFile(path: string): Promise<unknown> {
	const { parse } = await import('yaml');
	try {
		const document: unknown = parse(readFileSync(path, 'utf8'), { maxAliasCount: 100 });
		return document ?? {};
	} catch (error) {
		const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
		throw invalid(`${path} cannot be read: ${reason}`, error);
	}
}

const invalid = (reason: string, cause?: unknown) => new Error(`Invalid system config: ${reason}`, { cause });

function unknownIn(document: Readonly<Record<string, unknown>>, known: JsonObject, prefix = ''): string[] {
	return Object.entries(document).flatMap(([key, value]) => {
		const inner = Object.hasOwn(known, key) ? known[key] : undefined;
		if (inner === undefined) return [prefix + key];
		return isObject(value) && isObject(inner) ? unknownIn(value, inner, `${prefix}${key}.`) : [];
	});
}
